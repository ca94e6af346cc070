import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { PLANS } from '../../domain/prices.ts';
import { SUSPENSION_REASONS } from '../../domain/account-state.ts';
import type { ApiDeps } from '../deps.ts';
import { keyHeader, orderOf, reasonSchema } from '../operator-order.ts';
import { Problem } from '../problems.ts';
import { accountJson, accountSchema } from '../schemas/account.ts';
import { suspensionJson, suspensionSchema } from '../schemas/operator.ts';
import { problems } from '../schemas/problem.ts';
import { savedSettingsJson, savedSettingsSchema } from '../schemas/saved-settings.ts';
import {
  accountPath,
  instant,
  instantSchema,
  limitSchema,
  plainText,
  walletSchema,
} from '../schemas/values.ts';
import { TEST_ALERT_WORDS } from '../test-alert-words.ts';

const OPERATORS = { access: ['operator'] as const };

const foundAccounts = z
  .object({
    items: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        email: z.string(),
        plan: z.enum(PLANS),
        suspended: z.enum(SUSPENSION_REASONS).nullable(),
      }),
    ),
  })
  .meta({ id: 'FoundAccounts' });

const operatorAccount = z
  .object({
    account: accountSchema,
    suspension: suspensionSchema.shape.suspension,
    links: z.object({ stripeCustomer: z.string().nullable(), workflow: z.string().nullable() }),
    createdAt: instantSchema,
  })
  .meta({ id: 'OperatorAccount' });

const testAlertBody = z
  .strictObject({ wallet: walletSchema, reason: reasonSchema })
  .meta({ id: 'TestAlertRequest', examples: [{ wallet: 'call_minutes', reason: 'No alerts arrive.' }] });
const testAlertResult = z
  .object({
    notification: z.string(),
    mail: z.enum(['pending', 'muted']).describe('`muted`: the customer has switched these mails off.'),
    to: z.string(),
  })
  .meta({ id: 'TestAlert' });

type Deps = Pick<ApiDeps, 'accounts' | 'desk' | 'links' | 'policy'>;

/** Accounts as operators look at them. */
export const operatorAccountRoutes: FastifyPluginAsyncZod<Deps> = async (app, deps) => {
  const { accounts, desk, links, policy } = deps;

  app.get('/operator/accounts', {
    config: OPERATORS,
    schema: {
      operationId: 'searchAccounts',
      tags: ['Operators'],
      summary: 'Accounts whose id, name or address begins with a text',
      querystring: z.strictObject({ text: plainText(100), limit: limitSchema }),
      response: { 200: foundAccounts, ...problems() },
    },
    handler: async (request) => {
      const found = await desk.searchAccounts(request.query);
      return {
        items: found.map(({ accountId, name, email, plan, suspensionReason }) => ({
          id: accountId,
          name,
          email,
          plan,
          suspended: suspensionReason,
        })),
      };
    },
  });

  app.get('/operator/accounts/:id', {
    config: OPERATORS,
    schema: {
      operationId: 'getOperatorAccount',
      tags: ['Operators'],
      summary: 'An account with its suspension and links',
      params: accountPath,
      response: { 200: operatorAccount, ...problems('account_unknown') },
    },
    handler: async (request) => {
      const { id } = request.params;
      const overview = await accounts.overview(id);
      if (overview === null) throw new Problem('account_unknown');
      const { suspension, customerId, createdAtMs } = overview.account;
      return {
        account: accountJson(overview, { nowMs: Date.now(), policy, internal: true }),
        suspension: suspensionJson(id, suspension).suspension,
        links: {
          stripeCustomer: customerId === null ? null : links.stripeCustomer(customerId),
          workflow: links.workflow(id),
        },
        createdAt: instant(createdAtMs),
      };
    },
  });

  app.get('/operator/accounts/:id/settings-history', {
    config: OPERATORS,
    schema: {
      operationId: 'listSettingsHistory',
      tags: ['Operators'],
      summary: 'What was saved of both wallets, newest first',
      params: accountPath,
      querystring: z.strictObject({ limit: limitSchema }),
      response: { 200: z.object({ items: z.array(savedSettingsSchema) }), ...problems() },
    },
    handler: async (request) => {
      const saved = await desk.settingsHistory(request.params.id, request.query.limit);
      return { items: saved.map(savedSettingsJson) };
    },
  });

  app.post('/operator/accounts/:id/send-test-alert', {
    config: OPERATORS,
    schema: {
      operationId: 'sendTestAlert',
      tags: ['Operators'],
      summary: 'Send a balance alert that says that it is a test',
      description:
        'A notification and a mail, at once. It disarms no real alert, and the platform is not told.',
      params: accountPath,
      headers: keyHeader,
      body: testAlertBody,
      response: {
        202: testAlertResult,
        ...problems('malformed_json', 'idempotency_conflict', 'account_unknown'),
      },
    },
    handler: async (request, reply) => {
      const { wallet } = request.body;
      const order = { accountId: request.params.id, wallet, words: TEST_ALERT_WORDS };
      const sent = await desk.sendTestAlert({ ...order, ...orderOf(request) });
      const mail = sent.status === 'muted' ? 'muted' : 'pending';
      return reply.code(202).send({ notification: sent.notificationId, mail, to: sent.to });
    },
  });
};
