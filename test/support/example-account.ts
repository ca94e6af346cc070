import { expect } from 'vitest';
import { eventually } from './eventually.ts';
import { reportUsage } from './report-usage.ts';
import type { Stack } from './stack.ts';

export type Page<Item> = { items: Item[]; next: string | null };
export type TopUpItem = {
  id: string;
  wallet: string;
  state: string;
  amount: number;
  vat: number;
  total: number;
  units: number;
  invoiceNumber: string | null;
  invoicePdf: string | null;
  actionUrl: string | null;
  failure: string | null;
  attempts: number;
};
export type LedgerItem = { kind: string; wallet: string; balanceAfter: number; units: number };
export type AccountView = {
  stripeCustomerId: string;
  wallets: Record<
    string,
    { balance: number; autoTopUp: { state: string; reason: string | null; nextWakeAt: string | null } }
  >;
};

/** One customer of the platform, reached through HTTP only. */
export type ExampleAccount = {
  readonly id: string;
  readonly email: string;
  read(): Promise<AccountView>;
  list<Item>(what: 'top-ups' | 'ledger' | 'notifications'): Promise<Item[]>;
  grant(wallet: string, units: number): Promise<void>;
  use(events: readonly Record<string, unknown>[]): Promise<{ id: string; status: string }[]>;
  enable(wallet: 'call_minutes' | 'chat_credits', more?: Record<string, unknown>): Promise<void>;
};

/** Makes an account on the Scale plan whose customer at Stripe has a saved card.
 *  @param paymentMethod one of Stripe's test payment methods; null for a customer without a card. */
export async function createExampleAccount(
  stack: Stack,
  {
    paymentMethod = 'pm_card_visa',
    id = `acc_${crypto.randomUUID()}`,
    profile = {},
  }: {
    paymentMethod?: string | null;
    id?: string;
    profile?: { name?: string; locale?: string; country?: string; timeZone?: string };
  } = {},
): Promise<ExampleAccount> {
  const email = `${id}@customer.example`;
  const path = `/v1/accounts/${id}`;
  const ask = async <T>(method: string, to: string, body?: unknown): Promise<T> => {
    const answer = await stack.call(method, to, body);
    expect(answer).toMatchObject({ status: expect.toSatisfy((status: number) => status < 300) as number });
    return answer.body as T;
  };
  await ask('PUT', path, {
    name: 'Example GmbH',
    email,
    locale: 'de',
    timeZone: 'Europe/Berlin',
    country: 'DE',
    plan: 'scale',
    ...profile,
  });
  const account: ExampleAccount = {
    id,
    email,
    read: () => ask('GET', path),
    list: async <Item>(what: string) => (await ask<Page<Item>>('GET', `${path}/${what}?limit=100`)).items,
    grant: async (wallet, units) => {
      await ask('POST', `${path}/grants`, { id: crypto.randomUUID(), wallet, units, reason: 'plan' });
    },
    use: (events) =>
      reportUsage(
        stack,
        events.map((event) => ({ account: id, ...event })),
      ),
    enable: async (wallet, more = {}) => {
      const isCalls = wallet === 'call_minutes';
      await ask('PUT', `${path}/auto-top-up/${wallet}`, {
        enabled: true,
        alertBelow: isCalls ? 10 : 100,
        topUpBelow: isCalls ? 5 : 50,
        amount: isCalls ? 50 : 10,
        monthlyCap: null,
        topUpOnRefusal: true,
        ...more,
      });
    },
  };
  if (paymentMethod !== null) await saveCard(stack, account, paymentMethod);
  return account;
}

/** Attaches a card and makes it the default, as a customer does on Stripe's page. */
export async function saveCard(stack: Stack, account: ExampleAccount, paymentMethod: string): Promise<void> {
  const { stripeCustomerId: customer } = await eventually(async () => {
    const view = await account.read();
    expect(view.stripeCustomerId).toMatch(/^cus_/);
    return view;
  });
  const attached = await stack.stripe.paymentMethods.attach(paymentMethod, { customer });
  await stack.stripe.customers.update(customer, {
    invoice_settings: { default_payment_method: attached.id },
  });
}

/** Makes the saved card behave as one of Stripe's test numbers, as a card does that has been lost since. */
export async function makeCardBehaveAs(stack: Stack, account: ExampleAccount, number: string): Promise<void> {
  const { stripeCustomerId: customer } = await account.read();
  const [card] = (await stack.stripe.customers.listPaymentMethods(customer)).data;
  const response = await fetch(`${stack.stripeUrl}/sandbox/payment-methods/${card?.id}/behaves-as`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ number }),
  });
  expect(response.status).toBe(200);
}

/** Asks for a refund as an operator does. */
export async function refundByOperator(
  stack: Stack,
  topUpId: string,
  body: { reason: string; amount?: number },
): Promise<void> {
  const response = await fetch(`${stack.apiUrl}/v1/operator/top-ups/${topUpId}/refund`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${stack.operatorKey}`,
      'content-type': 'application/json',
      'idempotency-key': crypto.randomUUID(),
    },
    body: JSON.stringify(body),
  });
  expect(response.status).toBe(202);
}

let eventNumber = 0;

/** A call of a campaign; give `source` for another one. */
export function call(seconds: number, source: 'campaign' | 'inbound' | 'outbound' = 'campaign') {
  eventNumber += 1;
  return { id: `call_${eventNumber}`, type: 'call', source, seconds, occurredAt: new Date().toISOString() };
}

export function chat(credits: number) {
  eventNumber += 1;
  return { id: `chat_${eventNumber}`, type: 'ai_chat_reply', credits, occurredAt: new Date().toISOString() };
}
