import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ACME, startTestApi, type TestApi } from './support/test-api.ts';

/** The examples of the design, word for word. */
describe('on the wire', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi();
    await api.platform('PUT', '/v1/accounts/acc_1', ACME);
  });
  afterAll(() => api.close());

  test('an account is made once and kept by the same request', async () => {
    const body = {
      name: 'Acme',
      email: 'a@acme.example',
      locale: 'de',
      timeZone: 'Europe/Berlin',
      country: 'DE',
      plan: 'scale',
    };
    const created = await api.platform('PUT', '/v1/accounts/acc_2', body);
    expect(created.status).toBe(201);
    expect(created.body).toMatchObject({ id: 'acc_2', plan: 'scale', stripeCustomerId: 'cus_acc_2' });
    const again = await api.platform('PUT', '/v1/accounts/acc_2', body);
    expect(again.status).toBe(200);
    expect(again.body).toEqual(created.body);
  });

  test('a grant is booked once', async () => {
    const grant = { id: 'g1', wallet: 'call_minutes', units: 30, reason: 'plan minutes' };
    const first = await api.platform('POST', '/v1/accounts/acc_1/grants', grant);
    expect(first).toMatchObject({ status: 201, body: { status: 'accepted', balance: 30 } });
    const again = await api.operator('POST', '/v1/accounts/acc_1/grants', grant);
    expect(again).toMatchObject({ status: 200, body: { status: 'duplicate', balance: 30 } });
    const other = await api.platform('POST', '/v1/accounts/acc_1/grants', { ...grant, units: 31 });
    expect(other).toMatchObject({ status: 409, type: 'application/problem+json' });
    const account = await api.platform('GET', '/v1/accounts/acc_1');
    expect(account.body.wallets.call_minutes.balance).toBe(30);
  });

  test('a hold is placed, and refused when there is too little', async () => {
    await api.platform('PUT', '/v1/accounts/acc_4', ACME);
    const grant = { id: 'g1', wallet: 'call_minutes', units: 12, reason: 'plan minutes' };
    await api.platform('POST', '/v1/accounts/acc_4/grants', grant);
    const hold = { wallet: 'call_minutes', source: 'campaign', seconds: 600, expiresInSeconds: 900 };
    const placed = await api.platform('POST', '/v1/accounts/acc_4/holds', hold);
    expect(placed.status).toBe(201);
    expect(Object.keys(placed.body).sort()).toEqual(['expiresAt', 'id']);
    const refused = await api.platform('POST', '/v1/accounts/acc_4/holds', hold);
    expect(refused).toMatchObject({
      status: 402,
      type: 'application/problem+json',
      body: { code: 'insufficient_balance', topUpPending: false, available: 2, required: 10 },
    });
    const event = { id: 'c1', account: 'acc_4', type: 'call', source: 'campaign', seconds: 60 };
    const usage = { ...event, occurredAt: '2026-11-22T10:00:00Z', hold: placed.body.id };
    await api.platform('POST', '/v1/usage', { events: [usage] });
    const { balance, held, available } = (await api.platform('GET', '/v1/accounts/acc_4')).body.wallets
      .call_minutes;
    expect({ balance, held, available }).toEqual({ balance: 11, held: 0, available: 11 });
  });

  test('usage is answered event by event', async () => {
    const event = { type: 'call', source: 'campaign', seconds: 90, occurredAt: '2026-11-22T10:00:00Z' };
    const { status, body } = await api.platform('POST', '/v1/usage', {
      events: [
        { id: 'c1', account: 'acc_1', ...event },
        { id: 'c2', account: 'nobody', ...event },
      ],
    });
    expect(status).toBe(200);
    expect(body).toEqual({
      results: [
        { id: 'c1', status: 'accepted' },
        { id: 'c2', status: 'rejected', reason: 'unknown_account' },
      ],
    });
  });

  test('the account shows both wallets with the state of auto top-up', async () => {
    await api.platform('PUT', '/v1/accounts/acc_3', ACME);
    await api.platform('POST', '/v1/accounts/acc_3/grants', {
      id: 'g1',
      wallet: 'call_minutes',
      units: 12.5,
      reason: 'plan minutes',
    });
    const { body } = await api.platform('GET', '/v1/accounts/acc_3');
    expect(body).toMatchObject({
      id: 'acc_3',
      plan: 'scale',
      stripeCustomerId: 'cus_acc_3',
      paymentMethod: null,
      wallets: {
        call_minutes: {
          balance: 12.5,
          held: 0,
          available: 12.5,
          autoTopUp: { state: 'off', reason: 'never_saved', nextWakeAt: null },
        },
        chat_credits: { balance: 0 },
      },
    });
    const customer = await api.customer('acc_3');
    const seen = await customer('GET', '/v1/accounts/acc_3');
    expect(seen.status).toBe(200);
    expect(seen.body).not.toHaveProperty('stripeCustomerId');
  });

  test('settings are saved with their version, quote and warnings', async () => {
    const choice = {
      enabled: true,
      alertBelow: 10,
      topUpBelow: 5,
      amount: 50,
      monthlyCap: null,
      topUpOnRefusal: true,
    };
    const customer = await api.customer('acc_1');
    const { status, body, headers } = await customer(
      'PUT',
      '/v1/accounts/acc_1/auto-top-up/call_minutes',
      choice,
    );
    expect(status).toBe(200);
    expect(headers['etag']).toBe('"1"');
    expect(body).toEqual({
      ...choice,
      version: 1,
      quote: { amount: 50, currency: 'EUR', units: 454, vatExcluded: true },
      warnings: [],
    });
    const read = await customer('GET', '/v1/accounts/acc_1/auto-top-up/call_minutes');
    expect(read.body).toEqual(body);
  });

  test('50 € buy 454 minutes and 10 € buy 1,285 credits', async () => {
    const calls = await api.platform('GET', '/v1/accounts/acc_1/quote?wallet=call_minutes&amount=50');
    expect(calls.body).toEqual({ amount: 50, currency: 'EUR', units: 454, vatExcluded: true });
    const chat = await api.platform('GET', '/v1/accounts/acc_1/quote?wallet=chat_credits&amount=10');
    expect(chat.body).toEqual({ amount: 10, currency: 'EUR', units: 1285, vatExcluded: true });
  });

  test('a session is a token, the page that takes it, and its end', async () => {
    const { status, body } = await api.platform('POST', '/v1/accounts/acc_1/sessions');
    expect(status).toBe(201);
    expect(Object.keys(body).sort()).toEqual(['expiresAt', 'token', 'url']);
    expect(body.url).toBe(`https://top-up.example/credits#token=${body.token}`);
    const lifeMs = Date.parse(body.expiresAt) - Date.now();
    expect(lifeMs).toBeGreaterThan(59 * 60_000);
    expect(lifeMs).toBeLessThanOrEqual(60 * 60_000);
    const own = await api.as(body.token)('GET', '/v1/accounts/acc_1');
    expect(own.status).toBe(200);
  });

  test('lists are pages with a cursor', async () => {
    for (const list of ['top-ups', 'notifications']) {
      const { body } = await api.platform('GET', `/v1/accounts/acc_1/${list}`);
      expect(body).toEqual({ items: [], next: null });
    }
  });
});
