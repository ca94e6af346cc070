import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import { createAccounts } from '../../db/accounts.ts';
import type { UsageEvent } from '../../db/book-usage.ts';
import { connect, type Database } from '../../db/connect.ts';
import { createHolds } from '../../db/holds.ts';
import { createLedger } from '../../db/ledger.ts';
import { createNotifications } from '../../db/notifications.ts';
import { createSettings } from '../../db/settings.ts';
import { createSweeper } from '../../db/sweep.ts';
import { createTopUps } from '../../db/top-ups.ts';
import { createWakes } from '../../db/wakes.ts';
import { createWebhookEvents } from '../../db/webhook-events.ts';
import { accountId, topUpId, type AccountId } from '../../domain/ids.ts';
import { cents } from '../../domain/money.ts';
import { POLICY, type Policy } from '../../domain/policy.ts';
import { quantity } from '../../domain/quantities.ts';
import type { SettingsChoice } from '../../domain/settings.ts';
import type { TopUpOrder } from '../../domain/top-up.ts';
import type { Wallet } from '../../domain/wallet.ts';
import { createTestDatabase } from '../support/database.ts';

export type TestStores = Awaited<ReturnType<typeof openStores>>;

/** A database of the test's own with every store on it. `owner` is the owner of the tables, for what the service
 *  may not do: moving rows into the past, breaking what an invariant guards. */
export async function openStores(policyChange: Partial<Policy> = {}) {
  const database = await createTestDatabase();
  const warnings: string[] = [];
  const open = (max: number): Database =>
    connect(database.url, {
      max,
      applicationName: 'test',
      log: { warn: (_details, message) => void warnings.push(message) },
    });
  const db = open(10);
  const owner = postgres(database.url, { max: 2, onnotice: () => undefined });
  const policy = { ...POLICY, ...policyChange };
  return {
    url: database.url,
    db,
    owner,
    policy,
    warnings,
    open,
    accounts: createAccounts(db, policy),
    ledger: createLedger(db, policy),
    settings: createSettings(db),
    holds: createHolds(db, policy),
    topUps: createTopUps(db, policy),
    notifications: createNotifications(db, policy),
    wakes: createWakes(db),
    sweeper: createSweeper(db, policy),
    webhookEvents: createWebhookEvents(db),
    close: async () => {
      await db.end();
      await owner.end();
      await database.drop();
    },
  };
}

/** Makes an account with a name of its own. */
export async function newAccount(
  { accounts }: Pick<TestStores, 'accounts'>,
  change: { timeZone?: string } = {},
): Promise<AccountId> {
  const id = accountId(`acc_${randomUUID()}`);
  await accounts.put({
    accountId: id,
    name: 'Acme',
    email: 'acme@example.com',
    locale: 'de',
    timeZone: 'Europe/Berlin',
    country: 'DE',
    plan: 'scale',
    ...change,
  });
  return id;
}

export function usage(id: AccountId, change: Partial<UsageEvent> = {}): UsageEvent {
  const event = {
    id: randomUUID(),
    accountId: id,
    wallet: 'call_minutes' as Wallet,
    quantity: quantity(10),
    source: 'outbound' as const,
    type: 'call',
    occurredAtMs: 1_750_000_000_000,
    ...change,
  };
  return { fingerprint: JSON.stringify([event.wallet, event.quantity, event.source]), ...event };
}

export async function grant(
  { ledger }: Pick<TestStores, 'ledger'>,
  id: AccountId,
  minor: number,
  wallet: Wallet = 'call_minutes',
): Promise<void> {
  const change = { grantId: randomUUID(), wallet, quantity: quantity(minor) };
  await ledger.grant({ accountId: id, ...change, reason: 'test', actor: 'test' });
}

/** Alert below 100, top up below 50, 1 € a time. */
export function choice(change: Partial<SettingsChoice> = {}): SettingsChoice {
  return {
    enabled: true,
    alertBelow: quantity(100),
    topUpBelow: quantity(50),
    amountCents: cents(100),
    monthlyCapCents: null,
    topUpOnRefusal: true,
    ...change,
  };
}

export function order(id: AccountId, change: Partial<TopUpOrder> = {}): TopUpOrder {
  const wallet = change.wallet ?? 'call_minutes';
  return {
    topUpId: topUpId(wallet, randomUUID()),
    accountId: id,
    wallet,
    trigger: 'auto',
    amountCents: cents(100),
    currency: 'EUR',
    units: 9,
    quantity: quantity(540_000),
    warrant: {
      balance: quantity(0),
      seq: 0,
      settingsVersion: 1,
      target: quantity(50),
      cause: 'campaign',
    },
    ...change,
  };
}

export const PAID_INVOICE = {
  invoiceId: 'in_1',
  netCents: cents(100),
  vatCents: cents(19),
  totalCents: cents(119),
  vatRate: '19.0',
  reverseCharge: false,
  number: 'A-1',
  hostedUrl: 'https://pay.example/in_1',
  pdfUrl: 'https://pay.example/in_1.pdf',
  paymentIntentId: 'pi_1',
};

/** Records an automatic top-up and pays it. */
export async function paidTopUp(stores: TestStores, id: AccountId, change: Partial<TopUpOrder> = {}) {
  const recorded = await stores.topUps.recordIntent(order(id, change));
  if (recorded.status !== 'recorded') throw new Error(`not recorded: ${recorded.reason}`);
  const { topUpId: paid } = recorded.topUp;
  await stores.topUps.beginAttempt(paid, 1, 'pm_1');
  await stores.topUps.markPaid(paid, { ...PAID_INVOICE, invoiceId: `in_${paid}` });
  return recorded.topUp;
}

/** Runs statements that the service may not run, past the triggers too. */
export async function asOwner(
  { owner }: Pick<TestStores, 'owner'>,
  statement: (sql: postgres.TransactionSql) => Promise<unknown>,
): Promise<void> {
  await owner.begin(async (sql) => {
    await sql`set local session_replication_role = replica`;
    await statement(sql);
  });
}
