import { SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LIMITS } from '../../api/deps.ts';
import { createKeys } from '../../db/keys.ts';
import { eventually } from '../support/eventually.ts';
import { ACME, startTestApi, TOKEN_SECRET, type Caller, type TestApi } from './support/test-api.ts';

const KEY_TRUST_MS = 200;
const BUSY_MACHINE_MS = 5_000;

const SECRET = new TextEncoder().encode(TOKEN_SECRET);

const HOLD = { wallet: 'call_minutes', source: 'campaign', seconds: 600, expiresInSeconds: 900 };

/** What every token of ours says; each forgery changes one thing. */
function token(alg = 'HS256'): SignJWT {
  return new SignJWT()
    .setProtectedHeader({ alg, typ: 'JWT' })
    .setIssuer('auto-top-up')
    .setAudience('auto-top-up/customer')
    .setSubject('acme')
    .setIssuedAt()
    .setExpirationTime('10 minutes');
}

describe('access', () => {
  let api: TestApi;
  let customer: Caller;
  beforeAll(async () => {
    api = await startTestApi({ limits: { ...LIMITS, keyTrustMs: KEY_TRUST_MS } });
    await api.platform('PUT', '/v1/accounts/acme', ACME);
    await api.platform('PUT', '/v1/accounts/other', { ...ACME, name: 'Other' });
    customer = await api.customer('acme');
  });
  afterAll(() => api.close());

  test('the tokens that the forgeries are made from would be let in', async () => {
    expect((await api.as(await token().sign(SECRET))('GET', '/v1/accounts/acme')).status).toBe(200);
  });

  test.each<[string, () => Promise<string> | string]>([
    ['nothing', () => ''],
    ['a key that nobody has', () => 'platform_of_nobody'],
    [
      'a token of another secret',
      () => token().sign(new TextEncoder().encode('another secret of enough characters')),
    ],
    ['another algorithm', () => token('HS512').sign(SECRET)],
    ['no algorithm', () => new UnsecuredJWT({}).setSubject('acme').setIssuer('auto-top-up').encode()],
    ['another issuer', () => token().setIssuer('somebody').sign(SECRET)],
    ['another audience', () => token().setAudience('something').sign(SECRET)],
    ['an expired token', () => token().setExpirationTime('1 minute ago').sign(SECRET)],
    ['a token that lives too long', () => token().setIssuedAt('2 hours ago').sign(SECRET)],
    ['no subject', () => token().setSubject('').sign(SECRET)],
    ['a subject that is no account', () => token().setSubject('../acme').sign(SECRET)],
  ])('%s is answered 401 and asked for a bearer', async (_name, credential) => {
    const answer = await api.as(await credential())('GET', '/v1/accounts/acme');
    expect(answer).toMatchObject({ status: 401, type: 'application/problem+json' });
    expect(answer.headers['www-authenticate']).toMatch(/^Bearer realm=/);
  });

  test('a customer sees its own account and no other, as if there were none', async () => {
    expect((await customer('GET', '/v1/accounts/acme')).status).toBe(200);
    const other = await customer('GET', '/v1/accounts/other');
    const nobody = await customer('GET', '/v1/accounts/nobody');
    expect(other.status).toBe(404);
    expect({ ...other.body, requestId: '' }).toEqual({ ...nobody.body, requestId: '' });
    const settings = { enabled: true, alertBelow: 1, topUpBelow: 1, amount: 5 };
    expect((await customer('PUT', '/v1/accounts/other/auto-top-up/call_minutes', settings)).status).toBe(404);
  });

  test.each([
    ['PUT', '/v1/accounts/acme', ACME],
    ['POST', '/v1/usage', { events: [] }],
    ['POST', '/v1/accounts/acme/grants', { id: 'g', wallet: 'call_minutes', units: 1, reason: 'r' }],
    ['POST', '/v1/accounts/acme/sessions', {}],
    ['POST', '/v1/accounts/acme/holds', HOLD],
    ['DELETE', '/v1/accounts/acme/holds/hold_1', undefined],
    ['GET', '/v1/operator/top-ups', undefined],
    ['GET', '/v1/operator/top-ups/counts', undefined],
    ['GET', '/v1/operator/audit', undefined],
    ['GET', '/v1/operator/findings', undefined],
    ['GET', '/v1/operator/webhook-deliveries', undefined],
    ['POST', '/v1/operator/webhook-deliveries/msg_1/replay', { reason: 'r' }],
  ] as const)('a customer may not %s %s', async (method, url, body) => {
    expect(await customer(method, url, body)).toMatchObject({
      status: 403,
      type: 'application/problem+json',
    });
  });

  test.each([
    ['PUT', '/v1/accounts/acme', ACME],
    ['POST', '/v1/usage', { events: [] }],
    ['POST', '/v1/accounts/acme/sessions', {}],
    ['POST', '/v1/accounts/acme/holds', HOLD],
    ['DELETE', '/v1/accounts/acme/holds/hold_1', undefined],
    ['PUT', '/v1/accounts/acme/auto-top-up/call_minutes', {}],
  ] as const)('an operator may look but not %s %s', async (method, url, body) => {
    expect((await api.operator('GET', '/v1/accounts/acme')).status).toBe(200);
    expect((await api.operator(method, url, body)).status).toBe(403);
  });

  test.each([
    ['GET', '/v1/operator/top-ups'],
    ['GET', '/v1/operator/top-ups/counts'],
    ['GET', '/v1/operator/top-ups/tu_call_1'],
    ['GET', '/v1/operator/top-ups/tu_call_1/story'],
    ['POST', '/v1/operator/top-ups/retry/preview'],
    ['POST', '/v1/operator/sign-in-codes'],
    ['GET', '/v1/operator/accounts?text=acme'],
    ['GET', '/v1/operator/accounts/acme'],
    ['GET', '/v1/operator/accounts/acme/settings-history'],
    ['GET', '/v1/operator/accounts/acme/workflow'],
    ['POST', '/v1/operator/accounts/acme/send-test-alert'],
    ['GET', '/v1/operator/mails'],
    ['POST', '/v1/operator/mails/019a0000-0000-7000-8000-000000000000/replay'],
    ['GET', '/v1/operator/health'],
    ['GET', '/v1/operator/audit'],
    ['GET', '/v1/operator/findings'],
    ['POST', '/v1/operator/findings/f1/resolve'],
    ['POST', '/v1/operator/top-ups/tu_call_1/retry'],
    ['POST', '/v1/operator/top-ups/tu_call_1/cancel'],
    ['POST', '/v1/operator/accounts/acme/suspend'],
    ['POST', '/v1/operator/accounts/acme/resume'],
    ['POST', '/v1/operator/accounts/acme/adjust'],
    ['GET', '/v1/operator/webhook-deliveries'],
    ['POST', '/v1/operator/webhook-deliveries/msg_1/replay'],
  ] as const)('only an operator may %s %s', async (method, url) => {
    const body = method === 'POST' ? { reason: 'r', wallet: 'call_minutes', units: 1 } : undefined;
    const key = { 'idempotency-key': 'k' };
    expect((await api.platform(method, url, body, key)).status).toBe(403);
    expect((await customer(method, url, body, key)).status).toBe(403);
    expect((await api.nobody(method, url, body, key)).status).toBe(401);
    expect(await api.db.sql`select 1 from audit where actor not like 'platform%'`).toHaveLength(0);
  });

  test('the platform may do for an account what its customer may', async () => {
    const settings = { enabled: false, alertBelow: 1, topUpBelow: 1, amount: 5 };
    expect((await api.platform('PUT', '/v1/accounts/acme/auto-top-up/chat_credits', settings)).status).toBe(
      200,
    );
    expect((await api.platform('GET', '/v1/accounts/acme/notifications')).status).toBe(200);
  });

  test('no key is stored as it is, and a revoked one soon opens nothing', async () => {
    const keys = createKeys(api.db);
    const { keyId } = await keys.store('platform_soon_to_be_revoked', 'platform', 'test');
    const caller = api.as('platform_soon_to_be_revoked');
    expect((await caller('GET', '/v1/accounts/acme')).status).toBe(200);
    const stored = await api.db.sql`select * from api_keys`;
    expect(JSON.stringify(stored)).not.toContain('soon_to_be');
    await keys.revoke(keyId);
    const revokedAtMs = performance.now();
    await eventually(async () => expect((await caller('GET', '/v1/accounts/acme')).status).toBe(401), {
      timeoutMs: 10_000,
    });
    const isOnTime = performance.now() - revokedAtMs < KEY_TRUST_MS + BUSY_MACHINE_MS;
    expect(isOnTime).toBe(true);
  });

  test('a key that is used all the time is looked up once in a while, and is still revoked', async () => {
    const lookedUp: string[] = [];
    const keys = createKeys(api.db);
    const { keyId } = await keys.store('platform_busy', 'platform', 'test');
    const busy = await startTestApi({
      limits: { ...LIMITS, keyTrustMs: KEY_TRUST_MS },
      keys: {
        ...keys,
        authenticate: (key) => {
          lookedUp.push(key);
          return keys.authenticate(key);
        },
      },
    });
    try {
      const caller = busy.as('platform_busy');
      const statuses: number[] = [];
      for (let at = 0; at < 100; at += 1) statuses.push((await caller('GET', '/v1/accounts/nobody')).status);
      expect(new Set(statuses)).toEqual(new Set([404]));
      expect(lookedUp.length).toBeLessThan(50);
      await keys.revoke(keyId);
      // Asked without a pause: trust must not be renewed by use.
      await eventually(async () => expect((await caller('GET', '/v1/accounts/nobody')).status).toBe(401), {
        timeoutMs: 10_000,
      });
    } finally {
      await busy.close();
    }
  });

  test('account data is kept out of caches', async () => {
    expect((await customer('GET', '/v1/accounts/acme')).headers['cache-control']).toBe('no-store');
  });
});

