import type { Bench, BenchContext, BenchResult, TargetClaim } from './bench.ts';
import type { PeerRun } from './peers/peer.ts';
import { dueTopUps, startVariants, type Design, type StreamLengths, type Variant } from './peers/variants.ts';
import { withCleanUp } from './support/scope.ts';
import { interleaved, median } from './support/statistics.ts';

const LENGTHS: Record<'quick' | 'full', StreamLengths> = {
  quick: { system: 15_000, peers: 500 },
  full: { system: 1_200_000, peers: 3_000 },
};

const TARGETS = {
  signals: {
    claim: 'Evaluated events/s against one Temporal signal per event',
    target: { atLeast: 100 },
  },
  dbos: { claim: 'Evaluated events/s against DBOS send and recv', target: { atLeast: 40 } },
} as const satisfies Record<string, TargetClaim>;

/** Usage events that are evaluated for good, by this system and by two that one would build instead. */
export const peers: Bench = {
  name: 'peers',
  question:
    'How many usage events a second are booked and judged against every threshold: this system, one Temporal signal per event, DBOS?',
  targets: () => Object.values(TARGETS),
  rounds: { full: 3, quick: 1 },
  run: (context) => withCleanUp((atEnd) => measure(context, atEnd)),
};

async function measure(context: BenchContext, atEnd: (cleanUp: () => unknown) => void): Promise<BenchResult> {
  const lengths = context.quick ? LENGTHS.quick : LENGTHS.full;
  const due = dueTopUps(lengths);
  const variants = await startVariants(context, lengths, atEnd);
  const measured = await interleaved(context.rounds, variants, async (variant, round) => {
    context.signal.throwIfAborted();
    const run = await variant.run(round);
    requireAll(variant, run, due);
    const rate = (run.evaluated / run.durationMs) * 1_000;
    context.say(`${variant.name}: ${Math.round(rate)} events/s, ${run.topUps} top-ups found`);
    return rate;
  });
  const results = measured.map(({ variant, measurements }) => ({ ...variant, rate: median(measurements) }));
  return resultOf(results, due);
}

type Result = Variant & { rate: number };

/** @throws when a design has left out an event, or has found other top-ups than the events demand. */
function requireAll({ name, events }: Variant, { evaluated, topUps }: PeerRun, due: number): void {
  if (evaluated !== events) throw new Error(`${name}: ${evaluated} of ${events} events were evaluated`);
  if (topUps !== due) throw new Error(`${name}: ${topUps} top-ups were found, ${due} were due`);
}

function resultOf(results: readonly Result[], due: number): BenchResult {
  const [system] = results;
  if (system === undefined) throw new Error('nothing was measured');
  const timesOf = (rate: number) => Math.round((system.rate / rate) * 10) / 10;
  const best = (design: Design) =>
    Math.max(...results.filter((each) => each.design === design).map(({ rate }) => rate));
  return {
    tables: [
      {
        title: `Usage events booked and judged against every threshold, ${due} top-ups found by each`,
        columns: ['design', 'events', 'events/s', 'times below the first row'],
        rows: results.map(({ name, events, rate }) => [name, events, Math.round(rate), timesOf(rate)]),
      },
    ],
    targets: [
      { ...TARGETS.signals, measured: timesOf(best('signals')) },
      { ...TARGETS.dbos, measured: timesOf(best('dbos')) },
    ],
    notes: NOTES,
  };
}

const NOTES: readonly string[] = [
  'All take the same stream of events of 50 accounts, of which 10 cross alert and top-up value once; each must find exactly those top-ups. All workflows run before the first event is sent.',
  'The peers get the beginning of the stream, this system more of it, and the targets are held against that sustained rate: a rate is a matter of what lasts, and at this one the beginning is over before the top-ups in it, which take seconds at the sandboxes, are charged, credited and told. The next two rows show this system with the very stream of the peers, in batches and event by event; there the tail of the top-ups counts for more.',
  'A run ends when the last workflow has judged the last event, by the time of the workflow task that did (Temporal) or of the workflow’s completion (DBOS), and not before every top-up was asked for. It is read once every workflow is at rest.',
  'A top-up is found when its charge is asked for: at a mock till that answers at once (peers), at the Stripe sandbox (this system, which also charges, credits and tells all of them within the measured time).',
  'This system tells its workflows of usage above all thresholds after 15 s instead of 15 min, and after 3 s in the short stream, so that the tail is short; the tail counts, and it has more signals to send than in production. The peers have no batches to offer. Many accounts with few events each in a short burst would not show the difference: a signal for each account is then nearly a signal for each event.',
  'Each peer runs its worker in a process of its own, its data on the same servers: the signals on the same Temporal, DBOS on the same PostgreSQL. Two numbers of requests at a time are measured for each, and the better one counts. Neither peer keeps a ledger.',
];
