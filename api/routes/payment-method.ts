import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { ApiDeps } from '../deps.ts';
import { atProvider, customerOf, finishedUrl, returnUrlOf } from '../provider-pages.ts';
import { problems } from '../schemas/problem.ts';
import { pageBody, pageSchema } from '../schemas/purchases.ts';
import { accountPath, instant } from '../schemas/values.ts';
import { accountOf } from './accounts.ts';

type Deps = Pick<ApiDeps, 'accounts' | 'customers' | 'pages' | 'publicUrl'>;

/** Stripe's pages for cards and the billing profile: no card number ever comes near this service. */
export const paymentMethodRoutes: FastifyPluginAsyncZod<Deps> = async (app, deps) => {
  app.post('/accounts/:id/payment-method', {
    config: { access: ['platform', 'customer'] },
    schema: {
      operationId: 'openPaymentMethodPage',
      tags: ['Purchases'],
      summary: "Open Stripe's page to save a card, or for the billing profile",
      description:
        'A card that is saved on the page is the one that is charged from then on. Each request opens a new page.',
      params: accountPath,
      body: pageBody.nullish(),
      response: {
        201: pageSchema,
        ...problems('malformed_json', 'account_unknown', 'provider_unavailable'),
      },
    },
    handler: async (request, reply) => {
      const account = await accountOf(deps.accounts, request.params.id);
      const { for: purpose = 'card', returnUrl } = request.body ?? {};
      const back = returnUrlOf(deps.publicUrl, returnUrl);
      const customerId = await customerOf(account, deps, request.log);
      if (purpose === 'profile') {
        const open = () => deps.pages.openProfilePage(customerId, finishedUrl(back, 'billing'));
        const { url } = await atProvider(open, request.log);
        return reply.code(201).send({ url });
      }
      const pages = { successUrl: finishedUrl(back, 'card'), cancelUrl: finishedUrl(back, 'canceled') };
      const page = await atProvider(() => deps.pages.openCardPage(customerId, pages), request.log);
      return reply.code(201).send({ url: page.url, expiresAt: instant(page.expiresAtMs) });
    },
  });
};
