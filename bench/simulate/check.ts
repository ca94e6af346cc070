import { Client, Connection } from '@temporalio/client';
import { accountId, workflowIdOf } from '../../domain/ids.ts';
import { POLICY, type Policy } from '../../domain/policy.ts';
import { quantity } from '../../domain/quantities.ts';
import type { UsageEvent } from '../../db/book-usage.ts';
import type { BenchContext } from '../bench.ts';
import { readCounters } from '../support/database-counters.ts';
import { countHistories, untilQuiet } from '../support/history-counts.ts';
import { asOwner, givePaymentCards, untilAllTold } from '../support/paying-accounts.ts';
import { createRandom } from '../support/random.ts';
import { bodyOf, reportBody } from '../support/report-usage.ts';
import { nthAccount, seedAccounts } from '../support/seed.ts';
import { startStack, type Stack } from '../support/stack.ts';
import { startWorkflowsOf, untilAtRest } from '../support/start-workflows.ts';
import { countActions } from '../support/temporal-actions.ts';
import { actionsOf, SimulatedAccount, type Tally } from './account.ts';
import { makeAccount, monthOf, type ModelAccount } from './model.ts';

/** The same few accounts, once simulated and once run on the real stack. */
export type Check = {
  readonly accounts: number;
  readonly events: number;
  readonly measured: CheckFigures;
  readonly predicted: CheckFigures;
};
export type CheckFigures = {
  readonly signals: number;
  readonly activities: number;
  /** Of Temporal, as they are billed. */
  readonly actions: number;
  readonly topUps: number;
  readonly entries: number;
  readonly bytes: number;
};

/** Estimates, which the check compares with what the small run took. */
export const BYTES_PER_ENTRY = 640;
export const BYTES_PER_TOP_UP = 9_000;

const SEED = 77;
const ACCOUNTS = 60;
/** From the busier half, so that something happens in so short a time. */
const LEAST_ACTIVITY = 0.8;
/** An hour passes in a minute: shorter, and the coalescing would come near to the pauses between the relay's polls. */
const COMPRESSION = 60;
const MODEL_MINUTES = { quick: 15, full: 60 } as const;
const FROM_HOUR = 9;
const HOUR_MS = 3_600_000;
const TICK_MS = 100;
/** Measured on this kind of machine: a charge and its credit do not become faster with the compressed time. */
const REAL_DELAYS = { relay: 150, read: 30, charge: 500, credit: 50 } as const;

/** Runs an hour of the model, that of a week's days on top of each other, compressed, through API, relay, workflows and sandboxes, with the coalescing shortened in
 *  proportion; and simulates the very same events. */
export async function checkModel(
  context: BenchContext,
  atEnd: (cleanUp: () => unknown) => void,
): Promise<Check> {
  const minutes = context.quick ? MODEL_MINUTES.quick : MODEL_MINUTES.full;
  const coalesceMs = Math.round(POLICY.coalesceMs / COMPRESSION);
  const policy = { ...POLICY, coalesceMs };
  const stack = await startStack(context, atEnd, { policy: { coalesceMs } });
  const seeded = await seedAccounts(stack.databaseUrl, { accounts: ACCOUNTS });
  const models = Array.from({ length: ACCOUNTS }, (_, number) =>
    shrunk(modelOf(number, nthAccount(seeded, number))),
  );
  const events = models.flatMap((model, number) => eventsOf(model, number, minutes));
  events.sort((one, other) => one.occurredAtMs - other.occurredAtMs);
  const predicted = predict(models, events, policy);
  context.say(
    `the model predicts ${predicted.signals} signals and ${predicted.topUps} top-ups of ${events.length} events`,
  );
  await prepare(context, stack, models);
  const measured = await run(context, { stack, models, events });
  return { accounts: ACCOUNTS, events: events.length, measured, predicted };
}

function modelOf(number: number, id: ModelAccount['accountId']): ModelAccount {
  const activity = LEAST_ACTIVITY + (2 * number) / ACCOUNTS;
  return makeAccount(createRandom(SEED + number), id, activity);
}

/** Not far above its top-up value, so that an hour is enough to cross it. */
function shrunk(model: ModelAccount): ModelAccount {
  const { settings } = model;
  const balance = quantity(Math.round(settings.call_minutes.topUpBelow * 1.2));
  return { ...model, startBalance: { ...model.startBalance, call_minutes: balance } };
}

function eventsOf(model: ModelAccount, number: number, minutes: number): UsageEvent[] {
  const month = monthOf(createRandom(SEED * 1_000 + number), model);
  const fromMs = FROM_HOUR * HOUR_MS;
  const toMs = fromMs + (minutes * HOUR_MS) / 60;
  return month.flatMap((event) => {
    const ofDayMs = event.occurredAtMs % (24 * HOUR_MS);
    const isFirstWeek = event.occurredAtMs < 7 * 24 * HOUR_MS;
    if (!isFirstWeek || event.wallet !== 'call_minutes' || ofDayMs < fromMs || ofDayMs >= toMs) return [];
    return [{ ...event, occurredAtMs: (ofDayMs - fromMs) / COMPRESSION }];
  });
}

