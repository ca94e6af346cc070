import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { fromEuros } from '../../domain/money.ts';
import { PRICES } from '../../domain/prices.ts';
import type { ApiDeps } from '../deps.ts';
import { Problem } from '../problems.ts';
import { problems } from '../schemas/problem.ts';
import {
  quoteJson,
  quoteSchema,
  settingsBody,
  settingsJson,
  settingsSchema,
  toChoice,
  unsavedSettings,
} from '../schemas/settings.ts';
import { accountPath, eurosSchema, numberInQuery, walletPath, walletSchema } from '../schemas/values.ts';
import { accountOf } from './accounts.ts';

const ifMatchHeader = z.object({
  'if-match': z.string().max(64).optional().describe('The `ETag` of the settings that the change rests on.'),
});

type Deps = Pick<ApiDeps, 'accounts' | 'settings' | 'holds' | 'policy'>;

/** The settings of automatic top-up, one set per wallet, and what an amount buys. */
export const autoTopUpRoutes: FastifyPluginAsyncZod<Deps> = async (app, deps) => {
  const { accounts, settings, holds, policy } = deps;
  app.get('/accounts/:id/auto-top-up/:wallet', {
    config: { access: ['platform', 'operator', 'customer'] },
    schema: {
      operationId: 'getSettings',
      tags: ['Auto top-up'],
      summary: 'Read the settings of a wallet',
      description: 'Before the first save, the answer is a proposal, switched off, with version 0.',
      params: walletPath,
      response: { 200: settingsSchema, ...problems('account_unknown') },
    },
    handler: async (request, reply) => {
      const { id, wallet } = request.params;
      const { plan } = await accountOf(accounts, id);
      const saved = (await settings.read(id, wallet)) ?? unsavedSettings(wallet);
      const facts = { prices: PRICES[plan], usualHold: await holds.usual(id, wallet) };
      return reply.header('etag', etagOf(saved.version)).send(settingsJson(wallet, saved, facts));
    },
  });

  app.put('/accounts/:id/auto-top-up/:wallet', {
    config: { access: ['platform', 'customer'] },
    schema: {
      operationId: 'saveSettings',
      tags: ['Auto top-up'],
      summary: 'Save the settings of a wallet',
      description:
        'Send the `ETag` of what was read as `If-Match`, so that two people do not overwrite each other: 412 ' +
        'when the settings have changed since, with their `currentVersion`. Without `If-Match` the last save wins.',
      params: walletPath,
      headers: ifMatchHeader,
      body: settingsBody(policy),
      response: {
        200: settingsSchema,
        ...problems('malformed_json', 'malformed_if_match', 'account_unknown', 'stale_version'),
      },
    },
    handler: async (request, reply) => {
      const { id, wallet } = request.params;
      const { plan } = await accountOf(accounts, id);
      const ifVersion = versionOf(request.headers['if-match']);
      const saved = await settings.save(id, wallet, toChoice(wallet, request.body), { ifVersion });
      switch (saved.status) {
        case 'unknown_account':
          throw new Problem('account_unknown');
        case 'stale':
          throw stale(saved.current?.version ?? 0);
        case 'saved': {
          const facts = { prices: PRICES[plan], usualHold: await holds.usual(id, wallet) };
          return reply
            .header('etag', etagOf(saved.settings.version))
            .send(settingsJson(wallet, saved.settings, facts));
        }
      }
    },
  });

  app.get('/accounts/:id/quote', {
    config: { access: ['platform', 'operator', 'customer'] },
    schema: {
      operationId: 'quote',
      tags: ['Auto top-up'],
      summary: 'What an amount buys at the rate of the plan',
      params: accountPath,
      querystring: z.strictObject({
        wallet: walletSchema,
        amount: numberInQuery(
          eurosSchema({ min: policy.minAmountCents, max: policy.maxAmountCents }),
        ).describe('Euros without VAT.'),
      }),
      response: { 200: quoteSchema, ...problems('account_unknown') },
    },
    handler: async (request) => {
      const { wallet, amount } = request.query;
      const { plan } = await accountOf(accounts, request.params.id);
      return quoteJson(wallet, fromEuros(amount), PRICES[plan]);
    },
  });
};

function etagOf(version: number): string {
  return `"${version}"`;
}

/** @returns null when any version may be overwritten.
 *  @throws Problem `malformed_if_match` for what no answer of ours was tagged with. */
function versionOf(ifMatch: string | undefined): number | null {
  if (ifMatch === undefined || ifMatch.trim() === '*') return null;
  const [, digits] = /^\s*"(\d{1,9})"\s*$/.exec(ifMatch) ?? [];
  if (digits === undefined) {
    throw new Problem('malformed_if_match', {
      errors: [{ path: 'header.if-match', detail: 'not a version' }],
    });
  }
  return Number(digits);
}

function stale(currentVersion: number): Problem {
  return new Problem('stale_version', {
    detail: `The settings are at version ${currentVersion}. Read them again before saving.`,
    headers: { etag: etagOf(currentVersion) },
    extensions: { currentVersion },
  });
}
