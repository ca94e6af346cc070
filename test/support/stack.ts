import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { Stripe } from 'stripe';
import { startChild, type Child } from '../../dev/child.ts';
import { freePorts } from '../../dev/ports.ts';
import { startPostmarkSandbox } from '../../dev/postmark-sandbox/server.ts';
import { startStripeSandbox } from '../../dev/stripe-sandbox/server.ts';
import type { Step } from '../../activities/steps.ts';
import { accountId, workflowIdOf } from '../../domain/ids.ts';
import type { Policy } from '../../domain/policy.ts';
import { createDataConverter } from '../../temporal/data-converter.ts';
import { createTestDatabase } from './database.ts';
import { eventually } from './eventually.ts';
import { testTemporal } from './temporal.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PLATFORM_KEY = 'test-platform-key';
const OPERATOR_KEY = 'test-operator-key';
const WEBHOOK_SECRET = 'whsec_test';
/** Well below what the policy of a fault test waits for before it believes that a mail was not accepted. */
const MAIL_SEARCH_LAG_MS = 500;
/** A worker makes its bundle first, which takes long where others do so too. */
const READY_WITHIN_MS = 110_000;
const PAYLOAD_KEY = `test:${Buffer.alloc(32, 7).toString('base64')}`;

export type Mail = {
  To: string;
  Subject: string;
  TextBody: string;
  HtmlBody: string;
  Tag: string;
  Metadata: Record<string, string>;
};

