import '@fastify/rate-limit';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { ApiDeps } from '../deps.ts';
import { OidcError, type OidcRefusal, type OperatorOidc } from '../operator-oidc.ts';
import type { OperatorSessions } from '../operator-sessions.ts';
import { Problem } from '../problems.ts';
import { publicAddress, publicPath } from '../public-address.ts';
import { ATTEMPT_COOKIE, attemptCookie } from '../session-cookie.ts';
import { setSession } from './operator-session.ts';

/** Where the identity provider sends the browser back to; it has to be registered there. */
export const OIDC_CALLBACK = '/v1/operator/session/oidc/callback';

type Deps = Pick<ApiDeps, 'sessions' | 'publicUrl' | 'limits'> & { oidc: OperatorOidc };

/** Signing in by the identity provider: two addresses that a browser visits, so they answer with redirects, and the
 *  console says what went wrong. */
export const operatorOidcRoutes: FastifyPluginAsyncZod<Deps> = async (app, deps) => {
  const { oidc, sessions, publicUrl, limits } = deps;
  const console = publicPath(publicUrl, '/console');
  const hidden = { schema: { hide: true } };
  // Each one asks the provider something: nobody may make this service ask it without end.
  const visits = app.createRateLimit({
    max: limits.failuresPerMinute,
    timeWindow: '1 minute',
    keyGenerator: (request) => `oidc:${request.ip}`,
  });
  app.addHook('onRequest', async (request, reply) => {
    reply.header('cache-control', 'no-store');
    const visit = await visits(request);
    if (visit.isAllowed || !visit.isExceeded) return;
    throw new Problem('too_many_requests', { headers: { 'retry-after': String(visit.ttlInSeconds) } });
  });

  app.get('/operator/session/oidc', hidden, async (request, reply) => {
    try {
      const { url, attempt } = await oidc.start();
      const { text, expiresAtMs } = await sessions.attempts.sign(attempt);
      reply.setCookie(ATTEMPT_COOKIE, text, { ...attemptCookie(publicUrl), expires: new Date(expiresAtMs) });
      return await reply.redirect(url, 303);
    } catch (error) {
      request.log.warn({ err: error }, 'an operator cannot sign in by OIDC');
      return reply.redirect(`${console}#sign-in=${refusalOf(error)}`, 303);
    }
  });

  app.get('/operator/session/oidc/callback', hidden, async (request, reply) => {
    const cookie = request.cookies[ATTEMPT_COOKIE];
    reply.clearCookie(ATTEMPT_COOKIE, attemptCookie(publicUrl));
    try {
      const person = await finish(new URL(publicAddress(publicUrl, request.url)), cookie, { oidc, sessions });
      const { text, expiresAtMs } = await sessions.issue({ person });
      setSession(reply, text, { publicUrl, expiresAtMs });
      return await reply.redirect(console, 303);
    } catch (error) {
      request.log.warn({ err: error }, 'an operator was not signed in by OIDC');
      return reply.redirect(`${console}#sign-in=${refusalOf(error)}`, 303);
    }
  });
};

/** An attempt that this browser did not begin is no attempt. */
async function finish(
  url: URL,
  cookie: string | undefined,
  { oidc, sessions }: { oidc: OperatorOidc; sessions: OperatorSessions },
): Promise<string> {
  const attempt = cookie === undefined ? null : await sessions.attempts.verify(cookie);
  if (attempt === null) throw new OidcError('refused');
  return oidc.finish(url, attempt.claims);
}

function refusalOf(error: unknown): OidcRefusal {
  if (error instanceof OidcError) return error.refusal;
  throw error;
}
