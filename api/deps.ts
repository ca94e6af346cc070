import type { FastifyBaseLogger } from 'fastify';
import type { AccountsStore } from '../db/accounts.ts';
import type { AuditStore } from '../db/audit.ts';
import type { HoldStore } from '../db/holds.ts';
import type { EmailPreferences } from '../db/email-preferences.ts';
import type { Insights } from '../db/insights.ts';
import type { KeyStore } from '../db/keys.ts';
import type { LedgerStore } from '../db/ledger.ts';
import type { PurchaseStore } from '../db/purchases.ts';
import type { createNotifications } from '../db/notifications.ts';
import type { OperatorStore } from '../db/operator.ts';
import type { ReconciliationStore } from '../db/reconciliations.ts';
import type { RefundRequests } from '../db/refund-requests.ts';
import type { SettingsStore } from '../db/settings.ts';
import type { createTopUps } from '../db/top-ups.ts';
import type { WebhookDeliveries } from '../db/webhook-deliveries.ts';
import type { WebhookEvents } from '../db/webhook-events.ts';
import type { Policy } from '../domain/policy.ts';
import type { StripeWebhooks } from '../domain/provider-events.ts';
import type { PaymentPages } from '../activities/ports.ts';
import type { OperatorDesk } from '../db/operator-desk.ts';
import type { OperatorMails } from '../db/operator-mails.ts';
import type { WakesStore } from '../db/wakes.ts';
import type { AccountWorkflows, ChangeReader, CustomerMaker, DeliveryReports } from './ports.ts';
import type { OperatorLinks } from './operator-links.ts';
import type { OperatorOidc } from './operator-oidc.ts';
import type { OperatorSessions } from './operator-sessions.ts';
import type { Tokens } from './tokens.ts';

/** Requests that one key or token may make in a minute at one instance, and other bounds. */
export type Limits = {
  platformPerMinute: number;
  operatorPerMinute: number;
  customerPerMinute: number;
  /** Wrong credentials from one address. */
  failuresPerMinute: number;
  streamsPerAccount: number;
  streams: number;
  /** Requests to report usage, which are bounded by what fits into the queue first. */
  usagePerMinute: number;
  /** How long a key that was found valid counts as valid without another look. */
  keyTrustMs: number;
  usage: UsageLimits;
  holds: HoldLimits;
};

export type UsageLimits = {
  /** Transactions at once, each of other accounts. */
  shards: number;
  /** Whether what waits for a locked wallet goes beside these, one of each shard. */
  hasPatientLane: boolean;
  /** The most events that requests share a transaction with. */
  groupEvents: number;
  /** Events that wait or are being booked, and bytes of bodies that have not been answered. */
  maxEvents: number;
  /** Of these, what one account, or all requests of several accounts together, may have. */
  maxLineEvents: number;
  /** How long events may wait for a wallet that somebody keeps locked: the first time, and by themselves. */
  lockTimeoutMs: { short: number; long: number };
  maxBytes: number;
  /** Mean delay of the event loop over a second. */
  maxDelayMs: number;
};

export type HoldLimits = {
  /** Transactions at once, each of another account. */
  most: number;
  /** Requests that may wait for their turn: of all accounts, and of one. */
  maxWaiting: number;
  maxWaitingOfLine: number;
};

export const LIMITS: Limits = {
  platformPerMinute: 60_000,
  operatorPerMinute: 1_200,
  customerPerMinute: 600,
  failuresPerMinute: 60,
  streamsPerAccount: 10,
  streams: 2_000,
  // 20,000 a second, more than one instance answers: a platform that sends its events one by one is slow, not wrong.
  usagePerMinute: 1_200_000,
  // One query instead of thousands; short enough for whoever revokes a key and waits for it to stop working.
  keyTrustMs: 2_000,
  usage: {
    // For a database with two cores. More make the groups smaller, so that each event costs more.
    shards: 2,
    hasPatientLane: true,
    // Half a batch: a small request never waits for a long transaction that others fill.
    groupEvents: 500,
    // About two seconds of work: whoever waits longer is better told to come again.
    maxEvents: 20_000,
    maxLineEvents: 10_000,
    // No transaction of the service is as long as that.
    lockTimeoutMs: { short: 1_000, long: 3_000 },
    // A hundred batches of a thousand usual events.
    maxBytes: 16 * 1024 * 1024,
    // Until then health checks and customers' pages are still answered quickly.
    maxDelayMs: 250,
  },
  holds: {
    // One account gains nothing from more than one: its wallet's lock lets them through one by one.
    most: 3,
    // Some seconds of work: a call that waits longer for its hold is better told to ask again.
    maxWaiting: 5_000,
    maxWaitingOfLine: 1_000,
  },
};

/** Everything that the API is composed of; `server.ts` makes the real ones. */
export type ApiDeps = {
  accounts: Pick<AccountsStore, 'put' | 'read' | 'overview' | 'saveCustomer'>;
  ledger: Pick<LedgerStore, 'ingest' | 'findLocked' | 'grant' | 'list'>;
  settings: SettingsStore;
  holds: HoldStore;
  topUps: Pick<ReturnType<typeof createTopUps>, 'list'>;
  notifications: Pick<ReturnType<typeof createNotifications>, 'list' | 'markRead' | 'markAllRead'>;
  emailPreferences: EmailPreferences;
  insights: Insights;
  operator: OperatorStore;
  audit: AuditStore;
  links: OperatorLinks;
  keys: Pick<KeyStore, 'authenticate' | 'isOperator' | 'useCode'>;
  sessions: OperatorSessions;
  /** null when operators sign in by key only. */
  oidc: OperatorOidc | null;
  desk: OperatorDesk;
  mails: OperatorMails;
  wakes: Pick<WakesStore, 'backlog'>;
  workflows: AccountWorkflows;
  reconciliations: Pick<ReconciliationStore, 'list' | 'standing'>;
  refunds: RefundRequests;
  changes: ChangeReader;
  customers: CustomerMaker;
  purchases: PurchaseStore;
  pages: Pick<PaymentPages, 'createCheckout' | 'expireCheckout' | 'openCardPage' | 'openProfilePage'>;
  tokens: Tokens;
  stripe: { webhooks: StripeWebhooks; events: Pick<WebhookEvents, 'recordStripeEvent'> };
  postmark: { user: string; passwords: readonly string[]; reports: DeliveryReports };
  webhookDeliveries: WebhookDeliveries;
  /** Each rejects when its part cannot be reached. */
  readiness: { database: () => Promise<void>; temporal: (() => Promise<void>) | null };
  /** The built pages, and the origins that may show the credits page in a frame. */
  web: { folder: string; frameAncestors: readonly string[] };
  policy: Policy;
  limits: Limits;
  /** Addresses and networks whose word is taken for whom they pass on a request. */
  trustedProxies: readonly string[];
  publicUrl: string;
  logger: FastifyBaseLogger;
};
