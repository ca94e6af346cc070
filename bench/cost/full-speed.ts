import type { BenchContext } from '../bench.ts';
import { checkpoint } from '../support/database-counters.ts';
import type { LoadGenerator } from '../support/load.ts';
import { requireBooked } from '../support/require-booked.ts';
import { withCleanUp } from '../support/scope.ts';
import { seedAccounts } from '../support/seed.ts';
import { startApi } from '../support/service.ts';
import { spendingOf, type Spending } from './spending.ts';

export type FullSpeedResult = { readonly events: number; readonly spending: Spending };

const ACCOUNTS = 10_000;
const BATCH = 100;
const CONNECTIONS = 8;

/** Reports as fast as the API takes it, in batches over many accounts, with no worker: what ingest alone costs. */
export function measureFullSpeed(
  context: BenchContext,
  generator: LoadGenerator,
): Promise<readonly FullSpeedResult[]> {
  return withCleanUp(async (atEnd) => {
    const database = await context.createDatabase();
    atEnd(() => database.drop());
    const accounts = await seedAccounts(database.url, { accounts: ACCOUNTS });
    const api = await startApi(context, { databaseUrl: database.url });
    atEnd(() => api.stop());
    const { url, keys } = api;
    const job = (seconds: number) =>
      ({ kind: 'http', url, keys, accounts, batch: BATCH, connections: CONNECTIONS, seconds }) as const;
    const loads = [await generator.run(job(1))];
    const results: FullSpeedResult[] = [];
    for (let round = 0; round < context.rounds; round += 1) {
      await checkpoint(database.url);
      const parts = { API: api.pid, PostgreSQL: context.processes.postgres };
      const spending = await spendingOf(database.url, parts, async () => {
        loads.push(await generator.run(job(context.quick ? 1.5 : 6)));
      });
      results.push({ events: loads.at(-1)?.events ?? Number.NaN, spending });
    }
    await requireBooked(database.url, loads);
    return results;
  });
}
