import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Bounces } from './bounces.ts';
import { fault, sendFault } from './postmark-fault.ts';

const MAX_COUNT = 500;

/** Bounces and complaints. @see https://postmarkapp.com/developer/api/bounce-api */
export function bounceRoutes(app: FastifyInstance, { bounces }: { bounces: Bounces }): void {
  app.get('/bounces', async (request, reply) => {
    const query = BounceQuery.safeParse(request.query);
    if (!query.success) return sendFault(reply, fault(422, 300, 'Invalid bounce query.'));
    const { count, offset, type, inactive, emailFilter, messageID } = query.data;
    const found = bounces.search({
      type,
      inactive: inactive === undefined ? undefined : inactive === 'true',
      email: emailFilter,
      messageId: messageID,
    });
    return { TotalCount: found.length, Bounces: found.slice(offset, offset + count) };
  });

  app.get<{ Params: { id: string } }>('/bounces/:id', async (request, reply) => {
    return bounces.find(Number(request.params.id)) ?? sendFault(reply, UNKNOWN_BOUNCE);
  });

  app.put<{ Params: { id: string } }>('/bounces/:id/activate', async (request, reply) => {
    const bounce = bounces.activate(Number(request.params.id));
    return bounce === null ? sendFault(reply, UNKNOWN_BOUNCE) : { Message: 'OK', Bounce: bounce };
  });
}

const UNKNOWN_BOUNCE = fault(422, 407, 'The bounce does not exist.');

const BounceQuery = z.object({
  count: z.coerce.number().int().min(1).max(MAX_COUNT),
  offset: z.coerce.number().int().min(0),
  type: z.string().optional(),
  inactive: z.enum(['true', 'false']).optional(),
  emailFilter: z.string().optional(),
  messageID: z.string().optional(),
});
