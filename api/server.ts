import { fileURLToPath } from 'node:url';
import { Client, type Connection } from '@temporalio/client';
import { pino, type Logger } from 'pino';
import { createStripePayments } from '../activities/adapters/stripe-payments.ts';
import { createStripeWebhookVerifier } from '../activities/adapters/stripe-webhooks.ts';
import { ConfigError, loadConfig, policyOf, type Config } from '../config.ts';
import { createChangeReader } from '../db/account-changes.ts';
import { createAccounts } from '../db/accounts.ts';
import { createAudit } from '../db/audit.ts';
import { connect, type Database } from '../db/connect.ts';
import { createDeliveryReports } from '../db/delivery-reports.ts';
import { createHolds } from '../db/holds.ts';
import { createEmailPreferences } from '../db/email-preferences.ts';
import { createInsights } from '../db/insights.ts';
import { createKeys } from '../db/keys.ts';
import { createLedger } from '../db/ledger.ts';
import { createOperatorDesk } from '../db/operator-desk.ts';
import { createOperatorMails } from '../db/operator-mails.ts';
import { createNotifications } from '../db/notifications.ts';
import { createOperator } from '../db/operator.ts';
import { createReconciliations } from '../db/reconciliations.ts';
import { createPurchases } from '../db/purchases.ts';
import { createRefundRequests } from '../db/refund-requests.ts';
import { createSettings } from '../db/settings.ts';
import { createTopUps } from '../db/top-ups.ts';
import { createWakes } from '../db/wakes.ts';
import { createWebhookDeliveries } from '../db/webhook-deliveries.ts';
import { createWebhookEvents } from '../db/webhook-events.ts';
import { createAccountWorkflows } from '../temporal/account-workflows.ts';
import { connectLazily } from '../temporal/connect.ts';
import { createDataConverter } from '../temporal/data-converter.ts';
import { buildApp } from './app.ts';
import { isDatabaseAway } from './database-faults.ts';
import { LIMITS, type ApiDeps, type Limits } from './deps.ts';
import { createOperatorLinks } from './operator-links.ts';
import { createOperatorOidc, type OperatorOidc } from './operator-oidc.ts';
import { createOperatorSessions } from './operator-sessions.ts';
import { OIDC_CALLBACK } from './routes/operator-oidc.ts';
import { publicAddress } from './public-address.ts';
import { createTokens } from './tokens.ts';

const WEB_FOLDER = fileURLToPath(new URL('../dist/web', import.meta.url));
/** Below the deadline of any caller, and of the account's first save. */
const STRIPE_TIMEOUT_MS = 4_000;
/** Below the time that a readiness check may take. */
const HEALTH_TIMEOUT_MS = 1_500;
/** Requests that are still running then are cut off. */
const DRAIN_TIMEOUT_MS = 20_000;

export type RunningApi = { url: string /** Answers what has arrived, then stops. */; stop(): Promise<void> };

/** Composes the API and listens.
 *  @throws when the port is taken, or the configured keys cannot be taken. */
