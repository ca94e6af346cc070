import { Readable } from 'node:stream';
import { stringify } from 'csv-stringify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { LedgerEntry, LedgerFilter } from '../../db/list-ledger.ts';
import type { AccountId } from '../../domain/ids.ts';
import type { ApiDeps } from '../deps.ts';
import { ledgerEntryJson, ledgerFilterOf, ledgerFilterQuery } from '../schemas/lists.ts';
import { problems } from '../schemas/problem.ts';
import { accountPath } from '../schemas/values.ts';
import { accountOf } from './accounts.ts';

/** Entries in memory at once. */
const PAGE = 1_000;

const COLUMNS = [
  'createdAt',
  'wallet',
  'seq',
  'kind',
  'units',
  'balanceAfter',
  'source',
  'type',
  'reason',
  'reference',
  'occurredAt',
] as const;

type Deps = Pick<ApiDeps, 'accounts' | 'ledger'>;

/** The ledger as a file for spreadsheets. */
export const ledgerCsvRoutes: FastifyPluginAsyncZod<Deps> = async (app, { accounts, ledger }) => {
  app.get('/accounts/:id/ledger.csv', {
    exposeHeadRoute: false,
    config: { access: ['platform', 'operator', 'customer'] },
    schema: {
      operationId: 'exportLedger',
      tags: ['History'],
      summary: 'Ledger entries as CSV, newest first',
      description:
        'All of them in one answer, with the filters of the list. Numbers have a decimal point and instants are ISO ' +
        "8601 in UTC, whatever the language. A text that a spreadsheet would take for a formula begins with `'`.",
      params: accountPath,
      querystring: ledgerFilterQuery,
      response: {
        200: { description: 'A table', content: { 'text/csv': { schema: z.string() } } },
        ...problems('account_unknown'),
      },
    },
    handler: async (request, reply) => {
      const { accountId } = await accountOf(accounts, request.params.id);
      const entries = Readable.from(everyEntry(ledger, accountId, ledgerFilterOf(request.query)));
      const table = stringify({
        header: true,
        bom: true,
        columns: [...COLUMNS],
        record_delimiter: 'windows',
        cast: { string: harmless },
      });
      // A table that breaks off breaks the answer off too, so that nobody takes it for the whole.
      entries.on('error', (error) => table.destroy(error));
      table.on('close', () => entries.destroy());
      reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', `attachment; filename="ledger-${accountId}.csv"`);
      // Fastify sends a readable as it is, whatever the schema says of the text that comes out of it.
      return reply.send(entries.pipe(table) as unknown as string);
    },
  });
};

async function* everyEntry(ledger: Deps['ledger'], accountId: AccountId, filter: LedgerFilter) {
  let cursor: string | null = null;
  do {
    const page: { items: LedgerEntry[]; next: string | null } = await ledger.list(accountId, {
      ...filter,
      cursor,
      limit: PAGE,
    });
    yield* page.items.map(ledgerEntryJson);
    cursor = page.next;
  } while (cursor !== null);
}

/** Callers choose ids and reasons; a spreadsheet would run what begins like a formula (OWASP, "CSV Injection"). */
function harmless(text: string): string {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}
