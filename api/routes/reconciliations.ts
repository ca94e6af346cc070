import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Reconciliation } from '../../db/reconciliations.ts';
import type { ApiDeps } from '../deps.ts';
import { problems } from '../schemas/problem.ts';
import { instant, instantOrNull, instantSchema, limitSchema } from '../schemas/values.ts';

export const reconciliationSchema = z
  .object({
    id: z.string(),
    scope: z.enum(['recent', 'nightly']),
    compared: z.number().int().describe('Payments, refunds, disputes and credits that were looked at.'),
    repaired: z.number().int().describe('Credited, or given to the workflow to read again.'),
    reported: z.number().int().describe('Findings that a person has to look at.'),
    invariants: z
      .array(
        z.object({
          number: z.number().int(),
          name: z.string(),
          holds: z.boolean(),
          violations: z.array(z.string()),
        }),
      )
      .nullable()
      .describe('Judged nightly; null otherwise.'),
    startedAt: instantSchema,
    finishedAt: instantSchema.nullable().describe('null while it runs, or when it was ended from outside.'),
  })
  .meta({
    id: 'Reconciliation',
    examples: [
      {
        id: 'b6a6f0a2-7b1e-4c7e-9c57-1b6a1c2f3d4e',
        scope: 'recent',
        compared: 42,
        repaired: 1,
        reported: 0,
        invariants: null,
        startedAt: '2026-11-22T10:00:00Z',
        finishedAt: '2026-11-22T10:00:03Z',
      },
    ],
  });

type Deps = Pick<ApiDeps, 'reconciliations'>;

/** What comparing the payment provider with the ledger came to. */
export const reconciliationRoutes: FastifyPluginAsyncZod<Deps> = async (app, { reconciliations }) => {
  app.get('/operator/reconciliations', {
    config: { access: ['operator'] },
    schema: {
      operationId: 'listReconciliations',
      tags: ['Service'],
      summary: 'Latest runs of the reconciler, newest first',
      querystring: z.object({ limit: limitSchema }),
      response: { 200: z.object({ items: z.array(reconciliationSchema) }), ...problems() },
    },
    handler: async (request) => {
      const runs = await reconciliations.list(request.query);
      return { items: runs.map(reconciliationJson) };
    },
  });
};

export function reconciliationJson(run: Reconciliation): z.input<typeof reconciliationSchema> {
  const { runId, scope, compared, repaired, reported, invariants, startedAtMs, finishedAtMs } = run;
  return {
    id: runId,
    scope,
    compared,
    repaired,
    reported,
    invariants,
    startedAt: instant(startedAtMs),
    finishedAt: instantOrNull(finishedAtMs),
  };
}
