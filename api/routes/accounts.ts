import type { FastifyBaseLogger } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { AccountId } from '../../domain/ids.ts';
import type { ApiDeps } from '../deps.ts';
import { principalOf } from '../plugins/authentication.ts';
import type { AccountOverview } from '../../db/account-overview.ts';
import type { AccountRow } from '../../db/read-account.ts';
import { Problem } from '../problems.ts';
import { accountBody, accountJson, accountSchema } from '../schemas/account.ts';
import { problems } from '../schemas/problem.ts';
import { accountPath } from '../schemas/values.ts';

/** How long an account's first save waits for the payment provider. */
const CUSTOMER_TIMEOUT_MS = 4_000;

type Deps = Pick<ApiDeps, 'accounts' | 'customers' | 'policy'>;

/** Accounts: the platform keeps them, everyone concerned reads them. */
export const accountRoutes: FastifyPluginAsyncZod<Deps> = async (app, { accounts, customers, policy }) => {
  app.put('/accounts/:id', {
    config: { access: ['platform'] },
    schema: {
      operationId: 'putAccount',
      tags: ['Accounts'],
      summary: 'Make or change an account',
      description:
        'The same request again changes nothing. The Stripe customer is made at once when Stripe answers, and ' +
        'otherwise before the first charge.',
      params: accountPath,
      body: accountBody,
      response: { 200: accountSchema, 201: accountSchema, ...problems('malformed_json') },
    },
    handler: async (request, reply) => {
      const { id } = request.params;
      const { account, created } = await accounts.put({ accountId: id, ...request.body });
      if (account.customerId === null) {
        const customerId = await makeCustomer(account, customers, request.log);
        if (customerId !== null) await accounts.saveCustomer(id, customerId);
      }
      const overview = await overviewOf(accounts, id);
      const json = accountJson(overview, { nowMs: Date.now(), policy, internal: true });
      return reply.code(created ? 201 : 200).send(json);
    },
  });

  app.get('/accounts/:id', {
    config: { access: ['platform', 'operator', 'customer'] },
    schema: {
      operationId: 'getAccount',
      tags: ['Accounts'],
      summary: 'Balances, settings, and what automatic top-up is doing and why',
      params: accountPath,
      response: { 200: accountSchema, ...problems('account_unknown') },
    },
    handler: async (request) => {
      const overview = await overviewOf(accounts, request.params.id);
      const internal = principalOf(request).role !== 'customer';
      return accountJson(overview, { nowMs: Date.now(), policy, internal });
    },
  });
};

/** @throws Problem `account_unknown`. */
export async function accountOf(accounts: ApiDeps['accounts'], id: AccountId): Promise<AccountRow> {
  const account = await accounts.read(id);
  if (account === null) throw new Problem('account_unknown');
  return account;
}

async function overviewOf(accounts: ApiDeps['accounts'], id: AccountId): Promise<AccountOverview> {
  const overview = await accounts.overview(id);
  if (overview === null) throw new Problem('account_unknown');
  return overview;
}

/** The account is saved whether or not the provider answers: the worker makes the customer later, under the same
 *  idempotency key. */
async function makeCustomer(
  account: AccountRow,
  customers: ApiDeps['customers'],
  log: FastifyBaseLogger,
): Promise<string | null> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error('the provider did not answer')), CUSTOMER_TIMEOUT_MS);
  try {
    return (await Promise.race([customers.ensureCustomer(account), late.promise])).customerId;
  } catch (error) {
    log.warn({ err: error }, 'the customer was not made; the worker makes it before the first charge');
    return null;
  } finally {
    clearTimeout(timer);
  }
}
