import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { ApiDeps } from '../deps.ts';
import type { Metrics } from '../metrics.ts';
import type { DeliveryReport } from '../ports.ts';
import { Problem } from '../problems.ts';
import { problems } from '../schemas/problem.ts';

/** What is read of a report; Postmark adds fields at will (source: Postmark, "Webhooks"). */
const reportBody = z.looseObject({
  RecordType: z.string().max(64),
  Metadata: z.record(z.string(), z.string()).optional(),
  Type: z.string().max(64).optional(),
  Inactive: z.boolean().optional(),
  Description: z.string().max(2_000).optional(),
});

const received = z.object({
  received: z.literal(true),
  outcome: z.enum(['recorded', 'unrelated', 'ignored']),
});

type Deps = Pick<ApiDeps, 'postmark'> & { metrics: Metrics };

/** Webhooks of Postmark: what became of a mail. */
export const postmarkWebhookRoutes: FastifyPluginAsyncZod<Deps> = async (app, { postmark, metrics }) => {
  app.addHook('onRequest', async (request) => {
    if (isAuthentic(request, postmark)) return;
    throw new Problem('unauthenticated', { headers: { 'www-authenticate': 'Basic realm="auto-top-up"' } });
  });

  app.post('/webhooks/postmark', {
    schema: {
      operationId: 'postmarkWebhook',
      tags: ['Webhooks'],
      summary: 'Bounces, complaints and deliveries of Postmark',
      security: [{ postmark: [] }],
      body: reportBody,
      response: { 200: received, ...problems('malformed_json') },
    },
    handler: async (request) => {
      const report = reportOf(request.body);
      const outcome = report === null ? ('ignored' as const) : await postmark.reports.reportDelivery(report);
      metrics.webhooks.inc({ provider: 'postmark', type: report?.status ?? 'other', outcome });
      return { received: true as const, outcome };
    },
  });
};

/** @returns null for reports that say nothing of a mail of ours, such as opens and clicks. */
function reportOf(body: z.output<typeof reportBody>): DeliveryReport | null {
  const deliveryId = body.Metadata?.['delivery_id'];
  if (deliveryId === undefined) return null;
  const detail = [body.Type, body.Description].filter((part) => part !== undefined).join(': ') || null;
  switch (body.RecordType) {
    case 'Delivery':
      return { deliveryId, status: 'delivered', detail: null };
    case 'Bounce':
      // Other bounces are tried again by Postmark itself, or are answers of a machine at the other end.
      return isFinal(body) ? { deliveryId, status: 'bounced', detail } : null;
    case 'SpamComplaint':
      return { deliveryId, status: 'complained', detail };
    default:
      return null;
  }
}

/** Postmark sends nothing more to an address once it is inactive (source: Postmark, "Bounce webhook"). */
function isFinal({ Type, Inactive }: z.output<typeof reportBody>): boolean {
  return Type === 'HardBounce' || Inactive === true;
}

function isAuthentic(request: FastifyRequest, { user, passwords }: ApiDeps['postmark']): boolean {
  const [, encoded = ''] = /^Basic +([\w+/=]{1,512})$/i.exec(request.headers.authorization ?? '') ?? [];
  const given = digest(Buffer.from(encoded, 'base64').toString('utf8'));
  // Every password is compared, so that the time tells nothing of which one it was.
  const matches = passwords.map((password) => timingSafeEqual(given, digest(`${user}:${password}`)));
  return matches.includes(true);
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
