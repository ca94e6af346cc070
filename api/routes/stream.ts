import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { ApiDeps } from '../deps.ts';
import type { Metrics } from '../metrics.ts';
import { principalOf } from '../plugins/authentication.ts';
import { Problem } from '../problems.ts';
import { accountJson } from '../schemas/account.ts';
import { notificationJson } from '../schemas/lists.ts';
import { problems } from '../schemas/problem.ts';
import { accountPath } from '../schemas/values.ts';
import { openEventStream, type EventStream } from '../streams/event-stream.ts';
import { createStreamHub } from '../streams/hub.ts';
import { accountOf } from './accounts.ts';

type Deps = Pick<ApiDeps, 'accounts' | 'changes' | 'notifications' | 'limits' | 'policy'> & {
  metrics: Metrics;
};

/** Changes of an account as they happen. */
export const streamRoutes: FastifyPluginAsyncZod<Deps> = async (app, deps) => {
  const { accounts, metrics, policy } = deps;
  const hub = createStreamHub({ ...deps, log: app.log });
  const streams = new Set<EventStream>();
  // Before the server waits for open connections, of which each stream is one.
  app.addHook('preClose', async () => {
    for (const stream of streams) stream.end('shutdown');
    await hub.close();
  });

  app.get('/accounts/:id/stream', {
    exposeHeadRoute: false,
    config: { access: ['platform', 'operator', 'customer'] },
    schema: {
      operationId: 'streamAccount',
      tags: ['History'],
      summary: 'Changes as server-sent events',
      description:
        'Begins with the whole account. `account` carries the account as `GET /v1/accounts/{id}` answers it, ' +
        'after each change of a balance, a setting or a top-up; `notification` carries one that is new or was ' +
        'read. `end` says why the stream closes (`expired`, `shutdown`). After a break, connect again: nothing ' +
        'needs to be made up for, because the first event is the whole account.',
      params: accountPath,
      response: {
        200: { description: 'Events', content: { 'text/event-stream': { schema: z.string() } } },
        ...problems('account_unknown', 'too_many_streams'),
      },
    },
    handler: async (request, reply) => {
      const { accountId } = await accountOf(accounts, request.params.id);
      const principal = principalOf(request);
      const internal = principal.role !== 'customer';
      const stream = openEventStream(internal ? null : principal.expiresAtMs, () => {
        stop?.();
        streams.delete(stream);
        metrics.openStreams.set(streams.size);
      });
      const stop = hub.watch(accountId, ({ overview, notifications }) => {
        stream.send('account', accountJson(overview, { nowMs: Date.now(), policy, internal }));
        for (const notification of notifications) stream.send('notification', notificationJson(notification));
      });
      if (stop === null) {
        stream.readable.destroy();
        throw new Problem('too_many_streams', { headers: { 'retry-after': '30' } });
      }
      streams.add(stream);
      metrics.openStreams.set(streams.size);
      reply.type('text/event-stream').header('x-accel-buffering', 'no');
      // Fastify sends a readable as it is, whatever the schema says of the text that comes out of it.
      return reply.send(stream.readable as unknown as string);
    },
  });
};
