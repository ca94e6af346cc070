import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import type { Metrics } from '../metrics.ts';

/** Measures and logs every answer by its route, never by its address, so that ids do not multiply the series; and
 *  gives the request's id to the client. */
export const observation = fp(
  (app: FastifyInstance, { metrics }: { metrics: Metrics }, done: () => void) => {
    app.addHook('onRequest', async (request, reply) => {
      reply.header('x-request-id', request.id);
    });
    app.addHook('onResponse', async (request, reply) => {
      const { method } = request;
      const route = request.routeOptions.url ?? 'unknown';
      const status = reply.statusCode;
      metrics.requestSeconds.observe({ method, route, status }, reply.elapsedTime / 1_000);
      const level = status < 400 ? 'debug' : 'info';
      request.log[level]({ method, route, status, ms: Math.round(reply.elapsedTime) }, 'answered');
    });
    done();
  },
  { name: 'observation' },
);
