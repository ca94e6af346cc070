import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { ApiDeps } from '../deps.ts';
import { principalOf } from '../plugins/authentication.ts';
import { Problem } from '../problems.ts';
import { publicAddress } from '../public-address.ts';
import { problems } from '../schemas/problem.ts';
import { instant, instantSchema } from '../schemas/values.ts';

const codeSchema = z
  .object({
    code: z.string(),
    url: z.string().describe('The console; the code is in its fragment, which no server is sent.'),
    expiresAt: instantSchema,
  })
  .meta({ id: 'SignInCode' });

type Deps = Pick<ApiDeps, 'keys' | 'sessions' | 'publicUrl'>;

/** A link that signs in once, so that the key itself is never part of an address. */
export const operatorSignInCodeRoutes: FastifyPluginAsyncZod<Deps> = async (app, deps) => {
  const { keys, sessions, publicUrl } = deps;
  app.post('/operator/sign-in-codes', {
    config: { access: ['operator'] },
    schema: {
      operationId: 'createSignInCode',
      tags: ['Operators'],
      summary: 'Make a link that signs in to the console once',
      description: 'Within an hour, as the operator whose key asked for it.',
      response: { 201: codeSchema, ...problems() },
    },
    handler: async (request, reply) => {
      const principal = principalOf(request);
      const keyId = principal.role === 'operator' ? principal.keyId : '';
      // A person whom the identity provider vouches for has no key that a code could be bound to.
      if (!(await keys.isOperator(keyId))) throw new Problem('forbidden');
      const { text: code, expiresAtMs } = await sessions.codes.sign({ keyId });
      const url = `${publicAddress(publicUrl, '/console')}#code=${code}`;
      return reply.code(201).send({ code, url, expiresAt: instant(expiresAtMs) });
    },
  });
};
