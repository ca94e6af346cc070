import type { Results } from './results.ts';
import { scalingFigures, type Mix, type ScalingFigures } from './scaling-figures.ts';

/** What is assumed, not measured; docs/scaling.md says why. */
const PEAK_FACTOR = 5;
const BUSY_SHARE = 0.5;
const MONTH_SECONDS = 30 * 86_400;
const KEPT_MONTHS = 3;
const USD_PER_MILLION_ACTIONS = 50;
const USD_PER_PROCESSOR = 30;
const TEMPORAL_NODE_PROCESSORS = 4;
const TEMPORAL_NODES_LEAST = 3;
const TRANSITIONS_PER_ACTION = 3;
const TRANSITIONS_PER_SHARD = 10;
const SHARDS_LEAST = 512;
const STRIPE_WRITES_PER_TOP_UP = 4;

/** How much of each there is before something has to change; docs/scaling.md says what. */
const LIMITS = {
  'one API process': 1,
  'one worker process': 1,
  'Temporal on three nodes': TEMPORAL_NODES_LEAST * TEMPORAL_NODE_PROCESSORS,
  'one PostgreSQL primary': 64,
  'its write-ahead log': 200,
  'size of the ledger': 2_000,
  "Stripe's rate": 100,
} as const;

const MIB = 2 ** 20;
const SIZES = [1e6, 1e8, 1e9, 1e10] as const;
const SIZE_NAMES = ['1 million', '100 million', '1 billion', '10 billion'] as const;

type Row = readonly [name: string, cells: readonly (number | string)[]];
type Needs = ReturnType<typeof needsOf>;

/** The arithmetic of docs/scaling.md from what was measured; a figure whose bench was not run is named as missing. */
export function scalingTables(results: Results): string {
  const figures = scalingFigures(results);
  return [
    ...table('For a million events', ['From bench', 'Measured or predicted'], inputRows(figures)),
    '',
    ...table('Events a month', SIZE_NAMES, sizeRows(figures)),
    ...figures.mixes.flatMap((mix) => [
      '',
      `### When the platform reports ${mix.name}`,
      ...table('Events a month', SIZE_NAMES, mixRows(figures, mix)),
    ]),
  ].join('\n');
}

function inputRows(figures: ScalingFigures): Row[] {
  return [
    ['processor seconds of the API, batches of 100', ['`cost`', figures.apiCpuSeconds]],
    ['processor seconds of PostgreSQL, batches of 100', ['`cost`', figures.postgresCpuSeconds]],
    ['MiB of ledger, with indexes', ['`cost`', figures.ledgerBytes / MIB]],
    ['MiB of write-ahead log, at the pace of calls', ['`cost`', figures.walBytes / MIB]],
    ...figures.mixes.flatMap(({ name, actions, topUps }): Row[] => {
      const benches = name.includes('second') ? '`cost`, `topups`' : '`simulate`';
      return [
        [`Temporal actions, ${name}`, [benches, actions]],
        [`top-ups, ${name}`, [benches, topUps]],
      ];
    }),
    ['processor seconds of worker and relay for a million *actions*', ['`cost`', figures.workerCpuSeconds]],
    ['processor seconds of Temporal for a million *actions*', ['`cost`', figures.temporalCpuSeconds]],
    ['complete top-ups a second on the machine measured', ['`topups`', figures.topUpsPerSecond]],
  ];
}

/** What does not depend on how the platform reports. */
function sizeRows(figures: ScalingFigures): Row[] {
  const [mix] = figures.mixes;
  if (mix === undefined) return [];
  const row = (name: string, read: (needs: Needs) => number): Row => [
    name,
    SIZES.map((events) => read(needsOf(events, figures, mix))),
  ];
  return [
    row('events/s, mean', ({ peakPerSecond }) => peakPerSecond / PEAK_FACTOR),
    row('events/s at peak', ({ peakPerSecond }) => peakPerSecond),
    row('API replicas, a processor each', ({ api }) => Math.ceil(api)),
    row('processors for PostgreSQL', ({ postgres }) => Math.ceil(postgres)),
    row('MiB/s of write-ahead log at peak', ({ walMib }) => walMib),
    row('GB of ledger that 90 days add', ({ ledgerGb }) => ledgerGb),
  ];
}

