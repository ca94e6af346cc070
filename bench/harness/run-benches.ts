import type { Bench, BenchContext, Target, TargetClaim } from '../bench.ts';
import type { Machine } from './machine.ts';
import type { Outcome } from './results.ts';

export type RunBenchesOptions = {
  readonly benches: readonly Bench[];
  readonly context: Omit<BenchContext, 'leftMs'>;
  readonly machine: Machine;
  /** Longer than this, and a bench has failed. */
  readonly limitMs: number;
  /** When the whole run has to be over, by `performance.now()`: whatever has not ended by then has failed. */
  readonly endsAtMs?: number;
};

/** Runs one bench after the other. One that fails, or that the time of the run does not suffice for, is reported as
 *  failed and loses nobody else's result; after `context.signal` none is begun any more. */
export async function runBenches(options: RunBenchesOptions): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const bench of options.benches) {
    if (options.context.signal.aborted) break;
    outcomes.push(await runBench(bench, options));
  }
  return outcomes;
}

async function runBench(bench: Bench, options: RunBenchesOptions): Promise<Outcome> {
  const { context, machine, limitMs, endsAtMs = Number.POSITIVE_INFINITY } = options;
  const { name, question } = bench;
  context.say(`${name}: ${question}`);
  const began = performance.now();
  const { quick } = context;
  const rounds = bench.rounds?.[quick ? 'quick' : 'full'] ?? context.rounds;
  const taken = bench.taken?.(rounds) ?? (rounds === 1 ? 'One round' : `Medians of ${rounds} rounds`);
  const about = () => {
    const seconds = Math.round((performance.now() - began) / 100) / 10;
    return { name, question, taken, seconds, quick, machine };
  };
  const claims = bench.targets?.(quick) ?? [];
  const failed = (error: string): Outcome => ({
    ...about(),
    status: 'failed',
    error,
    targets: completed(claims, []),
  });
  const until = Math.min(began + limitMs, endsAtMs);
  const leftMs = () => until - performance.now();
  if (leftMs() <= 0) return failed('the time of the whole run was over before it began');
  const signal = AbortSignal.any([context.signal, AbortSignal.timeout(Math.ceil(leftMs()))]);
  const say = (text: string) => context.say(`${name}: ${text}`);
  try {
    const running = bench.run({ ...context, rounds, signal, leftMs, say });
    const { tables, targets, notes = [] } = await Promise.race([running, rejectedBy(signal)]);
    return { ...about(), status: 'measured', tables, targets: completed(claims, targets), notes };
  } catch (error) {
    context.say(`${name} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    // Without the stack, whose paths are nobody's business where the results are shown.
    const [text = ''] = (error instanceof Error ? error.message : String(error)).split('\n    at ', 1);
    return failed(text);
  }
}

/** What was measured, and after it what should have been. */
function completed(claims: readonly TargetClaim[], measured: readonly Target[]): Target[] {
  const missing = claims.filter(({ claim }) => measured.every((target) => target.claim !== claim));
  return [...measured, ...missing.map((target) => ({ ...target, measured: null }))];
}

function rejectedBy(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const give = () =>
      reject(new Error('it was interrupted, or has taken too long', { cause: signal.reason }));
    if (signal.aborted) give();
    else signal.addEventListener('abort', give, { once: true });
  });
}
