import { setTimeout as sleep } from 'node:timers/promises';
import { Context } from '@temporalio/activity';
import { Client } from '@temporalio/client';
import { NativeConnection, Runtime, TransportError, Worker, type WorkerOptions } from '@temporalio/worker';
import { pino, type Logger } from 'pino';
import { createPlatformWebhooks } from './activities/adapters/platform-webhooks.ts';
import { createPostmarkMailer } from './activities/adapters/postmark-mailer.ts';
import { createStripePayments } from './activities/adapters/stripe-payments.ts';
import { createStripeRecords } from './activities/adapters/stripe-records.ts';
import { withTemporalFaults } from './activities/adapters/temporal-faults.ts';
import { createActivities } from './activities/create-activities.ts';
import { createReconcilerActivities } from './activities/create-reconciler-activities.ts';
import type { AtStep } from './activities/steps.ts';
import { ConfigError, loadConfig, policyOf, type Config } from './config.ts';
import { createAccounts } from './db/accounts.ts';
import { connect, type Database } from './db/connect.ts';
import { createLedger } from './db/ledger.ts';
import { createNotifications } from './db/notifications.ts';
import { purge } from './db/purge.ts';
import { takeQueuedMails } from './db/queued-mails.ts';
import { createReconciliations } from './db/reconciliations.ts';
import { createReversals } from './db/reversals.ts';
import { createSweeper } from './db/sweep.ts';
import { createTopUps } from './db/top-ups.ts';
import { createWakes } from './db/wakes.ts';
import { createWebhookEvents } from './db/webhook-events.ts';
import { createWebhookOutbox } from './db/webhook-outbox.ts';
import type { Policy } from './domain/policy.ts';
import { bundleWorkflows } from './temporal/bundle.ts';
import { connectionOptions, connectLazily } from './temporal/connect.ts';
import { createDataConverter } from './temporal/data-converter.ts';
import { createSdkLogger } from './temporal/logger.ts';
import { serveMetrics, startSdkMetrics, type SdkMetrics } from './temporal/metrics-server.ts';
import { runRelay } from './temporal/relay.ts';
import { runSweeper } from './temporal/sweeper.ts';
import { oldestTaskAgeMs } from './temporal/task-watch.ts';
import { createWorkerMetrics } from './temporal/worker-metrics.ts';
import { runWebhookSender } from './temporal/webhook-sender.ts';

/** Above the longest call of an activity, so that a restart interrupts none. */
const SHUTDOWN_GRACE = '30 seconds';
const RECONNECT_MS = 1_000;
/** Mails take some of these places at most (activities/few-mails.ts). */
const ACTIVITIES_AT_ONCE = 100;
const PURGE_EVERY_MS = 3_600_000;
/** An operator waits for them. */
const QUEUED_MAILS_EVERY_MS = 2_000;
const QUEUED_MAILS_AT_ONCE = 20;

export type RunWorkerOptions = {
  log: Logger;
  /** Aborted when the worker has to stop: what runs is finished first. */
  stop: AbortSignal;
  /** Called at every step of an activity (activities/steps.ts). */
  atStep: AtStep;
  /** Where the SDK serves its own metrics; null when nobody asks for any. */
  sdkMetrics?: SdkMetrics | null;
};

/** Composes configuration, adapters and activities into the Temporal worker, and runs relay and sweeper beside
 *  it. Waits for Temporal while it is away.
 *  @returns when it has been stopped.
 *  @throws what made one of the three fail; the others are stopped then. */
