import type { Cell } from '../bench.ts';
import { THRESHOLDS } from '../peers/workload.ts';
import type { Results } from './results.ts';

/** What docs/scaling.md reckons with, as the benches have measured or predicted it; NaN where a bench was not run. */
export type ScalingFigures = {
  /** For a million events in batches of 100. */
  readonly apiCpuSeconds: number;
  readonly postgresCpuSeconds: number;
  readonly ledgerBytes: number;
  readonly walBytes: number;
  /** For a million Temporal actions. */
  readonly workerCpuSeconds: number;
  readonly temporalCpuSeconds: number;
  /** Of one machine, with the sandboxes beside it. */
  readonly topUpsPerSecond: number;
  readonly mixes: readonly Mix[];
};

/** How a platform reports, for a million events. */
export type Mix = { readonly name: string; readonly actions: number; readonly topUps: number };

const MIB = 2 ** 20;
const MILLION = 1e6;
const PER_THOUSAND = 1_000;

/** @throws when a bench was run and has no such figure any more: a renamed row must not look like a missing bench. */
export function scalingFigures(results: Results): ScalingFigures {
  const cost = (row: string, column: number) =>
    figureOf(results, { bench: 'cost', table: 'For a million events', row: [row], column });
  const [paced, full] = [1, 2];
  const density = (column: number) =>
    figureOf(results, { bench: 'cost', table: 'Temporal actions away', row: [undefined, 1], column });
  const month = (row: string) =>
    figureOf(results, { bench: 'simulate', table: 'A month of', row: [row], column: 3 }) * PER_THOUSAND;
  const topUp = (row: string) =>
    figureOf(results, { bench: 'topups', table: 'cross at once', row: [row], column: 1 });
  const pacedActions = pacedActionsOf(results);
  const topUpsOfSeconds = MILLION / (THRESHOLDS.boughtMinutes * 60);
  return {
    apiCpuSeconds: cost('processor seconds of API', full),
    postgresCpuSeconds: cost('processor seconds of PostgreSQL', full),
    ledgerBytes: cost('MiB of ledger, with indexes', full) * MIB,
    walBytes: cost('MiB of write-ahead log', paced) * MIB,
    workerCpuSeconds: (cost('processor seconds of worker', paced) / pacedActions) * MILLION,
    temporalCpuSeconds: (cost('processor seconds of Temporal', paced) / pacedActions) * MILLION,
    topUpsPerSecond: topUp('complete top-ups a second'),
    mixes: [
      { name: 'one event a call', actions: month('Temporal actions'), topUps: month('top-ups') },
      {
        name: 'one event a second of a call',
        actions: density(5) * PER_THOUSAND + topUpsOfSeconds * topUp('Temporal actions'),
        topUps: topUpsOfSeconds,
      },
    ],
  };
}

/** For a million events of all the accounts that were used at the pace of calls. */
function pacedActionsOf({ outcomes }: Results): number {
  const outcome = outcomes.find(({ name }) => name === 'cost');
  if (outcome?.status !== 'measured') return Number.NaN;
  const rows = outcome.tables.find(({ title }) => title.includes('Temporal actions away'))?.rows ?? [];
  const sum = (column: number) => rows.reduce((total, row) => total + Number(row[column]), 0);
  return (sum(4) / sum(3)) * MILLION;
}

type Place = {
  readonly bench: string;
  /** A part of the title. */
  readonly table: string;
  /** What the row begins with; undefined stands for anything. */
  readonly row: readonly (Cell | undefined)[];
  readonly column: number;
};

function figureOf({ outcomes }: Results, { bench, table, row, column }: Place): number {
  const outcome = outcomes.find(({ name }) => name === bench);
  if (outcome?.status !== 'measured') return Number.NaN;
  const found = outcome.tables
    .find(({ title }) => title.includes(table))
    ?.rows.find((cells) => row.every((cell, index) => cell === undefined || cell === cells[index]));
  const value = found?.[column];
  if (value === null) return Number.NaN;
  if (typeof value !== 'number') {
    throw new Error(`the results of ${bench} have no "${row.join(', ')}" in "${table}" any more`);
  }
  return value;
}
