import { Client } from '@temporalio/client';
import { ConfigError, loadConfig } from './config.ts';
import { migrate } from './db/migrate.ts';
import { connectLazily } from './temporal/connect.ts';
import { ensureReconcileSchedules } from './temporal/reconcile-schedules.ts';
import { registerSearchAttributes } from './temporal/register-search-attributes.ts';

/** Brings both stores to what this build needs: the database's schema, and Temporal's search attributes and
 *  schedules when an address is given. Safe to repeat, and at the same time by several processes. */
async function prepare(): Promise<void> {
  const config = loadConfig('migrate');
  await migrate(config.DATABASE_URL);
  const { TEMPORAL_ADDRESS } = config;
  if (TEMPORAL_ADDRESS === undefined) return;
  const connection = connectLazily({ ...config, TEMPORAL_ADDRESS });
  try {
    const { TEMPORAL_NAMESPACE: namespace, TEMPORAL_TASK_QUEUE: taskQueue } = config;
    await registerSearchAttributes(connection, namespace);
    await ensureReconcileSchedules(new Client({ connection, namespace }).schedule, { taskQueue });
  } finally {
    await connection.close();
  }
}

try {
  await prepare();
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