describe('an address that has presented too many wrong keys', () => {
  let api: TestApi;
  const lookedUp: string[] = [];
  beforeAll(async () => {
    api = await startTestApi({
      limits: { ...LIMITS, failuresPerMinute: 2, keyTrustMs: 0 },
      keys: {
        isOperator: async () => false,
        useCode: async () => false,
        authenticate: (key) => {
          lookedUp.push(key);
          return createKeys(api.db).authenticate(key);
        },
      },
    });
  });
  afterAll(() => api.close());

  const statusOf = async (key: string) => (await api.as(key)('GET', '/v1/accounts/acme')).status;

  test('costs no more queries, and neither keys that were right before nor tokens are shut out', async () => {
    const keys = createKeys(api.db);
    const { keyId } = await keys.store('platform_right_before', 'platform', 'test');
    await keys.store('platform_right_now', 'platform', 'test');
    expect(await statusOf('platform_right_before')).toBe(404);
    expect([await statusOf('wrong_1'), await statusOf('wrong_2')]).toEqual([401, 401]);
    expect([await statusOf('wrong_3'), await statusOf('platform_right_now')]).toEqual([429, 429]);
    expect(lookedUp).toEqual(['platform_right_before', 'wrong_1', 'wrong_2']);
    expect(await statusOf('platform_right_before')).toBe(404);
    expect((await (await api.customer('acme'))('GET', '/v1/accounts/acme')).status).toBe(404);
    await keys.revoke(keyId);
    expect([await statusOf('platform_right_before'), await statusOf('platform_right_before')]).toEqual([
      429, 429,
    ]);
    expect(lookedUp.filter((key) => key === 'platform_right_before')).toHaveLength(3);
  });
});

