import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accountId, topUpId } from '../../domain/ids.ts';
import { cents, CURRENCY } from '../../domain/money.ts';
import { fromWholeUnits } from '../../domain/quantities.ts';
import type { TopUpOrder } from '../../domain/top-up.ts';
import { createAccounts } from '../../db/accounts.ts';
import { createNotifications } from '../../db/notifications.ts';
import { createTopUps } from '../../db/top-ups.ts';
import { POLICY } from '../../domain/policy.ts';
import { ACME, startTestApi, type Caller, type TestApi } from './support/test-api.ts';

const ID = accountId('acme');
const OCCURRED_AT = '2026-11-22T10:00:00Z';

/** Walks a list page by page; the bound is there so that a cursor that leads back to itself fails. */
async function walk(caller: Caller, url: string, limit: number) {
  const pages = [];
  let cursor = '';
  for (let page = 0; page < 50; page += 1) {
    const { status, body } = await caller('GET', `${url}?limit=${limit}${cursor}`);
    expect(status).toBe(200);
    pages.push(body.items);
    if (body.next === null) return pages;
    cursor = `&cursor=${encodeURIComponent(body.next)}`;
  }
  throw new Error('the list has no end');
}

describe('lists', () => {
  let api: TestApi;
  let customer: Caller;
  beforeAll(async () => {
    api = await startTestApi();
    await api.platform('PUT', '/v1/accounts/acme', ACME);
    await api.platform('PUT', '/v1/accounts/other', ACME);
    customer = await api.customer('acme');
  });
  afterAll(() => api.close());

  test('the ledger is walked without a gap or a repetition, while usage goes on', async () => {
    const events = Array.from({ length: 25 }, (_, at) => ({
      id: `s${at}`,
      account: 'acme',
      type: 'sms',
      credits: at + 1,
      occurredAt: OCCURRED_AT,
    }));
    await api.platform('POST', '/v1/usage', { events });
    const grant = { id: 'g1', wallet: 'call_minutes', units: 30, reason: 'plan minutes' };
    await api.platform('POST', '/v1/accounts/acme/grants', grant);
    const first = await customer('GET', '/v1/accounts/acme/ledger?limit=10');
    await api.platform('POST', '/v1/usage', { events: [{ ...events[0], id: 'late' }] });
    const second = await customer('GET', `/v1/accounts/acme/ledger?limit=100&cursor=${first.body.next}`);
    expect(first.body.items).toHaveLength(10);
    expect(second.body.items).toHaveLength(16);
    expect(second.body.next).toBeNull();
    const references = [...first.body.items, ...second.body.items].map(({ reference }) => reference);
    expect(new Set(references).size).toBe(26);
    expect(references).not.toContain('late');
    expect(first.body.items[0]).toEqual({
      wallet: 'call_minutes',
      seq: 1,
      kind: 'grant',
      units: 30,
      balanceAfter: 30,
      reference: 'g1',
      source: null,
      type: null,
      reason: 'plan minutes',
      occurredAt: expect.stringMatching(/Z$/),
      createdAt: expect.stringMatching(/Z$/),
    });
    expect(first.body.items[1]).toMatchObject({ kind: 'usage', type: 'sms', units: -25, reference: 's24' });
  });

  test('the ledger of one wallet holds that wallet only', async () => {
    const pages = await walk(customer, '/v1/accounts/acme/ledger', 7);
    expect(pages.flat().length).toBeGreaterThan(7);
    const { body } = await customer('GET', '/v1/accounts/acme/ledger?wallet=call_minutes');
    expect(body.items.map(({ wallet }: { wallet: string }) => wallet)).toEqual(['call_minutes']);
  });

  test('top-ups are listed newest first with what the customer paid for', async () => {
    const topUps = createTopUps(api.db, POLICY);
    const order = (uuid: string, wallet: TopUpOrder['wallet']): TopUpOrder => ({
      topUpId: topUpId(wallet, uuid),
      accountId: ID,
      wallet,
      trigger: 'manual',
      amountCents: cents(50_00),
      currency: CURRENCY,
      units: 454,
      quantity: fromWholeUnits(wallet, 454),
      warrant: null,
    });
    await topUps.recordIntent(order('1', 'call_minutes'));
    await topUps.recordIntent(order('2', 'chat_credits'));
    const pages = await walk(customer, '/v1/accounts/acme/top-ups', 1);
    expect(pages.flat().map(({ id }) => id)).toEqual(['tu_chat_2', 'tu_call_1']);
    expect(pages[1]).toEqual([
      {
        id: 'tu_call_1',
        wallet: 'call_minutes',
        trigger: 'manual',
        state: 'pending',
        amount: 50,
        vat: null,
        total: null,
        currency: 'EUR',
        units: 454,
        invoiceNumber: null,
        invoicePdf: null,
        actionUrl: null,
        attempts: 0,
        failure: null,
        createdAt: expect.stringMatching(/Z$/),
        creditedAt: null,
      },
    ]);
    const none = await customer('GET', '/v1/accounts/acme/top-ups?state=credited');
    expect(none.body).toEqual({ items: [], next: null });
    const account = await customer('GET', '/v1/accounts/acme');
    expect(account.body.wallets.call_minutes.autoTopUp.state).toBe('charging');
  });

  test('a notification is read once, and only by those it concerns', async () => {
    const notifications = createNotifications(api.db, POLICY);
    for (const sinceMs of [1, 2, 3]) {
      const request = { kind: 'auto_top_up.resumed', sinceMs } as const;
      const text = { title: `Title ${sinceMs}`, body: 'Body' };
      await notifications.record(ID, request, { ...request, wallet: null }, text);
    }
    const url = '/v1/accounts/acme/notifications';
    const items = (await walk(customer, url, 1)).flat();
    expect(items.map(({ title }) => title)).toEqual(['Title 3', 'Title 2', 'Title 1']);
    expect(items[0]).toEqual({
      id: expect.any(String),
      kind: 'auto_top_up.resumed',
      wallet: null,
      title: 'Title 3',
      body: 'Body',
      createdAt: expect.stringMatching(/Z$/),
      readAt: null,
      email: { status: 'pending', detail: null },
    });
    const { id } = items[0];
    const stranger = await api.customer('other');
    expect((await stranger('POST', `/v1/accounts/other/notifications/${id}/read`)).status).toBe(404);
    const read = await customer('POST', `${url}/${id}/read`);
    expect(read).toMatchObject({ status: 200, body: { id, readAt: expect.stringMatching(/Z$/) } });
    expect((await customer('POST', `${url}/${id}/read`, {})).body).toEqual(read.body);
    const unread = await customer('GET', `${url}?unread=true`);
    expect(unread.body.items).toEqual(items.slice(1));
    expect((await customer('GET', `${url}?unread=false`)).body.items).toEqual([read.body]);
  });

  test('the card on file is shown without what could charge it', async () => {
    await createAccounts(api.db, POLICY).saveCard(ID, {
      paymentMethodId: 'pm_1',
      fingerprint: 'fp_1',
      brand: 'visa',
      last4: '4242',
      expMonth: 12,
      expYear: 2030,
    });
    const { body } = await customer('GET', '/v1/accounts/acme');
    expect(body.paymentMethod).toEqual({ brand: 'visa', last4: '4242', expMonth: 12, expYear: 2030 });
    expect(JSON.stringify(body)).not.toMatch(/pm_1|fp_1|cus_/);
  });

  test.each([
    'limit=0',
    'limit=101',
    'limit=1e1',
    'limit=',
    'cursor=',
    'cursor=nonsense',
    'cursor=%00',
    'wallet=fax',
    'limit=5&limit=6',
    'page=2',
  ])('?%s is refused by name', async (query) => {
    for (const list of ['ledger', 'top-ups', 'notifications']) {
      const answer = await customer('GET', `/v1/accounts/acme/${list}?${query}`);
      expect(answer).toMatchObject({ status: 422, type: 'application/problem+json' });
      const [parameter = ''] = query.split('=');
      const known =
        list === 'notifications' && parameter === 'wallet' ? 'query.wallet' : `query.${parameter}`;
      expect(answer.body.errors.map(({ path }: { path: string }) => path)).toContain(known);
    }
  });

  test('the lists of an account that does not exist are not found', async () => {
    for (const list of ['ledger', 'top-ups', 'notifications']) {
      expect((await api.platform('GET', `/v1/accounts/nobody/${list}`)).status).toBe(404);
    }
  });
});
