import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LIMITS } from '../../api/deps.ts';
import { createOperatorSessions } from '../../api/operator-sessions.ts';
import { createKeys } from '../../db/keys.ts';
import { accountId } from '../../domain/ids.ts';
import { createBrowser } from './support/browser.ts';
import {
  ACME,
  OPERATOR_KEY,
  PLATFORM_KEY,
  startTestApi,
  TOKEN_SECRET,
  type TestApi,
} from './support/test-api.ts';

const SESSION = '/v1/operator/session';
const QUEUE = '/v1/operator/top-ups';
const SUSPEND = '/v1/operator/accounts/acme/suspend';
const REASON = { reason: 'looks like fraud' };
let keys = 0;
const withKey = () => ({ 'idempotency-key': `key ${(keys += 1)}` });

describe('a session of the console', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi();
    await api.platform('PUT', '/v1/accounts/acme', ACME);
  });
  afterAll(() => api.close());

  async function signedIn(key = OPERATOR_KEY) {
    const browser = createBrowser(api.app);
    const answer = await browser.send('POST', SESSION, { body: { key } });
    expect(answer.status).toBe(200);
    return { ...browser, answer };
  }

  test('is opened by an operator key, in a cookie that no script and no other site can use', async () => {
    const { send, answer } = await signedIn();
    expect(answer.body).toMatchObject({
      operator: { name: expect.stringMatching(/^operator:[0-9a-f]{12}$/) },
    });
    const [cookie = ''] = answer.setCookies;
    expect(cookie).toMatch(/; Path=\/v1\/operator;/);
    for (const flag of ['HttpOnly', 'Secure', 'SameSite=Strict']) expect(cookie).toContain(flag);
    expect(cookie).not.toContain(OPERATOR_KEY);
    expect((await send('GET', QUEUE)).status).toBe(200);
    expect((await send('GET', SESSION)).body.operator).toEqual(answer.body.operator);
    const lifeMs = Date.parse(answer.body.operator.expiresAt) - Date.now();
    expect(lifeMs).toBeLessThanOrEqual(8 * 3_600_000);
  });

  test('acts in the name of its key, as the audit tells', async () => {
    const { send, answer } = await signedIn();
    expect((await send('POST', SUSPEND, { body: REASON, headers: withKey() })).status).toBe(200);
    const { body } = await send('GET', '/v1/operator/audit?account=acme&action=account.suspend');
    expect(body.items[0]).toMatchObject({ actor: answer.body.operator.name, reason: REASON.reason });
  });

  test('opens nothing but what operators alone may do', async () => {
    const { jar } = await signedIn();
    const cookie = `operator_session=${jar.get('operator_session')?.value}`;
    const asked = async (url: string) => (await api.app.inject({ url, headers: { cookie } })).statusCode;
    expect(await asked(QUEUE)).toBe(200);
    expect(await asked('/v1/accounts/acme')).toBe(401);
  });

  test('is not used by another site: neither by what a browser says, nor by an old one that says less', async () => {
    const { send } = await signedIn();
    const act = async (headers: Record<string, string>) => {
      const { status, body } = await send('POST', SUSPEND, {
        body: REASON,
        headers: { ...withKey(), ...headers },
      });
      return { status, code: body.code };
    };
    const refused = { status: 403, code: 'cross_site' };
    for (const site of ['cross-site', 'same-site', 'none', '']) {
      expect(await act({ 'sec-fetch-site': site })).toEqual(refused);
    }
    const oldBrowser = async (headers: Record<string, string>) => {
      const { jar } = await signedIn();
      const cookie = `operator_session=${jar.get('operator_session')?.value}`;
      const all = { cookie, ...withKey(), ...headers };
      return (await api.app.inject({ method: 'POST', url: SUSPEND, headers: all, payload: REASON }))
        .statusCode;
    };
    expect(await oldBrowser({ origin: 'https://top-up.example' })).toBe(200);
    expect(await oldBrowser({ origin: 'https://evil.example' })).toBe(403);
    expect(await oldBrowser({ origin: 'null' })).toBe(403);
    expect(await oldBrowser({})).toBe(403);
    expect(
      (
        await send('POST', SESSION, {
          body: { key: OPERATOR_KEY },
          headers: { 'sec-fetch-site': 'cross-site' },
        })
      ).status,
    ).toBe(403);
    expect((await send('DELETE', SESSION, { headers: { 'sec-fetch-site': 'cross-site' } })).status).toBe(403);
    expect((await send('GET', QUEUE)).status).toBe(200);
  });

  test('ends with its key, at once', async () => {
    const store = createKeys(api.db);
    const { keyId } = await store.store('operator_soon_to_be_revoked', 'operator', 'test');
    const { send } = await signedIn('operator_soon_to_be_revoked');
    expect((await send('GET', QUEUE)).status).toBe(200);
    await store.revoke(keyId);
    expect((await send('GET', QUEUE)).status).toBe(401);
    expect((await send('GET', SESSION)).body.operator).toBeNull();
  });

  test('ends when its key becomes one of the platform', async () => {
    const store = createKeys(api.db);
    await store.store('operator_to_be_demoted', 'operator', 'test');
    const { send } = await signedIn('operator_to_be_demoted');
    await store.store('operator_to_be_demoted', 'platform', 'test');
    expect((await send('GET', QUEUE)).status).toBe(401);
  });

  test('ends by signing out', async () => {
    const { send, jar } = await signedIn();
    expect((await send('DELETE', SESSION)).body).toEqual({ operator: null, oidc: false });
    expect(jar.size).toBe(0);
    expect((await send('GET', QUEUE)).status).toBe(401);
  });

  test('ends by signing out also where its cookie was copied to, and no other one does', async () => {
    const { send, jar } = await signedIn();
    const copy = createBrowser(api.app);
    for (const [name, value] of jar) copy.jar.set(name, value);
    const other = await signedIn();
    expect((await copy.send('GET', QUEUE)).status).toBe(200);
    await send('DELETE', SESSION);
    expect((await copy.send('GET', QUEUE)).status).toBe(401);
    expect((await copy.send('GET', SESSION)).body.operator).toBeNull();
    expect((await other.send('GET', QUEUE)).status).toBe(200);
  });

  test.each([
    ['the platform', PLATFORM_KEY],
    ['nobody', 'operator_key_of_nobody'],
  ])('is not opened by a key of %s', async (_name, key) => {
    const browser = createBrowser(api.app);
    expect(await browser.send('POST', SESSION, { body: { key } })).toMatchObject({
      status: 401,
      setCookies: [],
    });
  });

  test.each([{}, { key: 'k', code: 'c' }, { key: OPERATOR_KEY, more: 1 }, { key: 'with space' }])(
    'is not opened by %j',
    async (body) => {
      expect((await createBrowser(api.app).send('POST', SESSION, { body })).status).toBe(422);
    },
  );

  const SECRET = new TextEncoder().encode(TOKEN_SECRET);
  const forged = (keyId: string) =>
    new SignJWT({ keyId })
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .setIssuer('auto-top-up')
      .setAudience('auto-top-up/operator')
      .setJti('j')
      .setIssuedAt()
      .setExpirationTime('1 hour');

  test('is refused when it is forged, over, too long, of somebody unknown, or a person without a provider', async () => {
    const { keyId } = await createKeys(api.db).store(OPERATOR_KEY, 'operator', 'test');
    const tryIt = async (cookie: string) =>
      (await api.app.inject({ url: QUEUE, headers: { cookie: `operator_session=${cookie}` } })).statusCode;
    expect(await tryIt(await forged(keyId).sign(SECRET))).toBe(200);
    const customer = await api.deps.tokens.issue(accountId('acme'));
    const { issue } = createOperatorSessions(TOKEN_SECRET, { keys: createKeys(api.db), withOidc: true });
    for (const cookie of [
      await forged(keyId).sign(new TextEncoder().encode('another secret of enough characters')),
      await forged(keyId).setExpirationTime('1 minute ago').sign(SECRET),
      await forged(keyId).setIssuedAt('9 hours ago').sign(SECRET),
      await forged(keyId).setAudience('auto-top-up/operator-sign-in-code').sign(SECRET),
      await forged('000000000000').sign(SECRET),
      await forged('%').sign(SECRET),
      customer.token,
      (await issue({ person: 'ada@example.com' })).text,
      OPERATOR_KEY,
    ]) {
      expect(await tryIt(cookie)).toBe(401);
    }
  });

  test('can be opened once by a link that an operator made, and not after its key was revoked', async () => {
    const { status, body } = await api.operator('POST', '/v1/operator/sign-in-codes');
    expect(status).toBe(201);
    expect(body.url).toBe(`https://top-up.example/console#code=${body.code}`);
    expect(body.url).not.toContain(OPERATOR_KEY);
    const use = (code: string) => createBrowser(api.app).send('POST', SESSION, { body: { code } });
    const [one, other] = await Promise.all([use(body.code), use(body.code)]);
    expect(new Set([one.status, other.status])).toEqual(new Set([200, 401]));
    expect((await use(body.code)).status).toBe(401);
    const store = createKeys(api.db);
    const { keyId } = await store.store('operator_that_leaves', 'operator', 'test');
    const link = await api.as('operator_that_leaves')('POST', '/v1/operator/sign-in-codes');
    await store.revoke(keyId);
    expect((await use(link.body.code)).status).toBe(401);
  });
});

