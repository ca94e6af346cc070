import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { FINDING_KINDS } from '../../db/findings.ts';
import type { ApiDeps } from '../deps.ts';
import { problems } from '../schemas/problem.ts';
import { instantOrNull, instantSchema } from '../schemas/values.ts';
import { reconciliationJson, reconciliationSchema } from './reconciliations.ts';

/** Runs that the page shows. */
const SHOWN_RUNS = 10;

const healthSchema = z
  .object({
    relay: z.object({
      waiting: z.number().int().describe('Accounts whose workflow has not been told yet.'),
      lagSeconds: z
        .number()
        .describe('How long the first of them is overdue; 0 when all that is due has been told.'),
    }),
    temporal: z
      .enum(['ok', 'unreachable', 'not_configured'])
      .describe('`not_configured`: this API does not know where Temporal is.'),
    unknownCharges: z.object({
      count: z.number().int(),
      oldestSince: instantSchema.nullable(),
    }),
    deadLetters: z.object({ mails: z.number().int(), webhooks: z.number().int() }),
    openFindings: z.array(z.object({ kind: z.enum(FINDING_KINDS), count: z.number().int() })),
    invariants: z
      .array(z.object({ number: z.number().int(), name: z.string(), holds: z.boolean() }))
      .describe('As the last nightly run judged them; empty before the first.'),
    reconciler: z.object({
      recentAt: instantSchema.nullable(),
      nightlyAt: instantSchema.nullable(),
      runs: z.array(reconciliationSchema).describe('The latest ones, newest first.'),
    }),
  })
  .meta({ id: 'OperatorHealth' });

type Deps = Pick<ApiDeps, 'wakes' | 'desk' | 'reconciliations' | 'readiness'>;

/** Whether all goes well, on one page. */
export const operatorHealthRoutes: FastifyPluginAsyncZod<Deps> = async (app, deps) => {
  const { wakes, desk, reconciliations, readiness } = deps;
  app.get('/operator/health', {
    config: { access: ['operator'] },
    schema: {
      operationId: 'getOperatorHealth',
      tags: ['Operators'],
      summary: 'Lag, stuck charges, dead letters, findings, and what the reconciler found',
      response: { 200: healthSchema, ...problems() },
    },
    handler: async () => {
      const [backlog, troubles, standing, runs, temporal] = await Promise.all([
        wakes.backlog(),
        desk.troubles(),
        reconciliations.standing(),
        reconciliations.list({ limit: SHOWN_RUNS }),
        askTemporal(readiness.temporal),
      ]);
      const { finishedAtMs, invariants, openFindings } = standing;
      return {
        relay: { waiting: backlog.dirty, lagSeconds: lagSeconds(backlog.oldestDueMs) },
        temporal,
        unknownCharges: {
          count: troubles.unknownCharges,
          oldestSince: instantOrNull(troubles.oldestUnknownSinceMs),
        },
        deadLetters: { mails: troubles.deadMails, webhooks: troubles.deadWebhooks },
        openFindings: openFindings.map(({ kind, count }) => ({ kind, count })),
        invariants: invariants.map(({ number, name, holds }) => ({ number, name, holds })),
        reconciler: {
          recentAt: instantOrNull(finishedAtMs.recent ?? null),
          nightlyAt: instantOrNull(finishedAtMs.nightly ?? null),
          runs: runs.map(reconciliationJson),
        },
      };
    },
  });
};

/** What is due later waits on purpose. */
function lagSeconds(oldestDueMs: number | null): number {
  if (oldestDueMs === null) return 0;
  return Math.max(0, Math.round((Date.now() - oldestDueMs) / 100) / 10);
}

async function askTemporal(
  ask: (() => Promise<void>) | null,
): Promise<'ok' | 'unreachable' | 'not_configured'> {
  if (ask === null) return 'not_configured';
  return ask().then(
    () => 'ok' as const,
    () => 'unreachable' as const,
  );
}
