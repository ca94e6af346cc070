import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { ApiDeps } from '../deps.ts';
import { problems } from '../schemas/problem.ts';
import { accountPath, instant, instantSchema } from '../schemas/values.ts';
import { accountOf } from './accounts.ts';

const sessionSchema = z
  .object({
    token: z.string().describe('Bearer token that sees this account only.'),
    url: z.url().describe('The credits page, signed in.'),
    expiresAt: instantSchema,
  })
  .meta({ id: 'Session' });

type Deps = Pick<ApiDeps, 'accounts' | 'tokens' | 'publicUrl'>;

/** Short-lived access of one customer to one account. */
export const sessionRoutes: FastifyPluginAsyncZod<Deps> = async (app, { accounts, tokens, publicUrl }) => {
  app.post('/accounts/:id/sessions', {
    config: { access: ['platform'] },
    schema: {
      operationId: 'startSession',
      tags: ['Accounts'],
      summary: 'Let a customer in for an hour',
      params: accountPath,
      body: z.strictObject({}).nullish(),
      response: { 201: sessionSchema, ...problems('malformed_json', 'account_unknown') },
    },
    handler: async (request, reply) => {
      const { accountId } = await accountOf(accounts, request.params.id);
      const { token, expiresAtMs } = await tokens.issue(accountId);
      return reply
        .code(201)
        .send({ token, url: creditsPage(publicUrl, token), expiresAt: instant(expiresAtMs) });
    },
  });
};

/** The token travels in the fragment, which browsers send to no server and write into no referrer. */
function creditsPage(publicUrl: string, token: string): string {
  const url = new URL(publicUrl);
  url.pathname = `${url.pathname.replace(/\/$/, '')}/credits`;
  url.hash = new URLSearchParams({ token }).toString();
  return url.href;
}
