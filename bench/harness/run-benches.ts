import type { Bench, BenchContext } from '../bench.ts';
import type { Machine } from './machine.ts';
import type { Outcome } from './results.ts';

export type RunBenchesOptions = {
  readonly benches: readonly Bench[];
  readonly context: BenchContext;
  readonly machine: Machine;
  /** Longer than this, and a bench has failed. */
  readonly limitMs: number;
};

/** Runs one bench after the other. One that fails is reported as failed and loses nobody else's result; after
 *  `context.signal` none is begun any more. */
export async function runBenches(options: RunBenchesOptions): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const bench of options.benches) {
    if (options.context.signal.aborted) break;
    outcomes.push(await runBench(bench, options));
  }
  return outcomes;
}

async function runBench(bench: Bench, { context, machine, limitMs }: RunBenchesOptions): Promise<Outcome> {
  const { name, question } = bench;
  context.say(`${name}: ${question}`);
  const began = performance.now();
  const { quick, rounds } = context;
  const about = () => {
    const seconds = Math.round((performance.now() - began) / 100) / 10;
    return { name, question, seconds, rounds, quick, machine };
  };
  const signal = AbortSignal.any([context.signal, AbortSignal.timeout(limitMs)]);
  try {
    const {
      tables,
      targets,
      notes = [],
    } = await Promise.race([
      bench.run({ ...context, signal, say: (text) => context.say(`${name}: ${text}`) }),
      rejectedBy(signal),
    ]);
    return { ...about(), status: 'measured', tables, targets, notes };
  } catch (error) {
    context.say(`${name} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    // Without the stack, whose paths are nobody's business where the results are shown.
    const [text = ''] = (error instanceof Error ? error.message : String(error)).split('\n    at ', 1);
    return { ...about(), status: 'failed', error: text };
  }
}

function rejectedBy(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const give = () =>
      reject(new Error('it was interrupted, or has taken too long', { cause: signal.reason }));
    if (signal.aborted) give();
    else signal.addEventListener('abort', give, { once: true });
  });
}
