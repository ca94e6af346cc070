import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { ApiDeps } from '../deps.ts';
import { principalName } from '../principal.ts';
import { Problem } from '../problems.ts';
import { requireSameOrigin } from '../same-origin.ts';
import { problems } from '../schemas/problem.ts';
import { instant, instantSchema } from '../schemas/values.ts';
import { SESSION_COOKIE, sessionCookie } from '../session-cookie.ts';

const credentialSchema = z.string().regex(/^[\w.~+/=-]{1,2048}$/, 'not a key');
const signInBody = z
  .strictObject({
    key: credentialSchema.describe('An operator key.').exactOptional(),
    code: credentialSchema.describe('A sign-in code, which can be used once.').exactOptional(),
  })
  .refine(({ key, code }) => (key === undefined) !== (code === undefined), 'has to have a key or a code')
  .meta({ id: 'OperatorSignIn', examples: [{ key: 'operator_key' }] });

const sessionSchema = z
  .object({
    operator: z
      .object({
        name: z.string().describe('As the audit names it.'),
        expiresAt: instantSchema.describe('When the session is over.'),
      })
      .nullable()
      .describe('null when nobody is signed in.'),
    oidc: z.boolean().describe('Whether there is an identity provider at `/v1/operator/session/oidc`.'),
  })
  .meta({
    id: 'OperatorSession',
    examples: [
      { operator: { name: 'operator:0123456789ab', expiresAt: '2026-11-22T18:00:00.000Z' }, oidc: false },
      { operator: null, oidc: false },
    ],
  });

type Deps = Pick<ApiDeps, 'keys' | 'sessions' | 'oidc' | 'publicUrl'>;

/** Who is signed in to the console, by a cookie that no script can read. */
export const operatorSessionRoutes: FastifyPluginAsyncZod<Deps> = async (app, deps) => {
  const { keys, sessions, publicUrl } = deps;
  const oidc = deps.oidc !== null;

  app.addHook('onRequest', async (_request, reply) => void reply.header('cache-control', 'no-store'));

  app.post('/operator/session', {
    schema: {
      operationId: 'signInOperator',
      tags: ['Operators'],
      summary: 'Sign in to the console by an operator key or a code',
      description: 'Sets a cookie for 8 hours. When the key is revoked, its sessions are over at once.',
      security: [],
      body: signInBody,
      response: { 200: sessionSchema, ...problems('malformed_json', 'cross_site') },
    },
    handler: async (request, reply) => {
      requireSameOrigin(request, publicUrl);
      await app.credentialFailures.admitGuess(request);
      const keyId = await operatorKeyOf(request.body, { keys, sessions });
      if (keyId === null) {
        await app.credentialFailures.count(request);
        throw new Problem('unauthenticated', { detail: 'The key or code is wrong, used, or revoked.' });
      }
      const { text, expiresAtMs } = await sessions.issue({ keyId });
      setSession(reply, text, { publicUrl, expiresAtMs });
      const name = principalName({ role: 'operator', keyId });
      return { operator: { name, expiresAt: instant(expiresAtMs) }, oidc };
    },
  });

  app.get('/operator/session', {
    schema: {
      operationId: 'getOperatorSession',
      tags: ['Operators'],
      summary: 'Who is signed in to the console',
      security: [],
      response: { 200: sessionSchema, ...problems() },
    },
    handler: async (request) => {
      const cookie = request.cookies[SESSION_COOKIE];
      const session = cookie === undefined ? null : await sessions.verify(cookie);
      if (session === null) return { operator: null, oidc };
      const { principal, expiresAtMs } = session;
      return { operator: { name: principalName(principal), expiresAt: instant(expiresAtMs) }, oidc };
    },
  });

  app.delete('/operator/session', {
    schema: {
      operationId: 'signOutOperator',
      tags: ['Operators'],
      summary: 'Sign out of the console',
      description: 'The session is over everywhere, also where its cookie was copied to.',
      security: [],
      response: { 200: sessionSchema, ...problems('cross_site') },
    },
    handler: async (request, reply) => {
      requireSameOrigin(request, publicUrl);
      const cookie = request.cookies[SESSION_COOKIE];
      if (cookie !== undefined) await sessions.end(cookie);
      reply.clearCookie(SESSION_COOKIE, sessionCookie(publicUrl));
      return { operator: null, oidc };
    },
  });
};

/** Puts the session into the browser. */
export function setSession(
  reply: FastifyReply,
  session: string,
  { publicUrl, expiresAtMs }: { publicUrl: string; expiresAtMs: number },
): void {
  reply.setCookie(SESSION_COOKIE, session, { ...sessionCookie(publicUrl), expires: new Date(expiresAtMs) });
}

/** @returns the id of the operator's key that is behind the key or the code; null when there is none. */
async function operatorKeyOf(
  { key, code }: z.output<typeof signInBody>,
  { keys, sessions }: Pick<Deps, 'keys' | 'sessions'>,
): Promise<string | null> {
  if (key !== undefined) {
    const found = await keys.authenticate(key);
    return found?.role === 'operator' ? found.keyId : null;
  }
  const given = code === undefined ? null : await sessions.codes.verify(code);
  if (given === null || !(await keys.isOperator(given.claims.keyId))) return null;
  return (await keys.useCode(given.id)) ? given.claims.keyId : null;
}
