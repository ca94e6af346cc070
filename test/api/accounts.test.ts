import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ApiDeps } from '../../api/deps.ts';
import { ACME, startTestApi, type TestApi } from './support/test-api.ts';

describe('accounts', () => {
  let api: TestApi;
  let stripe: 'answers' | 'refuses' | 'hangs' = 'answers';
  let asked = 0;
  const customers: ApiDeps['customers'] = {
    ensureCustomer: ({ accountId }) => {
      asked += 1;
      if (stripe === 'refuses') return Promise.reject(new Error('Stripe is away'));
      if (stripe === 'hangs') return new Promise(() => undefined);
      return Promise.resolve({ customerId: `cus_${accountId}` });
    },
  };
  beforeAll(async () => {
    api = await startTestApi({ customers });
  });
  afterAll(() => api.close());

  const put = (id: string, change: Record<string, unknown> = {}) =>
    api.platform('PUT', `/v1/accounts/${id}`, { ...ACME, ...change });

  test('the customer at Stripe is made once, however often the account is saved', async () => {
    stripe = 'answers';
    await put('once');
    const before = asked;
    expect((await put('once', { name: 'New name' })).body).toMatchObject({
      name: 'New name',
      stripeCustomerId: 'cus_once',
    });
    expect(asked).toBe(before);
  });

  test.each(['refuses', 'hangs'] as const)(
    'while Stripe %s the account is saved, and its customer later',
    async (state) => {
      stripe = state;
      expect(await put(`while-it-${state}`)).toMatchObject({ status: 201, body: { stripeCustomerId: null } });
      stripe = 'answers';
      expect(await put(`while-it-${state}`)).toMatchObject({
        status: 200,
        body: { stripeCustomerId: `cus_while-it-${state}` },
      });
    },
  );

  test('a change of plan changes what an amount buys', async () => {
    await put('plan');
    const quote = () => api.platform('GET', '/v1/accounts/plan/quote?wallet=call_minutes&amount=50');
    expect((await quote()).body.units).toBe(454);
    await put('plan', { plan: 'flex' });
    expect((await quote()).body.units).toBe(100);
  });

  test.each([
    ['name', ''],
    ['name', 'x'.repeat(201)],
    ['name', 'a\u0000b'],
    ['email', 'no address'],
    ['email', 'a@b.example\r\nbcc: c@d.example'],
    ['locale', 'EN'],
    ['country', 'de'],
    ['plan', 'enterprise'],
    ['stripeCustomerId', 'cus_1'],
  ])('%s %j is refused by name, and nothing is made', async (field, value) => {
    const answer = await put('refused', { [field]: value });
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ path: field }] } });
    expect((await api.platform('GET', '/v1/accounts/refused')).status).toBe(404);
  });

  test('a time zone that means the opposite of what it says is refused by name', async () => {
    const answer = await put('opposite', { timeZone: 'UTC+5' });
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ path: 'timeZone' }] } });
    expect((await api.platform('GET', '/v1/accounts/opposite')).status).toBe(404);
  });

  test.each(['a b', 'ä', '.hidden', 'x'.repeat(65), 'a/b'])(
    '%j cannot be the id of an account',
    async (id) => {
      expect((await put(encodeURIComponent(id))).status).toBe(404);
    },
  );

  test('ten requests at once make one account', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => put('at-once')));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(9);
  });
});
