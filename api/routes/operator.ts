import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { fromEuros } from '../../domain/money.ts';
import type { ApiDeps } from '../deps.ts';
import {
  auditJson,
  auditPage,
  auditQuery,
  findingJson,
  findingPage,
  operatorTopUpJson,
  operatorTopUpPage,
  operatorTopUpQuery,
  operatorTopUpSchema,
  topUpCountsSchema,
  topUpIdSchema,
} from '../schemas/operator.ts';
import { problems } from '../schemas/problem.ts';
import { limitSchema } from '../schemas/values.ts';

const OPERATORS = { access: ['operator'] as const };

type Deps = Pick<ApiDeps, 'operator' | 'audit' | 'links'>;

/** What operators look at: charges of all accounts, findings, and who did what. */
export const operatorRoutes: FastifyPluginAsyncZod<Deps> = async (app, { operator, audit, links }) => {
  app.get('/operator/top-ups', {
    config: OPERATORS,
    schema: {
      operationId: 'listOperatorTopUps',
      tags: ['Operators'],
      summary: 'Failed and stuck charges of all accounts, oldest first',
      querystring: operatorTopUpQuery,
      response: { 200: operatorTopUpPage, ...problems() },
    },
    handler: async (request) => {
      const { state: states, account, olderThan, minAmount, ...query } = request.query;
      const page = await operator.listTopUps({
        ...query,
        states,
        accountId: account,
        olderThanMs: olderThan === undefined ? undefined : Date.parse(olderThan),
        minAmountCents: minAmount === undefined ? undefined : fromEuros(minAmount),
      });
      return { items: page.items.map((topUp) => operatorTopUpJson(topUp, links)), next: page.next };
    },
  });

  app.get('/operator/top-ups/counts', {
    config: OPERATORS,
    schema: {
      operationId: 'countOperatorTopUps',
      tags: ['Operators'],
      summary: 'How many top-ups are in each state, but for credited and canceled ones',
      response: { 200: topUpCountsSchema, ...problems() },
    },
    handler: async () => ({ counts: await operator.countTopUps() }),
  });

  app.get('/operator/top-ups/:id', {
    config: OPERATORS,
    schema: {
      operationId: 'getOperatorTopUp',
      tags: ['Operators'],
      summary: 'One top-up with its attempts and links',
      params: z.object({ id: topUpIdSchema }),
      response: { 200: operatorTopUpSchema, ...problems('top_up_unknown') },
    },
    handler: async (request) => operatorTopUpJson(await operator.readTopUp(request.params.id), links),
  });

  app.get('/operator/audit', {
    config: OPERATORS,
    schema: {
      operationId: 'listAudit',
      tags: ['Operators'],
      summary: 'Who did what to whom and why, newest first',
      querystring: auditQuery,
      response: { 200: auditPage, ...problems() },
    },
    handler: async (request) => {
      const { account, ...query } = request.query;
      const page = await audit.list({ ...query, accountId: account });
      return { items: page.items.map(auditJson), next: page.next };
    },
  });

  app.get('/operator/findings', {
    config: OPERATORS,
    schema: {
      operationId: 'listFindings',
      tags: ['Operators'],
      summary: 'What a person has to look at, oldest first',
      description: 'One page: those behind it are shown once these are resolved.',
      querystring: z.strictObject({ limit: limitSchema }),
      response: { 200: findingPage, ...problems() },
    },
    handler: async (request) => {
      const findings = await operator.findings(request.query.limit);
      return { items: findings.map(findingJson), next: null };
    },
  });
};
