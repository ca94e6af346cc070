import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { RefundError, type RefundRequest } from '../../db/refund-requests.ts';
import type { TopUpId } from '../../domain/ids.ts';
import { cents, fromEuros, toEuros } from '../../domain/money.ts';
import type { ApiDeps } from '../deps.ts';
import { principalOf } from '../plugins/authentication.ts';
import { principalName } from '../principal.ts';
import { Problem } from '../problems.ts';
import { problems } from '../schemas/problem.ts';
import { callerIdSchema, eurosSchema, instant, instantSchema, plainText } from '../schemas/values.ts';

/** Stripe's limit for a single charge. */
const MAX_AMOUNT_CENTS = cents(999_999_99);

const refundBody = z
  .strictObject({
    reason: plainText(200).describe('Why; kept in the audit.'),
    amount: eurosSchema({ min: cents(1), max: MAX_AMOUNT_CENTS })
      .optional()
      .describe('Euros including VAT; all that is left of the payment when it is missing.'),
  })
  .meta({ id: 'Refund', examples: [{ reason: 'charged by mistake', amount: 11.9 }] });

const refundRequest = z
  .object({
    id: z.string(),
    topUp: z.string(),
    account: z.string(),
    amount: z.number().describe('Euros including VAT.'),
    state: z.enum(['requested', 'refunded', 'refused']),
    reason: z.string(),
    createdAt: instantSchema,
  })
  .meta({
    id: 'RefundRequest',
    examples: [
      {
        id: 'rr_019a0000-0000-7000-8000-000000000000',
        topUp: 'tu_chat_019a0000-0000-7000-8000-000000000000',
        account: 'acme',
        amount: 11.9,
        state: 'requested',
        reason: 'charged by mistake',
        createdAt: '2026-11-22T10:00:00.000Z',
      },
    ],
  });

const topUpPath = z.object({
  id: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,100}$/)
    .transform((text) => text as TopUpId),
});

type Deps = Pick<ApiDeps, 'refunds'>;

/** Giving money back. Recorded here; the account's workflow makes the refund, also when it was away for a while. */
export const operatorRefundRoutes: FastifyPluginAsyncZod<Deps> = async (app, { refunds }) => {
  app.post('/operator/top-ups/:id/refund', {
    config: { access: ['operator'] },
    schema: {
      operationId: 'refundTopUp',
      tags: ['Operators'],
      summary: 'Give back a part of a payment, or all of it',
      description:
        'By a credit note in Stripe, to the card that paid. The units are taken back in proportion. The same request ' +
        'again under its `Idempotency-Key` is the same refund.',
      params: topUpPath,
      headers: z.object({ 'idempotency-key': callerIdSchema }),
      body: refundBody,
      response: {
        202: refundRequest,
        ...problems('malformed_json', 'top_up_unknown', 'top_up_not_refundable', 'idempotency_conflict'),
      },
    },
    handler: async (request, reply) => {
      const { reason, amount } = request.body;
      const asked = {
        topUpId: request.params.id,
        reason,
        amountCents: amount === undefined ? null : fromEuros(amount),
        actor: principalName(principalOf(request)),
        key: request.headers['idempotency-key'],
      };
      const result = await refunds.request(asked).catch(refuse);
      if (result.status === 'conflict') throw new Problem('idempotency_conflict');
      return reply.code(202).send(toJson(result.answer));
    },
  });
};

function refuse(error: unknown): never {
  if (!(error instanceof RefundError)) throw error;
  switch (error.code) {
    case 'top_up_unknown':
      throw new Problem('top_up_unknown');
    case 'not_paid':
      throw new Problem('top_up_not_refundable', { detail: 'It has not been paid.' });
    case 'too_much': {
      const left = error.leftCents ?? cents(0);
      throw new Problem('top_up_not_refundable', {
        detail: `${toEuros(left).toFixed(2)} € are left to refund.`,
      });
    }
  }
}

function toJson({ refundRequestId, topUpId, accountId, amountCents, createdAtMs, ...rest }: RefundRequest) {
  const { state, reason } = rest;
  return {
    id: refundRequestId,
    topUp: topUpId,
    account: accountId,
    amount: toEuros(amountCents),
    state,
    reason,
    createdAt: instant(createdAtMs),
  };
}
