import { Context } from '@temporalio/activity';
import { pino } from 'pino';
import { loadConfig } from '../../config.ts';
import { runWorker } from '../../worker.ts';

/** The worker of production, but for one thing: it dies with SIGKILL when it comes to the step that `CRASH_AT`
 *  names, as if the machine had lost its power there. */
await runWorker(loadConfig('worker'), {
  log: pino({ level: 'warn', name: 'crashing-worker' }),
  stop: new AbortController().signal,
  atStep: (step) => {
    if (step === process.env['CRASH_AT']) process.kill(process.pid, 'SIGKILL');
    Context.current().heartbeat(step);
  },
});
