import type { FastifyReply } from 'fastify';
import { fault as postmarkFault, sendFault } from './postmark-fault.ts';
import type { Fault } from './switches.ts';

/** Answers a request wrongly, in the way that the fault asks for. */
export function answerWrongly(reply: FastifyReply, fault: Fault): FastifyReply {
  switch (fault.answer) {
    case 'status':
      return sendStatus(reply, fault);
    case 'reset':
      reply.hijack();
      reply.raw.destroy();
      return reply;
    case 'stall':
      return stall(reply);
    case 'html':
      return reply.type('text/html').send('<!doctype html><title>Proxy</title><h1>Please sign in</h1>');
  }
}

function sendStatus(reply: FastifyReply, fault: Fault): FastifyReply {
  const usual = USUAL_ERRORS[fault.status] ?? { errorCode: 0, message: 'The sandbox was told to fail.' };
  if (fault.retryAfterSeconds !== undefined) reply.header('retry-after', fault.retryAfterSeconds);
  return sendFault(
    reply,
    postmarkFault(fault.status, fault.errorCode ?? usual.errorCode, fault.message ?? usual.message),
  );
}

/** Sends the head and the first bytes of an answer, then nothing more until the client gives up. */
function stall(reply: FastifyReply): FastifyReply {
  reply.hijack();
  reply.raw.writeHead(200, { 'content-type': 'application/json', 'content-length': '200' });
  reply.raw.write('{"ErrorCode":');
  return reply;
}

const USUAL_ERRORS: Partial<Record<number, { errorCode: number; message: string }>> = {
  401: { errorCode: 10, message: 'The Server Token you provided was invalid.' },
  422: { errorCode: 300, message: 'Invalid email request.' },
  429: { errorCode: 429, message: 'Rate limit exceeded.' },
  500: { errorCode: 0, message: 'Internal server error.' },
  503: { errorCode: 100, message: 'The service is down for maintenance.' },
};
