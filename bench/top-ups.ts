import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { workflowIdOf, type AccountId } from '../domain/ids.ts';
import type { Bench, BenchContext, BenchResult } from './bench.ts';
import { readCounters } from './support/database-counters.ts';
import { countHistories, untilQuiet } from './support/history-counts.ts';
import { asOwner, givePaymentCards, untilToppedUp } from './support/paying-accounts.ts';
import { reportCalls } from './support/report-usage.ts';
import { withCleanUp } from './support/scope.ts';
import { nthAccount, seedAccounts } from './support/seed.ts';
import { startStack, type Stack } from './support/stack.ts';
import { startWorkflowsOf, untilAtRest } from './support/start-workflows.ts';
import { startStatementCounter, type StatementCounter } from './support/statement-counter.ts';
import { median } from './support/statistics.ts';
import { countActions } from './support/temporal-actions.ts';

/** Accounts that cross at once. */
const CROSSING = { quick: 15, full: 60 } as const;
const BALANCE_SECONDS = 601;
const CALL_SECONDS = 302;
/** How long the service is watched without work, to know what it does by itself. */
const IDLE_MS = { quick: 2_000, full: 10_000 } as const;

/** Complete top-ups: from the usage that crosses to the credit in the ledger, the customer told. */
export const topUps: Bench = {
  name: 'topups',
  question:
    'How many complete top-ups a second, and what does each cost in activities, history and statements?',
  rounds: { full: 3, quick: 1 },
  run: (context) => withCleanUp((atEnd) => measure(context, atEnd)),
};

type TopUpRound = {
  perSecond: number;
  activities: number;
  signals: number;
  historyEvents: number;
  actions: number;
  statements: number;
  transactions: number;
  bytes: number;
};

async function measure(context: BenchContext, atEnd: (cleanUp: () => unknown) => void): Promise<BenchResult> {
  let counter: StatementCounter | null = null;
  const stack = await startStack(context, atEnd, {
    through: async (url) => {
      counter = await startStatementCounter(url);
      return counter.url;
    },
  });
  const counted = (): Counted => ({
    statements: counter?.statements() ?? Number.NaN,
    transactions: counter?.transactions() ?? Number.NaN,
  });
  atEnd(() => counter?.stop());
  const connection = await Connection.connect({ address: context.temporal.address });
  atEnd(() => connection.close());
  const client = new Client({ connection, namespace: context.temporal.namespace });
  const size = context.quick ? 'quick' : 'full';
  const rounds: TopUpRound[] = [];
  for (let round = 0; round < context.rounds; round += 1) {
    context.signal.throwIfAborted();
    rounds.push(await measureRound({ context, stack, client, counted }, size));
    context.say(`${rounds.at(-1)?.perSecond.toFixed(1)} top-ups/s`);
  }
  return topUpResult(rounds, CROSSING[size]);
}

/** What the service has asked of the database; the bench's own questions are not in it. */
type Counted = { readonly statements: number; readonly transactions: number };
type Parts = { context: BenchContext; stack: Stack; client: Client; counted: () => Counted };

async function measureRound(parts: Parts, size: 'quick' | 'full'): Promise<TopUpRound> {
  const { context, stack, client, counted } = parts;
  const count = CROSSING[size];
  const ids = await preparedAccounts(context, stack, count);
  const workflowIds = ids.map(workflowIdOf);
  await untilQuiet(client, workflowIds);
  const idlePerMs = await idleRates(counted, IDLE_MS[size]);
  const before = {
    history: await countHistories(client, workflowIds),
    actions: await countActions(context, ids),
    counters: await readCounters(stack.databaseUrl),
    counted: counted(),
  };
  const startedAtMs = Date.now();
  await reportCalls(
    stack.api,
    ids.map((account) => ({ id: 'crossing', account, seconds: CALL_SECONDS })),
  );
  await untilToppedUp(stack.databaseUrl, ids, count);
  await untilAtRest({ temporal: context.temporal, databaseUrl: stack.databaseUrl }, ids);
  await untilQuiet(client, workflowIds);
  const ranMs = Date.now() - startedAtMs;
  const counters = await readCounters(stack.databaseUrl);
  const ran = counted();
  const creditedAtMs = await lastCreditMs(stack.databaseUrl, ids);
  const history = await countHistories(client, workflowIds);
  const each = (total: number) => total / count;
  const bytes = (of: typeof counters) => of.ledgerBytes + of.otherBytes;
  return {
    perSecond: (count / (creditedAtMs - startedAtMs)) * 1_000,
    activities: each(history.activities - before.history.activities),
    signals: each(history.signals - before.history.signals),
    historyEvents: each(history.events - before.history.events),
    actions: each((await countActions(context, ids)) - before.actions),
    statements: each(ran.statements - before.counted.statements - idlePerMs.statements * ranMs),
    transactions: each(ran.transactions - before.counted.transactions - idlePerMs.transactions * ranMs),
    bytes: each(bytes(counters) - bytes(before.counters)),
  };
}

