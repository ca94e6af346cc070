import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { WebhookSignatureError, type VerifiedStripeEvent } from '../../domain/provider-events.ts';
import type { ApiDeps } from '../deps.ts';
import type { Metrics } from '../metrics.ts';
import { Problem } from '../problems.ts';
import { problems } from '../schemas/problem.ts';

const BODY_LIMIT_BYTES = 1024 * 1024;

/** Events that may change what an account knows. They only wake it: the object is read again from Stripe, so
 *  neither their order nor their content matters. */
export const HANDLED_STRIPE_EVENTS: ReadonlySet<string> = new Set([
  'invoice.paid',
  'invoice.payment_failed',
  'invoice.payment_action_required',
  'invoice.voided',
  'invoice.marked_uncollectible',
  'payment_method.attached',
  'payment_method.detached',
  'payment_method.automatically_updated',
  'payment_method.updated',
  'setup_intent.succeeded',
  'customer.created',
  'customer.updated',
  'customer.deleted',
  'customer.tax_id.created',
  'customer.tax_id.updated',
  'customer.tax_id.deleted',
  'checkout.session.completed',
  'checkout.session.async_payment_succeeded',
  'checkout.session.async_payment_failed',
  'checkout.session.expired',
  'charge.refunded',
  'refund.created',
  'refund.updated',
  'refund.failed',
  'credit_note.created',
  'credit_note.updated',
  'credit_note.voided',
  'charge.dispute.created',
  'charge.dispute.updated',
  'charge.dispute.closed',
  'charge.dispute.funds_withdrawn',
  'charge.dispute.funds_reinstated',
]);

const received = z.object({
  received: z.literal(true),
  outcome: z.enum(['recorded', 'duplicate', 'unrelated', 'ignored']),
});

type Deps = Pick<ApiDeps, 'stripe'> & { metrics: Metrics };

/** Webhooks of Stripe. Answered 200 once they are recorded, with whatever follows from them left to the worker;
 *  a fault answers 5xx, and Stripe sends it again. */
export const stripeWebhookRoutes: FastifyPluginAsyncZod<Deps> = async (app, { stripe, metrics }) => {
  // The signature is over the bytes as they came.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => {
    done(null, body);
  });

  app.post('/webhooks/stripe', {
    bodyLimit: BODY_LIMIT_BYTES,
    schema: {
      operationId: 'stripeWebhook',
      tags: ['Webhooks'],
      summary: 'Events of Stripe, signed',
      security: [],
      body: z.unknown().describe('An event of Stripe, byte for byte as it was signed.'),
      response: { 200: received, ...problems('invalid_signature') },
    },
    handler: async (request) => {
      const event = verified(request.body, request.headers['stripe-signature']);
      if (event === null) {
        metrics.webhooks.inc({ provider: 'stripe', type: 'unknown', outcome: 'invalid' });
        throw new Problem('invalid_signature');
      }
      const { type } = event;
      const outcome = HANDLED_STRIPE_EVENTS.has(type)
        ? await stripe.events.recordStripeEvent(event)
        : ('ignored' as const);
      metrics.webhooks.inc({ provider: 'stripe', type, outcome });
      request.log.info({ eventId: event.eventId, type, outcome }, 'stripe webhook');
      return { received: true as const, outcome };
    },
  });

  function verified(body: unknown, signature: string | string[] | undefined): VerifiedStripeEvent | null {
    if (!Buffer.isBuffer(body) || typeof signature !== 'string') return null;
    try {
      return stripe.webhooks.verify(body, signature);
    } catch (error) {
      if (!(error instanceof WebhookSignatureError)) throw error;
      app.log.warn({ err: error }, 'a stripe webhook was refused');
      return null;
    }
  }
};
