import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accountId } from '../../domain/ids.ts';
import { createStripePayments } from '../../activities/adapters/stripe-payments.ts';
import { startStripeSandbox, type StripeSandbox } from '../../dev/stripe-sandbox/server.ts';
import { ACME, startTestApi, type TestApi } from './support/test-api.ts';

const CHAT = { wallet: 'chat_credits', amount: 10 } as const;
const PAGE = { ...CHAT, method: 'checkout' } as const;
const CARD = {
  paymentMethodId: 'pm_1',
  fingerprint: 'f1',
  brand: 'visa',
  last4: '4242',
  expMonth: 1,
  expYear: 2040,
};

describe('buying by hand', () => {
  let api: TestApi;
  let sandbox: StripeSandbox;
  beforeAll(async () => {
    sandbox = await startStripeSandbox({ port: 0 });
    const pages = createStripePayments({ secretKey: 'sk_test_api', apiBase: sandbox.url });
    api = await startTestApi({ pages, customers: pages });
  });
  afterAll(async () => {
    await api.close();
    await sandbox.stop();
  });

  const newAccount = async (card: typeof CARD | null = CARD): Promise<string> => {
    const id = `acc_${randomUUID()}`;
    await api.platform('PUT', `/v1/accounts/${id}`, { ...ACME, email: `${id}@acme.example` });
    if (card !== null) {
      await api.db.sql`
        update accounts set payment_method_id = ${card.paymentMethodId}, card_fingerprint = ${card.fingerprint},
          card_brand = ${card.brand}, card_last4 = ${card.last4}, card_exp_month = ${card.expMonth},
          card_exp_year = ${card.expYear}
        where account_id = ${id}`;
    }
    return id;
  };
  const buy = (id: string, body: object, key: string = randomUUID(), caller = api.platform) =>
    caller('POST', `/v1/accounts/${id}/top-ups`, body, { 'idempotency-key': key });
  const rows = (id: string) =>
    api.db.sql`select top_up_id, state, units, checkout_session_id from top_ups where account_id = ${id}`;
  const sessionsOf = async (id: string) => {
    const { customerId } = (await api.deps.accounts.read(accountId(id)))!;
    const headers = { authorization: 'Bearer sk_test_api' };
    const answer = await fetch(`${sandbox.url}/v1/checkout/sessions?customer=${customerId}`, { headers });
    return ((await answer.json()) as { data: { id: string; status: string }[] }).data;
  };

  test('the price of the plan is frozen with the purchase, and the account is woken', async () => {
    const id = await newAccount();
    const before = await api.db.sql`select version from account_wakes where account_id = ${id}`;
    const { status, body } = await buy(id, CHAT, 'k1', await api.customer(id));
    expect({ status, body }).toMatchObject({
      status: 201,
      body: { state: 'pending', trigger: 'manual', amount: 10, units: 1_285 },
    });
    const [wake] = await api.db.sql`select version, refresh from account_wakes where account_id = ${id}`;
    expect(wake).toMatchObject({ version: Number(before[0]?.['version']) + 1 });
    expect(wake?.['refresh']).toContain('account');
  });

  test('the same key answers the same purchase as it is now, and nothing else may use it', async () => {
    const id = await newAccount();
    const first = await buy(id, CHAT, 'k1');
    await api.db.sql`update top_ups set state = 'charging' where account_id = ${id}`;
    const again = await buy(id, CHAT, 'k1');
    expect(again).toMatchObject({ status: 201, body: { id: first.body.id, state: 'charging' } });
    expect(await buy(id, { ...CHAT, amount: 20 }, 'k1')).toMatchObject({
      status: 409,
      body: { code: 'idempotency_conflict' },
    });
    expect(await rows(id)).toHaveLength(1);
    // The keys of one account are not those of another.
    expect((await buy(await newAccount(), { ...CHAT, amount: 20 }, 'k1')).status).toBe(201);
  });

  test('twenty tabs at once buy once: one 201, and the others are told of it', async () => {
    const id = await newAccount();
    const answers = await Promise.all(Array.from({ length: 20 }, () => buy(id, CHAT)));
    const begun = answers.filter(({ status }) => status === 201);
    expect(begun).toHaveLength(1);
    for (const { body } of answers.filter(({ status }) => status !== 201)) {
      expect(body).toMatchObject({ code: 'top_up_in_flight', topUpId: begun[0]?.body.id, state: 'pending' });
    }
    expect(await rows(id)).toHaveLength(1);
  });

  test('a refusal leaves the key free: with a card saved since, the same request buys', async () => {
    const id = await newAccount(null);
    expect(await buy(id, CHAT, 'k1')).toMatchObject({ status: 409, body: { code: 'no_payment_method' } });
    await api.db.sql`update accounts set payment_method_id = 'pm_1' where account_id = ${id}`;
    expect((await buy(id, CHAT, 'k1')).status).toBe(201);
  });

  test('a card that its bank has refused for good is not charged by hand either; a payment page is open to another', async () => {
    const id = await newAccount();
    await api.db.sql`
      update accounts set suspension_reason = 'hard_decline', suspended_at = now() where account_id = ${id}`;
    expect(await buy(id, CHAT)).toMatchObject({ status: 409, body: { code: 'no_payment_method' } });
    expect(await rows(id)).toEqual([]);
    expect((await buy(id, PAGE)).status).toBe(201);
  });

  test('while a charge waits to be tried again, its open invoice is where to pay it with another card', async () => {
    const id = await newAccount();
    const { body } = await buy(id, CHAT);
    await api.db.sql`
      update top_ups set state = 'retrying', invoice_url = 'https://invoice.example/1'
      where top_up_id = ${body.id}`;
    const actionUrl = 'https://invoice.example/1';
    const again = await buy(id, CHAT);
    expect(again).toMatchObject({ status: 409, body: { code: 'top_up_in_flight', actionUrl } });
    const list = await api.platform('GET', `/v1/accounts/${id}/top-ups`);
    expect(list.body.items).toMatchObject([{ state: 'retrying', actionUrl }]);
  });

  test('a payment page is opened once, however often and in parallel its request is sent', async () => {
    const id = await newAccount(null);
    const answers = await Promise.all(Array.from({ length: 5 }, () => buy(id, PAGE, 'k1')));
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201, 201]);
    expect(new Set(answers.map(({ body }) => body.actionUrl)).size).toBe(1);
    const [session, ...others] = await sessionsOf(id);
    expect(others).toEqual([]);
    expect(session).toMatchObject({ status: 'open' });
    expect(await rows(id)).toMatchObject([{ state: 'action_required', checkoutSessionId: session?.id }]);
  });

  test('a purchase that is closed while its page is made leaves no page that can be paid', async () => {
    const id = await newAccount(null);
    const { pages } = api.deps;
    const slow = await startWithPages({
      ...pages,
      createCheckout: async (topUp, ...rest) => {
        await slow.db.sql`update top_ups set state = 'canceled' where top_up_id = ${topUp.topUpId}`;
        return pages.createCheckout(topUp, ...rest);
      },
    });
    try {
      await slow.platform('PUT', `/v1/accounts/${id}`, { ...ACME, email: `${id}@slow.example` });
      const headers = { 'idempotency-key': 'k1' };
      const { body } = await slow.platform('POST', `/v1/accounts/${id}/top-ups`, PAGE, headers);
      expect(body).toMatchObject({ state: 'canceled', actionUrl: null });
      const { customerId } = (await slow.deps.accounts.read(accountId(id)))!;
      const found = await fetch(`${sandbox.url}/v1/checkout/sessions?customer=${customerId}`, {
        headers: { authorization: 'Bearer sk_test_api' },
      });
      expect(await found.json()).toMatchObject({ data: [{ status: 'expired' }] });
    } finally {
      await slow.close();
    }
  });

  test('without Stripe it answers 503 and keeps the purchase; the same key opens its page later', async () => {
    const id = await newAccount(null);
    await buyAgainAfterOutage(id);
    expect(await rows(id)).toHaveLength(1);
    expect(await sessionsOf(id)).toHaveLength(1);
  });

  async function buyAgainAfterOutage(id: string): Promise<void> {
    const { createCheckout } = api.deps.pages;
    api.deps.pages.createCheckout = () => Promise.reject(new Error('away'));
    const refused = await buy(id, PAGE, 'k1').finally(() => {
      api.deps.pages.createCheckout = createCheckout;
    });
    expect(refused).toMatchObject({ status: 503, body: { code: 'provider_unavailable' } });
    expect(await rows(id)).toMatchObject([{ state: 'action_required', checkoutSessionId: null }]);
    const again = await buy(id, PAGE, 'k1');
    expect(again.body.actionUrl).toMatch(/checkout/);
  }

  test('a purchase whose page was never made gives way to the next one, once its request is over', async () => {
    const id = await newAccount();
    const { createCheckout } = api.deps.pages;
    api.deps.pages.createCheckout = () => Promise.reject(new Error('away'));
    await buy(id, PAGE, 'k1').finally(() => {
      api.deps.pages.createCheckout = createCheckout;
    });
    expect((await buy(id, CHAT)).status).toBe(409);
    await api.db.sql`update top_ups set created_at = now() - interval '1 minute' where account_id = ${id}`;
    expect((await buy(id, CHAT)).status).toBe(201);
    expect((await rows(id)).map(({ state }) => state as string).sort()).toEqual(['canceled', 'pending']);
  });

  test.each([
    ['of another site', 'https://evil.example/credits'],
    ['that is no address of the web', 'javascript:alert(1)'],
    ['that only looks like ours', 'https://top-up.example.evil.example/'],
  ])('an address %s is not led to', async (_name, returnUrl) => {
    const id = await newAccount();
    expect(await buy(id, { ...PAGE, returnUrl })).toMatchObject({
      status: 422,
      body: { errors: [{ path: 'returnUrl' }] },
    });
    const page = await api.platform('POST', `/v1/accounts/${id}/payment-method`, { returnUrl });
    expect(page.status).toBe(422);
    expect(await rows(id)).toEqual([]);
  });

  test('a key is needed', async () => {
    const id = await newAccount();
    const answer = await api.platform('POST', `/v1/accounts/${id}/top-ups`, CHAT);
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ path: 'header.idempotency-key' }] } });
  });

  test('operators and other customers may not buy', async () => {
    const id = await newAccount();
    expect((await buy(id, CHAT, 'k', api.operator)).status).toBe(403);
    expect((await buy(id, CHAT, 'k', await api.customer(await newAccount()))).status).toBe(404);
  });

  test('who comes back from a page of the provider has the mark of what was done there', async () => {
    const id = await newAccount(null);
    const asked: { successUrl: string; cancelUrl: string }[] = [];
    const profiles: string[] = [];
    const spying = await startWithPages({
      ...api.deps.pages,
      createCheckout: (topUp, customer, pages) => {
        asked.push(pages);
        return api.deps.pages.createCheckout(topUp, customer, pages);
      },
      openCardPage: (customer, pages) => {
        asked.push(pages);
        return api.deps.pages.openCardPage(customer, pages);
      },
      openProfilePage: (customer, back) => {
        profiles.push(back);
        return api.deps.pages.openProfilePage(customer, back);
      },
    });
    const returnUrl = 'https://top-up.example/credits?from=settings';
    const cancelUrl = `${returnUrl}&done=canceled`;
    try {
      await spying.platform('PUT', `/v1/accounts/${id}`, { ...ACME, email: `${id}@acme.example` });
      const page = { ...PAGE, returnUrl };
      const bought = await buy(id, page, randomUUID(), spying.platform);
      await spying.platform('POST', `/v1/accounts/${id}/payment-method`, { returnUrl });
      await spying.platform('POST', `/v1/accounts/${id}/payment-method`, { for: 'profile', returnUrl });
      expect(asked).toEqual([
        { successUrl: `${returnUrl}&done=payment&topUp=${bought.body.id}`, cancelUrl },
        { successUrl: `${returnUrl}&done=card`, cancelUrl },
      ]);
      expect(profiles).toEqual([`${returnUrl}&done=billing`]);
    } finally {
      await spying.close();
    }
  });

  test("pages for a card and for the billing profile are Stripe's; without Stripe it answers 503", async () => {
    const id = await newAccount(null);
    const open = (body?: object) => api.platform('POST', `/v1/accounts/${id}/payment-method`, body);
    expect(await open()).toMatchObject({ status: 201, body: { expiresAt: expect.any(String) as string } });
    const returnUrl = 'https://top-up.example/credits?from=settings';
    expect(await open({ for: 'profile', returnUrl })).toMatchObject({ status: 201 });
    const { openProfilePage } = api.deps.pages;
    api.deps.pages.openProfilePage = () => Promise.reject(new Error('away'));
    const refused = await open({ for: 'profile' }).finally(() => {
      api.deps.pages.openProfilePage = openProfilePage;
    });
    expect(refused).toMatchObject({ status: 503, body: { code: 'provider_unavailable' } });
  });

  function startWithPages(pages: TestApi['deps']['pages']): Promise<TestApi> {
    return startTestApi({ pages, customers: api.deps.customers });
  }
});
