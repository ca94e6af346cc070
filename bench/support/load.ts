import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { BenchContext } from '../bench.ts';
import type { LoadJob, LoadResult } from './load/jobs.ts';

export type LoadGenerator = {
  /** One job at a time. @throws what went wrong in the generator. */
  run(job: LoadJob): Promise<LoadResult>;
  stop(): void;
};

type Answer = { result: LoadResult } | { error: string };

/** Starts the load generator, a process of its own. Ends with the bench's signal at the latest. */
export function startLoadGenerator({ signal }: Pick<BenchContext, 'signal'>): LoadGenerator {
  // A bench that was given up makes no load beside the next one.
  signal.throwIfAborted();
  const child = fork(fileURLToPath(new URL('./load-generator.ts', import.meta.url)), {
    // NaN must arrive as NaN.
    serialization: 'advanced',
  });
  const stop = () => void child.kill('SIGKILL');
  signal.addEventListener('abort', stop, { once: true });
  return {
    stop,
    run: (job) =>
      new Promise((resolve, reject) => {
        const settle = (end: () => void) => {
          child.off('message', onMessage).off('exit', onExit);
          end();
        };
        const onExit = () => settle(() => reject(new Error('the load generator has ended')));
        const onMessage = (answer: Answer) =>
          settle(() => ('result' in answer ? resolve(answer.result) : reject(new Error(answer.error))));
        child.on('message', onMessage).on('exit', onExit);
        child.send(job);
      }),
  };
}
