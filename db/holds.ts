import { v7 as uuid } from 'uuid';
import { consequenceOf, type HoldConsequence } from '../domain/holds.ts';
import { holdId, type AccountId } from '../domain/ids.ts';
import type { Policy } from '../domain/policy.ts';
import { PRICES } from '../domain/prices.ts';
import type { Quantity } from '../domain/quantities.ts';
import type { Wallet } from '../domain/wallet.ts';
import type { Database, Transaction } from './connect.ts';
import { once } from './idempotent-requests.ts';
import { limitLockWait, lockAccountWallets, type LockedWallet } from './lock-wallets.ts';
import { markWakes } from './mark-wakes.ts';
import { readAccount } from './read-account.ts';
import { readUsualHold } from './read-holds.ts';
import { readOpenTopUps, readSpending } from './read-top-ups.ts';
import type { UsageSource } from './schema.ts';
import { readSettings } from './settings.ts';

export type HoldRequest = {
  accountId: AccountId;
  wallet: Wallet;
  /** Of a call; null for anything else. */
  source: UsageSource | null;
  /** Minor units to reserve, positive. */
  quantity: Quantity;
  expiresInMs: number;
};

/** A caller waits for the answer before the call: one that comes later is of no use. */
const LOCK_TIMEOUT_MS = 2_000;

export type HoldAnswer =
  | { status: 'held'; holdId: string; expiresAtMs: number }
  /** @property topUpPending a top-up is open, or about to start because of this refusal. */
  | { status: 'refused'; available: Quantity; topUpPending: boolean };

export type HoldResult = HoldAnswer | { status: 'unknown_account' } | { status: 'conflict' };
export type HoldStore = ReturnType<typeof createHolds>;

/** What the platform reserves before a call. */
export function createHolds(db: Database, policy: Policy) {
  return {
    /** Reserves a quantity if that much is available, and writes the refusal down otherwise. A campaign's hold that
     *  asks for a top-up wakes the account in the same transaction.
     *  @param key when given, the same request again gets the same hold; a refusal leaves the key free. */
    place: (request: HoldRequest, key: string | null): Promise<HoldResult> =>
      db.transaction(async (transaction) => {
        const [, placed] = await Promise.all([
          limitLockWait(transaction, LOCK_TIMEOUT_MS),
          placeOnce(transaction, policy, request, key),
        ]);
        return placed;
      }),

    /** Ends a hold; one that has ended already stays as it is.
     *  @returns false when no such hold was ever granted. */
    release: async (accountId: AccountId, id: string): Promise<boolean> => {
      const [hold] = await db.sql`
        with released as (
          update holds set state = 'released', ended_at = now()
          where account_id = ${accountId} and hold_id = ${id} and state = 'held'
        )
        select 1 from holds where account_id = ${accountId} and hold_id = ${id} and state <> 'refused'`;
      return hold !== undefined;
    },

    /** What a campaign's call usually reserves (read-holds.ts). */
    usual: (accountId: AccountId, wallet: Wallet): Promise<Quantity | null> =>
      wallet === 'call_minutes' ? readUsualHold(db.sql, accountId) : Promise.resolve(null),
  };
}

async function placeOnce(
  transaction: Transaction,
  policy: Policy,
  request: HoldRequest,
  key: string | null,
): Promise<HoldResult> {
  const work = () => place(transaction, policy, request);
  if (key === null) return work();
  const { accountId, ...asked } = request;
  // No account id has a slash: it cannot name the keys of the operators.
  const result = await once<HoldAnswer | { status: 'unknown_account' }>(
    transaction,
    { scope: `account/${accountId}`, key, asked: { hold: asked } },
    work,
    ({ status }) => status === 'held',
  );
  return result.status === 'conflict' ? result : result.answer;
}

async function place(
  transaction: Transaction,
  policy: Policy,
  request: HoldRequest,
): Promise<HoldAnswer | { status: 'unknown_account' }> {
  const locked = await lockAccountWallets(transaction, request.accountId);
  if (locked === null) return { status: 'unknown_account' };
  const wallet = locked[request.wallet];
  const placed = await insertHold(transaction, request, wallet);
  const isRefused = placed.state === 'refused';
  const held = { status: 'held', holdId: placed.holdId, expiresAtMs: placed.expiresAtMs } as const;
  // Nothing could follow from it, so nothing more is read for it.
  const { topUpBelow } = placed;
  const isEnough = topUpBelow === null || wallet.balance >= topUpBelow;
  if (!isRefused && (request.source !== 'campaign' || isEnough)) return held;
  const { consequence, cardOnFile } = await judge(transaction, policy, wallet, isRefused);
  if (request.source === 'campaign') await wake(transaction, policy, request, placed, wallet, consequence);
  if (!isRefused) return held;
  const starts = consequence === 'starts' && request.source === 'campaign' && cardOnFile;
  const topUpPending = consequence === 'open' || starts;
  return { status: 'refused', available: placed.available, topUpPending };
}

