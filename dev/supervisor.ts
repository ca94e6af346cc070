import { openPartLog } from './part-log.ts';
import type { PartLog } from './part-log.ts';

/** Anything that runs beside others: a child process, or a server inside this process. */
export type Part = {
  /** Resolves when the part has ended, by itself or told to. */
  readonly exited?: Promise<unknown>;
  stop(): Promise<void>;
};

export type Supervisor = {
  /** Starts a part; what it logs goes to `<logDir>/<name>.log`. The signal is aborted by `stop()`, so
   *  that a part that is waiting to become ready gives up.
   *  @throws what `launch` throws, or SupervisorStopped when `stop()` came first. */
  start<P extends Part>(name: string, launch: Launch<P>): Promise<P>;
  /** Resolves with a message for the terminal when a part ends without having been told to. */
  readonly crashed: Promise<string>;
  /** Stops every part, the last started first, and waits for those that are just starting. After it
   *  nothing runs any more, whatever a part's stop threw. It may be called more than once. */
  stop(): Promise<void>;
};

/** The stack is being stopped, so no further part is started. */
export class SupervisorStopped extends Error {
  override readonly name = 'SupervisorStopped';
}

type Launch<P> = (log: PartLog, signal: AbortSignal) => Promise<P>;

type Started = { readonly name: string; readonly part: Part; readonly log: PartLog };

/** Runs parts that depend on each other in the order in which they are started. */
export function createSupervisor(options: { readonly logDir: string }): Supervisor {
  const started: Started[] = [];
  const starting = new Set<Promise<unknown>>();
  const crash = Promise.withResolvers<string>();
  const abortion = new AbortController();
  let stopping: Promise<void> | undefined;

  async function launchPart<P extends Part>(name: string, launch: Launch<P>): Promise<P> {
    if (stopping !== undefined) throw new SupervisorStopped(`${name} was not started: stopping.`);
    const log = openPartLog(options.logDir, name);
    let part: P;
    try {
      part = await launch(log, abortion.signal);
    } catch (error) {
      await log.close();
      throw error;
    }
    // Even when the stop came meanwhile: `stop()` waits for this and then finds the part in the list.
    started.push({ name, part, log });
    void part.exited?.then(() => {
      if (stopping === undefined) crash.resolve(crashMessage(name, log));
    });
    return part;
  }

  async function stopAll(): Promise<void> {
    abortion.abort();
    await Promise.allSettled(starting);
    const failures: unknown[] = [];
    for (const { part, log } of started.toReversed()) {
      await part.stop().catch((error: unknown) => failures.push(error));
      await log.close();
    }
    if (failures.length > 0) throw new AggregateError(failures, 'A part could not be stopped.');
  }

  return {
    crashed: crash.promise,
    async start(name, launch) {
      const launching = launchPart(name, launch);
      starting.add(launching);
      try {
        return await launching;
      } finally {
        starting.delete(launching);
      }
    },
    stop() {
      stopping ??= stopAll();
      return stopping;
    },
  };
}

function crashMessage(name: string, log: PartLog): string {
  return [`${name} ended by itself. The end of its log (${log.file}):`, ...log.lastLines()].join('\n');
}
