import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { ActOrder } from '../db/operator-act.ts';
import { principalOf } from './plugins/authentication.ts';
import { principalName } from './principal.ts';
import { plainText } from './schemas/values.ts';

export const keyHeader = z.object({
  'idempotency-key': z
    .string()
    .regex(/^[\x20-\x7e]{1,128}$/, 'has to be 1 to 128 printable ASCII characters')
    .describe('Makes the same request again harmless: it gets the first answer.'),
});

export const reasonSchema = plainText(500).describe('Kept in the audit.');

export const reasonBody = z
  .strictObject({ reason: reasonSchema })
  .meta({ id: 'OperatorReason', examples: [{ reason: 'The customer called: the card works again.' }] });

type ActRequest = Pick<FastifyRequest, 'principal'> & {
  body: { reason: string };
  headers: { 'idempotency-key': string };
};

/** Who acts, why, and under which key. */
export function orderOf(request: ActRequest & FastifyRequest): ActOrder {
  return {
    actor: principalName(principalOf(request)),
    reason: request.body.reason,
    key: request.headers['idempotency-key'],
  };
}
