import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BERLIN, submitPage, VIENNA, VISA } from '../support/checkout-page.ts';
import { eventually } from '../support/eventually.ts';
import {
  chat,
  createExampleAccount,
  makeCardBehaveAs,
  type ExampleAccount,
  type LedgerItem,
  type TopUpItem,
} from '../support/example-account.ts';
import { startStack, type Stack } from '../support/stack.ts';

const SOON = { timeoutMs: 20_000, pauseMs: 100 };
const CHAT = { wallet: 'chat_credits', amount: 10 } as const;

type Bought = TopUpItem & { actionUrl: string | null; code?: string; topUpId?: string };

describe('purchases by hand, through HTTP only', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack();
  });
  afterAll(() => stack.stop());

  const buy = async (account: ExampleAccount, body: Record<string, unknown>, key: string = randomUUID()) => {
    const path = `/v1/accounts/${account.id}/top-ups`;
    const answer = await stack.call('POST', path, body, { 'idempotency-key': key });
    return { status: answer.status, body: answer.body as Bought };
  };
  const withSavedCard = async (paymentMethod?: string): Promise<ExampleAccount> => {
    const account = await createExampleAccount(stack, paymentMethod === undefined ? {} : { paymentMethod });
    await eventually(async () => expect((await readCard(account)) !== null).toBe(true), SOON);
    return account;
  };
  const readCard = async (account: ExampleAccount) => {
    const view = (await account.read()) as unknown as { paymentMethod: { last4: string } | null };
    return view.paymentMethod;
  };
  const credits = async (account: ExampleAccount) =>
    (await account.list<LedgerItem>('ledger')).filter(({ kind }) => kind === 'top_up');
  const succeeded = async (account: ExampleAccount) => {
    const { stripeCustomerId: customer } = await account.read();
    const intents = await stack.stripe.paymentIntents.list({ customer });
    return intents.data.filter(({ status }) => status === 'succeeded');
  };
  const tags = async (account: ExampleAccount) =>
    (await stack.mails(account.email)).map((mail) => mail.Tag).sort();
  const states = async (account: ExampleAccount) =>
    (await account.list<TopUpItem & { trigger: string }>('top-ups')).map(
      ({ trigger, state }) => `${trigger} ${state}`,
    );

  it('the saved card is charged once: one invoice, one credit, one mail', async () => {
    const account = await withSavedCard();
    const { status, body } = await buy(account, { wallet: 'call_minutes', amount: 50 });
    expect({ status, body }).toMatchObject({
      status: 201,
      body: { trigger: 'manual', state: 'pending', amount: 50, units: 454, actionUrl: null },
    });
    await eventually(async () => expect(await tags(account)).toEqual(['top_up.succeeded']), SOON);
    expect(await account.list<TopUpItem>('top-ups')).toMatchObject([
      { id: body.id, state: 'credited', vat: 9.5, total: 59.5 },
    ]);
    expect((await account.read()).wallets['call_minutes']?.balance).toBe(454);
    expect(await succeeded(account)).toHaveLength(1);
    expect(await credits(account)).toHaveLength(1);
  });

  it('a double click is one purchase, and two tabs are one purchase and a 409', async () => {
    const account = await withSavedCard();
    const key = randomUUID();
    const clicks = await Promise.all([buy(account, CHAT, key), buy(account, CHAT, key), buy(account, CHAT)]);
    const begun = clicks.filter(({ status }) => status === 201).map(({ body }) => body.id);
    expect(new Set(begun).size).toBe(1);
    for (const { body } of clicks.filter(({ status }) => status !== 201)) {
      expect(body).toMatchObject({ code: 'top_up_in_flight', topUpId: begun[0] });
    }
    await eventually(async () => expect(await states(account)).toEqual(['manual credited']), SOON);
    expect(await succeeded(account)).toHaveLength(1);
  });

  it('a declined card ends a purchase at once, and suspends nothing', async () => {
    const account = await withSavedCard();
    await makeCardBehaveAs(stack, account, '4000000000009987');
    await account.enable('chat_credits', { topUpBelow: 0, alertBelow: 0 });
    await buy(account, CHAT);
    await eventually(async () => expect(await tags(account)).toEqual(['top_up.failed']), SOON);
    expect(await states(account)).toEqual(['manual failed']);
    expect((await account.read()).wallets['chat_credits']?.autoTopUp.state).toBe('armed');
  });

  it('the payment page takes address and tax id: a business abroad pays without VAT, and is credited once', async () => {
    const account = await createExampleAccount(stack, { paymentMethod: null });
    const { status, body } = await buy(account, { ...CHAT, method: 'checkout' });
    expect({ status, body }).toMatchObject({ status: 201, body: { state: 'action_required' } });
    const leadsTo = await submitPage(body.actionUrl!, { ...VIENNA, ...VISA, tax_id: 'ATU12345678' });
    expect(leadsTo).toBe(`${stack.apiUrl}/credits?done=payment&topUp=${body.id}`);
    await eventually(async () => expect(await tags(account)).toEqual(['top_up.succeeded']), SOON);
    expect(await account.list<TopUpItem>('top-ups')).toMatchObject([
      { id: body.id, state: 'credited', amount: 10, vat: 0, total: 10, units: 1_285 },
    ]);
    const [receipt] = await stack.mails(account.email);
    expect(receipt?.TextBody).toMatch(/Reverse|Steuerschuldnerschaft/i);
    expect(await credits(account)).toMatchObject([{ units: 1_285 }]);
    // The card that paid is saved.
    await eventually(async () => expect(await readCard(account)).toMatchObject({ last4: '4242' }), SOON);
  });

  it('at home, VAT is added on the payment page', async () => {
    const account = await createExampleAccount(stack, { paymentMethod: null });
    const { body } = await buy(account, { ...CHAT, method: 'checkout' });
    await submitPage(body.actionUrl!, { ...BERLIN, ...VISA });
    await eventually(async () => expect(await states(account)).toEqual(['manual credited']), SOON);
    expect(await account.list<TopUpItem>('top-ups')).toMatchObject([{ amount: 10, vat: 1.9, total: 11.9 }]);
  });

  it('while the payment page is open, another purchase is led to it', async () => {
    const account = await withSavedCard();
    const key = randomUUID();
    const first = await buy(account, { ...CHAT, method: 'checkout' }, key);
    const second = await buy(account, CHAT);
    expect(second).toMatchObject({
      status: 409,
      body: { code: 'top_up_in_flight', topUpId: first.body.id, actionUrl: first.body.actionUrl },
    });
    const again = await buy(account, { ...CHAT, method: 'checkout' }, key);
    expect(again).toMatchObject({ status: 201, body: { actionUrl: first.body.actionUrl } });
  });

  it('an abandoned payment page gives way to an automatic charge: nothing is paid twice', async () => {
    const account = await withSavedCard();
    await account.grant('chat_credits', 120);
    await account.enable('chat_credits');
    const { body } = await buy(account, { ...CHAT, method: 'checkout' });
    await account.use([chat(80)]);
    await eventually(async () => {
      expect(await states(account)).toEqual(['auto credited', 'manual canceled']);
    }, SOON);
    expect(await submitPage(body.actionUrl!, { ...BERLIN, ...VISA })).toMatch(/^\/checkout\//);
    expect(await succeeded(account)).toHaveLength(1);
    await eventually(async () => {
      expect(await tags(account)).toEqual(['balance.alert', 'top_up.succeeded']);
    }, SOON);
  });

  it('a page that is paid while an automatic charge is decided is the top-up: one payment', async () => {
    const account = await withSavedCard();
    await account.grant('chat_credits', 120);
    await account.enable('chat_credits');
    const { body } = await buy(account, { ...CHAT, method: 'checkout' });
    await Promise.all([account.use([chat(80)]), submitPage(body.actionUrl!, { ...BERLIN, ...VISA })]);
    await eventually(async () => {
      expect((await account.read()).wallets['chat_credits']?.balance).toBe(1_325);
      expect((await states(account)).filter((each) => each.endsWith('credited'))).toHaveLength(1);
    }, SOON);
    expect(await succeeded(account)).toHaveLength(1);
    expect(await credits(account)).toHaveLength(1);
  });

  it('a page that expires cancels the purchase, and nobody is written to', async () => {
    const account = await createExampleAccount(stack, { paymentMethod: null });
    await buy(account, { ...CHAT, method: 'checkout' });
    const { stripeCustomerId: customer } = await account.read();
    const [session] = (await stack.stripe.checkout.sessions.list({ customer })).data;
    await stack.stripe.checkout.sessions.expire(session!.id);
    await eventually(async () => expect(await states(account)).toEqual(['manual canceled']), SOON);
    expect(await tags(account)).toEqual([]);
    // The wallet is free again.
    expect((await buy(account, { ...CHAT, method: 'checkout' })).status).toBe(201);
  });

  it("a card saved on Stripe's page is the one that is charged", async () => {
    const account = await withSavedCard();
    const path = `/v1/accounts/${account.id}/payment-method`;
    const { status, body } = await stack.call('POST', path, {});
    expect({ status, body }).toMatchObject({
      status: 201,
      body: { expiresAt: expect.any(String) as string },
    });
    const mastercard = { ...VISA, number: '5555 5555 5555 4444' };
    await submitPage((body as { url: string }).url, { ...BERLIN, ...mastercard });
    await eventually(async () => expect(await readCard(account)).toMatchObject({ last4: '4444' }), SOON);
    // A default that is chosen afterwards stays.
    const { stripeCustomerId: customer } = await account.read();
    const visa = await stack.stripe.paymentMethods.attach('pm_card_visa', { customer });
    await stack.stripe.customers.update(customer, {
      invoice_settings: { default_payment_method: visa.id },
    });
    await eventually(async () => expect(await readCard(account)).toMatchObject({ last4: '4242' }), SOON);
    const profile = await stack.call('POST', path, { for: 'profile' });
    const page = await fetch((profile.body as { url: string }).url);
    expect(page.status).toBe(200);
  });
});
