import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { connect } from '../../db/connect.ts';
import { createKeys } from '../../db/keys.ts';
import { startChild, type Child } from '../../dev/child.ts';
import { freePorts } from '../../dev/ports.ts';
import type { BenchContext } from '../bench.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const WEBHOOK_SECRET = 'whsec_bench';
const READY_TIMEOUT_MS = 60_000;
const PROBE_PAUSE_MS = 50;
/** One key may make a thousand requests a second; together these may make far more than the machine can. */
const KEYS = 32;
const LAST_LINES = 20;

export type ServiceOptions = {
  readonly databaseUrl: string;
  /** Unset, Stripe is not reachable: nothing that is measured may need it. */
  readonly stripeUrl?: string;
  readonly postmarkUrl?: string;
  /** Of the account workflows; one of its own for each run of a bench, because all share one Temporal. */
  readonly taskQueue?: string;
  /** Further settings (config.ts), which win. */
  readonly environment?: Readonly<Record<string, string>>;
};

export type ServiceProcess = { readonly pid: number; stop(): Promise<void> };
export type ApiProcess = ServiceProcess & {
  readonly url: string;
  /** Admitted keys of the platform. */
  readonly keys: readonly string[];
  readonly webhookSecret: string;
};

/** Starts the API as it runs in production, a process of its own. Ends with the bench's signal at the latest.
 *  @throws with the end of its log when it does not become ready. */
export async function startApi(context: BenchContext, options: ServiceOptions): Promise<ApiProcess> {
  const [port = 0] = await freePorts(1);
  const url = `http://127.0.0.1:${port}`;
  const keys = Array.from({ length: KEYS }, () => `bench-${randomBytes(24).toString('hex')}`);
  await admit(options.databaseUrl, keys);
  const environment = { ...environmentOf(context, options), PORT: String(port), PUBLIC_URL: url };
  const { child, log } = await start(context, 'api/server.ts', { ...environment, ...options.environment });
  await untilReady('the API', child, log, async () => (await fetch(`${url}/readyz`)).ok);
  return { url, keys, webhookSecret: WEBHOOK_SECRET, pid: child.pid, stop: () => child.stop() };
}

/** Starts the worker with its relay as it runs in production, a process of its own. */
export async function startWorker(context: BenchContext, options: ServiceOptions): Promise<ServiceProcess> {
  const environment = { ...environmentOf(context, options), ...options.environment };
  let isReady = false;
  const { child, log } = await start(context, 'worker.ts', environment, (line) => {
    isReady ||= line.includes('worker is ready');
  });
  await untilReady('the worker', child, log, () => Promise.resolve(isReady));
  return { pid: child.pid, stop: () => child.stop() };
}

function environmentOf({ temporal }: BenchContext, options: ServiceOptions): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    PUBLIC_URL: 'http://127.0.0.1:3000',
    DATABASE_URL: options.databaseUrl,
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: temporal.namespace,
    TEMPORAL_TASK_QUEUE: options.taskQueue ?? `bench-${randomBytes(6).toString('hex')}`,
    STRIPE_SECRET_KEY: 'sk_test_sandbox',
    STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET,
    STRIPE_API_BASE: options.stripeUrl ?? 'http://127.0.0.1:9',
    POSTMARK_SERVER_TOKEN: 'bench',
    POSTMARK_API_BASE: options.postmarkUrl ?? 'http://127.0.0.1:9',
    POSTMARK_WEBHOOK_USER: 'postmark',
    POSTMARK_WEBHOOK_PASSWORD: 'postmark-password',
    TOKEN_SECRET: randomBytes(32).toString('hex'),
    PAYLOAD_KEYS: `bench:${randomBytes(32).toString('base64')}`,
    LOG_LEVEL: 'info',
  };
}

async function admit(databaseUrl: string, keys: readonly string[]): Promise<void> {
  const db = connect(databaseUrl, { max: 2, applicationName: 'bench', log: { warn: () => undefined } });
  try {
    const store = createKeys(db);
    for (const key of keys) await store.store(key, 'platform', 'bench');
  } finally {
    await db.end();
  }
}

async function start(
  context: BenchContext,
  script: string,
  environment: Record<string, string>,
  onLine: (line: string) => void = () => undefined,
): Promise<{ child: Child; log: string[] }> {
  // A bench that was given up starts nothing beside the next one.
  context.signal.throwIfAborted();
  const log: string[] = [];
  const child = await startChild({
    name: script,
    command: process.execPath,
    args: [`${ROOT}/${script}`],
    env: environment,
    graceMs: 5_000,
    onLine(line) {
      onLine(line);
      log.push(line);
      if (log.length > LAST_LINES) log.shift();
    },
  });
  context.signal.addEventListener('abort', () => void child.stop(), { once: true });
  return { child, log };
}

async function untilReady(
  what: string,
  child: Child,
  log: readonly string[],
  isReady: () => Promise<boolean>,
): Promise<void> {
  const deadline = performance.now() + READY_TIMEOUT_MS;
  let ended = false;
  void child.exited.then(() => {
    ended = true;
  });
  for (;;) {
    if (await isReady().catch(() => false)) return;
    if (ended || performance.now() > deadline) {
      await child.stop();
      throw new Error(`${what} did not become ready:\n${log.join('\n')}`);
    }
    await new Promise((resolve) => setTimeout(resolve, PROBE_PAUSE_MS));
  }
}
