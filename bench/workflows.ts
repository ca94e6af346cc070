import type { Bench, BenchContext, BenchResult } from './bench.ts';
import { openWorkflows } from './growth/open-workflows.ts';
import { withCleanUp } from './support/scope.ts';
import { seedAccounts } from './support/seed.ts';
import { startApi } from './support/service.ts';

export const workflows: Bench = {
  name: 'workflows',
  question: 'What memory do worker and API take while 100,000 accounts get an open workflow each?',
  onlyByName: 'only when it is named: it takes up to 22 minutes',
  run: (context) => withCleanUp((atEnd) => run(context, atEnd)),
};

const ACCOUNTS = 100_000;
const LIMIT_MS = { full: 22 * 60_000, quick: 60_000 };

async function run(context: BenchContext, atEnd: (cleanUp: () => unknown) => void): Promise<BenchResult> {
  const database = await context.createDatabase();
  atEnd(() => database.drop());
  await seedAccounts(database.url, { accounts: ACCOUNTS });
  const api = await startApi(context, { databaseUrl: database.url });
  atEnd(() => api.stop());
  const { table, note } = await openWorkflows(
    context,
    { databaseUrl: database.url, accounts: ACCOUNTS, api },
    context.quick ? LIMIT_MS.quick : LIMIT_MS.full,
  );
  return { tables: [table], targets: [], notes: [note] };
}
