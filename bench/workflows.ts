import { randomBytes } from 'node:crypto';
import { freePorts } from '../dev/ports.ts';
import { SEARCH_ATTRIBUTE_TYPES, startTemporal } from '../dev/temporal.ts';
import type { Bench, BenchContext, BenchResult, BenchTable, TargetClaim } from './bench.ts';
import { withCleanUp } from './support/scope.ts';
import { seedAccounts } from './support/seed.ts';
import { startApi, startWorker } from './support/service.ts';
import { median } from './support/statistics.ts';
import { openWorkflows, PARTS, type Part, type Sample } from './workflows/open-workflows.ts';

const ACCOUNTS = 100_000;
/** From here on the worker's cache has long been full: what grows then, grows with the accounts. */
const BASE = 10_000;
/** What the end of the bench takes. */
const SPARE_MS = { full: 30_000, quick: 10_000 };
/** Of a quick look, which leaves time to the other benches; else there is no limit but the run's. */
const QUICK_LIMIT_MS = 60_000;
const NAMESPACE = 'default';
const MIB = 1024 ** 2;
const ROWS = 10;

const TARGETS = {
  open: {
    claim: `workflows open and at rest at the end, of ${count(ACCOUNTS)} accounts`,
    target: { atLeast: ACCOUNTS },
  },
  worker: {
    claim: `memory of the worker with ${count(ACCOUNTS)} open workflows, as a multiple of that with ${count(BASE)}`,
    target: { atMost: 1.15 },
  },
  api: {
    claim: `memory of the API with ${count(ACCOUNTS)} open workflows, as a multiple of that with ${count(BASE)}`,
    target: { atMost: 1.15 },
  },
} as const satisfies Record<string, TargetClaim>;

export const workflows: Bench = {
  name: 'workflows',
  question: `What memory do worker and API take while ${count(ACCOUNTS)} accounts get an open workflow each?`,
  notInQuick: 'it opens workflows for more than an hour',
  taken: () => 'One run',
  targets: () => Object.values(TARGETS),
  run: (context) => withCleanUp((atEnd) => run(context, atEnd)),
};

async function run(given: BenchContext, atEnd: (cleanUp: () => unknown) => void): Promise<BenchResult> {
  const temporal = await startTemporalInMemory();
  atEnd(() => temporal.stop());
  const context: BenchContext = {
    ...given,
    temporal: { address: temporal.address, namespace: NAMESPACE },
    processes: { ...given.processes, temporal: temporal.pid },
  };
  const database = await context.createDatabase();
  atEnd(() => database.drop());
  const accounts = await seedAccounts(database.url, { accounts: ACCOUNTS });
  const taskQueue = `bench-${randomBytes(6).toString('hex')}`;
  const service = { databaseUrl: database.url, taskQueue };
  const api = await startApi(context, service);
  atEnd(() => api.stop());
  const worker = await startWorker(context, service);
  atEnd(() => worker.stop());
  const size = context.quick ? 'quick' : 'full';
  const leftMs = context.leftMs() - SPARE_MS[size];
  const limitMs = context.quick ? Math.min(QUICK_LIMIT_MS, leftMs) : leftMs;
  const samples = await openWorkflows(context, { ...service, accounts, api, worker }, limitMs);
  return openingResult(samples);
}

/** What it costs worker and API counts here and not how it keeps its state: on disk, and with its garbage collected as
 *  often as Go does by itself, it opens less than half as many workflows a second. */
async function startTemporalInMemory() {
  const [port = 0, uiPort = 0] = await freePorts(2);
  const searchAttributes = SEARCH_ATTRIBUTE_TYPES;
  const environment = { GOGC: '500' };
  return startTemporal({ port, uiPort, namespace: NAMESPACE, searchAttributes, environment });
}

