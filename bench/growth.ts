import type { Bench, BenchContext, BenchResult, BenchTable, Target, TargetClaim } from './bench.ts';
import { checkpoint, readCounters } from './support/database-counters.ts';
import { startLoadGenerator, type LoadGenerator } from './support/load.ts';
import type { LoadResult } from './support/load/jobs.ts';
import { residentBytes } from './support/processes.ts';
import { requireBooked } from './support/require-booked.ts';
import { withCleanUp } from './support/scope.ts';
import { seedAccounts, type SeededAccounts } from './support/seed.ts';
import { startApi, type ApiProcess } from './support/service.ts';
import { interleaved, median } from './support/statistics.ts';

export const growth: Bench = {
  name: 'growth',
  question: 'What do more accounts and a longer ledger cost of the rate and the latency of ingest?',
  targets: (quick) => Object.values(targetsOf(quick)),
  run: (context) => withCleanUp((atEnd) => run(context, atEnd)),
};

type Size = { readonly accounts: number; readonly entries: number };
type Site = Size & {
  databaseUrl: string;
  seeded: SeededAccounts;
  api: ApiProcess;
  ledgerBytes: number;
  /** All that was sent to it, measured or not. */
  loads: LoadResult[];
};
type Round = LoadResult & { apiBytes: number };

const BATCH = 100;
const CONNECTIONS = 8;
const AT_MOST_LOST = 0.15;
const MIB = 1024 ** 2;

/** Three that differ in accounts only, and one more that differs from the third in entries only. */
function sizesOf(quick: boolean): readonly [Size, Size, Size, Size] {
  const [some, many, entries] = quick ? [5_000, 20_000, 40_000] : [10_000, 100_000, 1_000_000];
  return [
    { accounts: 1_000, entries },
    { accounts: some, entries },
    { accounts: many, entries },
    { accounts: many, entries: 10 * entries },
  ];
}

async function run(context: BenchContext, atEnd: (cleanUp: () => unknown) => void): Promise<BenchResult> {
  const sizes = sizesOf(context.quick);
  context.say(`seeding ${sizes.map(nameOf).join('; ')}`);
  const began = performance.now();
  const sites = await Promise.all(sizes.map((size) => prepare(context, size, atEnd)));
  context.say(`seeded in ${Math.round((performance.now() - began) / 1_000)} s`);
  const generator = startLoadGenerator(context);
  atEnd(() => generator.stop());
  for (const site of sites) await runIn(context, generator, site);
  const results = await interleaved(context.rounds, sites, async (site, round) => {
    const result = await measure(context, generator, site);
    const rate = Math.round(result.events / result.seconds);
    context.say(`round ${round + 1}: ${nameOf(site)}: ${rate}/s, ${result.refused} requests refused`);
    return result;
  });
  generator.stop();
  for (const site of sites) await requireBooked(site.databaseUrl, site.loads);
  const { accounts, entries } = targetsOf(context.quick);
  const [few, , many, long] = results.map(({ measurements }) => measurements.map(rateOf));
  return {
    tables: [
      ingestTable(results.map(({ variant, measurements }) => ({ site: variant, rounds: measurements }))),
    ],
    targets: [
      { ...accounts, measured: lossOf(few, many) },
      { ...entries, measured: lossOf(many, long) },
    ],
    notes: NOTES,
  };
}

async function prepare(
  context: BenchContext,
  size: Size,
  atEnd: (cleanUp: () => unknown) => void,
): Promise<Site> {
  const database = await context.createDatabase();
  atEnd(() => database.drop());
  const seeded = await seedAccounts(database.url, size);
  const { ledgerBytes } = await readCounters(database.url);
  const api = await startApi(context, { databaseUrl: database.url });
  atEnd(() => api.stop());
  return { ...size, databaseUrl: database.url, seeded, api, ledgerBytes, loads: [] };
}

/** Until plans, compiled code and connections are there, and much of what the first change of a page after a checkpoint
 *  costs has been paid: no checkpoint is due during the rounds. */