async function preparedAccounts(
  { temporal }: BenchContext,
  { databaseUrl, providers }: Stack,
  count: number,
): Promise<AccountId[]> {
  const seeded = await seedAccounts(databaseUrl, { accounts: count, balanceSeconds: BALANCE_SECONDS });
  const ids = Array.from({ length: count }, (_, number) => nthAccount(seeded, number));
  await givePaymentCards(databaseUrl, providers, ids);
  await startWorkflowsOf({ temporal, databaseUrl }, ids);
  return ids;
}

/** What API, worker and relay ask of the database while nothing happens, for each millisecond. */
async function idleRates(counted: () => Counted, idleMs: number): Promise<Counted> {
  const before = counted();
  await sleep(idleMs);
  const after = counted();
  return {
    statements: (after.statements - before.statements) / idleMs,
    transactions: (after.transactions - before.transactions) / idleMs,
  };
}

/** @throws when an account was not topped up exactly once. */
async function lastCreditMs(databaseUrl: string, ids: readonly string[]): Promise<number> {
  return asOwner(databaseUrl, async (sql) => {
    const rows = await sql<{ creditedAt: Date; count: number }[]>`
      select max(credited_at) as "creditedAt", count(*)::int as count from top_ups
      where account_id = any(${[...ids]}::text[]) and state = 'credited'
      group by account_id`;
    if (rows.length !== ids.length || rows.some(({ count }) => count !== 1)) {
      throw new Error(`${rows.length} of ${ids.length} accounts were topped up, each has to be once`);
    }
    return Math.max(...rows.map(({ creditedAt }) => creditedAt.getTime()));
  });
}

/** @param crossing how many accounts each round was about. */
export function topUpResult(rounds: readonly TopUpRound[], crossing: number): BenchResult {
  const of = (read: (round: TopUpRound) => number) => median(rounds.map(read));
  const oneDecimal = (value: number) => Math.round(value * 10) / 10;
  const rows: [string, number][] = [
    ['complete top-ups a second', oneDecimal(of((round) => round.perSecond))],
    ['activities', oneDecimal(of((round) => round.activities))],
    ['signals', oneDecimal(of((round) => round.signals))],
    ['history events', oneDecimal(of((round) => round.historyEvents))],
    ['Temporal actions', oneDecimal(of((round) => round.actions))],
    ['database statements', oneDecimal(of((round) => round.statements))],
    ['database transactions', oneDecimal(of((round) => round.transactions))],
    ['database bytes', Math.round(of((round) => round.bytes))],
  ];
  return {
    tables: [
      {
        title: `${crossing} accounts cross at once: rate, and what one top-up takes`,
        columns: ['measure', 'median'],
        rows,
      },
    ],
    targets: [],
    notes: [
      'From the report of the usage that crosses to the last credit in the ledger. Each account is warned by an alert as well; both mails and the answers to the sandbox’s webhooks are part of what a top-up takes.',
      'Statements and transactions are counted by a proxy that reads PostgreSQL’s protocol, begin and commit included, and that only the service goes through; what the service asks while idle has been taken off. The Stripe and Postmark sandboxes share the machine and are a good part of the work.',
      'Heartbeats of activities are not in the histories and are not counted as actions.',
    ],
  };
}
