import type { Outcome, Results } from './results.ts';

type Cell = string | number;

/** What is assumed, not measured; docs/scaling.md says why. */
const PEAK_FACTOR = 5;
const BUSY_SHARE = 0.5;
const MONTH_SECONDS = 30 * 86_400;
const KEPT_MONTHS = 3;
const USD_PER_MILLION_ACTIONS = 50;
const MIB = 2 ** 20;
const SIZES = [1e6, 1e8, 1e9, 1e10] as const;
const SIZE_NAMES = ['1 million', '100 million', '1 billion', '10 billion'] as const;

type Figures = {
  readonly apiCpuSeconds: number;
  readonly postgresCpuSeconds: number;
  readonly ledgerBytes: number;
  readonly signals: number;
  readonly actions: number;
  readonly topUps: number;
};

/** The arithmetic of docs/scaling.md from what was measured; a figure whose bench was not run is named as missing. */
export function scalingTables(results: Results): string {
  const cost = (row: string) =>
    cell(results, { bench: 'cost', table: 'For a million events', row, column: 2 });
  const month = (row: string) =>
    cell(results, { bench: 'simulate', table: 'A month of', row, column: 3 }) * 1_000;
  const figures: Figures = {
    apiCpuSeconds: cost('processor seconds of API'),
    postgresCpuSeconds: cost('processor seconds of PostgreSQL'),
    ledgerBytes: cost('MiB of ledger, with indexes') * MIB,
    signals: month('signals'),
    actions: month('Temporal actions'),
    topUps: month('top-ups'),
  };
  return [...inputTable(figures), '', ...sizeTable(figures)].join('\n');
}

function inputTable(figures: Figures): string[] {
  const rows: [string, string, number][] = [
    ['processor seconds of the API', '`cost`', figures.apiCpuSeconds],
    ['processor seconds of PostgreSQL', '`cost`', figures.postgresCpuSeconds],
    ['MiB of ledger, with indexes', '`cost`', figures.ledgerBytes / MIB],
    ['signals', '`simulate`', figures.signals],
    ['Temporal actions', '`simulate`', figures.actions],
    ['top-ups', '`simulate`', figures.topUps],
  ];
  return [
    '| For a million events | From bench | Measured or predicted |',
    '|---|---|---|',
    ...rows.map(([name, bench, value]) => `| ${name} | ${bench} | ${shown(value)} |`),
  ];
}

function sizeTable(figures: Figures): string[] {
  const columns = SIZES.map((events) => columnOf(events, figures));
  const names = Object.keys(columns[0] ?? {});
  return [
    `| Events a month | ${SIZE_NAMES.join(' | ')} |`,
    `|---|${SIZE_NAMES.map(() => '---').join('|')}|`,
    ...names.map(
      (name) => `| ${name} | ${columns.map((column) => shown(column[name] ?? Number.NaN)).join(' | ')} |`,
    ),
  ];
}

function columnOf(events: number, figures: Figures): Record<string, number> {
  const meanPerSecond = events / MONTH_SECONDS;
  const peakPerSecond = meanPerSecond * PEAK_FACTOR;
  const peakMillions = peakPerSecond / 1e6;
  const millions = events / 1e6;
  return {
    'events/s, mean': meanPerSecond,
    'events/s at peak': peakPerSecond,
    'processors for the API': Math.ceil((peakMillions * figures.apiCpuSeconds) / BUSY_SHARE),
    'processors for PostgreSQL': Math.ceil((peakMillions * figures.postgresCpuSeconds) / BUSY_SHARE),
    'signals/s at peak': peakMillions * figures.signals,
    'top-ups/s at peak': peakMillions * figures.topUps,
    'Temporal actions a month, millions': (millions * figures.actions) / 1e6,
    'the same in Temporal Cloud, USD': ((millions * figures.actions) / 1e6) * USD_PER_MILLION_ACTIONS,
    'GB of ledger that 90 days add': (millions * figures.ledgerBytes * KEPT_MONTHS) / 1e9,
  };
}

/** A number out of a table, or NaN when it is not there. */
function cell(
  { outcomes }: Results,
  where: { bench: string; table: string; row: string; column: number },
): number {
  const outcome: Outcome | undefined = outcomes.find(({ name }) => name === where.bench);
  if (outcome?.status !== 'measured') return Number.NaN;
  const table = outcome.tables.find(({ title }) => title.startsWith(where.table));
  const value: Cell | undefined = table?.rows.find(([name]) => name === where.row)?.[where.column];
  return typeof value === 'number' ? value : Number.NaN;
}

function shown(value: number): string {
  if (Number.isNaN(value)) return 'not measured yet';
  return value.toLocaleString('en', { maximumSignificantDigits: 3 });
}
