import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { ApiDeps } from '../deps.ts';
import type { Metrics } from '../metrics.ts';
import { Problem } from '../problems.ts';
import { problemSchema } from '../schemas/problem.ts';

const CHECK_TIMEOUT_MS = 2_000;

const checkSchema = z.object({ reachable: z.boolean().nullable().describe('null when it is not watched.') });
const readiness = z
  .object({
    status: z.literal('ready'),
    checks: z.object({ database: checkSchema, temporal: checkSchema }),
  })
  .meta({
    id: 'Readiness',
    examples: [
      { status: 'ready', checks: { database: { reachable: true }, temporal: { reachable: false } } },
    ],
  });

type Deps = { readiness: ApiDeps['readiness']; metrics: Metrics };

/** For those who run the service. Temporal is reported and does not decide: usage is accepted without it. */
export const serviceRoutes: FastifyPluginAsyncZod<Deps> = async (app, { readiness: checks, metrics }) => {
  app.get('/healthz', {
    schema: {
      operationId: 'health',
      tags: ['Service'],
      summary: 'Liveness: the process answers',
      security: [],
      response: { 200: z.object({ status: z.literal('ok') }) },
    },
    handler: async (_request, reply) => reply.header('cache-control', 'no-store').send({ status: 'ok' }),
  });

  app.get('/readyz', {
    schema: {
      operationId: 'readiness',
      tags: ['Service'],
      summary: 'Readiness: the database answers',
      description: 'Temporal is reported, but usage is accepted while it is away.',
      security: [],
      response: {
        200: readiness,
        503: {
          description: 'The database cannot be reached',
          content: { 'application/problem+json': { schema: problemSchema } },
        },
      },
    },
    handler: async (_request, reply) => {
      const [database, temporal] = await Promise.all([
        answers(checks.database),
        checks.temporal === null ? null : answers(checks.temporal),
      ]);
      const states = { database: { reachable: database }, temporal: { reachable: temporal } };
      if (!database) throw new Problem('unavailable', { extensions: { checks: states } });
      return reply.header('cache-control', 'no-store').send({ status: 'ready', checks: states });
    },
  });

  app.get('/metrics', {
    schema: {
      operationId: 'metrics',
      tags: ['Service'],
      summary: 'Prometheus metrics',
      security: [],
      response: { 200: { description: 'Metrics', content: { 'text/plain': { schema: z.string() } } } },
    },
    // Without a compiled serializer, which would turn the text into a JSON string.
    serializerCompiler: () => String,
    handler: async (_request, reply) =>
      reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()),
  });
};

async function answers(check: () => Promise<void>): Promise<boolean> {
  const late = Promise.withResolvers<false>();
  const timer = setTimeout(() => late.resolve(false), CHECK_TIMEOUT_MS);
  try {
    return await Promise.race([
      check().then(
        () => true,
        () => false,
      ),
      late.promise,
    ]);
  } finally {
    clearTimeout(timer);
  }
}
