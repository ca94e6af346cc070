import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify';
import { pino } from 'pino';
import { createStripeWebhookVerifier } from '../../../activities/adapters/stripe-webhooks.ts';
import type { CheckoutReading } from '../../../activities/ports.ts';
import { buildApp } from '../../../api/app.ts';
import { LIMITS, type ApiDeps } from '../../../api/deps.ts';
import { createOperatorLinks } from '../../../api/operator-links.ts';
import { createOperatorSessions } from '../../../api/operator-sessions.ts';
import { createTokens } from '../../../api/tokens.ts';
import { createChangeReader } from '../../../db/account-changes.ts';
import { createAccounts } from '../../../db/accounts.ts';
import { createAudit } from '../../../db/audit.ts';
import { connect, type Database } from '../../../db/connect.ts';
import { createDeliveryReports } from '../../../db/delivery-reports.ts';
import { createHolds } from '../../../db/holds.ts';
import { createEmailPreferences } from '../../../db/email-preferences.ts';
import { createInsights } from '../../../db/insights.ts';
import { createKeys } from '../../../db/keys.ts';
import { createLedger } from '../../../db/ledger.ts';
import { createOperatorDesk } from '../../../db/operator-desk.ts';
import { createOperatorMails } from '../../../db/operator-mails.ts';
import { createNotifications } from '../../../db/notifications.ts';
import { createOperator } from '../../../db/operator.ts';
import { createReconciliations } from '../../../db/reconciliations.ts';
import { createPurchases } from '../../../db/purchases.ts';
import { createRefundRequests } from '../../../db/refund-requests.ts';
import { createSettings } from '../../../db/settings.ts';
import { createTopUps } from '../../../db/top-ups.ts';
import { createWakes } from '../../../db/wakes.ts';
import { createWebhookDeliveries } from '../../../db/webhook-deliveries.ts';
import { createWebhookEvents } from '../../../db/webhook-events.ts';
import { accountId } from '../../../domain/ids.ts';
import { POLICY } from '../../../domain/policy.ts';
import { createTestDatabase } from '../../support/database.ts';

export const PLATFORM_KEY = 'platform_test_key_of_the_api_tests';
export const OPERATOR_KEY = 'operator_test_key_of_the_api_tests';
export const TOKEN_SECRET = 'a secret of at least thirty-two characters';
export const WEBHOOK_SECRETS = ['whsec_new', 'whsec_old'] as const;
export const POSTMARK = { user: 'postmark', passwords: ['new password', 'old password'] } as const;

export type Answer = {
  status: number;
  type: string;
  headers: LightMyRequestResponse['headers'];
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into answers of every shape
  body: any;
};

/** Makes a request with one credential; a body that is an object is sent as JSON. */
export type Caller = (
  method: NonNullable<InjectOptions['method']>,
  url: string,
  body?: InjectOptions['payload'],
  headers?: Record<string, string>,
) => Promise<Answer>;

export type TestApi = {
  readonly app: FastifyInstance;
  readonly db: Database;
  /** Of the database. */
  readonly url: string;
  readonly deps: ApiDeps;
  readonly platform: Caller;
  readonly operator: Caller;
  readonly nobody: Caller;
  as(credential: string): Caller;
  customer(id: string): Promise<Caller>;
  close(): Promise<void>;
};

export const ACME = {
  name: 'Acme',
  email: 'a@acme.example',
  locale: 'de',
  timeZone: 'Europe/Berlin',
  country: 'DE',
  plan: 'scale',
} as const;

