import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LIMITS } from '../../api/deps.ts';
import { connect, type Database } from '../../db/connect.ts';
import { eventually } from '../support/eventually.ts';
import { ACME, startTestApi, type TestApi } from './support/test-api.ts';

const CALL = { wallet: 'call_minutes', source: 'campaign', seconds: 600, expiresInSeconds: 900 };
const SETTINGS = { enabled: true, alertBelow: 10, topUpBelow: 5, amount: 50 };

describe('holds', () => {
  let api: TestApi;
  let accounts = 0;
  beforeAll(async () => {
    api = await startTestApi({ limits: { ...LIMITS, platformPerMinute: 1_000_000 } });
  });
  afterAll(() => api.close());

  async function accountWith(units: number, wallet = 'call_minutes'): Promise<string> {
    accounts += 1;
    const path = `/v1/accounts/acc_${accounts}`;
    await api.platform('PUT', path, ACME);
    const answer = await api.platform('POST', `${path}/grants`, { id: 'g', wallet, units, reason: 'plan' });
    expect(answer.status).toBe(201);
    return path;
  }
  const walletOf = async (path: string, wallet = 'call_minutes') => {
    const { balance, held, available } = (await api.platform('GET', path)).body.wallets[wallet];
    return { balance, held, available };
  };

  test('reserve minutes until they are released, and show what is left', async () => {
    const path = await accountWith(12.5);
    const placed = await api.platform('POST', `${path}/holds`, CALL);
    expect(placed).toMatchObject({ status: 201, body: { id: expect.stringMatching(/^hold_/) } });
    const leftMs = Date.parse(placed.body.expiresAt) - Date.now();
    expect(leftMs).toBeGreaterThan(880_000);
    expect(leftMs).toBeLessThanOrEqual(901_000);
    expect(await walletOf(path)).toEqual({ balance: 12.5, held: 10, available: 2.5 });
    const release = () => api.platform('DELETE', `${path}/holds/${placed.body.id}`);
    expect([await release(), await release()]).toMatchObject([{ status: 204 }, { status: 204 }]);
    expect(await walletOf(path)).toEqual({ balance: 12.5, held: 0, available: 12.5 });
  });

  test('are settled by the usage that names them', async () => {
    const path = await accountWith(12);
    const { id: hold } = (await api.platform('POST', `${path}/holds`, CALL)).body;
    const event = {
      id: 'call-1',
      account: path.split('/').at(-1),
      type: 'call',
      source: 'campaign',
      seconds: 60,
      occurredAt: '2026-11-22T10:00:00Z',
      hold,
    };
    expect((await api.platform('POST', '/v1/usage', { events: [event] })).body.results).toMatchObject([
      { status: 'accepted' },
    ]);
    expect(await walletOf(path)).toEqual({ balance: 11, held: 0, available: 11 });
    const { hold: _, ...without } = event;
    expect((await api.platform('POST', '/v1/usage', { events: [without] })).body.results).toMatchObject([
      { status: 'conflict' },
    ]);
  });

  test('of chat credits work the same way', async () => {
    const path = await accountWith(10, 'chat_credits');
    const chat = { wallet: 'chat_credits', credits: 7.5, expiresInSeconds: 60 };
    const placed = await api.platform('POST', `${path}/holds`, chat);
    expect(placed.status).toBe(201);
    expect(await walletOf(path, 'chat_credits')).toEqual({ balance: 10, held: 7.5, available: 2.5 });
    expect(await api.platform('POST', `${path}/holds`, chat)).toMatchObject({
      status: 402,
      body: { code: 'insufficient_balance', available: 2.5, required: 7.5, topUpPending: false },
    });
    const event = {
      id: 'reply-1',
      account: path.split('/').at(-1),
      type: 'ai_chat_reply',
      credits: 1,
      occurredAt: '2026-11-22T10:00:00Z',
      hold: placed.body.id,
    };
    await api.platform('POST', '/v1/usage', { events: [event] });
    expect(await walletOf(path, 'chat_credits')).toEqual({ balance: 9, held: 0, available: 9 });
  });

  test.each(['campaign', 'inbound', 'outbound'])(
    'of %s calls are refused with the figures',
    async (source) => {
      const path = await accountWith(4);
      await api.platform('PUT', `${path}/auto-top-up/call_minutes`, SETTINGS);
      expect(await api.platform('POST', `${path}/holds`, { ...CALL, source })).toMatchObject({
        status: 402,
        type: 'application/problem+json',
        body: { code: 'insufficient_balance', available: 4, required: 10 },
      });
      expect(await walletOf(path)).toEqual({ balance: 4, held: 0, available: 4 });
    },
  );

  test('a refusal says that a top-up is pending when one is open', async () => {
    const path = await accountWith(4);
    const buy = { wallet: 'call_minutes', amount: 50, method: 'checkout' };
    await api.platform('POST', `${path}/top-ups`, buy, { 'idempotency-key': 'b1' });
    // A page that waits for a person may never be paid.
    expect((await api.platform('POST', `${path}/holds`, CALL)).body).toMatchObject({ topUpPending: false });
    await api.db.sql`update top_ups set state = 'charging', checkout_session_id = null
      where account_id = ${path.split('/').at(-1) ?? ''}`;
    expect((await api.platform('POST', `${path}/holds`, CALL)).body).toMatchObject({ topUpPending: true });
  });

  test('are placed once under a key; a refusal leaves the key free', async () => {
    const path = await accountWith(4);
    const place = (body: object = CALL) =>
      api.platform('POST', `${path}/holds`, body, { 'idempotency-key': 'call-1' });
    expect((await place()).status).toBe(402);
    await api.platform('POST', `${path}/grants`, {
      id: 'more',
      wallet: 'call_minutes',
      units: 10,
      reason: 'plan',
    });
    const [first, again] = [await place(), await place()];
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.body).toEqual(first.body);
    expect(await walletOf(path)).toMatchObject({ held: 10 });
    expect(await place({ ...CALL, seconds: 601 })).toMatchObject({
      status: 409,
      body: { code: 'idempotency_conflict' },
    });
  });

  test('that were never granted are not found', async () => {
    const path = await accountWith(4);
    const missing = { status: 404, body: { code: 'hold_unknown' } };
    expect(await api.platform('DELETE', `${path}/holds/hold_1`)).toMatchObject(missing);
    expect(await api.platform('DELETE', `/v1/accounts/nobody/holds/hold_1`)).toMatchObject(missing);
    expect(await api.platform('POST', '/v1/accounts/nobody/holds', CALL)).toMatchObject({
      status: 404,
      body: { code: 'account_unknown' },
    });
  });

  test.each([
    ['no source', { source: undefined }],
    ['an unknown source', { source: 'fax' }],
    ['credits for a call', { credits: 1 }],
    ['no seconds', { seconds: 0 }],
    ['more than four hours', { seconds: 14_401 }],
    ['a fraction of a millisecond', { seconds: 0.0005 }],
    ['no expiry', { expiresInSeconds: undefined }],
    ['more than a day', { expiresInSeconds: 86_401 }],
    ['part of a second', { expiresInSeconds: 1.5 }],
    ['another wallet', { wallet: 'gold' }],
  ])('with %s are not accepted', async (_name, change) => {
    const path = await accountWith(100);
    expect(await api.platform('POST', `${path}/holds`, { ...CALL, ...change })).toMatchObject({
      status: 422,
      body: { code: 'invalid_request' },
    });
    expect(await walletOf(path)).toMatchObject({ held: 0 });
  });

  test('1,000 at once through HTTP never oversell', async () => {
    const path = await accountWith(100);
    const call = { ...CALL, source: 'outbound', seconds: 30 };
    const answers = await Promise.all(
      Array.from({ length: 1_000 }, () => api.platform('POST', `${path}/holds`, call)),
    );
    const count = (status: number) => answers.filter((answer) => answer.status === status).length;
    expect({ held: count(201), refused: count(402) }).toEqual({ held: 200, refused: 800 });
    expect(await walletOf(path)).toEqual({ balance: 100, held: 100, available: 0 });
  });

  describe('of an account whose wallet is locked', () => {
    /** Locks it as a transaction elsewhere may. */
    async function lock(path: string): Promise<() => Promise<void>> {
      const [locked, end] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      const transaction = elsewhere.transaction(async (sql) => {
        await sql`select 1 from wallets where account_id = ${path.split('/').at(-1) ?? ''} for update`;
        locked.resolve();
        await end.promise;
      });
      await locked.promise;
      return async () => {
        end.resolve();
        await transaction;
      };
    }
    let elsewhere: Database;
    beforeAll(() => {
      elsewhere = connect(api.url, { max: 1, applicationName: 'elsewhere', log: console });
    });
    afterAll(() => elsewhere.end());

    test('take one connection, and everybody else is answered meanwhile', async () => {
      const [path, other] = [await accountWith(100), await accountWith(100)];
      const unlock = await lock(path);
      let answered = 0;
      const held = Array.from({ length: 30 }, async () => {
        const answer = await api.platform('POST', `${path}/holds`, { ...CALL, seconds: 1 });
        answered += 1;
        return answer.status;
      });
      for (let at = 0; at < 5; at += 1) {
        expect(await api.platform('POST', `${other}/holds`, { ...CALL, seconds: 1 })).toMatchObject({
          status: 201,
        });
        expect((await walletOf(other)).balance).toBe(100);
      }
      expect(answered).toBe(0);
      await unlock();
      expect(await Promise.all(held)).toEqual(held.map(() => 201));
    });

    test('are answered within seconds, all of them, when it stays locked', async () => {
      const path = await accountWith(100);
      const unlock = await lock(path);
      const held = Array.from({ length: 30 }, () => api.platform('POST', `${path}/holds`, CALL));
      for (const answer of await Promise.all(held)) {
        expect(answer).toMatchObject({ status: 503, body: { code: 'unavailable' } });
        expect(answer.body.detail).toMatch(/in use for too long/);
        expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
      }
      await unlock();
      expect(await walletOf(path)).toMatchObject({ held: 0 });
    });
  });

  test('that find no room to wait are refused at once, and placed when they ask again', async () => {
    const gate = Promise.withResolvers<void>();
    const small = await startTestApi({
      limits: { ...LIMITS, holds: { most: 3, maxWaiting: 100, maxWaitingOfLine: 5 } },
    });
    const { place } = small.deps.holds;
    small.deps.holds.place = async (...asked) => {
      await gate.promise;
      return place(...asked);
    };
    try {
      await small.platform('PUT', '/v1/accounts/acc', ACME);
      const grant = { id: 'g', wallet: 'call_minutes', units: 100, reason: 'plan' };
      await small.platform('POST', '/v1/accounts/acc/grants', grant);
      const ask = () => small.platform('POST', '/v1/accounts/acc/holds', { ...CALL, seconds: 1 });
      const asked = Array.from({ length: 8 }, ask);
      const first = await Promise.race(asked);
      expect(first).toMatchObject({ status: 503, body: { code: 'overloaded' } });
      expect(Number(first.headers['retry-after'])).toBeGreaterThan(0);
      gate.resolve();
      const statuses = (await Promise.all(asked)).map(({ status }) => status);
      expect(statuses.filter((status) => status === 201)).toHaveLength(6);
      expect(statuses.filter((status) => status === 503)).toHaveLength(2);
      expect(String((await small.nobody('GET', '/metrics')).body)).toContain('holds_overloaded_total 2');
      expect((await ask()).status).toBe(201);
    } finally {
      await small.close();
    }
  });

  test('the settings warn when the top-up value lies below what a call usually reserves', async () => {
    const path = await accountWith(100);
    const settings = `${path}/auto-top-up/call_minutes`;
    const codes = (answer: Awaited<ReturnType<TestApi['platform']>>) =>
      answer.body.warnings.map(({ code, field }: { code: string; field: string }) => `${code} ${field}`);
    expect(codes(await api.platform('PUT', settings, SETTINGS))).toEqual([]);
    for (let at = 0; at < 5; at += 1) await api.platform('POST', `${path}/holds`, CALL);
    const warned = ['threshold_below_usual_hold topUpBelow'];
    expect(codes(await api.platform('GET', settings))).toEqual(warned);
    expect(codes(await api.platform('PUT', settings, SETTINGS))).toEqual(warned);
    const { wallets } = (await api.platform('GET', path)).body;
    expect(wallets.call_minutes.settings.warnings).toMatchObject([{ code: 'threshold_below_usual_hold' }]);
    const higher = { ...SETTINGS, topUpBelow: 10, alertBelow: 20 };
    expect(codes(await api.platform('PUT', settings, higher))).toEqual([]);
    expect(codes(await api.platform('GET', `${path}/auto-top-up/chat_credits`))).toEqual([]);
  });

  test('reach those who watch the account, when they begin and when they expire', async () => {
    const path = await accountWith(20);
    const id = path.split('/').at(-1) ?? '';
    const mark = async () => (await api.deps.changes.read([id as never]))[0]?.mark;
    const before = await mark();
    await api.platform('POST', `${path}/holds`, { ...CALL, expiresInSeconds: 1 });
    expect(await mark()).not.toBe(before);
    await eventually(async () => expect(await mark()).toBe(before));
    expect(await walletOf(path)).toMatchObject({ held: 0 });
  });
});
