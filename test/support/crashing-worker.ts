import { Context } from '@temporalio/activity';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { pino } from 'pino';
import { loadConfig } from '../../config.ts';
import { runWorker } from '../../worker.ts';

// Without the SDK's own handlers, SIGTERM ends it at once as well.
Runtime.install({ logger: new DefaultLogger('WARN'), shutdownSignals: [] });

const SIGNAL = process.env['CRASH_BY'] === 'SIGSTOP' ? 'SIGSTOP' : 'SIGKILL';

/** The worker of production, but for one thing: it dies with SIGKILL when one account, `CRASH_WORKFLOW`, comes to
 *  the step that `CRASH_AT` names, as if the machine had lost its power there. With `CRASH_BY=SIGSTOP` it freezes
 *  instead, and goes on there when it is told to. */
await runWorker(loadConfig('worker'), {
  log: pino({ level: 'info', name: 'crashing-worker' }),
  stop: new AbortController().signal,
  atStep: (step) => {
    const { workflowExecution } = Context.current().info;
    const isThere =
      step === process.env['CRASH_AT'] && workflowExecution?.workflowId === process.env['CRASH_WORKFLOW'];
    if (isThere) process.kill(process.pid, SIGNAL);
    Context.current().heartbeat(step);
  },
});