/** Builds the real API on a database of its own; only Stripe is played, by `changes.customers` if need be. */
export async function startTestApi(changes: Partial<ApiDeps> = {}): Promise<TestApi> {
  const database = await createTestDatabase();
  const logger = pino({ level: 'silent' });
  const db = connect(database.url, { max: 4, applicationName: 'api-test', log: logger });
  const deps: ApiDeps = { ...compose(db), logger, ...changes };
  const keys = createKeys(db);
  await keys.store(PLATFORM_KEY, 'platform', 'test');
  await keys.store(OPERATOR_KEY, 'operator', 'test');
  const app = await buildApp(deps);
  const as = (credential: string) => callerOf(app, { authorization: `Bearer ${credential}` });
  return {
    app,
    db,
    url: database.url,
    deps,
    platform: as(PLATFORM_KEY),
    operator: as(OPERATOR_KEY),
    nobody: callerOf(app, {}),
    as,
    customer: async (id) => as((await deps.tokens.issue(accountId(id))).token),
    async close() {
      await app.close();
      await db.end();
      await database.drop();
    },
  };
}

function compose(db: Database): Omit<ApiDeps, 'logger'> {
  return {
    accounts: createAccounts(db, POLICY),
    ledger: createLedger(db, POLICY),
    settings: createSettings(db),
    holds: createHolds(db, POLICY),
    topUps: createTopUps(db, POLICY),
    notifications: createNotifications(db, POLICY),
    emailPreferences: createEmailPreferences(db),
    insights: createInsights(db, POLICY),
    operator: createOperator(db, POLICY),
    audit: createAudit(db),
    links: createOperatorLinks({
      STRIPE_SECRET_KEY: 'sk_test_x',
      STRIPE_API_BASE: 'https://api.stripe.com',
      TEMPORAL_UI_URL: 'https://temporal.example/',
      TEMPORAL_NAMESPACE: 'prod',
    }),
    keys: createKeys(db),
    sessions: createOperatorSessions(TOKEN_SECRET, { keys: createKeys(db), withOidc: false }),
    oidc: null,
    desk: createOperatorDesk(db, POLICY),
    mails: createOperatorMails(db),
    wakes: createWakes(db),
    workflows: { read: async () => ({ status: 'unreachable' }) },
    reconciliations: createReconciliations(db, POLICY),
    refunds: createRefundRequests(db),
    changes: createChangeReader(db),
    customers: { ensureCustomer: async (profile) => ({ customerId: `cus_${profile.accountId}` }) },
    purchases: createPurchases(db, POLICY),
    pages: {
      createCheckout: async ({ topUpId }) => openPage(topUpId),
      expireCheckout: async (sessionId) => ({ sessionId, url: null, status: 'expired' }),
      openCardPage: async () => ({ url: `${PAGES}/card`, expiresAtMs: Date.now() + 60_000 }),
      openProfilePage: async () => ({ url: `${PAGES}/profile` }),
    },
    tokens: createTokens(TOKEN_SECRET),
    stripe: { webhooks: createStripeWebhookVerifier(WEBHOOK_SECRETS), events: createWebhookEvents(db) },
    postmark: { ...POSTMARK, reports: createDeliveryReports(db) },
    webhookDeliveries: createWebhookDeliveries(db),
    readiness: { database: async () => void (await db.sql`select 1`), temporal: null },
    web: { folder: '/nowhere', frameAncestors: [] },
    policy: POLICY,
    limits: LIMITS,
    trustedProxies: [],
    publicUrl: 'https://top-up.example',
  };
}

const PAGES = 'https://pages.example';

function openPage(topUpId: string): CheckoutReading {
  return { sessionId: `cs_${topUpId}`, url: `${PAGES}/${topUpId}`, status: 'open' };
}

function callerOf(app: FastifyInstance, credential: Record<string, string>): Caller {
  return async (method, url, body, headers = {}) => {
    const response = await app.inject({
      method,
      url,
      headers: { ...credential, ...headers },
      ...(body === undefined ? {} : { payload: body }),
    });
    const type = (response.headers['content-type'] ?? '').split(';', 1)[0] ?? '';
    return {
      status: response.statusCode,
      type,
      headers: response.headers,
      body: type.endsWith('json') ? response.json() : response.body,
    };
  };
}
