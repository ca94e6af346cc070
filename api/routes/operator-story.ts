import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { ToldNotice, TopUpStory } from '../../db/top-up-story.ts';
import { EMAIL_STATUSES, emailFate } from '../../domain/email-fate.ts';
import { NOTICE_KINDS } from '../../domain/notices.ts';
import { toDisplayUnits } from '../../domain/quantities.ts';
import type { ApiDeps } from '../deps.ts';
import { ledgerEntryJson, ledgerEntrySchema } from '../schemas/lists.ts';
import { topUpIdSchema } from '../schemas/operator.ts';
import { problems } from '../schemas/problem.ts';
import { savedSettingsJson, savedSettingsSchema } from '../schemas/saved-settings.ts';
import { instant, instantSchema } from '../schemas/values.ts';

const storySchema = z
  .object({
    id: z.string(),
    notices: z
      .array(
        z.object({
          id: z.string(),
          kind: z.enum(NOTICE_KINDS),
          title: z.string(),
          createdAt: instantSchema,
          email: z
            .object({
              id: z.string(),
              status: z.enum(EMAIL_STATUSES),
              detail: z.string().nullable(),
              attempts: z.number().int(),
              ambiguous: z.boolean().describe('It may have arrived twice.'),
            })
            .nullable(),
        }),
      )
      .describe('What the customer was told of it, oldest first.'),
    entries: z.array(ledgerEntrySchema).describe('Its credit, and what refunds and disputes took back.'),
    why: z
      .object({
        cause: z
          .enum(['balance', 'campaign', 'refusal'])
          .describe('The balance fell, a campaign was active, or a campaign call was refused.'),
        balance: z.number().describe('At that entry.'),
        entry: z.number().int().describe('Number of the ledger entry that it was decided upon.'),
        target: z.number().describe('What the balance had to reach.'),
        settings: savedSettingsSchema.nullable().describe('Those of then.'),
      })
      .nullable()
      .describe('What automatic top-up decided upon; null for what a person ordered.'),
  })
  .meta({ id: 'TopUpStory' });

type Deps = Pick<ApiDeps, 'desk'>;

/** All that surrounds one charge: what was told, what was booked, and why it was decided. */
export const operatorStoryRoutes: FastifyPluginAsyncZod<Deps> = async (app, { desk }) => {
  app.get('/operator/top-ups/:id/story', {
    config: { access: ['operator'] },
    schema: {
      operationId: 'getTopUpStory',
      tags: ['Operators'],
      summary: 'Why a top-up was decided, what was told of it and what it booked',
      params: z.object({ id: topUpIdSchema }),
      response: { 200: storySchema, ...problems('top_up_unknown') },
    },
    handler: async (request) => storyJson(await desk.topUpStory(request.params.id)),
  });
};

function storyJson(story: TopUpStory): z.output<typeof storySchema> {
  const { topUpId, wallet, warrant, settings, notices, entries } = story;
  return {
    id: topUpId,
    notices: notices.map(noticeJson),
    entries: entries.map(ledgerEntryJson),
    why:
      warrant === null
        ? null
        : {
            cause: warrant.cause,
            balance: toDisplayUnits(wallet, warrant.balance),
            entry: warrant.seq,
            target: toDisplayUnits(wallet, warrant.target),
            settings: settings === null ? null : savedSettingsJson(settings),
          },
  };
}

function noticeJson(notice: ToldNotice): z.output<typeof storySchema>['notices'][number] {
  const { notificationId, kind, title, createdAtMs, deliveryId, emailStatus, emailDetail } = notice;
  return {
    id: notificationId,
    kind,
    title,
    createdAt: instant(createdAtMs),
    email:
      deliveryId === null || emailStatus === null
        ? null
        : {
            id: deliveryId,
            ...emailFate(emailStatus, emailDetail),
            attempts: notice.attempts ?? 0,
            ambiguous: notice.ambiguous ?? false,
          },
  };
}