function predict(
  models: readonly ModelAccount[],
  events: readonly UsageEvent[],
  policy: Policy,
): CheckFigures {
  const accounts = new Map(
    models.map((model) => [model.accountId, new SimulatedAccount(model, policy, REAL_DELAYS)]),
  );
  for (const event of events) accounts.get(event.accountId)?.use(event);
  for (const account of accounts.values()) account.advance(HOUR_MS);
  const sum = (figure: keyof Tally) =>
    [...accounts.values()].reduce((total, { tally }) => total + tally[figure], 0);
  const bytes = sum('entries') * BYTES_PER_ENTRY + sum('topUps') * BYTES_PER_TOP_UP;
  return {
    signals: sum('signals'),
    activities: sum('activities'),
    // Their workflows have been started before.
    actions: [...accounts.values()].reduce((total, { tally }) => total + actionsOf(tally), 0) - accounts.size,
    topUps: sum('topUps'),
    entries: sum('entries'),
    bytes,
  };
}

/** Gives the seeded accounts the model's settings and balances, a card, and a running workflow. */
async function prepare(
  { temporal }: BenchContext,
  { databaseUrl, providers }: Stack,
  models: readonly ModelAccount[],
): Promise<void> {
  const ids = models.map((model) => model.accountId);
  await asOwner(databaseUrl, async (sql) => {
    for (const { accountId: id, settings, startBalance } of models) {
      const { alertBelow, topUpBelow, amountCents, enabled } = settings.call_minutes;
      await sql`
        with saved as (
          update settings set alert_below = ${alertBelow}, top_up_below = ${topUpBelow},
            amount_cents = ${amountCents}, enabled = ${enabled}, version = 2, alert_version = 2, saved_seq = 2
          where account_id = ${id} and wallet = 'call_minutes' returning *
        )
        insert into settings_history (account_id, wallet, enabled, alert_below, top_up_below, amount_cents,
          monthly_cap_cents, top_up_on_refusal, version, alert_version, saved_seq)
        select account_id, wallet, enabled, alert_below, top_up_below, amount_cents, monthly_cap_cents,
          top_up_on_refusal, version, alert_version, saved_seq from saved`;
      const balance = startBalance.call_minutes;
      await sql`
        insert into ledger_entries (account_id, wallet, seq, kind, quantity, balance_after, cause, fingerprint, reason,
          occurred_at)
        select account_id, 'call_minutes', 2, 'adjustment', ${balance} - balance, ${balance}, 'adjustment:model',
          md5('model') || md5(account_id), 'model', now()
        from wallets where account_id = ${id} and wallet = 'call_minutes'`;
      await sql`
        update wallets set balance = ${balance}, seq = 2 where account_id = ${id} and wallet = 'call_minutes'`;
      await sql`update account_wakes set signalled_call_seq = 2 where account_id = ${id}`;
    }
  });
  await givePaymentCards(databaseUrl, providers, ids);
  await startWorkflowsOf({ temporal, databaseUrl }, ids);
}

async function run(
  context: BenchContext,
  { stack, models, events }: { stack: Stack; models: readonly ModelAccount[]; events: readonly UsageEvent[] },
): Promise<CheckFigures> {
  const { databaseUrl } = stack;
  const ids = models.map((model) => model.accountId);
  const connection = await Connection.connect({ address: context.temporal.address });
  const client = new Client({ connection, namespace: context.temporal.namespace });
  const workflowIds = ids.map((id) => workflowIdOf(accountId(id)));
  try {
    await untilQuiet(client, workflowIds);
    const before = await countHistories(client, workflowIds);
    const actionsBefore = await countActions(context, ids);
    const counters = await readCounters(databaseUrl);
    await send(stack, events);
    await untilAtRest({ temporal: context.temporal, databaseUrl }, ids);
    await untilQuiet(client, workflowIds);
    await untilAllTold(databaseUrl);
    const after = await countHistories(client, workflowIds);
    const written = await readCounters(databaseUrl);
    const rows = await asOwner(
      databaseUrl,
      (sql) => sql<{ topUps: number; entries: number }[]>`
        select (select count(*)::int from top_ups where account_id = any(${ids}::text[])) as "topUps",
          (select count(*)::int from ledger_entries
            where account_id = any(${ids}::text[]) and kind in ('usage', 'top_up')) as entries`,
    );
    return {
      signals: after.signals - before.signals,
      activities: after.activities - before.activities,
      actions: (await countActions(context, ids)) - actionsBefore,
      topUps: rows[0]?.topUps ?? 0,
      entries: rows[0]?.entries ?? 0,
      bytes: written.ledgerBytes + written.otherBytes - counters.ledgerBytes - counters.otherBytes,
    };
  } finally {
    await connection.close();
  }
}

/** Sends each event at its time, with those of the same tenth of a second in one request. */
async function send({ api }: Stack, events: readonly UsageEvent[]): Promise<void> {
  const beganMs = performance.now();
  const ticks = Map.groupBy(events.entries(), ([, { occurredAtMs }]) => Math.floor(occurredAtMs / TICK_MS));
  const sent: Promise<number>[] = [];
  for (const [tick, due] of [...ticks].sort(([one], [other]) => one - other)) {
    const waitMs = beganMs + (tick + 1) * TICK_MS - performance.now();
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    const body = due.map(([index, event]) => callOf(index, event));
    sent.push(reportBody(api, bodyOf(body)));
  }
  await Promise.all(sent);
}

function callOf(index: number, { accountId: account, quantity: ms, source }: UsageEvent) {
  return { id: `e${index}`, account, seconds: ms / 1_000, source: source ?? 'inbound' };
}
