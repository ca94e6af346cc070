import type { FastifyReply } from 'fastify';

/** An answer by which Postmark refuses a request: its HTTP status and its own error code.
 *  @see https://postmarkapp.com/developer/api/overview#error-codes */
export type PostmarkFault = { status: number; errorCode: number; message: string };

export const fault = (status: number, errorCode: number, message: string): PostmarkFault => ({
  status,
  errorCode,
  message,
});

export const invalidEmail = (message: string): PostmarkFault => fault(422, 300, message);

export const inactiveRecipients = (addresses: readonly string[]): PostmarkFault =>
  fault(
    422,
    406,
    'You tried to send to recipient(s) that have been marked as inactive. ' +
      `Found inactive addresses: ${addresses.join(', ')}. ` +
      'Inactive recipients are ones that have generated a hard bounce, a spam complaint, or a manual suppression.',
  );

export function sendFault(reply: FastifyReply, { status, errorCode, message }: PostmarkFault): FastifyReply {
  return reply.code(status).send({ ErrorCode: errorCode, Message: message });
}