test('guessing keys at the sign-in is limited together with guessing them anywhere else', async () => {
  const api = await startTestApi({ limits: { ...LIMITS, failuresPerMinute: 2 } });
  try {
    const { send } = createBrowser(api.app);
    const guess = async () => (await send('POST', SESSION, { body: { key: 'guess' } })).status;
    expect((await api.as('guess')('GET', QUEUE)).status).toBe(401);
    expect([await guess(), await guess(), await guess()]).toEqual([401, 429, 429]);
    expect((await send('POST', SESSION, { body: { key: OPERATOR_KEY } })).status).toBe(429);
  } finally {
    await api.close();
  }
});

test('below a path of its own, the service names its cookie and its link by it; without TLS the cookie needs none', async () => {
  const api = await startTestApi({ publicUrl: 'http://intern.example/billing/' });
  try {
    const { send } = createBrowser(api.app);
    const { setCookies } = await send('POST', SESSION, { body: { key: OPERATOR_KEY } });
    expect(setCookies[0]).toMatch(/; Path=\/billing\/v1\/operator;/);
    expect(setCookies[0]).not.toContain('Secure');
    const { body } = await api.operator('POST', '/v1/operator/sign-in-codes');
    expect(body.url).toBe(`http://intern.example/billing/console#code=${body.code}`);
  } finally {
    await api.close();
  }
});
