import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { replay } from '../../domain/replay.ts';
import type { ApiDeps } from '../deps.ts';
import { Problem } from '../problems.ts';
import { previewJson, previewSchema, REPLAY_DAYS, replayJson } from '../schemas/preview.ts';
import { problems } from '../schemas/problem.ts';
import { settingsBody, toChoice } from '../schemas/settings.ts';
import { walletPath } from '../schemas/values.ts';

type Deps = Pick<ApiDeps, 'insights' | 'policy'>;

/** What settings would do, before they are saved. */
export const previewRoutes: FastifyPluginAsyncZod<Deps> = async (app, { insights, policy }) => {
  app.post('/accounts/:id/auto-top-up/:wallet/preview', {
    config: { access: ['platform', 'operator', 'customer'] },
    schema: {
      operationId: 'previewSettings',
      tags: ['Auto top-up'],
      summary: 'What settings would do, now and in the last 30 days',
      description:
        'Saves and charges nothing. `now` is what saving would lead to at once, by the same rules as the workflow. ' +
        '`replay` takes the real entries of the last 30 days, without the top-ups that were not bought by hand, and ' +
        'lets the same rules decide on them, with a card that always pays.',
      params: walletPath,
      body: settingsBody(policy),
      response: { 200: previewSchema, ...problems('malformed_json', 'account_unknown') },
    },
    handler: async (request) => {
      const { id, wallet } = request.params;
      const choice = toChoice(wallet, request.body);
      const facts = await insights.previewFacts(id, wallet);
      if (facts === null) throw new Problem('account_unknown');
      const history = await insights.replayHistory(id, wallet, REPLAY_DAYS);
      const replayed = history === null ? null : replay(history, choice, policy);
      const json =
        history === null || replayed === null ? null : replayJson(wallet, history.resolution, replayed);
      return previewJson(facts, choice, json, policy);
    },
  });
};