function mixRows(figures: ScalingFigures, mix: Mix): Row[] {
  const row = (name: string, read: (needs: Needs) => number | string): Row => [
    name,
    SIZES.map((events) => read(needsOf(events, figures, mix))),
  ];
  return [
    row('Temporal actions a month, millions', ({ millionActions }) => millionActions),
    row('Temporal actions/s at peak', ({ actionsPerSecond }) => actionsPerSecond),
    row('worker replicas with a relay, a processor each', ({ workers }) => Math.ceil(workers)),
    row('processors for Temporal', ({ temporal }) => Math.ceil(temporal)),
    row(`Temporal nodes of ${TEMPORAL_NODE_PROCESSORS} processors`, ({ nodes }) => nodes),
    row('Temporal history shards', ({ shards }) => shards),
    row('Temporal Cloud, USD a month', ({ millionActions }) => millionActions * USD_PER_MILLION_ACTIONS),
    // Its database takes as much again.
    row(
      'Temporal of your own, USD a month',
      ({ nodes }) => 2 * nodes * TEMPORAL_NODE_PROCESSORS * USD_PER_PROCESSOR,
    ),
    row('top-ups/s at peak', ({ topUpsPerSecond }) => topUpsPerSecond),
    row('limits that are passed, the furthest first', limitsPassed),
  ];
}

/** What so many events a month need at their peak. */
function needsOf(events: number, figures: ScalingFigures, mix: Mix) {
  const peakPerSecond = (events / MONTH_SECONDS) * PEAK_FACTOR;
  const peakMillions = peakPerSecond / 1e6;
  const millions = events / 1e6;
  const actionsPerSecond = peakMillions * mix.actions;
  const processors = (cpuSecondsPerMillion: number, perSecond: number) =>
    ((perSecond / 1e6) * cpuSecondsPerMillion) / BUSY_SHARE;
  const temporal = processors(figures.temporalCpuSeconds, actionsPerSecond);
  return {
    peakPerSecond,
    actionsPerSecond,
    api: processors(figures.apiCpuSeconds, peakPerSecond),
    postgres: processors(figures.postgresCpuSeconds, peakPerSecond),
    workers: processors(figures.workerCpuSeconds, actionsPerSecond),
    temporal,
    nodes: Math.max(TEMPORAL_NODES_LEAST, Math.ceil(temporal / TEMPORAL_NODE_PROCESSORS)),
    shards: Math.max(
      SHARDS_LEAST,
      powerOfTwo((actionsPerSecond * TRANSITIONS_PER_ACTION) / TRANSITIONS_PER_SHARD),
    ),
    walMib: (peakMillions * figures.walBytes) / MIB,
    ledgerGb: (millions * figures.ledgerBytes * KEPT_MONTHS) / 1e9,
    millionActions: (millions * mix.actions) / 1e6,
    topUpsPerSecond: peakMillions * mix.topUps,
  };
}

function powerOfTwo(atLeast: number): number {
  return 2 ** Math.ceil(Math.log2(atLeast));
}

/** How many times each limit is passed at peak, the furthest first: what has to be seen to before the others. */
function limitsPassed(needs: Needs): string {
  const loads: Record<keyof typeof LIMITS, number> = {
    'one API process': needs.api,
    'one worker process': needs.workers,
    'Temporal on three nodes': needs.temporal,
    'one PostgreSQL primary': needs.postgres,
    'its write-ahead log': needs.walMib,
    'size of the ledger': needs.ledgerGb,
    "Stripe's rate": needs.topUpsPerSecond * STRIPE_WRITES_PER_TOP_UP,
  };
  const shares = Object.entries(LIMITS).map(
    ([name, holds]) => [name, loads[name as keyof typeof LIMITS] / holds] as const,
  );
  if (shares.some(([, share]) => Number.isNaN(share))) return shown(Number.NaN);
  const passed = shares.filter(([, share]) => share > 1).sort(([, one], [, other]) => other - one);
  return passed.map(([name, share]) => `${name} (${shown(share)} times)`).join(', ') || 'none';
}

function table(first: string, columns: readonly string[], rows: readonly Row[]): string[] {
  return [
    `| ${[first, ...columns].join(' | ')} |`,
    `|---|${columns.map(() => '---').join('|')}|`,
    ...rows.map(([name, cells]) => `| ${[name, ...cells.map(shown)].join(' | ')} |`),
  ];
}

function shown(value: number | string): string {
  if (typeof value === 'string') return value;
  if (Number.isNaN(value)) return 'not measured yet';
  return value.toLocaleString('en', { maximumSignificantDigits: 3 });
}
