import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accountId } from '../../domain/ids.ts';
import { createAccounts } from '../../db/accounts.ts';
import { POLICY } from '../../domain/policy.ts';
import { ACME, startTestApi, type Caller, type TestApi } from './support/test-api.ts';

const CARD = {
  paymentMethodId: 'pm_1',
  fingerprint: 'fp_1',
  brand: 'visa',
  last4: '4242',
  expMonth: 12,
  expYear: 2030,
};
const CHAT = { enabled: true, alertBelow: 100, topUpBelow: 50, amount: 10 };

describe('a preview of settings', () => {
  let api: TestApi;
  let customer: Caller;
  beforeAll(async () => {
    api = await startTestApi();
    await api.platform('PUT', '/v1/accounts/acme', ACME);
    await api.platform('PUT', '/v1/accounts/vienna', { ...ACME, country: 'AT' });
    await createAccounts(api.db, POLICY).saveCard(accountId('acme'), CARD);
    const grant = { id: 'g1', wallet: 'chat_credits', units: 120, reason: 'plan credits' };
    await api.platform('POST', '/v1/accounts/acme/grants', grant);
    customer = await api.customer('acme');
    for (const [id, credits] of [
      ['s1', 30],
      ['s2', 60],
    ]) {
      const sms = { id, account: 'acme', type: 'sms', credits, occurredAt: '2026-11-22T10:00:00Z' };
      await api.platform('POST', '/v1/usage', { events: [sms] });
    }
  });
  afterAll(() => api.close());

  const preview = (body: object, wallet = 'chat_credits', account = 'acme') =>
    api.platform('POST', `/v1/accounts/${account}/auto-top-up/${wallet}/preview`, body);

  test('says what would be charged at once and what the last 30 days would have been, and changes nothing', async () => {
    const { status, body } = await customer(
      'POST',
      '/v1/accounts/acme/auto-top-up/chat_credits/preview',
      CHAT,
    );
    expect({ status, body }).toEqual({
      status: 200,
      body: {
        quote: { amount: 10, currency: 'EUR', units: 1285, vatExcluded: true },
        now: {
          effect: 'charge',
          reason: 'top_up_due',
          amount: 10,
          total: 11.9,
          units: 1285,
          until: null,
          alert: true,
        },
        warnings: [],
        usualHold: null,
        vat: { rate: 19, amount: 1.9, total: 11.9, reverseCharge: false, certain: false },
        replay: {
          days: 30,
          resolution: 'entry',
          // The wallet is new: it begins with the credits of the plan, not empty 30 days ago.
          topUps: 1,
          amount: 10,
          alerts: 1,
          depletions: 0,
          firstWarningBeforeTopUpHours: 0,
          events: [
            { at: expect.any(String), kind: 'balance.alert', amount: null, units: null, balance: 90 },
            { at: expect.any(String), kind: 'top_up', amount: 10, units: 1285, balance: null },
          ],
        },
      },
    });
    expect(await api.db.sql`select 1 from settings`).toHaveLength(0);
    expect(await api.db.sql`select 1 from top_ups`).toHaveLength(0);
  });

  test('warns as saving does, and of an amount that does not reach the value from here', async () => {
    const { body } = await preview({ ...CHAT, alertBelow: 10, topUpBelow: 5_000, amount: 1 });
    expect(body.warnings.map(({ code }: { code: string }) => code)).toEqual([
      'alert_not_above_top_up',
      'amount_below_threshold',
      'amount_does_not_reach',
    ]);
    expect(body.now).toMatchObject({ effect: 'charge', amount: 10, units: 1285 });
  });

  test('does not guess the VAT of another member state', async () => {
    const { body } = await preview(CHAT, 'chat_credits', 'vienna');
    expect(body.vat).toEqual({ rate: null, amount: null, total: null, reverseCharge: false, certain: false });
    expect(body.now).toMatchObject({ effect: 'blocked', reason: 'no_payment_method' });
  });

  test('tells minutes below the value to wait for a campaign', async () => {
    const { body } = await preview({ ...CHAT, alertBelow: 10, topUpBelow: 5 }, 'call_minutes');
    expect(body.now).toMatchObject({ effect: 'waits_for_campaign', amount: null, units: null });
  });

  test('after a failed top-up the account and the preview say when the next one may begin', async () => {
    await api.platform('PUT', '/v1/accounts/declined', ACME);
    await createAccounts(api.db, POLICY).saveCard(accountId('declined'), CARD);
    await api.platform('POST', '/v1/accounts/declined/grants', {
      id: 'g1',
      wallet: 'chat_credits',
      units: 20,
      reason: 'plan credits',
    });
    await api.platform('PUT', '/v1/accounts/declined/auto-top-up/chat_credits', CHAT);
    const fail = (id: string, minutesAgo: number) => api.db.sql`
      insert into top_ups (account_id, top_up_id, wallet, trigger, state, amount_cents, currency, units, quantity, warrant,
        failure, created_at, closed_at)
      values ('declined', ${id}, 'chat_credits', 'auto', 'failed', 1000, 'EUR', 1285, 1285000, '{}',
        'card_declined', now() - ${minutesAgo}::int * interval '1 minute',
        now() - ${minutesAgo}::int * interval '1 minute')`;
    await api.db
      .sql`update accounts set failures_since = now() - interval '3 hours' where account_id = 'declined'`;
    const autoTopUp = async () =>
      (await api.platform('GET', '/v1/accounts/declined')).body.wallets.chat_credits.autoTopUp;
    const minutesLeft = (at: string) => Math.round((Date.parse(at) - Date.now()) / 60_000);
    await fail('tu_1', 50);
    const first = await autoTopUp();
    expect(first).toMatchObject({ state: 'retrying', reason: 'card_declined' });
    expect(minutesLeft(first.nextWakeAt)).toBe(10);
    const { body } = await preview({ ...CHAT, amount: 20 }, 'chat_credits', 'declined');
    expect(body.now).toMatchObject({
      effect: 'blocked',
      reason: 'card_declined',
      until: first.nextWakeAt,
      amount: null,
    });
    // The second in a row waits as long as a second retry.
    await fail('tu_2', 5);
    expect(minutesLeft((await autoTopUp()).nextWakeAt)).toBe(355);
    // A resumption forgives them.
    await api.db.sql`update accounts set failures_since = now() where account_id = 'declined'`;
    expect(await autoTopUp()).toMatchObject({ state: 'armed', reason: 'top_up_due', nextWakeAt: null });
  });

  test('refuses what saving would refuse, and unknown accounts', async () => {
    expect((await preview({ ...CHAT, amount: 0.5 })).status).toBe(422);
    expect((await preview({ ...CHAT, more: 1 })).status).toBe(422);
    expect((await preview(CHAT, 'chat_credits', 'nobody')).status).toBe(404);
  });
});