/** Memory is held against its targets only when every workflow was opened; how far it came is told in any case. */
export function openingResult(samples: readonly Sample[]): BenchResult {
  const reached = samples.at(-1)?.open ?? 0;
  const held = (growth: number) => (reached < ACCOUNTS ? Number.NaN : growth);
  return {
    tables: [memoryTable(samples, reached), speedTable(samples)],
    targets: [
      { ...TARGETS.open, measured: reached },
      { ...TARGETS.worker, measured: held(growthOf('worker', samples)) },
      { ...TARGETS.api, measured: held(growthOf('API', samples)) },
    ],
    notes: [
      `A workflow counts when it has read its account and has nothing left to do, by the state that it shows in Temporal's index. Memory is what is resident: that with ${count(BASE)} is the median of the samples between ${count(BASE)} and ${count(2 * BASE)}, that at the end the median of as many at the end. The worker keeps its default of 500 workflows in memory, so its cache is full long before.`,
      'Temporal keeps its state in memory in this bench, and collects its garbage a fifth as often as usual. At most 80 workflows are on the way to their rest at a time.',
      memoryNote(samples, reached),
      limitNote(samples),
    ],
  };
}

/** NaN when the base was not reached, or nothing came after it. */
function growthOf(part: Part, samples: readonly Sample[]): number {
  const base = samples.filter(({ open }) => open >= BASE && open < 2 * BASE);
  const end = samples.slice(-base.length);
  if (base.length === 0 || (end[0]?.open ?? 0) < 2 * BASE) return Number.NaN;
  const bytes = (some: readonly Sample[]) => median(some.map((sample) => sample.bytes[part]));
  return bytes(end) / bytes(base);
}

function memoryNote(samples: readonly Sample[], reached: number): string {
  const missed =
    reached < ACCOUNTS ? ' The time was up before all were open, so the targets count as missed.' : '';
  if (Number.isNaN(growthOf('worker', samples))) return `${count(reached)} were open at the end.${missed}`;
  const times = (part: Part) => growthOf(part, samples).toFixed(2);
  return `With ${count(reached)} open at the end, the worker held ${times('worker')} times and the API ${times('API')} times what it held with ${count(BASE)}.${missed}`;
}

function memoryTable(samples: readonly Sample[], reached: number): BenchTable {
  const step = (samples.length - 1) / ROWS;
  const shown = Array.from({ length: ROWS + 1 }, (_, row) => samples[Math.round(row * step)]);
  return {
    title: `${count(reached)} of ${count(ACCOUNTS)} accounts got an open workflow`,
    columns: ['open and at rest', 'after s', ...PARTS.slice(0, 3).map((part) => `${part} MiB`)],
    rows: [...new Set(shown)].flatMap((sample) =>
      sample === undefined
        ? []
        : [
            [
              sample.open,
              Math.round(sample.seconds),
              ...PARTS.slice(0, 3).map((part) => Math.round(sample.bytes[part] / MIB)),
            ],
          ],
    ),
  };
}

function speedTable(samples: readonly Sample[]): BenchTable {
  const { opened, seconds, used } = spent(samples);
  return {
    title: 'What opening them takes',
    columns: ['', 'in all', 'for 1,000 workflows'],
    rows: [
      ['workflows a second', opened / seconds, ''],
      ...PARTS.map((part) => [`processor seconds of ${part}`, used(part), (used(part) / opened) * 1_000]),
    ],
  };
}

function spent(samples: readonly Sample[]) {
  const [first, last] = [samples[0], samples.at(-1)];
  const between = (read: (sample: Sample) => number) =>
    first === undefined || last === undefined ? Number.NaN : read(last) - read(first);
  return {
    opened: between(({ open }) => open),
    seconds: between(({ seconds }) => seconds),
    used: (part: Part) => between((sample) => sample.cpuSeconds[part]),
  };
}

/** Says what was busy, so that a reader sees what the rate rests on. */
function limitNote(samples: readonly Sample[]): string {
  const { opened, seconds, used } = spent(samples);
  const shares = PARTS.map((part) => `${part} ${(used(part) / seconds).toFixed(2)}`).join(', ');
  return `Each is started by the relay's signal, reads its account by an activity and waits: ${Math.round(opened / seconds)} a second, with processors in use on average: ${shares}.`;
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}
