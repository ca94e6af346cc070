import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import type { Metrics } from '../metrics.ts';

/** Measures every answer by its route, never by its address, so that ids do not multiply the series; and gives
 *  the request's id to the client. */
export const observation = fp(
  (app: FastifyInstance, { metrics }: { metrics: Metrics }, done: () => void) => {
    app.addHook('onRequest', async (request, reply) => {
      reply.header('x-request-id', request.id);
    });
    app.addHook('onResponse', async (request, reply) => {
      const route = request.routeOptions.url ?? 'unknown';
      metrics.requestSeconds.observe(
        { method: request.method, route, status: reply.statusCode },
        reply.elapsedTime / 1_000,
      );
    });
    done();
  },
  { name: 'observation' },
);
