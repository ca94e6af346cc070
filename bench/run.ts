import { BENCHES } from './benches.ts';
import { describeMachine } from './harness/machine.ts';
import { BenchUsageError, readOptions, usage, type BenchOptions } from './harness/options.ts';
import { asText } from './harness/report.ts';
import { writeResults } from './harness/results-file.ts';
import { runBenches } from './harness/run-benches.ts';
import { startServers } from './harness/servers.ts';

const EXIT_INTERRUPTED = 130;
const EXIT_USAGE = 2;
const ROUNDS = { full: 5, quick: 1 };
const LIMIT_MS = { full: 115 * 60_000, quick: 120_000 };
/** Of the whole run, from the start of this process: a quick look takes less than five minutes. */
const RUN_LIMIT_MS = { full: 180 * 60_000, quick: 285_000 };

/** `npm run bench`: starts PostgreSQL and Temporal, runs the benches, prints what they measured. A missed target is
 *  a result, so the exit code is 0; it is 1 when a bench could not be run to its end. */
async function main(args: readonly string[]): Promise<number> {
  const options = readOptions(args, BENCHES);
  if (options.help) {
    console.log(usage(BENCHES));
    return 0;
  }
  const interrupted = interruption();
  const servers = await startServers(say);
  try {
    return await measure(options, servers, interrupted);
  } finally {
    await servers.stop();
  }
}

async function measure(
  { benches, quick, json, write, minutes }: BenchOptions,
  servers: Awaited<ReturnType<typeof startServers>>,
  signal: AbortSignal,
): Promise<number> {
  const { createDatabase, temporal, processes } = servers;
  const machine = await describeMachine(servers);
  for (const [name, value] of Object.entries(machine)) say(`${name}: ${value}`);
  const size = quick ? 'quick' : 'full';
  const rounds = ROUNDS[size];
  const outcomes = await runBenches({
    benches,
    machine,
    limitMs: minutes === undefined ? LIMIT_MS[size] : minutes * 60_000,
    endsAtMs: RUN_LIMIT_MS[size],
    context: { quick, rounds, createDatabase, temporal, processes, signal, say },
  });
  console.log(json ? JSON.stringify({ outcomes }, null, 2) : `\n${asText({ outcomes })}`);
  if (signal.aborted) return EXIT_INTERRUPTED;
  if (write) await writeResults(outcomes, BENCHES);
  return outcomes.every(({ status }) => status === 'measured') ? 0 : 1;
}

/** Aborted when the user or the system wants the end, or when the process that started this one is gone. */
function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => controller.abort());
  process.on('disconnect', () => controller.abort());
  process.channel?.unref();
  return controller.signal;
}

/** Beside the results, which alone go to standard output. */
function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof BenchUsageError ? error.message : error);
  process.exitCode = error instanceof BenchUsageError ? EXIT_USAGE : 1;
}
// What a failed bench left behind must not keep the process alive; its own processes end with it.
process.exit();
