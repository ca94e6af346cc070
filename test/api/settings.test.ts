import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ACME, startTestApi, type Caller, type TestApi } from './support/test-api.ts';

const CHOICE = {
  enabled: true,
  alertBelow: 10,
  topUpBelow: 5,
  amount: 50,
  monthlyCap: null,
  topUpOnRefusal: true,
};

describe('settings', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi();
  });
  afterAll(() => api.close());

  let url = '';
  let made = 0;
  let customer: Caller;
  beforeEach(async () => {
    made += 1;
    await api.platform('PUT', `/v1/accounts/acc_${made}`, ACME);
    customer = await api.customer(`acc_${made}`);
    url = `/v1/accounts/acc_${made}/auto-top-up/call_minutes`;
  });

  const save = (change: Record<string, unknown> = {}, headers: Record<string, string> = {}) =>
    customer('PUT', url, { ...CHOICE, ...change }, headers);

  test('before the first save there is a proposal, switched off, with version 0', async () => {
    const calls = await customer('GET', url);
    expect(calls.body).toMatchObject({
      enabled: false,
      alertBelow: 10,
      topUpBelow: 5,
      amount: 50,
      version: 0,
    });
    expect(calls.headers['etag']).toBe('"0"');
    const chat = await customer('GET', url.replace('call_minutes', 'chat_credits'));
    expect(chat.body).toMatchObject({
      enabled: false,
      alertBelow: 100,
      topUpBelow: 50,
      amount: 10,
      version: 0,
    });
  });

  test('a save that rests on an older version is refused and told the current one', async () => {
    expect((await save({}, { 'if-match': '"0"' })).status).toBe(200);
    expect((await save({ amount: 60 }, { 'if-match': '"1"' })).status).toBe(200);
    const stale = await save({ amount: 70 }, { 'if-match': '"1"' });
    expect(stale).toMatchObject({
      status: 412,
      type: 'application/problem+json',
      body: { code: 'stale_version', currentVersion: 2 },
    });
    expect(stale.headers['etag']).toBe('"2"');
    expect((await customer('GET', url)).body).toMatchObject({ amount: 60, version: 2 });
  });

  test('of two tabs that save at once, one wins and the other is told', async () => {
    const answers = await Promise.all([60, 70, 80].map((amount) => save({ amount }, { 'if-match': '"0"' })));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 412, 412]);
    const winner = answers.find(({ status }) => status === 200);
    expect((await customer('GET', url)).body).toEqual(winner?.body);
  });

  test('without If-Match the last save wins', async () => {
    await save();
    expect((await save({ amount: 60 })).body.version).toBe(2);
    expect((await save({ amount: 70 }, { 'if-match': '*' })).body.version).toBe(3);
  });

  test.each(['1', 'W/"1"', '"x"', '""', '"1", "2"'])('If-Match %s is no version', async (ifMatch) => {
    expect(await save({}, { 'if-match': ifMatch })).toMatchObject({
      status: 400,
      body: { errors: [{ path: 'header.if-match' }] },
    });
  });

  test('wallets keep their own settings', async () => {
    await save();
    expect((await customer('GET', url.replace('call_minutes', 'chat_credits'))).body.version).toBe(0);
  });

  test('an alert value that is not above the top-up value is saved with a warning', async () => {
    const { status, body } = await save({ alertBelow: 5 });
    expect(status).toBe(200);
    expect(body.warnings).toEqual([
      { code: 'alert_not_above_top_up', field: 'alertBelow', detail: expect.any(String) },
    ]);
  });

  test.each([
    ['alertBelow', -1],
    ['alertBelow', 1.2345],
    ['alertBelow', '10'],
    ['alertBelow', 10_000_001],
    ['topUpBelow', null],
    ['amount', 0],
    ['amount', 0.99],
    ['amount', 10_000.01],
    ['amount', 9.999],
    ['monthlyCap', -5],
    ['enabled', 'true'],
    ['topUpOnRefusal', 1],
    ['surprise', 1],
  ])('%s %j is refused by name', async (field, value) => {
    const { status, body } = await save({ [field]: value });
    expect(status).toBe(422);
    expect(body.errors).toEqual([{ path: field, detail: expect.any(String) }]);
    expect((await customer('GET', url)).body.version).toBe(0);
  });

  test('what is saved comes back to the last decimal', async () => {
    const choice = { alertBelow: 10.125, topUpBelow: 0.001, amount: 19.99, monthlyCap: 123.45 };
    expect((await save(choice)).body).toMatchObject(choice);
    expect((await customer('GET', url)).body).toMatchObject(choice);
  });

  test('a wallet that does not exist is not found', async () => {
    expect((await customer('GET', url.replace('call_minutes', 'fax_pages'))).status).toBe(404);
    expect((await api.platform('PUT', '/v1/accounts/nobody/auto-top-up/call_minutes', CHOICE)).status).toBe(
      404,
    );
  });

  test('a quote needs a wallet and an amount that could be charged', async () => {
    const quote = (query: string) => customer('GET', `${url.split('/auto')[0]}/quote?${query}`);
    expect((await quote('wallet=call_minutes&amount=0.5')).body.errors).toMatchObject([
      { path: 'query.amount' },
    ]);
    expect((await quote('wallet=call_minutes&amount=5e1')).body.errors).toMatchObject([
      { path: 'query.amount' },
    ]);
    expect((await quote('amount=50')).body.errors).toMatchObject([{ path: 'query.wallet' }]);
    expect((await quote('wallet=call_minutes&amount=50&amount=60')).status).toBe(422);
  });
});
