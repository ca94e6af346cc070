import type { Bench, BenchContext, BenchResult, BenchTable, Target, TargetClaim } from './bench.ts';
import { startLoadGenerator } from './support/load.ts';
import type { LoadJob, LoadResult } from './support/load/jobs.ts';
import { startOneCommitServer } from './support/one-commit.ts';
import { requireBooked } from './support/require-booked.ts';
import { withCleanUp } from './support/scope.ts';
import { seedAccounts, type SeededAccounts } from './support/seed.ts';
import { startApi, type ApiProcess } from './support/service.ts';
import { interleaved, median } from './support/statistics.ts';

export const ingest: Bench = {
  name: 'ingest',
  question: 'How many usage events a second come in over HTTP, against the same rows written by bare SQL?',
  targets: () => LOADS.flatMap((load) => Object.values(targetsOf(load))),
  run: (context) => withCleanUp((atEnd) => run(context, atEnd)),
};

const MANY_ACCOUNTS = 10_000;
/** A hot account has a past, which the planner's statistics know of. */
const HOT_ENTRIES = 20_000;
const BATCHES = [1, 10, 100, 1_000] as const;
const LEFT_OUT_IN_A_HURRY = 10;
/** Single events come from many callers at once; batches from the few processes that collect them. */
const SINGLES_CONNECTIONS = 64;
const BATCH_CONNECTIONS = 8;
/** The first is what the API has by default (config.ts); the second gives every caller a connection of its own. The
 *  better of the two is the reference. */
const ONE_COMMIT_POOLS = [10, 64] as const;
const AT_LEAST_OF_STATEMENT = 0.7;
const AT_LEAST_OF_ONE_COMMIT = 3;
const TARGET_BATCH = 100;

const LOADS = ['one hot account', '10,000 accounts'] as const;
type Load = (typeof LOADS)[number];
type OneCommit = `one commit each, pool of ${(typeof ONE_COMMIT_POOLS)[number]}`;
type Way = 'http' | 'statement loop' | 'statements side by side' | 'ledger' | OneCommit;
const ONE_COMMIT: readonly OneCommit[] = ONE_COMMIT_POOLS.map(
  (pool) => `one commit each, pool of ${pool}` as const,
);
type Variant = { load: Load; accounts: SeededAccounts; batch: number; way: Way };
type Measured = Variant & { eventsPerSecond: number; p50: number; p99: number; generatorCpu: number };

async function run(context: BenchContext, atEnd: (cleanUp: () => unknown) => void): Promise<BenchResult> {
  const database = await context.createDatabase();
  atEnd(() => database.drop());
  const hot = await seedAccounts(database.url, { accounts: 1, entries: HOT_ENTRIES });
  const many = await seedAccounts(database.url, { accounts: MANY_ACCOUNTS });
  const api = await startApi(context, { databaseUrl: database.url });
  atEnd(() => api.stop());
  const oneCommitUrls = new Map<Way, string>();
  for (const pool of ONE_COMMIT_POOLS) {
    const server = await startOneCommitServer(context, { databaseUrl: database.url, pool });
    atEnd(() => server.stop());
    oneCommitUrls.set(`one commit each, pool of ${pool}`, server.url);
  }
  const generator = startLoadGenerator(context);
  atEnd(() => generator.stop());
  const variants = variantsOf(context.quick, hot, many);
  const job = jobMaker(api, oneCommitUrls, database.url);
  const loads: LoadResult[] = [];
  const load = async (variant: Variant, seconds: number): Promise<LoadResult> => {
    const result = await generator.run(job(variant, seconds));
    loads.push(result);
    return result;
  };
  const seconds = context.quick ? 0.5 : 1.5;
  // Plans, compiled code and connections are there before the first round.
  for (const variant of variants) await load(variant, seconds / 3);
  const results = await interleaved(context.rounds, variants, async (variant, round) => {
    const result = await load(variant, seconds);
    context.say(`round ${round + 1}: ${describe(variant)}: ${Math.round(result.events / result.seconds)}/s`);
    if (result.refused > 0) context.say(`${result.refused} requests were refused`);
    return result;
  });
  await requireBooked(database.url, loads);
  return summarise(results.map(({ variant, measurements }) => ({ ...variant, ...medians(measurements) })));
}

function variantsOf(quick: boolean, hot: SeededAccounts, many: SeededAccounts): Variant[] {
  const accountsOf = { 'one hot account': hot, '10,000 accounts': many };
  return LOADS.map((load) => ({ load, accounts: accountsOf[load] })).flatMap((load) =>
    BATCHES.filter((batch) => !quick || batch !== LEFT_OUT_IN_A_HURRY).flatMap((batch) => {
      const ways: Way[] = ['http', 'statement loop'];
      if (!quick || batch === TARGET_BATCH) ways.push('statements side by side');
      if (!quick || batch === TARGET_BATCH) ways.push('ledger');
      if (batch === 1) ways.push(...ONE_COMMIT);
      return ways.map((way): Variant => ({ ...load, batch, way }));
    }),
  );
}

