import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { ApiDeps } from '../deps.ts';
import { principalOf } from '../plugins/authentication.ts';
import { principalName } from '../principal.ts';
import { suspensionJson, suspensionSchema } from '../schemas/operator.ts';
import { problems } from '../schemas/problem.ts';
import { accountPath } from '../schemas/values.ts';

type Deps = Pick<ApiDeps, 'operator'>;

/** The customer's own way out of a suspension that their card caused. */
export const resumeRoutes: FastifyPluginAsyncZod<Deps> = async (app, { operator }) => {
  app.post('/accounts/:id/auto-top-up/resume', {
    config: { access: ['platform', 'customer'] },
    schema: {
      operationId: 'resumeAutoTopUp',
      tags: ['Auto top-up'],
      summary: 'Resume automatic top-ups after failed charges',
      description:
        'Lifts a suspension after repeated failures or a hard decline; what is wanted is charged at once. One that an ' +
        'operator or a dispute caused stays: 409. Without a suspension nothing changes.',
      params: accountPath,
      body: z.strictObject({}).nullish(),
      response: {
        200: suspensionSchema,
        ...problems('malformed_json', 'account_unknown', 'not_resumable'),
      },
    },
    handler: async (request) => {
      const { id } = request.params;
      const actor = principalName(principalOf(request));
      return suspensionJson(id, await operator.resumeAsCustomer(id, actor));
    },
  });
};