type Placed = {
  holdId: string;
  state: 'held' | 'refused';
  available: Quantity;
  expiresAtMs: number;
  /** null while automatic top-up is off. */
  topUpBelow: Quantity | null;
};

/** The statement's own time is after the lock, so what had expired when the wallet was free is not counted. */
async function insertHold(
  transaction: Transaction,
  { accountId, wallet, source, quantity, expiresInMs }: HoldRequest,
  { balance, seq }: LockedWallet,
): Promise<Placed> {
  const [placed] = await transaction<Placed[]>`
    with placed as (
      insert into holds (account_id, hold_id, wallet, state, source, quantity, available, seq, balance,
        expires_at, created_at, ended_at)
      select ${accountId}, ${holdId(uuid())}, ${wallet}, verdict.state, ${source}, ${quantity}::bigint,
        free.available, ${seq}, ${balance},
        case verdict.state when 'held' then clock.at + ${expiresInMs}::bigint * interval '1 millisecond'
          else clock.at end,
        clock.at, case verdict.state when 'refused' then clock.at end
      from (select statement_timestamp() as at) clock
      cross join lateral (
        select ${balance}::bigint - coalesce(sum(quantity), 0)::bigint as available from holds
        where account_id = ${accountId} and wallet = ${wallet} and state = 'held' and expires_at > statement_timestamp()
      ) free
      cross join lateral (
        select case when ${quantity}::bigint <= free.available then 'held' else 'refused' end as state
      ) verdict
      returning hold_id, state, available, expires_at
    )
    select placed.hold_id, placed.state, placed.available, placed.expires_at as expires_at_ms, settings.top_up_below
    from placed
    left join settings on settings.account_id = ${accountId} and settings.wallet = ${wallet} and settings.enabled`;
  if (placed === undefined) throw new Error(`a hold of ${accountId} was not returned by its insert`);
  return placed;
}

async function judge(
  transaction: Transaction,
  policy: Policy,
  { accountId, wallet, balance }: LockedWallet,
  isRefused: boolean,
): Promise<{ consequence: HoldConsequence; cardOnFile: boolean }> {
  const [account, settings, open, spending, [clock]] = await Promise.all([
    readAccount(transaction, accountId),
    readSettings(transaction, accountId, wallet),
    readOpenTopUps(transaction, accountId),
    readSpending(transaction, accountId, policy.dayMs),
    transaction<{ nowMs: number }[]>`select now() as now_ms`,
  ]);
  if (account === null) throw new Error(`account ${accountId} has wallets and is not there`);
  const cardOnFile = account.card !== null;
  const facts = {
    ...spending[wallet],
    wallet,
    balance,
    settings,
    prices: PRICES[account.plan],
    openTopUp: open[wallet] ?? null,
    suspension: account.suspension,
    cardOnFile,
    blockedBy: account.blockReason,
  };
  return { consequence: consequenceOf(isRefused, facts, clock?.nowMs ?? 0, policy), cardOnFile };
}

/** At once when a top-up can start because of the hold, and was not asked for by one like it a moment ago; together
 *  with later ones when it has to be remembered; else not at all. */
async function wake(
  transaction: Transaction,
  { coalesceMs }: Policy,
  { quantity }: HoldRequest,
  { holdId: own, state, available }: Placed,
  { accountId, wallet, seq, balance }: LockedWallet,
  consequence: HoldConsequence,
): Promise<void> {
  if (consequence === 'nothing' || (consequence === 'open' && state === 'held')) return;
  const isAtOnce = consequence === 'starts' && !(await wasTold());
  await markWakes(transaction, [{ accountId, refresh: null, delayMs: isAtOnce ? 0 : coalesceMs }]);

  /** Whether one like it has led to the same a moment ago: a top-up that was open then, or what the settings or the
   *  account were before they changed, may have let nothing follow from it. */
  async function wasTold(): Promise<boolean> {
    const told = await transaction`
      select 1 from holds hold
      where account_id = ${accountId} and wallet = ${wallet} and source = 'campaign' and seq = ${seq}
        and hold_id <> ${own} and created_at > now() - ${coalesceMs}::bigint * interval '1 millisecond'
        and case ${state}::text
          -- A refused one has told only where the customer lets refusals ask.
          when 'held' then balance = ${balance} and (state <> 'refused' or (
            select top_up_on_refusal from settings where account_id = ${accountId} and wallet = ${wallet}))
          else state = 'refused' and quantity - available >= ${quantity - available} end
        and created_at >= (
          select greatest(accounts.updated_at, settings.updated_at) from accounts
          join settings using (account_id)
          where account_id = ${accountId} and settings.wallet = ${wallet})
        and not exists (
          select 1 from top_ups top_up
          where top_up.account_id = ${accountId} and top_up.wallet = ${wallet}
            -- A payment page gives way.
            and top_up.checkout_session_id is null and top_up.created_at <= hold.created_at
            and coalesce(top_up.credited_at, top_up.closed_at, 'infinity') > hold.created_at)
      limit 1`;
    return told.length > 0;
  }
}
