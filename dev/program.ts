import { startChild } from './child.ts';
import type { Child, ChildExit } from './child.ts';
import type { PartLog } from './part-log.ts';

export type ProgramOptions = {
  readonly name: string;
  /** The file and its arguments, run by the Node of this process. */
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly log: PartLog;
  /** Asked again and again until it does not throw; unset: ready as soon as it runs. */
  readonly probe?: () => Promise<void>;
  /** Aborted: the program is stopped instead of being waited for. */
  readonly signal?: AbortSignal;
  readonly graceMs?: number;
};

const READY_TIMEOUT_MS = 60_000;
const PROBE_PAUSE_MS = 50;

/** Starts a TypeScript file as a process and waits until it is ready.
 *  @throws with the end of its log when it ends before that, or is not ready within a minute. */
export async function startProgram(options: ProgramOptions): Promise<Child> {
  const child = await startChild({
    name: options.name,
    command: process.execPath,
    args: options.args,
    env: options.env,
    onLine: (line) => options.log.write(line),
    ...(options.graceMs === undefined ? {} : { graceMs: options.graceMs }),
  });
  try {
    await untilReady(options, child);
  } catch (error) {
    await child.stop();
    throw error;
  }
  return child;
}

/** Runs a TypeScript file to its end.
 *  @throws with the end of its log when it does not end with exit code 0. */
export async function runProgram(options: ProgramOptions): Promise<void> {
  const child = await startChild({
    name: options.name,
    command: process.execPath,
    args: options.args,
    env: options.env,
    onLine: (line) => options.log.write(line),
  });
  const exit = await child.exited;
  if (exit.code !== 0) throw new Error(endMessage(options, exit));
}

/** Fails unless the address answers with a status below 400. */
export async function probeUrl(url: string): Promise<void> {
  const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`${url} answers ${response.status}`);
}

async function untilReady(options: ProgramOptions, child: Child): Promise<void> {
  if (options.probe === undefined) return;
  const deadline = performance.now() + READY_TIMEOUT_MS;
  let exit: ChildExit | undefined;
  void child.exited.then((ended) => {
    exit = ended;
  });
  for (;;) {
    try {
      await options.probe();
      return;
    } catch (cause) {
      options.signal?.throwIfAborted();
      if (exit !== undefined) throw new Error(endMessage(options, exit), { cause });
      if (performance.now() > deadline) {
        const reason = cause instanceof Error ? cause.message : String(cause);
        throw new Error(
          `${options.name} is not ready after a minute (${reason}); its log is ${options.log.file}.`,
          {
            cause,
          },
        );
      }
    }
    await new Promise((resolve) => setTimeout(resolve, PROBE_PAUSE_MS));
  }
}

function endMessage({ name, log }: ProgramOptions, { code, signal }: ChildExit): string {
  const how = signal === null ? `exit code ${code}` : signal;
  return [`${name} ended with ${how}. The end of its log (${log.file}):`, ...log.lastLines()].join('\n');
}
