import { randomUUID } from 'node:crypto';
import { createStripePayments } from '../../../activities/adapters/stripe-payments.ts';
import type { AccountProfile, InvoiceReading, Payments } from '../../../activities/ports.ts';
import { startStripeSandbox, type StripeSandbox } from '../../../dev/stripe-sandbox/server.ts';
import { accountId, topUpId } from '../../../domain/ids.ts';
import { cents, CURRENCY } from '../../../domain/money.ts';
import { fromWholeUnits } from '../../../domain/quantities.ts';
import type { TopUp } from '../../../domain/top-up.ts';
import { startWire, type Wire } from './stripe-wire.ts';

/** The adapter in front of the Stripe sandbox, with a line between them. */
export type Stage = {
  readonly payments: Payments;
  readonly wire: Wire;
  /** Posts to Stripe's API as another client would; the answer must be a success. */
  post(path: string, params: Record<string, string>): Promise<Record<string, unknown>>;
  remove(path: string): Promise<void>;
  /** Calls one of the sandbox's own controls. */
  control(path: string, body: object, method?: 'POST' | 'PUT'): Promise<void>;
  state(customerId: string): Promise<SandboxState>;
  /** How often the switches of this customer have struck. */
  strikes(customerId: string): Promise<number>;
  /** A customer in Germany with this test card saved as the default. */
  customerWith(card: string): Promise<{ customerId: string; paymentMethodId: string }>;
  close(): Promise<void>;
};

export type SandboxState = {
  invoices: { id: string; status: string; amount_paid: number; lines: { data: unknown[] } }[];
  charges: { status: string; amount: number }[];
  customers: Record<string, unknown>[];
};

export async function startStage(timeoutMs = 3_000): Promise<Stage> {
  const sandbox = await startStripeSandbox({ port: 0 });
  const wire = await startWire(sandbox.url);
  const payments = createStripePayments({ secretKey: 'sk_test_stage', apiBase: wire.url, timeoutMs });
  const post = (path: string, params: Record<string, string>) => postTo(sandbox, path, params);
  return {
    payments,
    wire,
    post,
    async remove(path) {
      await answerOf(sandbox, `/v1${path}`, { method: 'DELETE' });
    },
    async control(path, body, method = 'POST') {
      const headers = { 'content-type': 'application/json' };
      await answerOf(sandbox, `/sandbox${path}`, { method, headers, body: JSON.stringify(body) });
    },
    async state(customerId) {
      const answer = await answerOf(sandbox, `/sandbox/state?customer=${customerId}`, {});
      return answer as SandboxState;
    },
    async strikes(customerId) {
      const { items } = await answerOf(sandbox, '/sandbox/switches', {});
      return (items as { customer?: string; struck: number }[])
        .filter(({ customer }) => customer === customerId)
        .reduce((sum, { struck }) => sum + struck, 0);
    },
    async customerWith(card) {
      const { customerId } = await payments.ensureCustomer(profile());
      const method = await post(`/payment_methods/${card}/attach`, { customer: customerId });
      const paymentMethodId = String(method['id']);
      await post(`/customers/${customerId}`, { 'invoice_settings[default_payment_method]': paymentMethodId });
      return { customerId, paymentMethodId };
    },
    async close() {
      await wire.close();
      await sandbox.stop();
    },
  };
}

export function profile(changes: Partial<AccountProfile> = {}): AccountProfile {
  const id = randomUUID();
  return {
    accountId: accountId(`acc_${id}`),
    name: 'Acme GmbH',
    email: `${id}@acme.example`,
    locale: 'de',
    timeZone: 'Europe/Berlin',
    country: 'DE',
    customerId: null,
    ...changes,
  };
}

/** A top-up of 454 call minutes for 50 €, as the database has it. */
export function topUp(changes: Partial<TopUp> = {}): TopUp {
  return {
    topUpId: topUpId('call_minutes', randomUUID()),
    accountId: accountId('acc_stage'),
    wallet: 'call_minutes',
    trigger: 'auto',
    amountCents: cents(50_00),
    currency: CURRENCY,
    units: 454,
    quantity: fromWholeUnits('call_minutes', 454),
    warrant: null,
    state: 'pending',
    attempt: 0,
    declines: 0,
    invoiceId: null,
    checkoutSessionId: null,
    customerId: null,
    paymentMethodId: null,
    failure: null,
    actionUrl: null,
    nextAttemptAtMs: null,
    createdAtMs: Date.now(),
    ...changes,
  };
}

/** Walks a top-up up to the open invoice, right before its payment. */
export async function openInvoice(
  { payments }: Stage,
  order: TopUp,
  customerId: string,
): Promise<InvoiceReading> {
  const { invoiceId } = await payments.createInvoice(order, customerId);
  await payments.addInvoiceItem(order, customerId, invoiceId);
  return payments.finalizeInvoice(order, invoiceId);
}

function postTo(
  sandbox: StripeSandbox,
  path: string,
  params: Record<string, string>,
): Promise<Record<string, unknown>> {
  const body = new URLSearchParams(params).toString();
  return answerOf(sandbox, `/v1${path}`, { method: 'POST', body });
}

async function answerOf(
  { url }: StripeSandbox,
  path: string,
  init: RequestInit,
): Promise<Record<string, unknown>> {
  const headers = new Headers(init.headers);
  headers.set('authorization', 'Bearer sk_test_stage');
  const response = await fetch(`${url}${path}`, { ...init, headers });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return response.status === 204 ? {} : ((await response.json()) as Record<string, unknown>);
}
