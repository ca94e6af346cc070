import { POLICY } from '../domain/policy.ts';
import type { Bench, BenchContext, BenchResult, BenchTable } from './bench.ts';
import { BYTES_PER_ENTRY, BYTES_PER_TOP_UP, checkModel, type Check } from './simulate/check.ts';
import { simulateMonth, type Figure, type Prediction } from './simulate/month.ts';
import { withCleanUp } from './support/scope.ts';

const SEED = 20_261_122;
const ACCOUNTS = 1_000_000;
const SAMPLE = { quick: 500, full: 4_000 } as const;
/** Longer ones only delay what no threshold waits for: a crossing is told at once in any case. Above all thresholds the
 *  service waits thirty times as long. */
const COALESCE_SECONDS = [30, 120, 600] as const;

/** A month of a large platform, by a model that is checked against the real stack in the same run. */
export const simulate: Bench = {
  name: 'simulate',
  question: 'What do a million accounts make in a month: signals, Temporal actions, top-ups, alerts, bytes?',
  notInQuick: 'it checks its prediction against a run of the real stack',
  taken: () => 'One simulation, and one run of the real stack to check it',
  run: (context) => withCleanUp((atEnd) => measure(context, atEnd)),
};

async function measure(context: BenchContext, atEnd: (cleanUp: () => unknown) => void): Promise<BenchResult> {
  const sample = context.quick ? SAMPLE.quick : SAMPLE.full;
  const months: { seconds: number; prediction: Prediction }[] = [];
  for (const seconds of COALESCE_SECONDS) {
    context.signal.throwIfAborted();
    const policy = { ...POLICY, coalesceMs: seconds * 1_000 };
    months.push({
      seconds,
      prediction: await simulateMonth({ seed: SEED, accounts: ACCOUNTS, sample, policy }),
    });
    context.say(`a month with ${seconds} s of coalescing has been simulated`);
  }
  const check = await checkModel(context, atEnd);
  const [month] = months;
  if (month === undefined) throw new Error('nothing was simulated');
  return {
    tables: [monthTable(month.prediction), coalescingTable(months), checkTable(check)],
    targets: [],
    notes: [
      `Of the ${ACCOUNTS.toLocaleString('en')} accounts ${sample.toLocaleString('en')} were simulated event by event, spread evenly over how busy accounts are, and scaled up; the error is one standard error over ten parts of the sample. Thresholds, coalescing and top-ups are those of the service's own code (bookUsage, decide). The assumptions about customers are listed in bench/simulate/model.ts.`,
      'Every charge pays at once in the model, nobody purchases by hand, and the provider sends no webhook that wakes an account.',
      `The check runs an hour of each day of a week, on top of each other, of 60 busy accounts that start near their top-up value, compressed sixtyfold, with the coalescing shortened in proportion, through the real stack. Bytes are predicted with ${BYTES_PER_ENTRY} for each ledger entry and ${BYTES_PER_TOP_UP.toLocaleString('en')} for each top-up, indexes included.`,
    ],
  };
}

const FIGURES: readonly [Figure, string][] = [
  ['events', 'usage events'],
  ['entries', 'ledger entries'],
  ['signals', 'signals'],
  ['actions', 'Temporal actions'],
  ['topUps', 'top-ups'],
  ['alerts', 'alerts'],
  ['mails', 'mails'],
];

export function monthTable(prediction: Prediction): BenchTable {
  const rows = FIGURES.map(([figure, name]) => {
    const { value, error } = prediction[figure];
    return [name, Math.round(value), percent(error / value), perThousand(value, prediction)];
  });
  const bytes = prediction.entries.value * BYTES_PER_ENTRY + prediction.topUps.value * BYTES_PER_TOP_UP;
  const error = prediction.entries.error / prediction.entries.value;
  rows.push(['database GB', Math.round(bytes / 1e9), percent(error), '']);
  return {
    title: `A month of ${ACCOUNTS.toLocaleString('en')} accounts, 30 s of coalescing`,
    columns: ['figure', 'a month', 'error of the sample', 'for 1,000 events'],
    rows,
  };
}

function coalescingTable(months: readonly { seconds: number; prediction: Prediction }[]): BenchTable {
  return {
    title: 'What coalescing for longer below a threshold would save; crossings are told at once in any case',
    columns: ['coalescing, s', 'signals for 1,000 events', 'Temporal actions for 1,000 events', 'top-ups'],
    rows: months.map(({ seconds, prediction }) => [
      seconds,
      perThousand(prediction.signals.value, prediction),
      perThousand(prediction.actions.value, prediction),
      Math.round(prediction.topUps.value),
    ]),
  };
}

function checkTable({ accounts, events, measured, predicted }: Check): BenchTable {
  const figures = ['signals', 'activities', 'actions', 'topUps', 'entries', 'bytes'] as const;
  return {
    title: `The model against the real stack: ${accounts} accounts, ${events.toLocaleString('en')} events`,
    columns: ['figure', 'predicted', 'measured', 'deviation'],
    rows: figures.map((figure) => [
      figure,
      predicted[figure],
      measured[figure],
      percent(predicted[figure] / measured[figure] - 1),
    ]),
  };
}

function perThousand(value: number, { events }: Prediction): number {
  return Math.round((value / events.value) * 1_000 * 100) / 100;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
