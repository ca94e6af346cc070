import type { Bench, BenchContext, BenchResult, BenchTable, TargetClaim } from './bench.ts';
import { measureFullSpeed, type FullSpeedResult } from './cost/full-speed.ts';
import { measurePaced, type DensityResult, type PacedResult } from './cost/paced.ts';
import { startLoadGenerator } from './support/load.ts';
import { withCleanUp } from './support/scope.ts';
import { median } from './support/statistics.ts';

export const cost: Bench = {
  name: 'cost',
  question: 'What do a million events cost of Temporal actions, database bytes and processor time?',
  taken: (rounds) =>
    rounds === 1
      ? 'One run at the pace of calls, one at full speed'
      : `One run at the pace of calls, medians of ${rounds} rounds at full speed`,
  targets: () => [TARGET],
  run: (context) => withCleanUp((atEnd) => run(context, atEnd)),
};

const AT_MOST_ACTIONS = 2;
const PER = 1_000;
const MILLION = 1_000_000;
const MIB = 1024 ** 2;
const PERIOD_SECONDS = 30;

const TARGET: TargetClaim = {
  claim: `Temporal actions for ${PER.toLocaleString('en-US')} events away from thresholds (accounts with one call at a time, reported every second)`,
  target: { atMost: AT_MOST_ACTIONS },
};

async function run(context: BenchContext, atEnd: (cleanUp: () => unknown) => void): Promise<BenchResult> {
  const generator = startLoadGenerator(context);
  atEnd(() => generator.stop());
  const paced = await measurePaced(context, generator);
  context.say('measuring ingest at full speed');
  const fullSpeed = await measureFullSpeed(context, generator);
  const oneCall = paced.densities.find(({ callsAtOnce }) => callsAtOnce === 1);
  return {
    tables: costTables(paced, fullSpeed),
    targets: [{ ...TARGET, measured: oneCall === undefined ? Number.NaN : actionsPer(oneCall) }],
    notes: notesOf(paced),
  };
}

export function costTables(paced: PacedResult, fullSpeed: readonly FullSpeedResult[]): BenchTable[] {
  return [actionsTable(paced.densities), perMillionTable(paced, fullSpeed)];
}

function actionsPer({ actions, events }: DensityResult): number {
  return (actions / events) * PER;
}

function actionsTable(densities: readonly DensityResult[]): BenchTable {
  return {
    title: 'Temporal actions away from thresholds, by how busy an account is',
    columns: [
      'accounts',
      'calls at once',
      `events in ${PERIOD_SECONDS} s`,
      'events',
      'actions',
      'actions for 1,000 events',
      "actions of an account's first wake",
    ],
    rows: densities.map((density) => [
      density.accounts,
      density.callsAtOnce,
      density.callsAtOnce * PERIOD_SECONDS,
      density.events,
      density.actions,
      actionsPer(density),
      density.firstActions,
    ]),
  };
}

function perMillionTable(paced: PacedResult, fullSpeed: readonly FullSpeedResult[]): BenchTable {
  const pacedPer = (value: number) => (value / paced.events) * MILLION;
  const fullPer = (read: (result: FullSpeedResult) => number) =>
    median(fullSpeed.map((result) => (read(result) / result.events) * MILLION));
  const cpuRows = Object.entries(paced.load.cpuSeconds).map(([part, used]) => {
    const idleShare = (paced.idle.cpuSeconds[part] ?? Number.NaN) / paced.idle.seconds;
    const isMeasured = fullSpeed.every(({ spending }) => part in spending.cpuSeconds);
    return [
      `processor seconds of ${part}`,
      pacedPer(Math.max(0, used - idleShare * paced.load.seconds)),
      isMeasured ? fullPer(({ spending }) => spending.cpuSeconds[part] ?? Number.NaN) : 'not running',
      idleShare * 1_000,
    ];
  });
  const databaseRows = (
    [
      ['MiB of ledger, with indexes', 'ledgerBytes', MIB],
      ['MiB of other tables', 'otherBytes', MIB],
      ['MiB of write-ahead log', 'walBytes', MIB],
      ['transactions', 'transactions', 1],
    ] as const
  ).map(([label, counter, unit]) => [
    label,
    pacedPer(paced.load.database[counter] / unit),
    fullPer(({ spending }) => spending.database[counter] / unit),
    '',
  ]);
  return {
    title: 'For a million events',
    columns: ['', 'at the pace of calls', 'at full speed', 'idle, ms of each second'],
    rows: [...cpuRows, ...databaseRows],
  };
}

function notesOf({
  events,
  refused,
  load,
  densities,
  compression,
  seconds: pacedSeconds,
  tellingSeconds: telling,
}: PacedResult): string[] {
  const rate = Math.round(events / load.seconds);
  const accounts = densities.reduce((sum, density) => sum + density.accounts, 0);
  return [
    'An action is what Temporal Cloud bills as one: a start of a workflow (continue-as-new included), a signal, an attempt of an activity, a timer, an update of search attributes. They are counted in the histories. Workflow tasks are free.',
    `Above all thresholds an account is told every ${minutesOf(telling)} minutes or after so many entries, and never more often than every 30 s. So the ratio is a matter of how busy an account is: the target is held against an account with one call at a time that is reported every second; the table shows what it is for others. ${count(pacedSeconds)} seconds of calls were reported, so that each rule comes into play; they pass ${compression} times as fast, with the coalescing shortened alike. What an account's first wake costs it costs once.`,
    'Top-ups are not in it: what one takes of actions is measured by `topups`, and docs/scaling.md adds both up.',
    `The pace of calls was ${rate} events a second of ${accounts} accounts in a few requests a second, ${events.toLocaleString('en-US')} events in all; what the processes need when idle is taken off and shown apart. Full speed is batches of 100 over 10,000 accounts without a worker. Both are scaled to a million. Before each round at full speed there is a checkpoint, after which PostgreSQL writes every page it touches to its log as a whole: in rounds this short that is much of the log.`,
    ...(refused > 0 ? [`${refused} requests were refused and are not counted.`] : []),
  ];
}

function minutesOf(seconds: number): number {
  return Math.round(seconds / 60);
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}
