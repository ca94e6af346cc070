import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { MUTABLE_NOTICE_KINDS } from '../../domain/email-preferences.ts';
import { NOTICE_KINDS, type NoticeKind } from '../../domain/notices.ts';
import type { ApiDeps } from '../deps.ts';
import { Problem } from '../problems.ts';
import { problems } from '../schemas/problem.ts';
import { accountPath } from '../schemas/values.ts';

const mutableKind = z.enum(NOTICE_KINDS).extract(MUTABLE_NOTICE_KINDS);

const preferencesBody = z
  .strictObject({
    muted: z
      .array(mutableKind)
      .max(NOTICE_KINDS.length)
      .transform((kinds) => [...new Set(kinds)])
      .describe('Kinds of notification that are shown on the dashboard only.'),
  })
  .meta({ examples: [{ muted: ['balance.alert'] }] });

const preferencesSchema = z
  .object({
    muted: z.array(z.enum(NOTICE_KINDS)),
    mutable: z
      .array(z.enum(NOTICE_KINDS))
      .describe('Kinds that can be muted. What asks for an act or tells of a failure is always mailed.'),
  })
  .meta({ id: 'EmailPreferences' });

type Deps = Pick<ApiDeps, 'emailPreferences'>;

/** Which notifications are mailed. Webhooks to the platform do not depend on it. */
export const emailPreferenceRoutes: FastifyPluginAsyncZod<Deps> = async (app, { emailPreferences }) => {
  app.get('/accounts/:id/email-preferences', {
    config: { access: ['platform', 'operator', 'customer'] },
    schema: {
      operationId: 'getEmailPreferences',
      tags: ['Accounts'],
      summary: 'Which notifications are not mailed',
      params: accountPath,
      response: { 200: preferencesSchema, ...problems('account_unknown') },
    },
    handler: async (request) => preferencesJson(await emailPreferences.read(request.params.id)),
  });

  app.put('/accounts/:id/email-preferences', {
    config: { access: ['platform', 'customer'] },
    schema: {
      operationId: 'saveEmailPreferences',
      tags: ['Accounts'],
      summary: 'Choose which notifications are not mailed',
      description: 'Holds for what is told from now on. The dashboard shows every notification.',
      params: accountPath,
      body: preferencesBody,
      response: { 200: preferencesSchema, ...problems('malformed_json', 'account_unknown') },
    },
    handler: async (request) =>
      preferencesJson(await emailPreferences.save(request.params.id, request.body.muted)),
  });
};

/** @throws Problem `account_unknown` */
function preferencesJson(muted: NoticeKind[] | null): z.output<typeof preferencesSchema> {
  if (muted === null) throw new Problem('account_unknown');
  return { muted, mutable: [...MUTABLE_NOTICE_KINDS] };
}
