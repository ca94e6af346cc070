import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { RetryPreview } from '../../db/preview-retries.ts';
import { GONE_BY } from '../../db/top-up-need.ts';
import { SUSPENSION_REASONS } from '../../domain/account-state.ts';
import { toDisplayUnits } from '../../domain/quantities.ts';
import { OPERATOR_ERRORS } from '../../db/operator-error.ts';
import type { ApiDeps } from '../deps.ts';
import { operatorTopUpJson, operatorTopUpSchema, topUpIdSchema } from '../schemas/operator.ts';
import { problems } from '../schemas/problem.ts';
import type { OperatorLinks } from '../operator-links.ts';

/** As many as a person can look through, and as the database can try and roll back within a second or two. */
const MAX_PREVIEWED = 100;

const previewBody = z
  .strictObject({ ids: z.array(topUpIdSchema).min(1).max(MAX_PREVIEWED) })
  .meta({ id: 'RetryPreviewRequest', examples: [{ ids: ['tu_chat_019a0000-0000-7000-8000-000000000000'] }] });

const previewSchema = z
  .object({
    items: z
      .array(
        z.object({
          id: z.string(),
          topUp: operatorTopUpSchema.nullable().describe('As it is now; null when there is none.'),
          effect: z
            .enum(['hastened', 'looked_up', 'new_top_up', 'none'])
            .nullable()
            .describe('As a retry answers it; null when it would be refused.'),
          refusal: z.enum(OPERATOR_ERRORS).nullable().describe('The problem that it would be refused with.'),
          card: z
            .object({ brand: z.string(), last4: z.string() })
            .nullable()
            .describe('The card that would be charged; null when nothing would be, or none is on file.'),
          need: z
            .object({
              balance: z.number().describe('Minutes or credits of its balance, now.'),
              suspension: z.enum(SUSPENSION_REASONS).nullable(),
              paidLater: z
                .string()
                .nullable()
                .describe('The latest top-up of this balance that was made after it and has been credited.'),
              goneBy: z
                .enum(GONE_BY)
                .nullable()
                .describe(
                  'Why it is no longer needed; null while it is. A failed one is charged all the same.',
                ),
              wouldCancel: z
                .boolean()
                .describe('Its next attempt would cancel it instead of charging it, as things stand.'),
            })
            .nullable()
            .describe('null when there is no such top-up.'),
        }),
      )
      .describe('In the order of the request.'),
  })
  .meta({ id: 'RetryPreview' });

type Deps = Pick<ApiDeps, 'desk' | 'links'>;

/** What many retries would do, before anybody does them. Each is then done by itself, under a key of its own: one that
 *  is refused stops no other, and whoever does them sees how far they are. */
export const operatorPreviewRoutes: FastifyPluginAsyncZod<Deps> = async (app, { desk, links }) => {
  app.post('/operator/top-ups/retry/preview', {
    config: { access: ['operator'] },
    schema: {
      operationId: 'previewRetries',
      tags: ['Operators'],
      summary: 'What retrying these would do, if they were retried in this order',
      description: 'Nothing is changed. Each may come out otherwise if things change until it is retried.',
      body: previewBody,
      response: { 200: previewSchema, ...problems('malformed_json') },
    },
    handler: async (request) => {
      const previews = await desk.previewRetries([...new Set(request.body.ids)]);
      return { items: previews.map((preview) => previewJson(preview, links)) };
    },
  });
};

function previewJson(preview: RetryPreview, links: OperatorLinks) {
  const { topUpId, topUp, effect, refusal, card, need } = preview;
  return {
    id: topUpId,
    topUp: topUp === null ? null : operatorTopUpJson(topUp, links),
    effect,
    refusal,
    card,
    need:
      need === null || topUp === null
        ? null
        : { ...need, balance: toDisplayUnits(topUp.wallet, need.balance) },
  };
}
