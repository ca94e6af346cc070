import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createNotifications } from '../../db/notifications.ts';
import { accountId } from '../../domain/ids.ts';
import { POLICY } from '../../domain/policy.ts';
import { ACME, startTestApi, type Caller, type TestApi } from './support/test-api.ts';

const ID = accountId('acme');
const OCCURRED_AT = '2026-11-22T10:00:00Z';

describe('the history of an account', () => {
  let api: TestApi;
  let customer: Caller;
  beforeAll(async () => {
    api = await startTestApi();
    await api.platform('PUT', '/v1/accounts/acme', ACME);
    await api.platform('PUT', '/v1/accounts/other', ACME);
    customer = await api.customer('acme');
    const grant = {
      id: 'g1',
      wallet: 'call_minutes',
      units: 30,
      reason: '=HYPERLINK("https://evil.example")',
    };
    await api.platform('POST', '/v1/accounts/acme/grants', grant);
    const call = { account: 'acme', type: 'call', seconds: 90, occurredAt: OCCURRED_AT };
    const events = [
      { ...call, id: '+c1', source: 'campaign' },
      { ...call, id: 'c2', source: 'inbound' },
      { ...call, id: 'c3', source: 'campaign' },
      { id: 's1', account: 'acme', type: 'sms', credits: 2.5, occurredAt: OCCURRED_AT },
    ];
    await api.platform('POST', '/v1/usage', { events });
  });
  afterAll(() => api.close());

  async function references(query: string): Promise<string[]> {
    const { status, body } = await customer('GET', `/v1/accounts/acme/ledger?${query}`);
    expect(status).toBe(200);
    return body.items.map(({ reference }: { reference: string }) => reference);
  }

  test('the ledger is filtered by kind, source, wallet and time', async () => {
    expect(await references('kind=grant')).toEqual(['g1']);
    expect(await references('source=campaign')).toEqual(['c3', '+c1']);
    expect(await references('source=campaign&limit=1')).toEqual(['c3']);
    expect(await references('wallet=chat_credits&kind=usage')).toEqual(['s1']);
    const hour = 3_600_000;
    const at = (ms: number) => new Date(Date.now() + ms).toISOString();
    expect(await references(`from=${at(-hour)}&to=${at(hour)}`)).toHaveLength(5);
    expect(await references(`to=${at(-hour)}`)).toEqual([]);
    expect(await references(`from=${at(hour)}`)).toEqual([]);
  });

  test('a filtered list is walked to its end', async () => {
    const first = await customer('GET', '/v1/accounts/acme/ledger?source=campaign&limit=1');
    const { next } = first.body;
    const second = await customer('GET', `/v1/accounts/acme/ledger?source=campaign&limit=1&cursor=${next}`);
    expect(second.body).toMatchObject({ items: [{ reference: '+c1' }], next: null });
  });

  test.each(['from=yesterday', 'from=0000-01-01T00:00:00Z', 'to=2026-11-22', 'kind=gift', 'source=fax'])(
    '?%s is refused by name',
    async (query) => {
      for (const list of ['ledger', 'ledger.csv']) {
        const { status, body } = await customer('GET', `/v1/accounts/acme/${list}?${query}`);
        expect(status).toBe(422);
        expect(body.errors[0].path).toBe(`query.${query.split('=')[0]}`);
      }
    },
  );

  test('the table has every entry, in numbers that no locale changes and texts that no spreadsheet runs', async () => {
    const { status, type, headers, body } = await customer('GET', '/v1/accounts/acme/ledger.csv');
    expect({ status, type }).toEqual({ status: 200, type: 'text/csv' });
    expect(headers['content-disposition']).toBe('attachment; filename="ledger-acme.csv"');
    const [names, ...lines] = String(body)
      .replace(/^\uFEFF/, '')
      .trim()
      .split('\r\n');
    expect(names).toBe(
      'createdAt,wallet,seq,kind,units,balanceAfter,source,type,reason,reference,occurredAt',
    );
    expect(lines).toHaveLength(5);
    const line = (reference: string) => lines.find((each) => each.includes(reference)) ?? '';
    expect(line(',s1,')).toMatch(
      /^\d{4}-[\d:.T-]+Z,chat_credits,1,usage,-2\.5,-2\.5,,sms,,s1,2026-11-22T10:00:00\.000Z$/,
    );
    expect(line('+c1')).toContain(`,'+c1,`);
    expect(line('HYPERLINK')).toContain(`,"'=HYPERLINK(""https://evil.example"")",g1,`);
    expect(line('HYPERLINK')).toContain(',grant,30,30,');
  });

  test('the table has the filters of the list, and is nobody else’s', async () => {
    const { body } = await customer('GET', '/v1/accounts/acme/ledger.csv?kind=grant');
    expect(String(body).trim().split('\r\n')).toHaveLength(2);
    expect((await customer('GET', '/v1/accounts/other/ledger.csv')).status).toBe(404);
    expect((await api.platform('GET', '/v1/accounts/nobody/ledger.csv')).status).toBe(404);
  });

  test('more entries than a page fit into one table', async () => {
    const sms = { account: 'other', type: 'sms', credits: 1, occurredAt: OCCURRED_AT };
    for (const batch of ['a', 'b', 'c']) {
      const events = Array.from({ length: 900 }, (_, at) => ({ ...sms, id: `${batch}${at}` }));
      await api.platform('POST', '/v1/usage', { events });
    }
    const { body } = await api.platform('GET', '/v1/accounts/other/ledger.csv');
    const references = String(body)
      .trim()
      .split('\r\n')
      .slice(1)
      .map((line) => line.split(',')[9]);
    expect(new Set(references).size).toBe(2_700);
  });

  test('a balance is told in points, with what happened on the way', async () => {
    const { status, body } = await customer('GET', '/v1/accounts/acme/balance-history?wallet=call_minutes');
    expect(status).toBe(200);
    expect(body).toEqual({
      wallet: 'call_minutes',
      from: expect.any(String),
      to: expect.any(String),
      bucketMinutes: 240,
      balanceBefore: 0,
      points: [{ at: body.to, balance: 25.5, lowest: 25.5, used: 4.5 }],
      marks: [],
      burnPerDay: null,
      forecast: null,
    });
    expect((await customer('GET', '/v1/accounts/acme/balance-history')).status).toBe(422);
    const of = (account: string) => `/v1/accounts/${account}/balance-history?wallet=call_minutes&days=1`;
    expect((await customer('GET', of('other'))).status).toBe(404);
    expect((await api.platform('GET', of('nobody'))).status).toBe(404);
  });

  test('a balance is looked at more closely over hours', async () => {
    const path = '/v1/accounts/acme/balance-history?wallet=call_minutes';
    const { status, body } = await customer('GET', `${path}&hours=1`);
    expect(status).toBe(200);
    expect(Date.parse(body.to) - Date.parse(body.from)).toBe(3_600_000);
    expect(body.bucketMinutes).toBe(0.5);
    expect(body.points.at(-1)).toMatchObject({ balance: 25.5 });
    const refused = await customer('GET', `${path}&hours=49`);
    expect(refused.body.errors[0].path).toBe('query.hours');
  });

  test('a top-up is foretold only while it can come', async () => {
    await api.platform('PUT', '/v1/accounts/lived', ACME);
    const saved = { enabled: true, alertBelow: 10, topUpBelow: 5, amount: 50, monthlyCap: null };
    const settings = { ...saved, topUpOnRefusal: true };
    await api.platform('PUT', '/v1/accounts/lived/auto-top-up/call_minutes', settings);
    await liveThrough('lived');
    const forecast = async () => {
      const path = '/v1/accounts/lived/balance-history?wallet=call_minutes';
      return (await api.platform('GET', path)).body.forecast;
    };
    const date = expect.stringMatching(/Z$/);
    expect(await forecast()).toEqual({ alertAt: date, topUpAt: null, emptyAt: date });
    await api.db.sql`
      update accounts set payment_method_id = 'pm_1', card_brand = 'visa', card_last4 = '4242', card_exp_month = 12,
        card_exp_year = 2040
      where account_id = 'lived'`;
    expect(await forecast()).toEqual({ alertAt: date, topUpAt: date, emptyAt: date });
    const why = { reason: 'x' };
    await api.operator('POST', '/v1/operator/accounts/lived/suspend', why, { 'idempotency-key': 'lived' });
    expect(await forecast()).toEqual({ alertAt: date, topUpAt: null, emptyAt: date });
  });

  /** Ten days with a use of 50 minutes on each; written by the owner of the tables, as nobody else can write the past. */
  async function liveThrough(account: string): Promise<void> {
    await api.db.transaction(async (sql) => {
      await sql`set local role none`;
      await sql`set local session_replication_role = replica`;
      await sql`update accounts set created_at = now() - interval '11 days' where account_id = ${account}`;
      await sql`
        insert into ledger_entries (account_id, wallet, seq, kind, quantity, balance_after, cause, occurred_at, created_at)
        select ${account}, 'call_minutes', day, case day when 1 then 'grant' else 'usage' end,
          case day when 1 then 1000 else -50 end * 60000, (1050 - day * 50) * 60000, 'test:' || day, now(),
          now() - (12 - day) * interval '23 hours'
        from generate_series(1, 11) day`;
      await sql`
        update wallets set seq = 11, balance = 500 * 60000
        where account_id = ${account} and wallet = 'call_minutes'`;
    });
  }

  test('the bell counts what is unread, and everything is read at once', async () => {
    const notifications = createNotifications(api.db, POLICY);
    for (const sinceMs of [1, 2, 3]) {
      const request = { kind: 'auto_top_up.resumed', sinceMs } as const;
      await notifications.record(ID, request, { ...request, wallet: null }, { title: 'T', body: 'B' });
    }
    const unread = async () => (await customer('GET', '/v1/accounts/acme')).body.unreadNotifications;
    expect(await unread()).toBe(3);
    const marks = async () => (await api.deps.changes.read([ID]))[0]?.mark;
    const before = await marks();
    const { body } = await customer('POST', '/v1/accounts/acme/notifications/read-all');
    expect(body).toEqual({ read: 3 });
    expect(await unread()).toBe(0);
    expect(await marks()).not.toBe(before);
    expect((await customer('POST', '/v1/accounts/acme/notifications/read-all')).body).toEqual({ read: 0 });
    expect((await customer('POST', '/v1/accounts/other/notifications/read-all')).status).toBe(404);
    expect((await api.operator('POST', '/v1/accounts/acme/notifications/read-all')).status).toBe(403);
  });

  test('an account shows its prices, what the month has cost, and no suspension', async () => {
    const { body } = await customer('GET', '/v1/accounts/acme');
    expect(body.suspension).toBeNull();
    expect(body.wallets.call_minutes).toMatchObject({
      price: { amount: 0.11, units: 1, currency: 'EUR' },
      spentThisMonth: 0,
      monthEndsAt: expect.stringMatching(/Z$/),
    });
    expect(body.wallets.chat_credits.price).toEqual({ amount: 0.07, units: 9, currency: 'EUR' });
    await api.operator(
      'POST',
      '/v1/operator/accounts/acme/suspend',
      { reason: 'x' },
      { 'idempotency-key': 'k' },
    );
    const suspended = await customer('GET', '/v1/accounts/acme');
    expect(suspended.body.suspension).toEqual({ reason: 'operator', since: expect.stringMatching(/Z$/) });
  });
});

