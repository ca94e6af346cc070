import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import {
  chat,
  createExampleAccount,
  makeCardBehaveAs,
  type ExampleAccount,
  type TopUpItem,
} from '../support/example-account.ts';
import { startStack, type Stack } from '../support/stack.ts';
import { startStoppableTemporal, type StoppableTemporal } from '../support/stoppable-temporal.ts';

const IN_THE_END = { timeoutMs: 60_000, pauseMs: 200 };
const INSUFFICIENT_FUNDS = '4000000000009995';
const LOST_CARD = '4000000000009987';
const VISA = '4242424242424242';

type Act = { effect: string; topUp: { id: string; state: string } };

describe('an operator', () => {
  let stack: Stack;
  let temporal: StoppableTemporal;

  beforeAll(async () => {
    temporal = await startStoppableTemporal();
    stack = await startStack({ temporalAddress: temporal.address });
  });
  afterAll(async () => {
    await stack.stop();
    await temporal.remove();
  });

  async function act(
    path: string,
    key: string = crypto.randomUUID(),
  ): Promise<{ status: number; body: Act }> {
    const response = await fetch(`${stack.apiUrl}/v1/operator/${path}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${stack.operatorKey}`,
        'content-type': 'application/json',
        'idempotency-key': key,
      },
      body: JSON.stringify({ reason: 'The customer called.' }),
    });
    return { status: response.status, body: (await response.json()) as Act };
  }

  /** An account whose chat credits fall below the top-up value with a card that behaves as the number says. */
  async function accountBelow(number: string): Promise<ExampleAccount> {
    const account = await createExampleAccount(stack);
    await makeCardBehaveAs(stack, account, number);
    await account.grant('chat_credits', 60);
    await account.enable('chat_credits');
    await account.use([chat(20)]);
    return account;
  }

  async function topUpIn(account: ExampleAccount, state: string): Promise<TopUpItem> {
    return eventually(async () => {
      const found = (await account.list<TopUpItem>('top-ups')).find((topUp) => topUp.state === state);
      if (found === undefined) throw new Error(`no top-up is ${state}`);
      return found;
    }, IN_THE_END);
  }

  async function balanceIs(account: ExampleAccount, balance: number): Promise<void> {
    await eventually(async () => {
      expect((await account.read()).wallets['chat_credits']?.balance).toBe(balance);
    }, IN_THE_END);
  }

  async function paymentsOf(account: ExampleAccount) {
    const { stripeCustomerId: customer } = await account.read();
    const intents = await stack.stripe.paymentIntents.list({ customer });
    return {
      customer,
      succeeded: intents.data.filter(({ status }) => status === 'succeeded'),
      all: intents.data,
    };
  }

  async function switchOn(control: Record<string, unknown>): Promise<void> {
    await post(`${stack.stripeUrl}/sandbox/switches`, control);
  }

  it('hastens a charge that waits to be tried again', { timeout: 120_000 }, async () => {
    const account = await accountBelow(INSUFFICIENT_FUNDS);
    const { id } = await topUpIn(account, 'retrying');
    await makeCardBehaveAs(stack, account, VISA);
    expect(await act(`top-ups/${id}/retry`)).toMatchObject({ status: 202, body: { effect: 'hastened' } });
    await balanceIs(account, 1_325);
    expect(await account.list<TopUpItem>('top-ups')).toMatchObject([{ id, state: 'credited', attempts: 2 }]);
    expect((await paymentsOf(account)).succeeded).toHaveLength(1);
  });

  it('retries an unknown charge that was really paid: credited, charged once', {
    timeout: 120_000,
  }, async () => {
    const account = await createExampleAccount(stack);
    const { customer } = await paymentsOf(account);
    await switchOn({ kind: 'processing', customer, count: 1 });
    await account.grant('chat_credits', 60);
    await account.enable('chat_credits');
    await account.use([chat(20)]);
    const { id } = await topUpIn(account, 'unknown');
    // The bank pays, and nobody tells: the next look-up by itself is minutes away.
    await switchOn({ kind: 'webhooks_off', customer });
    const [intent] = (await paymentsOf(account)).all;
    await post(`${stack.stripeUrl}/sandbox/payment-intents/${intent?.id}/settle`, { outcome: 'succeeded' });
    expect(await act(`top-ups/${id}/retry`)).toMatchObject({ status: 202, body: { effect: 'looked_up' } });
    await balanceIs(account, 1_325);
    expect((await paymentsOf(account)).all).toMatchObject([{ status: 'succeeded' }]);
    expect(await account.list<TopUpItem>('top-ups')).toMatchObject([{ id, state: 'credited' }]);
  });

  it('cancels a charge that waits to be tried again: its invoice is void, and suspended, no other follows', {
    timeout: 120_000,
  }, async () => {
    const account = await accountBelow(INSUFFICIENT_FUNDS);
    const { id } = await topUpIn(account, 'retrying');
    await act(`accounts/${account.id}/suspend`);
    expect((await act(`top-ups/${id}/cancel`)).status).toBe(202);
    await topUpIn(account, 'canceled');
    const { customer, succeeded } = await paymentsOf(account);
    const invoices = await stack.stripe.invoices.list({ customer });
    expect(invoices.data.map(({ status }) => status)).toEqual(['void']);
    expect(succeeded).toEqual([]);
    expect(await account.list<TopUpItem>('top-ups')).toMatchObject([
      { id, state: 'canceled', failure: null },
    ]);
  });

  it('cancels a charge that was paid in the same moment: it is credited', { timeout: 120_000 }, async () => {
    const account = await createExampleAccount(stack, { paymentMethod: 'pm_card_authenticationRequired' });
    const { customer } = await paymentsOf(account);
    // Not even of what comes before the payment: told late, it would have the payment found.
    await switchOn({ kind: 'webhooks_off', customer });
    await account.grant('chat_credits', 60);
    await account.enable('chat_credits');
    await account.use([chat(20)]);
    const { id } = await topUpIn(account, 'action_required');
    const [invoice] = (await stack.stripe.invoices.list({ customer })).data;
    // The customer takes another card on the invoice's page.
    await fetch(invoice?.hosted_invoice_url ?? '', {
      method: 'POST',
      body: new URLSearchParams({ number: '4242 4242 4242 4242', expiry: '12 / 34', cvc: '123' }),
      redirect: 'manual',
    });
    expect((await paymentsOf(account)).succeeded).toHaveLength(1);
    expect((await act(`top-ups/${id}/cancel`)).body.effect).toBe('cancel_requested');
    await balanceIs(account, 1_325);
    expect(await account.list<TopUpItem>('top-ups')).toMatchObject([{ id, state: 'credited' }]);
    expect((await paymentsOf(account)).succeeded).toHaveLength(1);
  });

  it('suspends an account and resumes it: the want is served at once, and both are told once', {
    timeout: 120_000,
  }, async () => {
    const account = await createExampleAccount(stack);
    await account.grant('chat_credits', 60);
    await account.enable('chat_credits');
    await act(`accounts/${account.id}/suspend`);
    await account.use([chat(20)]);
    const tagsAre = (expected: string[]) =>
      eventually(async () => {
        const kinds = await account.list<{ kind: string }>('notifications');
        expect(kinds.map(({ kind }) => kind).sort()).toEqual(expected);
      }, IN_THE_END);
    await tagsAre(['auto_top_up.suspended', 'balance.alert']);
    expect(await account.list<TopUpItem>('top-ups')).toEqual([]);
    await act(`accounts/${account.id}/resume`);
    await balanceIs(account, 1_325);
    await tagsAre(['auto_top_up.resumed', 'auto_top_up.suspended', 'balance.alert', 'top_up.succeeded']);
    await eventually(async () => {
      const tags = (await stack.mails(account.email)).map((mail) => mail.Tag).sort();
      expect(tags).toEqual([
        'auto_top_up.resumed',
        'auto_top_up.suspended',
        'balance.alert',
        'top_up.succeeded',
      ]);
    }, IN_THE_END);
  });

  it('retries a failed charge while Temporal is away: done when it is back, one payment', {
    timeout: 180_000,
  }, async () => {
    const account = await accountBelow(LOST_CARD);
    const { id } = await topUpIn(account, 'failed');
    await makeCardBehaveAs(stack, account, VISA);
    await temporal.stop();
    const key = crypto.randomUUID();
    const [one, other] = await Promise.all([
      act(`top-ups/${id}/retry`, key),
      act(`top-ups/${id}/retry`, key),
    ]);
    expect(one).toMatchObject({ status: 202, body: { effect: 'new_top_up' } });
    expect(other).toEqual(one);
    expect(await act(`top-ups/${id}/retry`)).toMatchObject({ status: 409 });
    expect((await paymentsOf(account)).succeeded).toEqual([]);

    await temporal.start();
    await balanceIs(account, 1_325);
    expect((await paymentsOf(account)).succeeded).toHaveLength(1);
    expect(await account.list<TopUpItem>('top-ups')).toMatchObject([
      { id: one.body.topUp.id, state: 'credited', trigger: 'operator', attempts: 1 },
      { id, state: 'failed' },
    ]);
  });
});

async function post(url: string, body: Record<string, unknown>): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(response.status).toBeLessThan(300);
}
