import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { WebhookDeliveryUnknown, type WebhookDelivery } from '../../db/webhook-deliveries.ts';
import { WEBHOOK_DELIVERY_STATUSES } from '../../db/schema.ts';
import { WEBHOOK_TYPES } from '../../domain/webhooks.ts';
import type { ApiDeps } from '../deps.ts';
import { principalOf } from '../plugins/authentication.ts';
import { principalName } from '../principal.ts';
import { Problem } from '../problems.ts';
import { problems } from '../schemas/problem.ts';
import {
  accountIdSchema,
  callerIdSchema,
  instant,
  instantSchema,
  limitSchema,
  pageOf,
  plainText,
} from '../schemas/values.ts';

const deliverySchema = z
  .object({
    id: z.string().describe('The `webhook-id` of every attempt.'),
    account: z.string(),
    notification: z.string().describe('The notification that it tells of.'),
    type: z.enum(WEBHOOK_TYPES),
    status: z.enum(WEBHOOK_DELIVERY_STATUSES).describe('`dead`: it is not tried again by itself.'),
    attempts: z.number().int().describe('Since it was made or last replayed.'),
    nextAttemptAt: instantSchema.nullable(),
    responseStatus: z.number().int().nullable().describe('Of the last answer; null when there was none.'),
    detail: z.string().nullable().describe('What came of the last attempt.'),
    payload: z.record(z.string(), z.unknown()).describe('The body that is sent.'),
    createdAt: instantSchema,
    updatedAt: instantSchema,
  })
  .meta({ id: 'WebhookDelivery' });

const deliveryQuery = z.strictObject({
  status: z.enum(WEBHOOK_DELIVERY_STATUSES).exactOptional(),
  account: accountIdSchema.exactOptional(),
  cursor: z.string().min(1).max(200).describe('`next` of the page before.').exactOptional(),
  limit: limitSchema,
});

const replayHeaders = z.object({
  'idempotency-key': callerIdSchema.describe('The same request again under its key replays nothing again.'),
});

type Deps = Pick<ApiDeps, 'webhookDeliveries'>;

/** What the platform was told by webhook, and telling it again. */
export const webhookDeliveryRoutes: FastifyPluginAsyncZod<Deps> = async (app, { webhookDeliveries }) => {
  app.get('/operator/webhook-deliveries', {
    config: { access: ['operator'] },
    schema: {
      operationId: 'listWebhookDeliveries',
      tags: ['Webhooks to the platform'],
      summary: 'Webhooks to the platform, newest first',
      querystring: deliveryQuery,
      response: { 200: pageOf(deliverySchema), ...problems() },
    },
    handler: async (request) => {
      const { account: accountId, ...filter } = request.query;
      const page = await webhookDeliveries.list({ ...filter, accountId });
      return { items: page.items.map(deliveryJson), next: page.next };
    },
  });

  app.post('/operator/webhook-deliveries/:message/replay', {
    config: { access: ['operator'] },
    schema: {
      operationId: 'replayWebhookDelivery',
      tags: ['Webhooks to the platform'],
      summary: 'Send a webhook again',
      description: 'Under the same message id, at once and then on the whole schedule. Audited.',
      params: z.object({ message: z.string().regex(/^msg_[0-9a-f-]{36}$/) }),
      headers: replayHeaders,
      body: z.strictObject({ reason: plainText(200) }),
      response: {
        200: deliverySchema,
        ...problems('malformed_json', 'webhook_delivery_unknown', 'idempotency_conflict'),
      },
    },
    handler: async (request) => {
      const result = await webhookDeliveries
        .replay({
          messageId: request.params.message,
          key: request.headers['idempotency-key'],
          actor: principalName(principalOf(request)),
          reason: request.body.reason,
        })
        .catch((error: unknown) => {
          throw error instanceof WebhookDeliveryUnknown ? new Problem('webhook_delivery_unknown') : error;
        });
      if (result.status === 'conflict') throw new Problem('idempotency_conflict');
      return deliveryJson(result.answer);
    },
  });
};

function deliveryJson(delivery: WebhookDelivery): z.output<typeof deliverySchema> {
  const { type, status, attempts, responseStatus, detail } = delivery;
  return {
    id: delivery.messageId,
    account: delivery.accountId,
    notification: delivery.notificationId,
    type,
    status,
    attempts,
    nextAttemptAt: status === 'pending' ? instant(delivery.nextAttemptAtMs) : null,
    responseStatus,
    detail,
    payload: JSON.parse(delivery.payload) as Record<string, unknown>,
    createdAt: instant(delivery.createdAtMs),
    updatedAt: instant(delivery.updatedAtMs),
  };
}
