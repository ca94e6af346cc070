import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { ApiDeps } from '../deps.ts';
import { Problem } from '../problems.ts';
import { balanceHistoryJson, balanceHistoryQuery, balanceHistorySchema } from '../schemas/balance-history.ts';
import { problems } from '../schemas/problem.ts';
import { accountPath } from '../schemas/values.ts';

type Deps = Pick<ApiDeps, 'insights' | 'settings'>;

/** How a balance went, and where it leads: what a chart is drawn from. */
export const balanceHistoryRoutes: FastifyPluginAsyncZod<Deps> = async (app, { insights, settings }) => {
  app.get('/accounts/:id/balance-history', {
    config: { access: ['platform', 'operator', 'customer'] },
    schema: {
      operationId: 'getBalanceHistory',
      tags: ['History'],
      summary: 'A balance over the last days, with its top-ups and alerts, and a forecast',
      params: accountPath,
      querystring: balanceHistoryQuery,
      response: { 200: balanceHistorySchema, ...problems('account_unknown') },
    },
    handler: async (request) => {
      const { wallet, days } = request.query;
      const { id } = request.params;
      const history = await insights.balanceHistory(id, wallet, days);
      if (history === null) throw new Problem('account_unknown');
      return balanceHistoryJson(wallet, history, await settings.read(id, wallet));
    },
  });
};
