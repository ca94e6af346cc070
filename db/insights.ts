import type { AccountId } from '../domain/ids.ts';
import type { Policy } from '../domain/policy.ts';
import { PRICES } from '../domain/prices.ts';
import type { SaveFacts } from '../domain/preview.ts';
import type { Quantity } from '../domain/quantities.ts';
import type { InvoicedVat } from '../domain/vat.ts';
import type { Wallet } from '../domain/wallet.ts';
import { readOverview } from './account-overview.ts';
import { readBalanceHistory } from './balance-history.ts';
import { readCampaignSight } from './campaign-sight.ts';
import type { Database } from './connect.ts';
import { fewAtOnce } from './few-at-once.ts';
import { readReplayHistory } from './replay-history.ts';
import { readSlices } from './slices.ts';

/** Of the connections of one instance. */
const REPLAYS_AT_ONCE = 2;
const REPLAYS_WAITING = 20;

export type PreviewFacts = {
  facts: SaveFacts;
  /** What one call of a campaign usually reserves; null when too few were held. */
  usualHold: Quantity | null;
  country: string;
  /** What the last paid invoice showed; null without one. */
  invoiced: InvoicedVat | null;
  readAtMs: number;
};

export type Insights = ReturnType<typeof createInsights>;

/** What is read to show a customer how a balance went, and where it leads. */
export function createInsights(db: Database, policy: Policy) {
  const limited = fewAtOnce(REPLAYS_AT_ONCE, REPLAYS_WAITING);
  return {
    /** What saving other settings would be judged by; null when there is no such account. */
    previewFacts: (accountId: AccountId, wallet: Wallet) => readPreviewFacts(db, policy, accountId, wallet),

    /** The last days of a wallet, to be replayed; null when reading them takes too long, or too many want to.
     *  @param days back from now. */
    replayHistory: (accountId: AccountId, wallet: Wallet, days: number) =>
      limited(() => readReplayHistory(db, policy, accountId, wallet, days)),

    /** How a balance went; null when there is no such account.
     *  @param spanMs back from now. */
    balanceHistory: (accountId: AccountId, wallet: Wallet, spanMs: number) =>
      readBalanceHistory(db, accountId, wallet, spanMs),
  };
}

async function readPreviewFacts(
  db: Database,
  policy: Policy,
  accountId: AccountId,
  wallet: Wallet,
): Promise<PreviewFacts | null> {
  const overview = await readOverview(db, policy, accountId);
  if (overview === null) return null;
  const { account, wallets, readAtMs } = overview;
  const { settings, usualHold, ...watched } = wallets[wallet];
  const [campaignLowest, invoiced] = await Promise.all([
    wallet === 'call_minutes' ? readWanted(db, accountId, wallets.call_minutes) : null,
    readInvoicedVat(db, accountId),
  ]);
  const facts: SaveFacts = {
    ...watched,
    wallet,
    settings,
    prices: PRICES[account.plan],
    suspension: account.suspension,
    cardOnFile: account.card !== null,
    blockedBy: account.blockReason,
    campaignLowest,
  };
  return { facts, usualHold, country: account.country, invoiced, readAtMs };
}

async function readWanted(
  db: Database,
  accountId: AccountId,
  { seq, settings }: { seq: number; settings: SaveFacts['settings'] },
) {
  return db.reading(async (transaction) => {
    const [slice] = await readSlices(transaction, [
      { accountId, wallet: 'call_minutes', fromSeq: seq, toSeq: seq },
    ]);
    return slice === undefined
      ? null
      : (await readCampaignSight(transaction, slice, settings)).campaignLowest;
  });
}

async function readInvoicedVat({ sql }: Database, accountId: AccountId): Promise<InvoicedVat | null> {
  const [invoiced] = await sql<InvoicedVat[]>`
    select vat_rate, reverse_charge from top_ups
    where account_id = ${accountId} and paid_at is not null and total_cents is not null
      and reverse_charge is not null
    order by created_at desc, top_up_id desc
    limit 1`;
  return invoiced ?? null;
}