describe('the mails that a customer wants', () => {
  let api: TestApi;
  let customer: Caller;
  const url = '/v1/accounts/acme/email-preferences';
  beforeAll(async () => {
    api = await startTestApi();
    await api.platform('PUT', '/v1/accounts/acme', ACME);
    await api.platform('PUT', '/v1/accounts/other', ACME);
    customer = await api.customer('acme');
  });
  afterAll(() => api.close());

  test('are all of them until others are chosen', async () => {
    const { body } = await customer('GET', url);
    expect(body.muted).toEqual([]);
    expect(body.mutable).toContain('balance.alert');
    expect(body.mutable).not.toContain('balance.depleted');
    const saved = await customer('PUT', url, { muted: ['balance.alert', 'balance.alert'] });
    expect(saved.body.muted).toEqual(['balance.alert']);
    expect((await customer('GET', url)).body).toEqual(saved.body);
  });

  test('cannot be those that ask for an act or tell of a failure', async () => {
    for (const kind of [
      'balance.depleted',
      'top_up.failed',
      'top_up.action_required',
      'auto_top_up.suspended',
    ]) {
      expect((await customer('PUT', url, { muted: [kind] })).status).toBe(422);
    }
  });

  test('are chosen by the customer or the platform, for their own account', async () => {
    expect((await customer('PUT', '/v1/accounts/other/email-preferences', { muted: [] })).status).toBe(404);
    expect((await api.operator('PUT', url, { muted: [] })).status).toBe(403);
    expect((await api.operator('GET', url)).status).toBe(200);
    expect((await api.platform('PUT', url, { muted: [] })).body.muted).toEqual([]);
    expect((await api.platform('PUT', '/v1/accounts/nobody/email-preferences', { muted: [] })).status).toBe(
      404,
    );
  });
});