export async function startApi(config: Config<'api'>, log: Logger): Promise<RunningApi> {
  const db = connect(config.DATABASE_URL, {
    max: config.DATABASE_POOL,
    applicationName: 'auto-top-up-api',
    log,
  });
  const temporal = temporalOf(config);
  const app = await buildApp(compose(config, { db, temporal, log }));
  const stop = async () => {
    await app.close();
    await Promise.allSettled([db.end(), temporal?.close()]);
  };
  try {
    await storeConfiguredKeys(config, db);
    return { url: await app.listen({ port: config.PORT, host: config.HOST }), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function compose(
  config: Config<'api'>,
  { db, temporal, log }: { db: Database; temporal: Connection | null; log: Logger },
): ApiDeps {
  const policy = policyOf(config);
  const payments = createStripePayments({
    secretKey: config.STRIPE_SECRET_KEY,
    apiBase: config.STRIPE_API_BASE,
    timeoutMs: STRIPE_TIMEOUT_MS,
  });
  const keys = createKeys(db);
  const oidc = oidcOf(config);
  return {
    accounts: createAccounts(db, policy),
    ledger: createLedger(db, policy),
    settings: createSettings(db),
    holds: createHolds(db, policy),
    topUps: createTopUps(db, policy),
    notifications: createNotifications(db, policy),
    emailPreferences: createEmailPreferences(db),
    insights: createInsights(db, policy),
    operator: createOperator(db, policy),
    audit: createAudit(db),
    links: createOperatorLinks(config),
    keys,
    sessions: createOperatorSessions(config.TOKEN_SECRET, { keys, withOidc: oidc !== null }),
    oidc,
    desk: createOperatorDesk(db, policy),
    mails: createOperatorMails(db),
    wakes: createWakes(db),
    workflows: createAccountWorkflows(
      temporal === null ? null : clientOf(config, temporal),
      config.PAYLOAD_KEYS !== undefined,
    ),
    reconciliations: createReconciliations(db, policy),
    refunds: createRefundRequests(db),
    changes: createChangeReader(db),
    customers: payments,
    purchases: createPurchases(db, policy),
    pages: payments,
    tokens: createTokens(config.TOKEN_SECRET),
    stripe: {
      webhooks: createStripeWebhookVerifier(config.STRIPE_WEBHOOK_SECRET),
      events: createWebhookEvents(db),
    },
    postmark: {
      user: config.POSTMARK_WEBHOOK_USER,
      passwords: config.POSTMARK_WEBHOOK_PASSWORD,
      reports: createDeliveryReports(db),
    },
    webhookDeliveries: createWebhookDeliveries(db),
    readiness: {
      database: async () => void (await db.sql`select 1`),
      temporal: temporal === null ? null : () => askHealth(temporal),
    },
    web: { folder: WEB_FOLDER, frameAncestors: config.FRAME_ANCESTORS },
    policy,
    limits: limitsOf(config),
    trustedProxies: config.TRUSTED_PROXIES,
    publicUrl: config.PUBLIC_URL,
    logger: log,
  };
}

/** However busy usage and holds are, they leave connections for everything else: one of three, and three of ten. */
function limitsOf({ DATABASE_POOL }: Pick<Config<'api'>, 'DATABASE_POOL'>): Limits {
  const { usage, holds } = LIMITS;
  const share = Math.max(1, Math.floor((DATABASE_POOL - 1) / 2));
  return {
    ...LIMITS,
    usage: {
      ...usage,
      shards: Math.max(1, Math.min(usage.shards, Math.floor(share / 2))),
      hasPatientLane: share > 1,
    },
    holds: { ...holds, most: Math.min(holds.most, share) },
  };
}

/** To read workflows; what they say is encrypted with the worker's keys. */
function clientOf(config: Config<'api'>, connection: Connection): Client {
  const { TEMPORAL_NAMESPACE: namespace, PAYLOAD_KEYS: keys } = config;
  return new Client({
    connection,
    namespace,
    workflow: { queryRejectCondition: 'NOT_OPEN' },
    ...(keys === undefined ? {} : { dataConverter: createDataConverter(keys) }),
  });
}

function oidcOf(config: Config<'api'>): OperatorOidc | null {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, OIDC_CLIENT_SECRET: clientSecret } = config;
  if (issuer === undefined || clientId === undefined || clientSecret === undefined) return null;
  const redirectUri = publicAddress(config.PUBLIC_URL, OIDC_CALLBACK);
  return createOperatorOidc({
    issuer,
    clientId,
    clientSecret,
    redirectUri,
    group: config.OIDC_OPERATOR_GROUP,
  });
}

/** Only to report whether it answers, and for operators: usage is accepted without it. */
function temporalOf(config: Config<'api'>): Connection | null {
  const { TEMPORAL_ADDRESS, TEMPORAL_API_KEY, TEMPORAL_TLS } = config;
  if (TEMPORAL_ADDRESS === undefined) return null;
  return connectLazily({ TEMPORAL_ADDRESS, TEMPORAL_API_KEY, TEMPORAL_TLS });
}

async function askHealth(temporal: Connection): Promise<void> {
  await temporal.withDeadline(Date.now() + HEALTH_TIMEOUT_MS, () => temporal.healthService.check({}));
}

/** @throws ConfigError when one key is to have both roles: a key has one, and the last one stored would win. */
async function storeConfiguredKeys(config: Config<'api'>, db: Database): Promise<void> {
  if (config.PLATFORM_KEY !== undefined && config.PLATFORM_KEY === config.OPERATOR_KEY) {
    throw new ConfigError('PLATFORM_KEY and OPERATOR_KEY are the same key. Give each role a key of its own.');
  }
  const keys = createKeys(db);
  const label = 'environment';
  if (config.PLATFORM_KEY !== undefined) await keys.store(config.PLATFORM_KEY, 'platform', label);
  if (config.OPERATOR_KEY !== undefined) await keys.store(config.OPERATOR_KEY, 'operator', label);
}

async function main(): Promise<void> {
  const config = loadConfig('api');
  const log = pino({
    name: 'api',
    level: config.LOG_LEVEL,
    // Nothing logs headers; should anything ever, the secrets among them stay out.
    redact: { paths: SECRET_PATHS, censor: '[secret]' },
  });
  const api = await startApi(config, log);
  const stop = (signal: string): void => {
    log.info({ signal }, 'draining');
    setTimeout(() => process.exit(1), DRAIN_TIMEOUT_MS).unref();
    api.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, 'the API did not stop cleanly');
        process.exit(1);
      },
    );
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

const SECRET_PATHS = [
  'req.headers.authorization',
  'req.headers["stripe-signature"]',
  'headers.authorization',
  'err.config',
  'token',
  'key',
];

if (import.meta.main) {
  try {
    await main();
  } catch (error) {
    console.error(sentenceOf(error));
    process.exitCode = 1;
  }
}

/** What cannot be helped here is said in one sentence; a fault of ours is shown whole. */
function sentenceOf(error: unknown): unknown {
  if (error instanceof ConfigError) return error.message;
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
    return `${error.message}. Another program has the port; set PORT to a free one.`;
  }
  if (isDatabaseAway(error)) return `The database at DATABASE_URL cannot be reached: ${String(error)}`;
  return error;
}
