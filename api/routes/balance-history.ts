import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { ApiDeps } from '../deps.ts';
import { Problem } from '../problems.ts';
import { explainWallet } from '../schemas/account.ts';
import {
  balanceHistoryJson,
  balanceHistoryQuery,
  balanceHistorySchema,
  spanMsOf,
} from '../schemas/balance-history.ts';
import { problems } from '../schemas/problem.ts';
import { accountPath } from '../schemas/values.ts';

type Deps = Pick<ApiDeps, 'insights' | 'accounts' | 'policy'>;

/** How a balance went, and where it leads: what a chart is drawn from. */
export const balanceHistoryRoutes: FastifyPluginAsyncZod<Deps> = async (
  app,
  { insights, accounts, policy },
) => {
  app.get('/accounts/:id/balance-history', {
    config: { access: ['platform', 'operator', 'customer'] },
    schema: {
      operationId: 'getBalanceHistory',
      tags: ['History'],
      summary: 'A balance over the last days or hours, with its top-ups and alerts, and a forecast',
      params: accountPath,
      querystring: balanceHistoryQuery,
      response: { 200: balanceHistorySchema, ...problems('account_unknown') },
    },
    handler: async (request) => {
      const { wallet } = request.query;
      const { id } = request.params;
      const [history, overview] = await Promise.all([
        insights.balanceHistory(id, wallet, spanMsOf(request.query)),
        accounts.overview(id),
      ]);
      if (history === null || overview === null) throw new Problem('account_unknown');
      return balanceHistoryJson(wallet, history, {
        settings: overview.wallets[wallet].settings,
        explanation: explainWallet(wallet, overview, { nowMs: history.toMs, policy }),
      });
    },
  });
};
