import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import type { Outbox } from './outbox.ts';
import type { Fate } from './recipient-fate.ts';
import type { Submission } from './submission.ts';
import type { SwitchBoard } from './switches.ts';
import { SwitchesSchema } from './switches.ts';

type Context = {
  switches: SwitchBoard;
  outbox: Outbox;
  submission: Submission;
  wakeSender: () => void;
};

/** The sandbox's own controls: faults to come, and happenings to mails that were sent before. */
export function switchRoutes(
  app: FastifyInstance,
  { switches, outbox, submission, wakeSender }: Context,
): void {
  app.get('/sandbox/switches', async () => switches.read());
  app.delete('/sandbox/switches', async () => switches.reset());

  app.post('/sandbox/switches', async (request, reply) => {
    const change = SwitchesSchema.safeParse(request.body);
    return change.success ? switches.change(change.data) : badRequest(reply, change.error);
  });

  app.post<{ Params: { id: string } }>('/sandbox/messages/:id/events', async (request, reply) => {
    const event = EventSchema.safeParse(request.body);
    if (!event.success) return badRequest(reply, event.error);
    const message = outbox.find(request.params.id);
    if (message === null) return reply.code(404).send({ error: 'There is no such message.' });
    for (const email of message.Recipients) submission.happen(message, email, event.data.type);
    wakeSender();
    return { happened: event.data.type, to: message.Recipients };
  });
}

const FATES = [
  'delivered',
  'HardBounce',
  'SoftBounce',
  'SpamComplaint',
  'Transient',
  'DnsError',
  'Blocked',
] as const satisfies readonly Fate[];

const EventSchema = z.strictObject({ type: z.enum(FATES) });

function badRequest(reply: FastifyReply, error: z.ZodError): FastifyReply {
  return reply.code(400).send({ error: z.prettifyError(error) });
}