export async function runWorker(config: Config<'worker'>, options: RunWorkerOptions): Promise<void> {
  const { log, atStep } = options;
  const policy = policyOf(config);
  const failed = new AbortController();
  const stop = AbortSignal.any([options.stop, failed.signal]);
  const db = connect(config.DATABASE_URL, {
    max: config.DATABASE_POOL,
    applicationName: 'auto-top-up-worker',
    log,
  });
  const connection = connectLazily(config);
  const { TEMPORAL_NAMESPACE: namespace, TEMPORAL_TASK_QUEUE: taskQueue } = config;
  const dataConverter = createDataConverter(config.PAYLOAD_KEYS);
  const client = new Client({ connection, namespace, dataConverter });
  const activities = withTemporalFaults({
    ...composeActivities(config, { db, policy, atStep }),
    ...composeReconciler(config, { db, policy }),
  });
  const wakes = createWakes(db);
  const metrics = createWorkerMetrics(wakes);
  const parts = [
    runTemporalWorker(config, { dataConverter, activities }, { log, stop }),
    runRelay(
      {
        wakes,
        client,
        taskQueue,
        tasks: {
          askAgeMs: () => oldestTaskAgeMs({ client, taskQueue }),
          onChange: (change) =>
            log.warn(
              change,
              change.isPiledUp
                ? 'workflow tasks wait for workers: what can wait is told more slowly'
                : 'workflow tasks no longer wait for workers',
            ),
        },
        onSent: metrics.sent,
        onFault: (fault) => {
          metrics.failed(fault);
          const count = fault.wakes.length;
          log.warn({ err: fault.error, count }, 'signals wait: Temporal or the database is away');
        },
      },
      stop,
    ),
    runSweeper(
      {
        sweep: createSweeper(db, policy).sweep,
        everyMs: policy.sweepEveryMs,
        onSwept: ({ count }) => {
          metrics.swept(count);
          log.warn({ count }, 'accounts were forgotten and have been woken');
        },
        onFault: ({ error }) => log.warn({ err: error }, 'sweep failed'),
      },
      stop,
    ),
    runSweeper(
      {
        sweep: async () => (await createWebhookEvents(db).purge()) + (await purge(db)),
        everyMs: PURGE_EVERY_MS,
        onSwept: ({ count }) => log.info({ count }, 'rows that nobody needs any more have been purged'),
        onFault: ({ error }) => log.warn({ err: error }, 'purge failed'),
      },
      stop,
    ),
    tellPlatform(config, { db, policy, log, stop }),
    serveMetrics(config, { registry: metrics.registry, sdk: options.sdkMetrics ?? null, stop }),
    sendQueuedMails(config, { db, policy, log, stop }),
  ];
  try {
    await Promise.all(parts);
  } finally {
    failed.abort();
    await Promise.allSettled(parts);
    await Promise.allSettled([db.end(), connection.close()]);
  }
}

function composeActivities(
  config: Config<'worker'>,
  { db, policy, atStep }: { db: Database; policy: Policy; atStep: AtStep },
) {
  return createActivities({
    accounts: createAccounts(db, policy),
    topUps: createTopUps(db, policy),
    ledger: createLedger(db, policy),
    reversals: createReversals(db),
    notifications: createNotifications(db, policy),
    payments: createStripePayments({ secretKey: config.STRIPE_SECRET_KEY, apiBase: config.STRIPE_API_BASE }),
    mailer: createPostmarkMailer({
      serverToken: config.POSTMARK_SERVER_TOKEN,
      apiBase: config.POSTMARK_API_BASE,
      from: config.POSTMARK_FROM,
    }),
    policy,
    creditsUrl: new URL('/credits', config.PUBLIC_URL).href,
    platformListens: config.PLATFORM_WEBHOOK_URL !== undefined,
    atStep,
  });
}

/** Sends the mails that operators have put in line: tests, and dead letters that were replayed. */
async function sendQueuedMails(
  config: Config<'worker'>,
  { db, policy, log, stop }: { db: Database; policy: Policy; log: Logger; stop: AbortSignal },
): Promise<void> {
  // Outside of an activity nobody counts its steps.
  const { sendEmail } = composeActivities(config, { db, policy, atStep: () => undefined });
  const onFault = ({ error }: { error: unknown }) => log.warn({ err: error }, 'a mail of an operator waits');
  await runSweeper(
    {
      sweep: async () => {
        const sent = await Promise.allSettled(
          (await takeQueuedMails(db, QUEUED_MAILS_AT_ONCE)).map((deliveryId) => sendEmail({ deliveryId })),
        );
        for (const each of sent) if (each.status === 'rejected') onFault({ error: each.reason });
        return sent.filter(({ status }) => status === 'fulfilled').length;
      },
      everyMs: QUEUED_MAILS_EVERY_MS,
      onSwept: ({ count }) => log.info({ count }, 'mails of operators have been sent'),
      onFault,
    },
    stop,
  );
}

