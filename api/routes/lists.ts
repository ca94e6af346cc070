import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { ApiDeps } from '../deps.ts';
import { Problem } from '../problems.ts';
import {
  ledgerEntryJson,
  ledgerFilterOf,
  ledgerPage,
  ledgerQuery,
  notificationJson,
  notificationPage,
  notificationQuery,
  notificationSchema,
  topUpJson,
  topUpPage,
  topUpQuery,
} from '../schemas/lists.ts';
import { problems } from '../schemas/problem.ts';
import { accountIdSchema, accountPath } from '../schemas/values.ts';
import { accountOf } from './accounts.ts';

const EVERYONE = { access: ['platform', 'operator', 'customer'] as const };

type Deps = Pick<ApiDeps, 'accounts' | 'ledger' | 'topUps' | 'notifications'>;

/** An account's history, newest first, in pages. */
export const listRoutes: FastifyPluginAsyncZod<Deps> = async (app, deps) => {
  app.get('/accounts/:id/top-ups', {
    config: EVERYONE,
    schema: {
      operationId: 'listTopUps',
      tags: ['History'],
      summary: 'Purchases, newest first',
      params: accountPath,
      querystring: topUpQuery,
      response: { 200: topUpPage, ...problems('account_unknown') },
    },
    handler: async (request) => {
      const { accountId } = await accountOf(deps.accounts, request.params.id);
      const page = await deps.topUps.list(accountId, request.query);
      return { items: page.items.map(topUpJson), next: page.next };
    },
  });

  app.get('/accounts/:id/ledger', {
    config: EVERYONE,
    schema: {
      operationId: 'listLedger',
      tags: ['History'],
      summary: 'Ledger entries, newest first',
      description: '`from` and `to` are about when entries were booked, which is what they are ordered by.',
      params: accountPath,
      querystring: ledgerQuery,
      response: { 200: ledgerPage, ...problems('account_unknown') },
    },
    handler: async (request) => {
      const { accountId } = await accountOf(deps.accounts, request.params.id);
      const { cursor, limit, ...query } = request.query;
      const page = await deps.ledger.list(accountId, { ...ledgerFilterOf(query), cursor, limit });
      return { items: page.items.map(ledgerEntryJson), next: page.next };
    },
  });

  app.get('/accounts/:id/notifications', {
    config: EVERYONE,
    schema: {
      operationId: 'listNotifications',
      tags: ['History'],
      summary: 'Notifications of the dashboard, newest first',
      params: accountPath,
      querystring: notificationQuery,
      response: { 200: notificationPage, ...problems('account_unknown') },
    },
    handler: async (request) => {
      const { accountId } = await accountOf(deps.accounts, request.params.id);
      const page = await deps.notifications.list(accountId, request.query);
      return {
        items: page.items.map(notificationJson),
        next: page.next,
      };
    },
  });

  app.post('/accounts/:id/notifications/:notification/read', {
    config: { access: ['platform', 'customer'] },
    schema: {
      operationId: 'readNotification',
      tags: ['History'],
      summary: 'Mark a notification as read',
      description: 'The same request again changes nothing: it stays read since the first time.',
      params: z.object({ id: accountIdSchema, notification: z.uuid() }),
      body: z.strictObject({}).nullish(),
      response: { 200: notificationSchema, ...problems('malformed_json', 'notification_unknown') },
    },
    handler: async (request) => {
      const { id, notification } = request.params;
      const read = await deps.notifications.markRead(id, notification);
      if (read === null) throw new Problem('notification_unknown');
      return notificationJson(read);
    },
  });

  app.post('/accounts/:id/notifications/read-all', {
    config: { access: ['platform', 'customer'] },
    schema: {
      operationId: 'readAllNotifications',
      tags: ['History'],
      summary: 'Mark every notification as read',
      params: accountPath,
      body: z.strictObject({}).nullish(),
      response: {
        200: z.object({ read: z.number().int().describe('How many were not read before.') }),
        ...problems('malformed_json', 'account_unknown'),
      },
    },
    handler: async (request) => {
      const { accountId } = await accountOf(deps.accounts, request.params.id);
      return { read: await deps.notifications.markAllRead(accountId) };
    },
  });
};
