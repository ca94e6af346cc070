import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';

/** Lets the server stop as soon as everything has been answered: an answer that is given while it drains is the
 *  last one on its connection, which would otherwise stay open for the client's next request. */
export const draining = fp(
  (app: FastifyInstance, _options, done: () => void) => {
    let isDraining = false;
    app.addHook('preClose', async () => {
      isDraining = true;
    });
    app.addHook('onSend', async (_request, reply) => {
      if (isDraining) reply.header('connection', 'close');
    });
    done();
  },
  { name: 'draining' },
);