/** Sends webhooks to the platform, if it has an endpoint. */
async function tellPlatform(
  { PLATFORM_WEBHOOK_URL: url, PLATFORM_WEBHOOK_SECRET: secrets }: Config<'worker'>,
  { db, policy, log, stop }: { db: Database; policy: Policy; log: Logger; stop: AbortSignal },
): Promise<void> {
  if (url === undefined || secrets === undefined) return;
  const platform = createPlatformWebhooks({ url, secrets, timeoutMs: policy.webhookTimeoutMs });
  await runWebhookSender(
    {
      outbox: createWebhookOutbox(db),
      platform,
      policy,
      onDead: (dead) => log.error(dead, 'a webhook is a dead letter: the platform did not take it'),
      onFault: ({ error }) => log.warn({ err: error }, 'webhooks wait: the database is away'),
    },
    stop,
  );
}

function composeReconciler(config: Config<'worker'>, { db, policy }: { db: Database; policy: Policy }) {
  const stripe = { secretKey: config.STRIPE_SECRET_KEY, apiBase: config.STRIPE_API_BASE };
  return createReconcilerActivities({
    records: createStripeRecords(stripe),
    reconciliations: createReconciliations(db, policy),
    payments: createStripePayments(stripe),
    topUps: createTopUps(db, policy),
    ledger: createLedger(db, policy),
    policy,
    nowMs: Date.now,
  });
}

async function runTemporalWorker(
  config: Config<'worker'>,
  options: Pick<WorkerOptions, 'dataConverter' | 'activities'>,
  { log, stop }: { log: Logger; stop: AbortSignal },
): Promise<void> {
  const workflowBundle = await bundleWorkflows();
  const connection = await connectWhenThere(config, { log, stop });
  if (connection === null) return;
  const { TEMPORAL_NAMESPACE: namespace, TEMPORAL_TASK_QUEUE: taskQueue } = config;
  const worker = await Worker.create({
    connection,
    namespace,
    taskQueue,
    workflowBundle,
    maxCachedWorkflows: config.WORKFLOW_CACHE,
    maxConcurrentActivityTaskExecutions: ACTIVITIES_AT_ONCE,
    shutdownGraceTime: SHUTDOWN_GRACE,
    ...options,
  });
  log.info({ taskQueue, namespace }, 'worker is ready');
  await worker.runUntil(aborted(stop));
  await connection.close();
}

/** @returns null when it was stopped before Temporal answered. */
async function connectWhenThere(
  config: Config<'worker'>,
  { log, stop }: { log: Logger; stop: AbortSignal },
): Promise<NativeConnection | null> {
  while (!stop.aborted) {
    try {
      return await NativeConnection.connect(connectionOptions(config));
    } catch (error) {
      if (!(error instanceof TransportError)) throw error;
      log.warn({ err: error }, 'Temporal does not answer yet');
      await sleep(RECONNECT_MS, undefined, { signal: stop }).catch(() => undefined);
    }
  }
  return null;
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

async function main(): Promise<void> {
  const config = loadConfig('worker');
  const log = pino({ level: config.LOG_LEVEL, name: 'worker' });
  const sdkMetrics = config.METRICS_PORT === undefined ? null : await startSdkMetrics();
  Runtime.install({
    logger: createSdkLogger(log),
    shutdownSignals: [],
    ...(sdkMetrics === null ? {} : { telemetryOptions: sdkMetrics.telemetryOptions }),
  });
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort());
  await runWorker(config, {
    log,
    stop: stopping.signal,
    atStep: (step) => Context.current().heartbeat(step),
    sdkMetrics,
  });
}

if (import.meta.main) {
  try {
    await main();
  } catch (error) {
    console.error(error instanceof ConfigError ? error.message : error);
    process.exitCode = 1;
  }
}
