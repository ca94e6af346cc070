import type { UsageSlice } from './account-state.ts';
import type { Wallet } from './wallet.ts';

/** Every wake carries the account's monotonic version: what is not above the highest seen is ignored. */
export type UsageSignal = { version: number; wallets: Partial<Record<Wallet, UsageSlice>> };

/** What a refresh is about, beyond usage. */
export type RefreshReason = 'account' | 'settings' | 'payment' | 'customer' | 'operator' | 'sweep';

/** The account has to be read afresh: something other than usage has changed. */
export type RefreshSignal = { version: number; reasons: RefreshReason[] };

/** What the relay sends to one account's workflow, frozen when it was cut. */
export type WakeMessage = { kind: 'usage'; signal: UsageSignal } | { kind: 'refresh'; signal: RefreshSignal };
