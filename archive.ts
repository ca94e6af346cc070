import { parseArgs } from 'node:util';
import { v7 as uuid } from 'uuid';
import { ConfigError, loadConfig, policyOf } from './config.ts';
import { archiveLedger } from './db/archive.ts';
import { openArchiveFolder } from './db/archive-files.ts';

/** Beyond the retention, because the clocks of API and database may differ, and a request may be under way. */
const MARGIN_MS = 2 * 24 * 60 * 60 * 1_000;

/** `npm run archive -- --to FOLDER`: moves usage that can no longer be reported again out of the ledger, into files.
 *  Exit code 0 also when there was nothing to do. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { to: { type: 'string' } } });
  if (values.to === undefined) throw new ConfigError('Say where to: npm run archive -- --to FOLDER');
  const config = loadConfig('archive');
  const entries = await archiveLedger({
    databaseUrl: config.DATABASE_URL,
    files: await openArchiveFolder(values.to),
    keepMs: policyOf(config).eventRetentionMs + MARGIN_MS,
    newArchiveId: () => uuid(),
    onArchived: (archived) => console.log(JSON.stringify(archived)),
  });
  console.log(JSON.stringify({ archived: entries }));
}

try {
  await main();
} catch (error) {
  console.error(error instanceof ConfigError ? error.message : error);
  process.exitCode = 1;
}
