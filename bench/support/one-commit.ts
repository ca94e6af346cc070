import { fileURLToPath } from 'node:url';
import { startChild } from '../../dev/child.ts';
import type { BenchContext } from '../bench.ts';
import type { ServiceProcess } from './service.ts';

const SCRIPT = fileURLToPath(new URL('./one-commit-server.ts', import.meta.url));

/** Starts the server that commits every event by itself, with as many connections as the API has by default. */
export async function startOneCommitServer(
  { signal }: Pick<BenchContext, 'signal'>,
  { databaseUrl, pool }: { databaseUrl: string; pool: number },
): Promise<ServiceProcess & { url: string }> {
  const address = Promise.withResolvers<string>();
  const lines: string[] = [];
  const child = await startChild({
    name: 'the server with a commit for each event',
    command: process.execPath,
    args: [SCRIPT, databaseUrl, String(pool)],
    onLine(line) {
      lines.push(line);
      if (line.startsWith('http://')) address.resolve(line);
    },
  });
  signal.addEventListener('abort', () => void child.stop(), { once: true });
  void child.exited.then(() => address.reject(new Error(`${child.name} has ended:\n${lines.join('\n')}`)));
  return { url: await address.promise, pid: child.pid, stop: () => child.stop() };
}
