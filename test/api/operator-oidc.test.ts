import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { LIMITS } from '../../api/deps.ts';
import { createOperatorOidc } from '../../api/operator-oidc.ts';
import { createOperatorSessions } from '../../api/operator-sessions.ts';
import { createKeys } from '../../db/keys.ts';
import { OIDC_CLIENT, startOidcProvider, type OidcProvider } from '../support/oidc-provider.ts';
import { createBrowser } from './support/browser.ts';
import { ACME, startTestApi, TOKEN_SECRET, type TestApi } from './support/test-api.ts';

const START = '/v1/operator/session/oidc';
const CALLBACK = `${START}/callback`;
const PUBLIC_URL = 'https://top-up.example';

describe('signing in by an OpenID provider', () => {
  let provider: OidcProvider;
  let api: TestApi;
  beforeAll(async () => {
    provider = await startOidcProvider();
    api = await apiWith({ issuer: provider.issuer, ...OIDC_CLIENT });
    await api.platform('PUT', '/v1/accounts/acme', ACME);
  });
  afterAll(async () => {
    await api.close();
    await provider.stop();
  });
  beforeEach(() => {
    Object.assign(provider, { claims: { sub: 'person-1' }, lie: {}, deny: false });
  });

  /** Goes through the provider as a browser does. */
  async function goThrough(via: TestApi = api, browser = createBrowser(via.app)) {
    const start = await browser.send('GET', START);
    expect(start.status).toBe(303);
    const consent = await fetch(start.location ?? '', { redirect: 'manual' });
    const back = new URL(consent.headers.get('location') ?? '');
    expect(`${back.origin}${back.pathname}`).toBe(`${PUBLIC_URL}${CALLBACK}`);
    const end = await browser.send('GET', `${back.pathname}${back.search}`, {
      headers: { 'sec-fetch-site': 'cross-site' },
    });
    return { browser, start, end, back };
  }

  test('opens a session in the name of the person, which the audit keeps', async () => {
    provider.claims = { sub: 'person-1', email: 'ada@ops.example', email_verified: true };
    const { browser, start, end } = await goThrough();
    const asked = new URL(start.location ?? '').searchParams;
    expect(asked.get('code_challenge_method')).toBe('S256');
    for (const name of ['state', 'nonce', 'code_challenge']) expect(asked.get(name)).toMatch(/^[\w-]{20,}$/);
    expect(start.setCookies[0]).toMatch(/HttpOnly; Secure; SameSite=Lax/);
    expect(end).toMatchObject({ status: 303, location: '/console' });
    expect([...browser.jar.keys()]).toEqual(['operator_session']);
    const session = await browser.send('GET', '/v1/operator/session');
    expect(session.body).toMatchObject({ operator: { name: 'operator:oidc:ada@ops.example' }, oidc: true });
    const act = { body: { reason: 'fraud' }, headers: { 'idempotency-key': 'k1' } };
    expect((await browser.send('POST', '/v1/operator/accounts/acme/suspend', act)).status).toBe(200);
    const audit = await browser.send('GET', '/v1/operator/audit?actor=operator:oidc:ada@ops.example');
    expect(audit.body.items).toHaveLength(1);
    // Whoever has no key cannot hand one on.
    expect((await browser.send('POST', '/v1/operator/sign-in-codes')).status).toBe(403);
  });

  test('names a person by the provider’s id when no address is verified', async () => {
    provider.claims = { sub: 'person-2', email: 'boss@ops.example' };
    const { browser } = await goThrough();
    const session = await browser.send('GET', '/v1/operator/session');
    expect(session.body.operator.name).toBe('operator:oidc:person-2');
  });

  test('cannot be made to ask the provider without end', async () => {
    const limited = await apiWith({ issuer: provider.issuer, ...OIDC_CLIENT }, { failuresPerMinute: 2 });
    try {
      const { send } = createBrowser(limited.app);
      const statuses = [];
      for (let at = 0; at < 3; at += 1) statuses.push((await send('GET', START)).status);
      expect(statuses).toEqual([303, 303, 429]);
      expect((await send('GET', CALLBACK)).status).toBe(429);
    } finally {
      await limited.close();
    }
  });

  const REFUSED = { status: 303, location: '/console#sign-in=refused' };

  test.each<[string, OidcProvider['lie']]>([
    ['of another nonce', { nonce: 'another' }],
    ['for another client', { audience: 'another' }],
    ['of another issuer', { issuer: 'https://another.example' }],
    ['signed by a stranger', { signedBy: 'stranger' }],
  ])('an ID token %s opens nothing', async (_name, lie) => {
    provider.lie = lie;
    const { browser, end } = await goThrough();
    expect(end).toMatchObject(REFUSED);
    expect(browser.jar.size).toBe(0);
  });

  test('a person who says no is sent back to the sign-in', async () => {
    provider.deny = true;
    expect((await goThrough()).end).toMatchObject(REFUSED);
  });

  test('a way back that this browser did not begin opens nothing: another state, none, or one of somebody else', async () => {
    const { back } = await goThrough();
    const url = `${back.pathname}${back.search}`;
    expect(await createBrowser(api.app).send('GET', url)).toMatchObject(REFUSED);
    const other = createBrowser(api.app);
    await other.send('GET', START);
    expect(await other.send('GET', url)).toMatchObject(REFUSED);
    expect(other.jar.size).toBe(0);
  });

  test('a code is of no use to who has not the verifier, because the cookie is spent with it', async () => {
    const { browser, back } = await goThrough();
    const again = await browser.send('GET', `${back.pathname}${back.search}`);
    expect(again).toMatchObject(REFUSED);
  });

  test('only who is in the group of operators is one', async () => {
    const strict = await apiWith({ issuer: provider.issuer, ...OIDC_CLIENT, group: 'billing' });
    try {
      provider.claims = { sub: 'p', groups: ['sales'], roles: 'billing' };
      expect((await goThrough(strict)).end.location).toBe('/console#sign-in=not_operator');
      provider.claims = { sub: 'p', groups: ['sales', 'billing'] };
      expect((await goThrough(strict)).end.location).toBe('/console');
      provider.claims = { sub: 'p', roles: ['billing'] };
      expect((await goThrough(strict)).end.location).toBe('/console');
    } finally {
      await strict.close();
    }
  });

  test('a provider that is away is said so, and is found once it is back', async () => {
    const away = await apiWith({ issuer: 'http://127.0.0.1:9', ...OIDC_CLIENT });
    try {
      const { send } = createBrowser(away.app);
      for (let at = 0; at < 2; at += 1) {
        expect(await send('GET', START)).toMatchObject({ location: '/console#sign-in=unavailable' });
      }
    } finally {
      await away.close();
    }
  });

  test('without a provider there is no such address', async () => {
    const plain = await startTestApi();
    try {
      expect((await createBrowser(plain.app).send('GET', START)).status).toBe(404);
    } finally {
      await plain.close();
    }
  });
});

async function apiWith(
  settings: { issuer: string; clientId: string; clientSecret: string; group?: string },
  limits: Partial<typeof LIMITS> = {},
) {
  const redirectUri = `${PUBLIC_URL}${CALLBACK}`;
  const api: TestApi = await startTestApi({
    limits: { ...LIMITS, ...limits },
    oidc: createOperatorOidc({ ...settings, redirectUri }),
    sessions: createOperatorSessions(TOKEN_SECRET, {
      keys: {
        isOperator: (keyId) => createKeys(api.db).isOperator(keyId),
        endSession: (id) => createKeys(api.db).endSession(id),
        hasEnded: (id) => createKeys(api.db).hasEnded(id),
      },
      withOidc: true,
    }),
  });
  return api;
}
