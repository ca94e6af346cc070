import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { TopUpAct } from '../../db/operator.ts';
import { fromDisplayUnits, toDisplayUnits } from '../../domain/quantities.ts';
import type { ApiDeps } from '../deps.ts';
import { keyHeader, orderOf, reasonBody, reasonSchema } from '../operator-order.ts';
import {
  findingJson,
  findingSchema,
  operatorTopUpJson,
  suspensionJson,
  suspensionSchema,
  topUpActSchema,
  topUpIdSchema,
} from '../schemas/operator.ts';
import { problems } from '../schemas/problem.ts';
import { accountPath, unitsSchema, walletSchema } from '../schemas/values.ts';

const OPERATORS = { access: ['operator'] as const };
const MAX_ADJUSTED_UNITS = 1_000_000;

const adjustmentBody = z
  .strictObject({
    wallet: walletSchema,
    units: unitsSchema({ min: -MAX_ADJUSTED_UNITS, max: MAX_ADJUSTED_UNITS })
      .refine((units) => units !== 0, 'has to add or take something')
      .describe('Minutes or credits to add; negative to take.'),
    reason: reasonSchema,
  })
  .meta({ id: 'Adjustment', examples: [{ wallet: 'chat_credits', units: -5, reason: 'Booked twice.' }] });
const adjustmentResult = z
  .object({
    account: z.string(),
    wallet: walletSchema,
    units: z.number(),
    seq: z.number().int().describe('The ledger entry.'),
    balance: z.number().describe('Right after that entry.'),
  })
  .meta({ id: 'AdjustmentResult' });

const COMMON_PROBLEMS = ['malformed_json', 'idempotency_conflict'] as const;

type Deps = Pick<ApiDeps, 'operator' | 'links'>;

const TOP_UP_ACTS = [
  {
    act: 'retry',
    summary: 'Try a charge again, without ever charging it twice',
    description:
      'A retrying one is tried now; one that is unknown, waits for the customer or is paid is looked up at Stripe; ' +
      'a failed or canceled one is ordered anew, once, for the same amount and units. 202 when something follows.',
  },
  {
    act: 'cancel',
    summary: 'Close a top-up, unless its payment is quicker',
    description:
      'Its invoice is voided; if it turns out to be paid, it is credited. What automatic top-up wants stays wanted: ' +
      'suspend the account to keep it from starting another one.',
  },
] as const;

/** What operators do. Each act needs a reason, happens once under its key, works while Temporal is away, and is
 *  audited with who, when, before and after. */
export const operatorActRoutes: FastifyPluginAsyncZod<Deps> = async (app, { operator, links }) => {
  const actJson = ({ effect, topUp }: TopUpAct) => ({ effect, topUp: operatorTopUpJson(topUp, links) });

  for (const { act, summary, description } of TOP_UP_ACTS) {
    app.post(`/operator/top-ups/:id/${act}`, {
      config: OPERATORS,
      schema: {
        operationId: `${act}TopUp`,
        tags: ['Operators'],
        summary,
        description,
        params: z.object({ id: topUpIdSchema }),
        headers: keyHeader,
        body: reasonBody,
        response: {
          200: topUpActSchema,
          202: topUpActSchema,
          ...problems(...COMMON_PROBLEMS, 'top_up_unknown', 'top_up_settled'),
        },
      },
      handler: async (request, reply) => {
        const done = await operator[act](request.params.id, orderOf(request));
        return reply.code(done.effect === 'none' ? 200 : 202).send(actJson(done));
      },
    });
  }

  for (const act of ['suspend', 'resume'] as const) {
    app.post(`/operator/accounts/:id/${act}`, {
      config: OPERATORS,
      schema: {
        operationId: `${act}Account`,
        tags: ['Operators'],
        summary: act === 'suspend' ? 'Stop automatic top-ups of an account' : 'Let automatic top-ups go on',
        description:
          act === 'suspend'
            ? 'Until an operator resumes them. No new attempt is made of a charge that waits to be tried again.'
            : 'Lifts a suspension of any reason and forgives the failures before; what is wanted is charged at once.',
        params: accountPath,
        headers: keyHeader,
        body: reasonBody,
        response: { 200: suspensionSchema, ...problems(...COMMON_PROBLEMS, 'account_unknown') },
      },
      handler: async (request) => {
        const { id } = request.params;
        return suspensionJson(id, await operator[act](id, orderOf(request)));
      },
    });
  }

  app.post('/operator/findings/:finding/resolve', {
    config: OPERATORS,
    schema: {
      operationId: 'resolveFinding',
      tags: ['Operators'],
      summary: 'Close a finding that a person has dealt with',
      description: 'What is still so is open again as soon as it is seen again.',
      params: z.object({ finding: z.string().regex(/^[\w-]{1,100}$/) }),
      headers: keyHeader,
      body: reasonBody,
      response: { 200: findingSchema, ...problems(...COMMON_PROBLEMS, 'finding_unknown') },
    },
    handler: async (request) =>
      findingJson(await operator.resolveFinding(request.params.finding, orderOf(request))),
  });

  app.post('/operator/accounts/:id/adjust', {
    config: OPERATORS,
    schema: {
      operationId: 'adjustBalance',
      tags: ['Operators'],
      summary: 'Correct a balance by a ledger entry',
      params: accountPath,
      headers: keyHeader,
      body: adjustmentBody,
      response: { 200: adjustmentResult, ...problems(...COMMON_PROBLEMS, 'account_unknown') },
    },
    handler: async (request) => {
      const { wallet, units } = request.body;
      const { id: accountId } = request.params;
      const adjustment = { accountId, wallet, quantity: fromDisplayUnits(wallet, units) };
      const { seq, balance } = await operator.adjust(adjustment, orderOf(request));
      return { account: accountId, wallet, units, seq, balance: toDisplayUnits(wallet, balance) };
    },
  });
};
