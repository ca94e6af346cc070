import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../test/support/eventually.ts';
import type { Bench, BenchContext, BenchResult, TargetClaim } from './bench.ts';
import { startLoadGenerator, type LoadGenerator } from './support/load.ts';
import { givePaymentCards } from './support/paying-accounts.ts';
import type { LoadResult } from './support/load/jobs.ts';
import { reportCalls } from './support/report-usage.ts';
import { requireBooked } from './support/require-booked.ts';
import { withCleanUp } from './support/scope.ts';
import { nthAccount, seedAccounts, type SeededAccounts } from './support/seed.ts';
import { startStack, type Stack } from './support/stack.ts';
import { bringToRest, startWorkflowsOf } from './support/start-workflows.ts';
import { interleaved, percentile } from './support/statistics.ts';

/** Crossings a round and condition. With three rounds, p99 rests on about a hundred crossings each. */
const CROSSINGS = { quick: 8, full: 34 } as const;
/** Accounts that the load is about. Each hundred takes a busy machine half a minute to come to rest, before every
 *  round; more of them would not make ingest any slower. */
const LOADED_ACCOUNTS = { quick: 50, full: 200 } as const;
const LOAD = { batch: 100, connections: 8, seconds: 5 } as const;
/** One call takes such an account from above its alert value to below its top-up value. */
const BALANCE_SECONDS = 601;
const CALL_SECONDS = 302;
/** The relay polls: crossings come at any time between two polls. */
const LONGEST_PAUSE_MS = 300;
const CHARGE_TIMEOUT_MS = 60_000;

const CONDITIONS = ['idle', 'loaded'] as const;
type Condition = (typeof CONDITIONS)[number];
type Delay = { readonly createMs: number; readonly payMs: number };
type Sample = {
  readonly delays: readonly Delay[];
  readonly loadPerSecond: number;
  readonly loads: readonly LoadResult[];
};

const TARGET: TargetClaim = {
  claim: 'p99 from crossing to payment while ingest is saturated, as a multiple of idle',
  target: { atMost: 2 },
};

/** How long a customer who falls below the top-up value waits for the charge. */
export const latency: Bench = {
  name: 'latency',
  question:
    'How long after a crossing was acknowledged does the charge arrive at Stripe, idle and while ingest runs at full speed?',
  taken: (rounds) => (rounds === 1 ? 'One round' : `${rounds} rounds, whose crossings are pooled`),
  targets: () => [TARGET],
  rounds: { full: 3, quick: 1 },
  run: (context) => withCleanUp((atEnd) => measure(context, atEnd)),
};

async function measure(context: BenchContext, atEnd: (cleanUp: () => unknown) => void): Promise<BenchResult> {
  const size = context.quick ? 'quick' : 'full';
  const stack = await startStack(context, atEnd);
  const others = await seedAccounts(stack.databaseUrl, { accounts: LOADED_ACCOUNTS[size] });
  const ids = Array.from({ length: others.count }, (_, number) => nthAccount(others, number));
  const place = { temporal: context.temporal, databaseUrl: stack.databaseUrl };
  await startWorkflowsOf(place, ids);
  const load = startLoadGenerator(context);
  atEnd(() => load.stop());
  const measured = await interleaved(context.rounds, CONDITIONS, async (condition) => {
    const [accounts] = await Promise.all([
      crossingAccounts(context, stack, CROSSINGS[size]),
      // What the load left to be told would be told in a later round, and measured as idle.
      bringToRest(place, ids),
    ]);
    context.signal.throwIfAborted();
    const sample =
      condition === 'idle'
        ? { delays: await crossAll(stack, accounts), loadPerSecond: 0, loads: [] }
        : await whileLoaded({ stack, load, others }, () => crossAll(stack, accounts));
    context.say(
      `${condition}: median ${Math.round(
        percentile(
          sample.delays.map(({ payMs }) => payMs),
          50,
        ),
      )} ms`,
    );
    return sample;
  });
  await requireBooked(
    stack.databaseUrl,
    measured.flatMap(({ measurements }) => measurements.flatMap(({ loads }) => loads)),
  );
  const [idle, loaded] = CONDITIONS.map((condition) =>
    summarise(measured.find((each) => each.variant === condition)?.measurements ?? []),
  );
  if (idle === undefined || loaded === undefined) throw new Error('nothing was measured');
  return resultOf({ idle, loaded });
}

