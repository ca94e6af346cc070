import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { answerWrongly } from './fault-answers.ts';
import { fault as postmarkFault, sendFault } from './postmark-fault.ts';
import type { Submission, SubmissionOutcome } from './submission.ts';
import type { SwitchBoard } from './switches.ts';

const MAX_BATCH = 500;

type Context = { submission: Submission; switches: SwitchBoard; wakeSender: () => void };

/** POST /email and /email/batch. @see https://postmarkapp.com/developer/api/email-api */
export function sendRoutes(app: FastifyInstance, { submission, switches, wakeSender }: Context): void {
  const submit = (body: unknown) => {
    const outcome = submission.submit(body);
    wakeSender();
    return outcome;
  };

  app.post('/email', async (request, reply) => {
    const fault = switches.take('send', recipientsOf(request.body));
    const refusedAtOnce = fault !== null && !fault.accepted;
    const outcome = refusedAtOnce ? null : submit(request.body);
    await sleep(switches.read().delayMs + (fault?.delayMs ?? 0));
    if (outcome?.status === 'refused') return sendFault(reply, outcome.fault);
    return fault === null ? outcome?.receipt : answerWrongly(reply, fault);
  });

  app.post('/email/batch', async (request, reply) => {
    if (!Array.isArray(request.body)) {
      return sendFault(reply, postmarkFault(422, 403, 'The batch must be a JSON array of messages.'));
    }
    const bodies: unknown[] = request.body;
    if (bodies.length > MAX_BATCH) {
      return sendFault(reply, postmarkFault(422, 410, `A batch has at most ${MAX_BATCH} messages.`));
    }
    const fault = switches.take('send', bodies.flatMap(recipientsOf));
    const outcomes = fault !== null && !fault.accepted ? [] : bodies.map(submit);
    await sleep(switches.read().delayMs + (fault?.delayMs ?? 0));
    return fault === null ? outcomes.map(batchItem) : answerWrongly(reply, fault);
  });
}

function batchItem(outcome: SubmissionOutcome) {
  return outcome.status === 'accepted'
    ? outcome.receipt
    : { ErrorCode: outcome.fault.errorCode, Message: outcome.fault.message };
}

/** The `To` line before it is validated: all that a fault's `to` needs. */
function recipientsOf(body: unknown): string[] {
  if (typeof body !== 'object' || body === null || !('To' in body) || typeof body.To !== 'string') return [];
  return body.To.split(',').map((address) => address.replace(/^.*<|>.*$/g, '').trim());
}
