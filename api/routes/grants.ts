import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { fromDisplayUnits, toDisplayUnits } from '../../domain/quantities.ts';
import type { ApiDeps } from '../deps.ts';
import { principalOf } from '../plugins/authentication.ts';
import { principalName } from '../principal.ts';
import { Problem } from '../problems.ts';
import { problems } from '../schemas/problem.ts';
import { accountPath, callerIdSchema, plainText, unitsSchema, walletSchema } from '../schemas/values.ts';

const MAX_GRANT_UNITS = 1_000_000;

const grantBody = z
  .strictObject({
    id: callerIdSchema.describe("The grant's identity when it is sent again."),
    wallet: walletSchema,
    units: unitsSchema({ min: 0.001, max: MAX_GRANT_UNITS }).describe('Minutes or credits to add.'),
    reason: plainText(200),
  })
  .meta({
    id: 'Grant',
    examples: [{ id: 'g1', wallet: 'call_minutes', units: 30, reason: 'plan minutes' }],
  });

const grantResult = z
  .object({
    id: z.string(),
    wallet: walletSchema,
    units: z.number(),
    status: z.enum(['accepted', 'duplicate']),
    seq: z.number().int().describe('The ledger entry.'),
    balance: z.number().describe('Right after that entry.'),
  })
  .meta({
    id: 'GrantResult',
    examples: [{ id: 'g1', wallet: 'call_minutes', units: 30, status: 'accepted', seq: 1, balance: 30 }],
  });

type Deps = Pick<ApiDeps, 'ledger'>;

/** Units that are not bought: included minutes, goodwill. */
export const grantRoutes: FastifyPluginAsyncZod<Deps> = async (app, { ledger }) => {
  app.post('/accounts/:id/grants', {
    config: { access: ['platform', 'operator'] },
    schema: {
      operationId: 'grantUnits',
      tags: ['Accounts'],
      summary: 'Add units that are not bought',
      description:
        'Idempotent by `id`: 201 when it was booked, 200 when it had been before, 409 with other content.',
      params: accountPath,
      body: grantBody,
      response: {
        200: grantResult,
        201: grantResult,
        ...problems('malformed_json', 'account_unknown', 'grant_conflict'),
      },
    },
    handler: async (request, reply) => {
      const { id: grantId, wallet, units, reason } = request.body;
      const actor = principalName(principalOf(request));
      const quantity = fromDisplayUnits(wallet, units);
      const grant = await ledger.grant({
        accountId: request.params.id,
        grantId,
        wallet,
        quantity,
        reason,
        actor,
      });
      if (grant.status === 'unknown_account') throw new Problem('account_unknown');
      if (grant.status === 'conflict') throw new Problem('grant_conflict');
      return reply.code(grant.status === 'accepted' ? 201 : 200).send({
        id: grantId,
        wallet,
        units,
        status: grant.status,
        seq: grant.seq,
        balance: toDisplayUnits(wallet, grant.balance),
      });
    },
  });
};
