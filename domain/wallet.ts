/** The two prepaid balances of an account. They are independent: no rule of one reads the other. */
export const WALLETS = ['call_minutes', 'chat_credits'] as const;
export type Wallet = (typeof WALLETS)[number];

/** Builds a value for each wallet. */
export function forEachWallet<T>(make: (wallet: Wallet) => T): Record<Wallet, T> {
  return { call_minutes: make('call_minutes'), chat_credits: make('chat_credits') };
}
