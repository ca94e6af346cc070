import type { Account, SaveSettingsData } from '../../client/types.gen.ts';

export type Wallet = keyof Account['wallets'];
export const WALLETS = ['call_minutes', 'chat_credits'] as const satisfies readonly Wallet[];

/** A choice of settings, as it is saved and previewed. */
export type PreviewableSettings = Required<SaveSettingsData['body']>;