function jobMaker({ url, keys }: ApiProcess, oneCommitUrls: ReadonlyMap<Way, string>, databaseUrl: string) {
  return ({ accounts, batch, way }: Variant, seconds: number): LoadJob => {
    const connections = batch === 1 ? SINGLES_CONNECTIONS : BATCH_CONNECTIONS;
    const common = { accounts, batch, connections, seconds };
    switch (way) {
      case 'http':
        return { kind: 'http', url, keys, ...common };
      case 'statement loop':
        return { kind: 'statement', databaseUrl, ...common, connections: 1 };
      case 'statements side by side':
        return { kind: 'statement', databaseUrl, ...common };
      case 'ledger':
        return { kind: way, databaseUrl, ...common };
      case 'one commit each, pool of 10':
      case 'one commit each, pool of 64':
        return { kind: 'http', url: oneCommitUrls.get(way) ?? '', keys, ...common };
    }
  };
}

function medians(results: readonly LoadResult[]): Omit<Measured, keyof Variant> {
  const of = (read: (result: LoadResult) => number) => median(results.map(read));
  return {
    eventsPerSecond: of((result) => result.events / result.seconds),
    p50: of((result) => result.latencyMs.p50),
    p99: of((result) => result.latencyMs.p99),
    generatorCpu: of((result) => result.cpuSeconds / result.seconds),
  };
}

function describe({ load, batch, way }: Pick<Variant, 'load' | 'batch' | 'way'>): string {
  return `${load}, batches of ${batch}, ${way}`;
}

function summarise(measured: readonly Measured[]): BenchResult {
  const rate = (load: Load, batch: number, way: Way) =>
    measured.find((each) => each.load === load && each.batch === batch && each.way === way)
      ?.eventsPerSecond ?? Number.NaN;
  const tables = LOADS.map(
    (load): BenchTable => ({
      title: `Events a second, ${load}`,
      columns: ['batch', 'by', 'events/s', 'of the loop', 'p50 ms', 'p99 ms', "generator's processors"],
      rows: measured
        .filter((each) => each.load === load)
        .map(({ batch, way, eventsPerSecond, p50, p99, generatorCpu }) => [
          batch,
          WAYS[way],
          Math.round(eventsPerSecond),
          eventsPerSecond / rate(load, batch, 'statement loop'),
          p50,
          p99,
          generatorCpu,
        ]),
    }),
  );
  const targets = LOADS.flatMap((load): Target[] => {
    const { loop, sideBySide, oneCommit } = targetsOf(load);
    const batches = rate(load, TARGET_BATCH, 'http');
    const reference = Math.max(...ONE_COMMIT.map((way) => rate(load, 1, way)));
    return [
      { ...loop, measured: batches / rate(load, TARGET_BATCH, 'statement loop') },
      { ...sideBySide, measured: batches / rate(load, TARGET_BATCH, 'statements side by side') },
      { ...oneCommit, measured: rate(load, 1, 'http') / reference },
    ];
  });
  return { tables, targets, notes: NOTES };
}

function targetsOf(load: Load) {
  return {
    loop: {
      claim: `batches of ${TARGET_BATCH} over HTTP, as a share of the bare statement in a loop (${load})`,
      target: { atLeast: AT_LEAST_OF_STATEMENT },
    },
    sideBySide: {
      claim: `the harder reading: batches of ${TARGET_BATCH} over HTTP, as a share of the bare statement by as many connections side by side (${load})`,
      target: { atLeast: AT_LEAST_OF_STATEMENT },
    },
    oneCommit: {
      claim: `single events by ${SINGLES_CONNECTIONS} connections, as a multiple of one commit per event (${load})`,
      target: { atLeast: AT_LEAST_OF_ONE_COMMIT },
    },
  } as const satisfies Record<string, TargetClaim>;
}

const WAYS: Readonly<Record<Way, string>> = {
  http: 'HTTP',
  'statement loop': 'bare statement in a loop',
  'statements side by side': 'bare statement, side by side',
  ledger: 'ledger, no HTTP',
  'one commit each, pool of 10': 'HTTP, one commit per event, 10 connections to the database',
  'one commit each, pool of 64': 'HTTP, one commit per event, 64 connections to the database',
};

const NOTES = [
  `Single events by ${SINGLES_CONNECTIONS} connections, larger batches by ${BATCH_CONNECTIONS}; the bare statement in a loop by one connection to the database, side by side by as many as over HTTP, the API by its default pool of ${ONE_COMMIT_POOLS[0]}. Every event's account is picked at random.`,
  'The bare statement is one statement, one round trip and one commit for a batch; it locks the wallets and writes entries with gapless numbers and running balances, but looks for no duplicates, compares no thresholds and wakes nobody. In a loop it waits for each commit before it goes on, so HTTP, whose batches commit side by side, can be faster than the loop. The ceiling of this machine is the statement side by side; where the account is one, both wait for the same lock.',
  '"Ledger, no HTTP" is the same loop around what the API calls for a batch.',
  '"One commit per event" parses and books each request as the API does, in a transaction of its own, behind a bare HTTP server without keys, limits and metrics. It is measured with two pools, and the better one is the reference.',
  'Servers, database and generator share the processors; the last column is what the generator took of them. Over HTTP, answers that come after the end of a round are not counted.',
  `The hot account begins with ${HOT_ENTRIES.toLocaleString('en-US')} entries, each of the others with one; both are vacuumed and analysed before.`,
  'After the last round every acknowledged event was looked for in the ledger by its id: none is missing.',
];
