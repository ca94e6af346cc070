import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { ApiDeps } from '../deps.ts';
import {
  auditJson,
  auditPage,
  auditQuery,
  findingJson,
  findingPage,
  findingQuery,
  operatorTopUpJson,
  operatorTopUpPage,
  operatorTopUpSchema,
  topUpCountsJson,
  topUpCountsSchema,
  topUpIdSchema,
} from '../schemas/operator.ts';
import { problems } from '../schemas/problem.ts';
import { operatorTopUpQuery, topUpCountsQuery, topUpFilterOf } from '../schemas/top-up-filter.ts';

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
      description: '`superseded=exclude` leaves out failed ones that need nobody any more.',
      querystring: operatorTopUpQuery,
      response: { 200: operatorTopUpPage, ...problems() },
    },
    handler: async (request) => {
      const { state: states, failure, cursor, limit } = request.query;
      const page = await operator.listTopUps({
        ...topUpFilterOf(request.query),
        states,
        failure,
        cursor,
        limit,
      });
      return { items: page.items.map((topUp) => operatorTopUpJson(topUp, links)), next: page.next };
    },
  });

  app.get('/operator/top-ups/counts', {
    config: OPERATORS,
    schema: {
      operationId: 'countOperatorTopUps',
      tags: ['Operators'],
      summary: 'How many top-ups are in each state, and why, but for credited and canceled ones',
      querystring: topUpCountsQuery,
      response: { 200: topUpCountsSchema, ...problems() },
    },
    handler: async ({ query }) =>
      topUpCountsJson(await operator.countTopUps(topUpFilterOf(query)), query.failure),
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
      const { account, from, to, ...query } = request.query;
      const page = await audit.list({
        ...query,
        accountId: account,
        fromMs: from === undefined ? undefined : Date.parse(from),
        toMs: to === undefined ? undefined : Date.parse(to),
      });
      return { items: page.items.map(auditJson), next: page.next };
    },
  });

  app.get('/operator/findings', {
    config: OPERATORS,
    schema: {
      operationId: 'listFindings',
      tags: ['Operators'],
      summary: 'What a person has to look at, oldest first',
      querystring: findingQuery,
      response: { 200: findingPage, ...problems() },
    },
    handler: async (request) => {
      const page = await operator.findings(request.query);
      return { items: page.items.map(findingJson), next: page.next };
    },
  });
};
