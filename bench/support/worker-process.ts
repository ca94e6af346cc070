import { fileURLToPath } from 'node:url';
import { startChild, type Child } from '../../dev/child.ts';

const READY_TIMEOUT_MS = 60_000;

/** What a worker of the bench prints when it takes work. */
export const READY_LINE = 'ready';

/** Starts a program of the bench as a process of its own and waits until it is ready.
 *  @param settings given to the program as JSON in its first argument (`settingsOf`).
 *  @throws with the program's last lines when it ends before, or is not ready within a minute. */
export async function startWorkerProcess(program: URL, settings: object): Promise<Child> {
  const lines: string[] = [];
  const ready = Promise.withResolvers<'ready'>();
  const child = await startChild({
    name: program.pathname.split('/').at(-1) ?? program.pathname,
    command: process.execPath,
    args: [fileURLToPath(program), JSON.stringify(settings)],
    graceMs: 5_000,
    onLine: (line) => {
      lines.push(line);
      if (lines.length > 20) lines.shift();
      if (line === READY_LINE) ready.resolve('ready');
    },
  });
  const timer = setTimeout(() => void child.stop(), READY_TIMEOUT_MS);
  const outcome = await Promise.race([ready.promise, child.exited]);
  clearTimeout(timer);
  if (outcome !== 'ready') throw new Error(`${child.name} did not start:\n${lines.join('\n')}`);
  return child;
}

/** The settings that `startWorkerProcess` gave to this process. */
export function settingsOf(): unknown {
  return JSON.parse(process.argv[2] ?? '{}');
}