async function runIn(context: BenchContext, generator: LoadGenerator, site: Site): Promise<void> {
  await checkpoint(site.databaseUrl);
  await load(generator, site, context.quick ? 2 : 25);
}

async function measure(context: BenchContext, generator: LoadGenerator, site: Site): Promise<Round> {
  // Brings back to memory what the others have pushed out since this one's last round.
  await load(generator, site, context.quick ? 0.3 : 1);
  const result = await load(generator, site, context.quick ? 1 : 5);
  return { ...result, apiBytes: await residentBytes(site.api.pid) };
}

async function load(
  generator: LoadGenerator,
  { api: { url, keys }, seeded: accounts, loads }: Site,
  seconds: number,
): Promise<LoadResult> {
  const result = await generator.run({
    kind: 'http',
    url,
    keys,
    accounts,
    batch: BATCH,
    connections: CONNECTIONS,
    seconds,
  });
  loads.push(result);
  return result;
}

function rateOf({ events, seconds }: LoadResult): number {
  return events / seconds;
}

function ingestTable(results: readonly { site: Site; rounds: readonly Round[] }[]): BenchTable {
  const rates = results.map(({ rounds }) => median(rounds.map(rateOf)));
  return {
    title: `Batches of ${BATCH} over HTTP by ${CONNECTIONS} connections, accounts at random`,
    columns: [
      'accounts',
      'entries',
      'ledger MiB',
      'events/s',
      'of the first',
      'p50 ms',
      'p95 ms',
      'p99 ms',
      'API MiB',
    ],
    rows: results.map(({ site, rounds }, index) => {
      const of = (read: (round: Round) => number) => median(rounds.map(read));
      return [
        site.accounts,
        site.entries,
        Math.round(site.ledgerBytes / MIB),
        Math.round(rates[index] ?? Number.NaN),
        (rates[index] ?? Number.NaN) / (rates[0] ?? Number.NaN),
        of((round) => round.latencyMs.p50),
        of((round) => round.latencyMs.p95),
        of((round) => round.latencyMs.p99),
        Math.round(of((round) => round.apiBytes) / MIB),
      ];
    }),
  };
}

function targetsOf(quick: boolean) {
  const [few, , many, long] = sizesOf(quick);
  const lost = (growth: string): TargetClaim => ({
    claim: `share of the rate that is lost from ${growth}`,
    target: { atMost: AT_MOST_LOST },
  });
  return {
    accounts: lost(`${count(few.accounts)} to ${count(many.accounts)} accounts`),
    entries: lost(`${count(many.entries)} to ${count(long.entries)} entries`),
  };
}

/** Compared round by round, because two rounds that follow each other share the machine's mood. */
function lossOf(
  before: readonly number[] | undefined,
  after: readonly number[] | undefined,
): Target['measured'] {
  return median((before ?? []).map((rate, round) => 1 - (after?.[round] ?? Number.NaN) / rate));
}

function nameOf({ accounts, entries }: Size): string {
  return `${count(accounts)} accounts and ${count(entries)} entries`;
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}

const NOTES = [
  'Each size is a database of its own, seeded by SQL that keeps the invariants, vacuumed and analysed; all have an API of their own, and their rounds take turns.',
  'Before the rounds there is a checkpoint and a run of 25 s (quick: 2 s) that is not measured; before each round there is a short one. The rounds are between two checkpoints, which is where a database with room for its log (max_wal_size 8 GB) is nearly always: right after one, PostgreSQL writes every page it touches to its log as a whole. Autovacuum runs as it likes. The ledgers grow by what is measured, and at the end every acknowledged event was looked for in them.',
  'The rate lost is the median of the rounds, each compared with the other size of the same round; below 0, the larger size was faster.',
  "PostgreSQL has a quarter of the memory as shared buffers, as with npm start; what is larger comes from the operating system's cache, so a machine with less memory than the ledger's indexes is not what is measured here.",
];
