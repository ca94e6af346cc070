import type { ChargeOutcome, NotNeededReason } from '../domain/account-state.ts';
import type { AccountId } from '../domain/ids.ts';
import type { Cents } from '../domain/money.ts';
import type { Policy } from '../domain/policy.ts';
import type { Settings } from '../domain/settings.ts';
import type { TopUp, TopUpOrder, Warrant } from '../domain/top-up.ts';
import type { Wallet } from '../domain/wallet.ts';
import { AccountError } from './account-error.ts';
import { readAskedByHolds } from './campaign-holds.ts';
import type { Transaction } from './connect.ts';
import { lockAccountWallets, type LockedWallet } from './lock-wallets.ts';
import { readAccount } from './read-account.ts';
import { readOpenTopUps, readSpending, readTopUp, topUpColumns } from './read-top-ups.ts';
import { readSettings } from './settings.ts';

export type IntentResult =
  | { status: 'recorded'; topUp: TopUp }
  | Extract<ChargeOutcome, { status: 'not_needed' }>;

type Limits = Pick<Policy, 'dayMs' | 'maxTopUpsPerDay'>;

/** Writes the intent of a top-up under the wallet's lock, or says why it is not needed; an intent that was
 *  written before is found again. An automatic one needs its warrant to hold now: a purchase by a person only
 *  needs the wallet's flight to be free.
 *  @throws AccountError `account_unknown` */
export async function recordIntent(
  transaction: Transaction,
  order: TopUpOrder,
  limits: Limits,
): Promise<IntentResult> {
  const locked = await lockAccountWallets(transaction, order.accountId);
  if (locked === null) throw new AccountError('account_unknown', order.accountId);
  const earlier = await readTopUp(transaction, order.topUpId);
  if (earlier !== null) return { status: 'recorded', topUp: earlier };
  const settings = await readSettings(transaction, order.accountId, order.wallet);
  const reason = await whyNot(transaction, order, locked[order.wallet], settings, limits);
  if (reason !== null) {
    const { seq } = locked[order.wallet];
    return { status: 'not_needed', reason, seq, settingsVersion: settings?.version ?? 0 };
  }
  return { status: 'recorded', topUp: await insertIntent(transaction, order) };
}

async function whyNot(
  transaction: Transaction,
  { accountId, wallet, trigger, warrant, amountCents }: TopUpOrder,
  locked: LockedWallet,
  settings: Settings | null,
  limits: Limits,
): Promise<NotNeededReason | null> {
  if (trigger === 'auto') {
    if (warrant === null || settings === null || !isWarranted(warrant, settings)) return 'settings_changed';
    const account = await readAccount(transaction, accountId);
    if (account?.suspension !== null) return 'suspended';
    const target = await targetNow(transaction, locked, settings, warrant);
    if (locked.balance >= target) return 'balance_recovered';
  }
  const open = await readOpenTopUps(transaction, accountId);
  if (open[wallet] !== undefined) return 'in_flight';
  if (trigger !== 'auto') return null;
  const spending = (await readSpending(transaction, accountId, limits.dayMs))[wallet];
  const cap = settings?.monthlyCapCents ?? null;
  if (cap !== null && spending.spentThisMonthCents + amountCents > cap) return 'monthly_cap';
  return spending.recentTopUpsAtMs.length >= limits.maxTopUpsPerDay ? 'daily_limit' : null;
}

function isWarranted(warrant: Warrant, settings: Settings): boolean {
  return settings.enabled && warrant.settingsVersion === settings.version;
}

/** The balance that the warrant asks for as things stand: a refused call counts while it would be refused again, and
 *  for no more than it needed. */
async function targetNow(
  transaction: Transaction,
  locked: LockedWallet,
  { topUpBelow }: Settings,
  warrant: Warrant,
): Promise<number> {
  if (warrant.cause !== 'refusal') return warrant.target;
  const { refusedRequired } = await readAskedByHolds(transaction, { ...locked, toSeq: locked.seq });
  return Math.max(topUpBelow, Math.min(warrant.target, refusedRequired ?? topUpBelow));
}

/** Why an automatic top-up has lost its reason since it was decided. */
export type LostReason =
  | 'switched_off'
  | 'suspended'
  | 'balance_recovered'
  | 'amount_lowered'
  | 'monthly_cap';

/** Whether the reason of an automatic top-up has gone since its intent was recorded: the balance has recovered, or
 *  the customer, a suspension or the cap does not allow it any more. A lower amount that was agreed to since is
 *  charged by a new top-up. The caller holds the wallet's lock. */
export async function hasRecovered(
  transaction: Transaction,
  topUp: TopUp,
  locked: LockedWallet,
  policy: Pick<Policy, 'dayMs'>,
): Promise<boolean> {
  if (topUp.trigger !== 'auto') return false;
  const account = await readAccount(transaction, topUp.accountId);
  if (account?.suspension !== null) return true;
  return (await lostReasonOf(transaction, topUp, locked, { ...policy, furtherCents: 0 })) !== null;
}

/** Why an automatic top-up is no longer needed, whether or not its account is suspended; null while it is needed. The
 *  caller holds the wallet's lock.
 *  @param furtherCents what charging it would add to what counts for the month: 0 while it is open and counted. */
export async function lostReasonOf(
  transaction: Transaction,
  { accountId, wallet, warrant }: Pick<TopUp, 'accountId' | 'wallet' | 'warrant'>,
  locked: LockedWallet,
  { dayMs, furtherCents }: Pick<Policy, 'dayMs'> & { furtherCents: number },
): Promise<Exclude<LostReason, 'suspended'> | null> {
  const settings = await readSettings(transaction, accountId, wallet);
  if (settings?.enabled !== true) return 'switched_off';
  const needed =
    warrant?.cause === 'refusal'
      ? await targetNow(transaction, locked, settings, warrant)
      : settings.topUpBelow;
  if (locked.balance >= needed) return 'balance_recovered';
  if (await isAmountLowered(transaction, accountId, wallet, warrant, settings)) return 'amount_lowered';
  const cap = settings.monthlyCapCents;
  const spending = (await readSpending(transaction, accountId, dayMs))[wallet];
  return cap !== null && spending.spentThisMonthCents + furtherCents > cap ? 'monthly_cap' : null;
}

/** Compares what one amount was when the charge was decided: the charge itself may be a multiple of it. */
async function isAmountLowered(
  transaction: Transaction,
  accountId: AccountId,
  wallet: Wallet,
  warrant: Warrant | null,
  { version, amountCents }: Settings,
): Promise<boolean> {
  if (warrant?.settingsVersion === version) return false;
  const [agreed] = await transaction<{ amountCents: Cents }[]>`
    select amount_cents from settings_history
    where account_id = ${accountId} and wallet = ${wallet} and version = ${warrant?.settingsVersion ?? 0}`;
  return agreed === undefined || agreed.amountCents > amountCents;
}

async function insertIntent(transaction: Transaction, order: TopUpOrder): Promise<TopUp> {
  const [topUp] = await transaction<TopUp[]>`
    insert into top_ups
      (account_id, top_up_id, wallet, trigger, state, amount_cents, currency, units, quantity, warrant)
    values (${order.accountId}, ${order.topUpId}, ${order.wallet}, ${order.trigger}, 'pending',
      ${order.amountCents}, ${order.currency}, ${order.units}, ${order.quantity},
      ${order.warrant === null ? null : JSON.stringify(order.warrant)}::text::jsonb)
    returning ${topUpColumns(transaction)}`;
  if (topUp === undefined) throw new Error(`${order.topUpId} was not returned by its insert`);
  return topUp;
}
