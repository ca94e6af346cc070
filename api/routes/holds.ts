import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { toDisplayUnits } from '../../domain/quantities.ts';
import { isDatabaseAwayForAll, isRowLocked } from '../database-faults.ts';
import type { ApiDeps, HoldLimits } from '../deps.ts';
import type { Metrics } from '../metrics.ts';
import { overloaded } from '../plugins/overload.ts';
import { Problem } from '../problems.ts';
import { holdBody, holdHeaders, holdPath, holdSchema, toHoldRequest } from '../schemas/holds.ts';
import { problems } from '../schemas/problem.ts';
import { accountPath, instant } from '../schemas/values.ts';
import { takeTurns } from '../turns.ts';

type Deps = Pick<ApiDeps, 'holds'> & {
  limits: { holds: HoldLimits };
  metrics: Pick<Metrics, 'holdsOverloaded'>;
};

/** What the platform reserves before a call, so that calls in parallel never use more than there is. */
export const holdRoutes: FastifyPluginAsyncZod<Deps> = async (app, { holds, limits, metrics }) => {
  // They wait for their wallet one after the other anyhow: in the database each would take a connection for it.
  const inTurn = takeTurns({ ...limits.holds, reachOf });
  app.post('/accounts/:id/holds', {
    config: { access: ['platform'] },
    schema: {
      operationId: 'placeHold',
      tags: ['Usage'],
      summary: 'Reserve balance before a call',
      description:
        'Reserves until it expires, is released, or usage names it. 402 `insufficient_balance` when less is ' +
        'available, with `available` and `required` in minutes or credits, and `topUpPending`: whether a top-up is ' +
        'open or about to start because of this refusal, so that asking again is worth it. The refusal of a ' +
        '`campaign` call starts one where the customer wants it to (`topUpOnRefusal`); that of any other never does. ' +
        '503 `overloaded` when more of the account, or of all, are waiting than can be answered soon: nothing was ' +
        'reserved, and `Retry-After` says when to ask again.',
      params: accountPath,
      headers: holdHeaders,
      body: holdBody,
      response: {
        201: holdSchema,
        ...problems(
          'malformed_json',
          'account_unknown',
          'insufficient_balance',
          'idempotency_conflict',
          'overloaded',
        ),
      },
    },
    handler: async (request, reply) => {
      const asked = toHoldRequest(request.body);
      const key = request.headers['idempotency-key'] ?? null;
      const { id: accountId } = request.params;
      const placed = await inTurn(accountId, () => holds.place({ accountId, ...asked }, key));
      if (placed === null) {
        metrics.holdsOverloaded.inc();
        throw overloaded('Nothing was reserved; ask again after the time that Retry-After names.');
      }
      switch (placed.status) {
        case 'unknown_account':
          throw new Problem('account_unknown');
        case 'conflict':
          throw new Problem('idempotency_conflict');
        case 'refused': {
          const { topUpPending } = placed;
          const available = toDisplayUnits(asked.wallet, placed.available);
          const required = toDisplayUnits(asked.wallet, asked.quantity);
          throw new Problem('insufficient_balance', { extensions: { topUpPending, available, required } });
        }
        case 'held':
          return reply.code(201).send({ id: placed.holdId, expiresAt: instant(placed.expiresAtMs) });
      }
    },
  });

  app.delete('/accounts/:id/holds/:hold', {
    config: { access: ['platform'] },
    schema: {
      operationId: 'releaseHold',
      tags: ['Usage'],
      summary: 'Release what was reserved',
      description:
        'For a call that did not come about. 204 again for a hold that has ended already, by whatever; 404 for one ' +
        'that was never granted.',
      params: holdPath,
      response: {
        204: z.null().describe('It reserves nothing any more.'),
        ...problems('hold_unknown'),
      },
    },
    handler: async (request, reply) => {
      const { id, hold } = request.params;
      if (!(await holds.release(id, hold))) throw new Problem('hold_unknown');
      return reply.code(204).send(null);
    },
  });
};

/** A wallet that stays locked, or a database that is away, keeps the next ones waiting as long. */
function reachOf(error: unknown): 'work' | 'line' | 'all' {
  if (isRowLocked(error)) return 'line';
  return isDatabaseAwayForAll(error) ? 'all' : 'work';
}
