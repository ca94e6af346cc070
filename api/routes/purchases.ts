import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyBaseLogger } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { isCheckout } from '../../domain/checkout.ts';
import { topUpId } from '../../domain/ids.ts';
import { fromEuros } from '../../domain/money.ts';
import { PRICES, quote } from '../../domain/prices.ts';
import type { TopUpItem } from '../../db/top-ups.ts';
import type { ApiDeps } from '../deps.ts';
import { Problem } from '../problems.ts';
import { atProvider, customerOf, finishedUrl, returnUrlOf } from '../provider-pages.ts';
import { topUpJson, topUpSchema } from '../schemas/lists.ts';
import { problems } from '../schemas/problem.ts';
import { purchaseBody, purchaseHeaders } from '../schemas/purchases.ts';
import { accountPath } from '../schemas/values.ts';
import { accountOf } from './accounts.ts';

/** A second request under the key may find Stripe busy with the first. */
const PAGE_TRIES = 3;
const PAGE_RETRY_MS = 300;

type Deps = Pick<ApiDeps, 'accounts' | 'customers' | 'purchases' | 'pages' | 'publicUrl' | 'policy'>;

/** Purchases by people. */
export const purchaseRoutes: FastifyPluginAsyncZod<Deps> = async (app, deps) => {
  app.post('/accounts/:id/top-ups', {
    config: { access: ['platform', 'customer'] },
    schema: {
      operationId: 'buyTopUp',
      tags: ['Purchases'],
      summary: 'Buy minutes or credits now',
      description:
        'By the saved card, which is charged at once, or on the page at `actionUrl`. The same `Idempotency-Key` again ' +
        'answers the same top-up as it is by then. 409 `top_up_in_flight`, with `topUpId`, `state` and `actionUrl` of ' +
        'the other one, while another top-up of the wallet is under way.',
      params: accountPath,
      headers: purchaseHeaders,
      body: purchaseBody(deps.policy),
      response: {
        201: topUpSchema,
        ...problems(
          'malformed_json',
          'account_unknown',
          'top_up_in_flight',
          'no_payment_method',
          'idempotency_conflict',
          'provider_unavailable',
        ),
      },
    },
    handler: async (request, reply) => {
      const { wallet, amount, method, returnUrl } = request.body;
      const account = await accountOf(deps.accounts, request.params.id);
      const { accountId } = account;
      const back = returnUrlOf(deps.publicUrl, returnUrl);
      const bought = quote(PRICES[account.plan], wallet, fromEuros(amount));
      const order = { topUpId: topUpId(wallet, randomUUID()), accountId, wallet, ...bought };
      const by =
        method === 'card' ? { method } : { method, customerId: await customerOf(account, deps, request.log) };
      const asked = {
        purchase: wallet,
        amountCents: bought.amountCents,
        method,
        returnUrl: returnUrl ?? null,
      };
      const result = await deps.purchases.begin(
        { key: request.headers['idempotency-key'], asked },
        { order: { ...order, trigger: 'manual', warrant: null }, by },
      );
      switch (result.status) {
        case 'conflict':
          throw new Problem('idempotency_conflict');
        case 'no_payment_method':
          throw new Problem('no_payment_method', {
            detail: 'Save a card, or buy with `method: "checkout"`.',
          });
        case 'in_flight':
          throw inFlight(result.open);
        case 'begun':
          return reply.code(201).send(topUpJson(await withPage(result.topUp, back, deps, request.log)));
      }
    },
  });
};

function inFlight({ topUpId: id, state, actionUrl }: TopUpItem): Problem {
  return new Problem('top_up_in_flight', { extensions: { topUpId: id, state, actionUrl } });
}

/** Opens the payment page of a purchase that has none yet: a new one, or one whose request was cut off.
 *  @throws Problem `provider_unavailable`; the same request again goes on here. */
async function withPage(
  item: TopUpItem,
  back: string,
  deps: Deps,
  log: FastifyBaseLogger,
): Promise<TopUpItem> {
  const { purchases, pages } = deps;
  for (let tries = 1; ; tries += 1) {
    const topUp = await purchases.read(item.topUpId);
    const needsPage = topUp?.state === 'action_required' && topUp.actionUrl === null && isCheckout(topUp);
    if (!needsPage || topUp.customerId === null) return (await purchases.readItem(item.topUpId)) ?? item;
    const { customerId } = topUp;
    const successUrl = finishedUrl(back, 'payment', topUp.topUpId);
    const cancelUrl = finishedUrl(back, 'canceled');
    const open = () => pages.createCheckout(topUp, customerId, { successUrl, cancelUrl });
    try {
      const page = await atProvider(open, log);
      // Closed in the meantime, such as for an automatic charge. Nobody has been given its address yet.
      if (!(await purchases.savePage(topUp.topUpId, page))) {
        await atProvider(() => pages.expireCheckout(page.sessionId), log);
      }
      return (await purchases.readItem(item.topUpId)) ?? item;
    } catch (error) {
      if (tries === PAGE_TRIES) throw error;
      await sleep(PAGE_RETRY_MS);
    }
  }
}