describe('the address that wrong keys are counted by', () => {
  const limits = { ...LIMITS, failuresPerMinute: 1 };
  const ask = async (api: TestApi, authorization: string | undefined, from: string) => {
    const headers = {
      'x-forwarded-for': from,
      ...(authorization === undefined ? {} : { authorization: `Bearer ${authorization}` }),
    };
    return (await api.app.inject({ method: 'GET', url: '/v1/accounts/acme', headers })).statusCode;
  };

  test('is what a trusted proxy says, so one who guesses shuts out nobody else', async () => {
    const api = await startTestApi({ limits, trustedProxies: ['127.0.0.0/8'] });
    try {
      const guess = () => ask(api, 'guess', '192.0.2.1');
      expect([await guess(), await guess()]).toEqual([401, 429]);
      expect(await ask(api, 'another guess', '192.0.2.2')).toBe(401);
    } finally {
      await api.close();
    }
  });

  test('cannot be chosen by whoever asks when no proxy is trusted', async () => {
    const api = await startTestApi({ limits });
    try {
      expect(await ask(api, 'guess', '192.0.2.1')).toBe(401);
      expect(await ask(api, 'guess', '192.0.2.2')).toBe(429);
    } finally {
      await api.close();
    }
  });

  test('is not blamed for requests without a credential or with one that was good once', async () => {
    const api = await startTestApi({ limits });
    try {
      const expired = await token().setExpirationTime('1 minute ago').sign(SECRET);
      const over = await token().setIssuedAt('2 hours ago').sign(SECRET);
      const statuses = [];
      for (const credential of [undefined, expired, over, undefined, expired, over]) {
        statuses.push(await ask(api, credential, '192.0.2.1'));
      }
      expect(statuses).toEqual([401, 401, 401, 401, 401, 401]);
      const forged = await token().sign(new TextEncoder().encode('another secret of enough characters'));
      expect([await ask(api, forged, ''), await ask(api, forged, '')]).toEqual([401, 429]);
      expect(await ask(api, expired, '')).toBe(401);
    } finally {
      await api.close();
    }
  });
});

describe('fair use', () => {
  test('a key that asks too often is told when to come back, and others are not held up', async () => {
    const api = await startTestApi({ limits: { ...LIMITS, customerPerMinute: 2, failuresPerMinute: 2 } });
    try {
      await api.platform('PUT', '/v1/accounts/acme', ACME);
      const customer = await api.customer('acme');
      const statuses = [];
      for (let at = 0; at < 3; at += 1) statuses.push((await customer('GET', '/v1/accounts/acme')).status);
      expect(statuses).toEqual([200, 200, 429]);
      const answer = await customer('GET', '/v1/accounts/acme');
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
      expect(answer.type).toBe('application/problem+json');
      expect((await api.platform('GET', '/v1/accounts/acme')).status).toBe(200);

      const guesser = api.as('a guess');
      const guesses = [];
      for (let at = 0; at < 3; at += 1) guesses.push((await guesser('GET', '/v1/accounts/acme')).status);
      expect(guesses).toEqual([401, 401, 429]);
      expect((await api.platform('GET', '/v1/accounts/acme')).status).toBe(200);
    } finally {
      await api.close();
    }
  });
});
