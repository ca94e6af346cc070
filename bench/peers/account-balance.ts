/** What a design that keeps the balance in its workflow knows of an account: plain JSON. Seconds of call time. */
export type AccountBalance = {
  readonly accountId: string;
  balance: number;
  applied: number;
  alerts: number;
  alertArmed: boolean;
  topUps: number;
  topUpInFlight: boolean;
};

/** Seconds, like the balance. */
export type Rules = { readonly alertBelow: number; readonly topUpBelow: number };

export function openingBalance(accountId: string, startSeconds: number): AccountBalance {
  return {
    accountId,
    balance: startSeconds,
    applied: 0,
    alerts: 0,
    alertArmed: true,
    topUps: 0,
    topUpInFlight: false,
  };
}

/** Applies one event and judges both thresholds.
 *  @returns the key of the charge that has become due, or null. */
export function applyEvent(account: AccountBalance, seconds: number, rules: Rules): string | null {
  account.balance -= seconds;
  account.applied += 1;
  const isBelowAlert = account.balance < rules.alertBelow;
  if (isBelowAlert && account.alertArmed) account.alerts += 1;
  account.alertArmed = !isBelowAlert;
  if (account.balance >= rules.topUpBelow || account.topUpInFlight) return null;
  account.topUpInFlight = true;
  account.topUps += 1;
  return `${account.accountId}:${account.topUps}`;
}

export function applyTopUp(account: AccountBalance, boughtSeconds: number): void {
  account.balance += boughtSeconds;
  account.topUpInFlight = false;
}
