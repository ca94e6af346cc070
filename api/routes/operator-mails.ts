import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { LOST_MAIL_STATUSES, type OperatorMail } from '../../db/operator-mails.ts';
import { EMAIL_STATUSES } from '../../domain/email-fate.ts';
import { NOTICE_KINDS } from '../../domain/notices.ts';
import type { ApiDeps } from '../deps.ts';
import { keyHeader, orderOf, reasonBody } from '../operator-order.ts';
import { problems } from '../schemas/problem.ts';
import { accountIdSchema, instant, instantSchema, limitSchema, pageOf } from '../schemas/values.ts';

const mailSchema = z
  .object({
    id: z.string(),
    account: z.string(),
    kind: z.enum(NOTICE_KINDS),
    title: z.string(),
    status: z.enum(EMAIL_STATUSES),
    detail: z.string().nullable(),
    attempts: z.number().int(),
    createdAt: instantSchema,
    updatedAt: instantSchema,
  })
  .meta({ id: 'OperatorMail' });

const mailQuery = z.strictObject({
  status: z
    .enum(LOST_MAIL_STATUSES)
    .describe('`dead`: nobody took it in time. `rejected`: refused or bounced. Both when it is missing.')
    .exactOptional(),
  account: accountIdSchema.exactOptional(),
  cursor: z.string().min(1).max(200).describe('`next` of the page before.').exactOptional(),
  limit: limitSchema,
});

type Deps = Pick<ApiDeps, 'mails'>;

/** Mails that did not arrive, and sending them again. */
export const operatorMailRoutes: FastifyPluginAsyncZod<Deps> = async (app, { mails }) => {
  app.get('/operator/mails', {
    config: { access: ['operator'] },
    schema: {
      operationId: 'listLostMails',
      tags: ['Operators'],
      summary: 'Mails that did not arrive, newest first',
      querystring: mailQuery,
      response: { 200: pageOf(mailSchema), ...problems() },
    },
    handler: async (request) => {
      const { status, account: accountId, ...query } = request.query;
      const statuses = status === undefined ? LOST_MAIL_STATUSES : [status];
      const page = await mails.list({ ...query, statuses, accountId });
      return { items: page.items.map(mailJson), next: page.next };
    },
  });

  app.post('/operator/mails/:mail/replay', {
    config: { access: ['operator'] },
    schema: {
      operationId: 'replayMail',
      tags: ['Operators'],
      summary: 'Send a mail again that did not arrive',
      description: "To the account's address of now. An address that Postmark has blocked refuses it again.",
      params: z.object({ mail: z.uuid() }),
      headers: keyHeader,
      body: reasonBody,
      response: {
        202: mailSchema,
        ...problems('malformed_json', 'mail_unknown', 'mail_not_replayable', 'idempotency_conflict'),
      },
    },
    handler: async (request, reply) =>
      reply.code(202).send(mailJson(await mails.replay(request.params.mail, orderOf(request)))),
  });
};

function mailJson(mail: OperatorMail): z.output<typeof mailSchema> {
  const { deliveryId, accountId, kind, title, email, attempts, createdAtMs, updatedAtMs } = mail;
  return {
    id: deliveryId,
    account: accountId,
    kind,
    title,
    status: email.status,
    detail: email.detail,
    attempts,
    createdAt: instant(createdAtMs),
    updatedAt: instant(updatedAtMs),
  };
}