/** The whole service as it runs in production, each part a process of its own, against the sandboxes over HTTP. */
export type Stack = {
  readonly apiUrl: string;
  readonly platformKey: string;
  readonly operatorKey: string;
  readonly databaseUrl: string;
  readonly stripe: Stripe;
  readonly stripeUrl: string;
  readonly postmarkUrl: string;
  readonly taskQueue: string;
  /** Calls the API with the platform's key. */
  call(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<{ status: number; body: unknown }>;
  mails(to: string): Promise<Mail[]>;
  /** Starts a worker; with `crash` it kills itself with SIGKILL when that account comes to that step, or freezes
   *  there, if `by` says so. */
  startWorker(
    crash?: { accountId: string; step: Step; by?: 'SIGKILL' | 'SIGSTOP' },
    environment?: Record<string, string>,
  ): Promise<Child>;
  /** A client of the stack's Temporal that reads what its workflows are told. */
  connectTemporal(): Promise<Client>;
  stop(): Promise<void>;
};

export type StackOptions = {
  policy?: Partial<Policy>;
  temporalAddress?: string;
  worker?: boolean;
  /** What lies between the API and its database: makes the address that the API is given. */
  apiDatabase?: (databaseUrl: string) => Promise<string>;
  /** Further settings of both parts. */
  environment?: Record<string, string>;
};

/** Starts API and worker with a database of their own. */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const [port = 0] = await freePorts(1);
  const apiUrl = `http://127.0.0.1:${port}`;
  const temporal = testTemporal();
  const [database, stripeSandbox, postmark] = await Promise.all([
    createTestDatabase(),
    startStripeSandbox({ port: 0, webhookUrl: `${apiUrl}/webhooks/stripe`, webhookSecret: WEBHOOK_SECRET }),
    startPostmarkSandbox({ port: 0, searchLagMs: MAIL_SEARCH_LAG_MS }),
  ]);
  const env = {
    ...process.env,
    PORT: String(port),
    PUBLIC_URL: apiUrl,
    PLATFORM_KEY,
    OPERATOR_KEY,
    DATABASE_URL: database.url,
    TEMPORAL_ADDRESS: options.temporalAddress ?? temporal.address,
    TEMPORAL_NAMESPACE: temporal.namespace,
    TEMPORAL_TASK_QUEUE: temporal.taskQueue,
    STRIPE_SECRET_KEY: 'sk_test_sandbox',
    STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET,
    STRIPE_API_BASE: stripeSandbox.url,
    POSTMARK_SERVER_TOKEN: 'test',
    POSTMARK_API_BASE: postmark.url,
    POSTMARK_WEBHOOK_USER: 'postmark',
    POSTMARK_WEBHOOK_PASSWORD: 'postmark-password',
    TOKEN_SECRET: 'a-secret-of-at-least-thirty-two-characters',
    PAYLOAD_KEYS: PAYLOAD_KEY,
    LOG_LEVEL: 'info',
    ...options.environment,
    ...(options.policy === undefined ? {} : { POLICY: JSON.stringify(options.policy) }),
  };
  const children: Child[] = [];
  const start = async (name: string, script: string, more: Record<string, string> = {}) => {
    const log: string[] = [];
    const child = await startChild({
      name,
      command: process.execPath,
      args: [`${ROOT}/${script}`],
      env: { ...env, ...more },
      graceMs: 5_000,
      onLine: (line) => {
        log.push(line);
        if (isWorthShowing(line)) console.log(`${name}: ${line}`);
      },
    });
    children.push(child);
    return { child, log };
  };
  const call = createCaller(apiUrl);
  const apiDatabaseUrl = (await options.apiDatabase?.(database.url)) ?? database.url;
  await start('api', 'api/server.ts', { DATABASE_URL: apiDatabaseUrl });
  await eventually(
    async () => {
      const { status } = await call('GET', '/readyz');
      if (status !== 200) throw new Error(`the API is not ready: ${status}`);
    },
    { timeoutMs: READY_WITHIN_MS },
  );
  const startWorker: Stack['startWorker'] = async (crash, environment = {}) => {
    const { child, log } = await (crash === undefined
      ? start('worker', 'worker.ts', environment)
      : start('crashing worker', 'test/support/crashing-worker.ts', {
          ...environment,
          CRASH_AT: crash.step,
          CRASH_BY: crash.by ?? 'SIGKILL',
          CRASH_WORKFLOW: workflowIdOf(accountId(crash.accountId)),
        }));
    await eventually(
      () => {
        if (!log.some((line) => line.includes('worker is ready'))) throw new Error('the worker is not ready');
      },
      { timeoutMs: READY_WITHIN_MS },
    );
    return child;
  };
  if (options.worker !== false) await startWorker();
  return {
    apiUrl,
    platformKey: PLATFORM_KEY,
    operatorKey: OPERATOR_KEY,
    databaseUrl: database.url,
    stripe: sandboxClient(stripeSandbox.port),
    stripeUrl: stripeSandbox.url,
    postmarkUrl: postmark.url,
    taskQueue: temporal.taskQueue,
    call,
    mails: (to) => mailsTo(postmark.url, to),
    startWorker,
    async connectTemporal() {
      const connection = await Connection.connect({ address: env.TEMPORAL_ADDRESS });
      const dataConverter = createDataConverter([{ id: 'test', key: Buffer.alloc(32, 7) }]);
      return new Client({ connection, namespace: temporal.namespace, dataConverter });
    },
    async stop() {
      await Promise.all(children.map((child) => child.stop()));
      await Promise.all([stripeSandbox.stop(), postmark.stop()]);
      await database.drop();
    },
  };
}

function createCaller(apiUrl: string): Stack['call'] {
  return async (method, path, body, headers = {}) => {
    const response = await fetch(new URL(path, apiUrl), {
      method,
      headers: {
        authorization: `Bearer ${PLATFORM_KEY}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? null : (JSON.parse(text) as unknown) };
  };
}

function sandboxClient(port: number): Stripe {
  return new Stripe('sk_test_sandbox', { host: '127.0.0.1', port, protocol: 'http', telemetry: false });
}

async function mailsTo(postmarkUrl: string, to: string): Promise<Mail[]> {
  const response = await fetch(`${postmarkUrl}/outbox.json?to=${encodeURIComponent(to)}`);
  return (await response.json()) as Mail[];
}

/** Faults are what the tests make on purpose; errors and what is no log line at all are worth a look. */
function isWorthShowing(line: string): boolean {
  const level = /^\{"level":(\d+)/.exec(line)?.[1];
  return level === undefined ? line.trim() !== '' : Number(level) >= 50;
}
