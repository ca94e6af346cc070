import { expect, test } from 'vitest';
import { costTables } from '../../bench/cost.ts';
import type { BenchTable } from '../../bench/bench.ts';
import type { Outcome } from '../../bench/harness/results.ts';
import { scalingTables } from '../../bench/harness/scaling-tables.ts';
import { monthTable } from '../../bench/simulate.ts';
import { simulateMonth } from '../../bench/simulate/month.ts';
import { topUpResult } from '../../bench/top-ups.ts';
import { POLICY } from '../../domain/policy.ts';

const MISSING = 'not measured yet';

test('every figure of docs/scaling.md is found in the tables that the benches print', async () => {
  const page = scalingTables({ outcomes: await outcomesOfBenches() });
  expect(page).not.toContain(MISSING);
  expect(page).not.toContain('NaN');
});

test('what is predicted follows from the figures: replicas, nodes, cost and the limit that is passed first', async () => {
  const lines = scalingTables({ outcomes: await outcomesOfBenches() }).split('\n');
  const cells = (name: string, from = 0) =>
    lines
      .slice(from)
      .find((line) => line.startsWith(`| ${name} |`))
      ?.split(' | ')
      .slice(1)
      .map((cell) => cell.replace(' |', ''));
  // 100 processor seconds a million, five times 3,858 events a second, half of each processor.
  expect(cells('API replicas, a processor each')).toEqual(['1', '1', '1', '4']);
  // 300 MiB a million, of three months.
  expect(cells('GB of ledger that 90 days add')?.at(-1)).toBe('9,440');
  const seconds = lines.findIndex((line) => line.endsWith('one event a second of a call'));
  // 2 for 1,000 events, and 1 million seconds over 27,240 of a top-up, each of 30 actions.
  expect(cells('Temporal actions a month, millions', seconds)?.at(-1)).toBe('31');
  expect(cells('Temporal Cloud, USD a month', seconds)?.at(-1)).toBe('1,550');
  expect(cells('limits that are passed, the furthest first', seconds)).toEqual([
    'none',
    'none',
    'none',
    expect.stringMatching(/^size of the ledger \(4\.72 times\), one API process \(3\.86 times\)/),
  ]);
});

test('a bench that was not run is named as missing, and one whose rows have changed is an error', async () => {
  expect(scalingTables({ outcomes: [] })).toContain(MISSING);
  const [cost, ...others] = await outcomesOfBenches();
  if (cost?.status !== 'measured') throw new Error('there is no bench cost');
  const renamed = cost.tables.map((table) => ({ ...table, rows: table.rows.slice(1) }));
  expect(() => scalingTables({ outcomes: [{ ...cost, tables: renamed }, ...others] })).toThrow(
    'processor seconds of API',
  );
});

async function outcomesOfBenches(): Promise<Outcome[]> {
  const used = { API: 100, worker: 20, PostgreSQL: 150, Temporal: 60 };
  const database = { ledgerBytes: 300 * 2 ** 20, otherBytes: 1, walBytes: 2 ** 30, transactions: 9 };
  const load = { seconds: 1, cpuSeconds: used, database };
  const idle = { ...load, cpuSeconds: { API: 0, worker: 0, PostgreSQL: 0, Temporal: 0 } };
  const densities = [
    { accounts: 30, callsAtOnce: 0.1, events: 1_000, actions: 20, firstActions: 5 },
    { accounts: 30, callsAtOnce: 1, events: 10_000, actions: 20, firstActions: 5 },
  ];
  const paced = {
    densities,
    events: 1_000_000,
    refused: 0,
    load,
    idle,
    seconds: 900,
    compression: 15,
    tellingSeconds: 900,
  };
  const fullSpeed = [{ events: 1_000_000, spending: { ...load, cpuSeconds: { API: 100, PostgreSQL: 150 } } }];
  const round = {
    perSecond: 5,
    activities: 6,
    signals: 2,
    historyEvents: 80,
    actions: 30,
    statements: 90,
    transactions: 40,
    bytes: 9_000,
  };
  const month = await simulateMonth({ seed: 1, accounts: 1_000, sample: 20, policy: POLICY });
  return [
    outcomeOf('cost', costTables(paced, fullSpeed)),
    outcomeOf('simulate', [monthTable(month)]),
    outcomeOf('topups', topUpResult([round], 100).tables),
  ];
}

function outcomeOf(name: string, tables: readonly BenchTable[]): Outcome {
  const about = { question: '', seconds: 1, taken: '', quick: false, machine: {} };
  return { name, ...about, status: 'measured', tables, targets: [], notes: [] };
}