/** Fresh accounts with a saved card, whose workflows wait for news. */
async function crossingAccounts(
  { temporal }: BenchContext,
  { databaseUrl, providers }: Stack,
  count: number,
): Promise<CrossingAccounts> {
  const seeded = await seedAccounts(databaseUrl, { accounts: count, balanceSeconds: BALANCE_SECONDS });
  const ids = Array.from({ length: count }, (_, number) => nthAccount(seeded, number));
  const customerOf = await givePaymentCards(databaseUrl, providers, ids);
  await startWorkflowsOf({ temporal, databaseUrl }, ids);
  return { ids, customerOf: new Map([...customerOf].map(([customer, id]) => [id, customer])) };
}

type CrossingAccounts = { readonly ids: readonly string[]; readonly customerOf: ReadonlyMap<string, string> };

async function crossAll(stack: Stack, { ids, customerOf }: CrossingAccounts): Promise<Delay[]> {
  const delays: Delay[] = [];
  for (const account of ids) {
    await sleep(randomInt(LONGEST_PAUSE_MS));
    const atMs = await reportCalls(stack.api, [{ id: 'crossing', account, seconds: CALL_SECONDS }]);
    delays.push(await untilCharged(stack, customerOf.get(account) ?? '', atMs));
  }
  return delays;
}

function untilCharged({ providers }: Stack, customer: string, sinceMs: number): Promise<Delay> {
  return eventually(
    async () => {
      const charges = await providers.charges();
      const created = charges.find(({ kind, customerId }) => kind === 'create' && customerId === customer);
      const paid = charges.find(({ kind, topUpId }) => kind === 'pay' && topUpId === created?.topUpId);
      if (created === undefined || paid === undefined) throw new Error('no charge has arrived');
      return { createMs: created.atMs - sinceMs, payMs: paid.atMs - sinceMs };
    },
    { timeoutMs: CHARGE_TIMEOUT_MS, pauseMs: 50 },
  );
}

async function whileLoaded(
  { stack, load, others }: { stack: Stack; load: LoadGenerator; others: SeededAccounts },
  act: () => Promise<Delay[]>,
): Promise<Sample> {
  const done = new AbortController();
  const { url, keys } = stack.api;
  const loads: LoadResult[] = [];
  const makeLoad = async () => {
    while (!done.signal.aborted) {
      loads.push(await load.run({ kind: 'http', url, keys, accounts: others, ...LOAD }));
    }
  };
  const loading = makeLoad();
  try {
    const delays = await act();
    done.abort();
    await loading;
    const rates = loads.map(({ events, seconds }) => events / seconds);
    return { delays, loadPerSecond: percentile(rates, 50), loads };
  } finally {
    done.abort();
    await loading.catch(() => undefined);
  }
}

type Summary = Record<'create' | 'pay', { p50: number; p95: number; p99: number }> & {
  crossings: number;
  loadPerSecond: number;
};

function summarise(samples: readonly Sample[]): Summary {
  const delays = samples.flatMap((sample) => sample.delays);
  const of = (values: readonly number[]) => ({
    p50: Math.round(percentile(values, 50)),
    p95: Math.round(percentile(values, 95)),
    p99: Math.round(percentile(values, 99)),
  });
  return {
    create: of(delays.map(({ createMs }) => createMs)),
    pay: of(delays.map(({ payMs }) => payMs)),
    crossings: delays.length,
    loadPerSecond: Math.round(
      percentile(
        samples.map(({ loadPerSecond }) => loadPerSecond),
        50,
      ),
    ),
  };
}

function resultOf(summaries: Record<Condition, Summary>): BenchResult {
  const rows = CONDITIONS.flatMap((condition) => {
    const { crossings, loadPerSecond, create, pay } = summaries[condition];
    const row = (what: string, { p50, p95, p99 }: Summary['pay']) => [
      condition,
      what,
      crossings,
      loadPerSecond,
      p50,
      p95,
      p99,
    ];
    return [row('first request (invoice)', create), row('payment', pay)];
  });
  return {
    tables: [
      {
        title: 'From the acknowledged crossing to the charge at Stripe, ms',
        columns: ['condition', 'arrival of', 'crossings', 'other events/s', 'p50', 'p95', 'p99'],
        rows,
      },
    ],
    targets: [
      {
        ...TARGET,
        measured: Math.round((summaries.loaded.pay.p99 / summaries.idle.pay.p99) * 100) / 100,
      },
    ],
    notes: [
      'From the answer 200 to the request that crosses, to the arrival at a tap before the Stripe sandbox, whose time is taken in the process of the sandbox. Each crossing is of a fresh account with a saved card, one after the other, at random times; before each round every workflow has come to rest.',
      `The load is ${LOAD.connections} connections that send batches of ${LOAD.batch} for other accounts without a pause; everything shares the machine: API, worker, PostgreSQL, Temporal, sandboxes and the generator of the load. At the end every event of the load that was acknowledged was looked for in the ledger.`,
    ],
  };
}
