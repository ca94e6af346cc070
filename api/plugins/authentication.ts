import { hash } from 'node:crypto';
import '@fastify/cookie';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import type { OperatorSessions } from '../operator-sessions.ts';
import { principalName, type Principal, type Role } from '../principal.ts';
import { Problem } from '../problems.ts';
import { requireSameOrigin } from '../same-origin.ts';
import { SESSION_COOKIE } from '../session-cookie.ts';
import { looksLikeToken, type Tokens } from '../tokens.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks; null before authentication and outside of it. */
    principal: Principal | null;
  }
  interface FastifyContextConfig {
    /** Who may call the route. A customer only for the account that the path names. */
    access?: readonly Role[];
  }
}

export type AuthenticationOptions = {
  keys: { authenticate(key: string): Promise<{ role: 'platform' | 'operator'; keyId: string } | null> };
  tokens: Pick<Tokens, 'verify' | 'isGenuine'>;
  sessions: Pick<OperatorSessions, 'verify' | 'isGenuine'>;
  publicUrl: string;
  /** How long a key that was found valid counts as valid without another look: so long a revoked one still opens. */
  keyTrustMs: number;
};

/** Lets no request through to the routes of this scope without a credential that the route admits.
 *  A route that does not say who may call it stops the boot. */
export const authentication = fp(
  (app: FastifyInstance, options: AuthenticationOptions, done: () => void) => {
    app.decorateRequest('principal', null);
    app.addHook('onRoute', ({ url, config }) => {
      if (config?.access === undefined) throw new Error(`${url} does not say who may call it`);
    });
    const identify = createIdentification(options, app.credentialFailures.admitGuess);
    app.addHook('onRequest', async (request) => {
      const principal = await identify(request);
      if (principal === null) {
        if (await isGuess(request, options)) await app.credentialFailures.count(request);
        throw unauthenticated(request);
      }
      request.principal = principal;
      request.log = request.log.child({ principal: principalName(principal) });
      admit(request, principal);
    });
    done();
  },
  { name: 'authentication', dependencies: ['credential-failures', '@fastify/cookie'] },
);

/** The principal of a request that has passed authentication. */
export function principalOf(request: FastifyRequest): Principal {
  if (request.principal === null) throw new Error('the route is outside of authentication');
  return request.principal;
}

/** Tells who asks. A key costs a query, so one that was found valid is not looked up again for `keyTrustMs`, and one
 *  that has never been right only while its address may still be wrong. Nobody is shut out by what others guess from
 *  behind the same address.
 *  @param admitGuess rejects when the address has presented too many wrong credentials. */
function createIdentification(
  { keys, tokens, sessions, publicUrl, keyTrustMs }: AuthenticationOptions,
  admitGuess: (request: FastifyRequest) => Promise<void>,
): (request: FastifyRequest) => Promise<Principal | null> {
  const proven = new Map<string, { principal: Principal; trustedUntilMs: number }>();
  return async (request) => {
    const session = sessionCookieOf(request);
    if (session !== null) {
      requireSameOrigin(request, publicUrl);
      return (await sessions.verify(session))?.principal ?? null;
    }
    const credential = bearerOf(request);
    if (credential === undefined) return null;
    if (looksLikeToken(credential)) {
      const token = await tokens.verify(credential);
      return token === null ? null : { role: 'customer', ...token };
    }
    const digest = hash('sha256', credential, 'base64');
    const earlier = proven.get(digest);
    // Time that only goes forward: the clock of the machine may be set back.
    if (earlier !== undefined && performance.now() < earlier.trustedUntilMs) return earlier.principal;
    if (earlier === undefined) await admitGuess(request);
    // Before the query: a key that is revoked while it runs gains no time by it.
    const trustedUntilMs = performance.now() + keyTrustMs;
    const found = await keys.authenticate(credential);
    if (found === null) proven.delete(digest);
    else if (proven.size < MAX_PROVEN_KEYS || earlier !== undefined) {
      proven.set(digest, { principal: found, trustedUntilMs });
    }
    return found;
  };
}

/** Whether what was shown may be somebody's try at what is not theirs. Nothing at all is none, and neither is what was
 *  good once: a page that stays open asks with it over and over, and must not shut out others at its address. */
async function isGuess(
  request: FastifyRequest,
  { tokens, sessions }: Pick<AuthenticationOptions, 'tokens' | 'sessions'>,
): Promise<boolean> {
  const session = sessionCookieOf(request);
  if (session !== null) return !(await sessions.isGenuine(session));
  if (request.headers.authorization === undefined) return false;
  const credential = bearerOf(request);
  return credential === undefined || !looksLikeToken(credential) || !(await tokens.isGenuine(credential));
}

function bearerOf({ headers }: FastifyRequest): string | undefined {
  return /^Bearer +([\w.~+/=-]{1,2048})$/i.exec(headers.authorization ?? '')?.[1];
}

/** Far more keys than anybody has. */
const MAX_PROVEN_KEYS = 10_000;

/** A cookie counts for what only operators may do, and only where no other credential is shown. */
function sessionCookieOf(request: FastifyRequest): string | null {
  const { access } = request.routeOptions.config;
  const isForOperators = access?.every((role) => role === 'operator') === true;
  if (!isForOperators || request.headers.authorization !== undefined) return null;
  return request.cookies[SESSION_COOKIE] ?? null;
}

function admit(request: FastifyRequest, principal: Principal): void {
  if (request.routeOptions.config.access?.includes(principal.role) !== true) throw new Problem('forbidden');
  const { id } = request.params as { id?: string };
  // Not 403: a customer must not learn which other accounts exist.
  if (principal.role === 'customer' && id !== principal.accountId) throw new Problem('account_unknown');
}

function unauthenticated(request: FastifyRequest): Problem {
  const error = request.headers.authorization === undefined ? '' : ', error="invalid_token"';
  return new Problem('unauthenticated', {
    headers: { 'www-authenticate': `Bearer realm="auto-top-up"${error}` },
  });
}
