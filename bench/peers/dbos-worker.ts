import { DBOS } from '@dbos-inc/dbos-sdk';
import { READY_LINE, settingsOf } from '../support/worker-process.ts';
import { applyEvent, applyTopUp, openingBalance, type Rules } from './account-balance.ts';
import { chargeAtTill } from './till.ts';

export type DbosWorkerSettings = {
  readonly databaseUrl: string;
  readonly poolSize: number;
  readonly queueConcurrency: number;
  readonly tillUrl: string;
};

export type DbosAccountInput = {
  readonly accountId: string;
  readonly startSeconds: number;
  readonly events: number;
  readonly rules: Rules;
  readonly boughtSeconds: number;
};

const RECEIVE_TIMEOUT_SECONDS = 600;

/** The accounts' workflows of the DBOS design: each receives its events one by one, durably, and charges in a
 *  step. A run takes as many events as it was started for; a real one would then start the next. */
const settings = settingsOf() as DbosWorkerSettings;

async function account(input: DbosAccountInput): Promise<number> {
  const state = openingBalance(input.accountId, input.startSeconds);
  while (state.applied < input.events) {
    const seconds = await DBOS.recv<number>('usage', { timeoutSeconds: RECEIVE_TIMEOUT_SECONDS });
    if (seconds === null) continue;
    const key = applyEvent(state, seconds, input.rules);
    if (key === null) continue;
    await DBOS.runStep(() => chargeAtTill(settings.tillUrl, key), { name: 'charge' });
    applyTopUp(state, input.boughtSeconds);
  }
  return state.applied;
}

DBOS.registerWorkflow(account, { name: 'account' });
DBOS.setConfig({
  name: 'bench',
  systemDatabaseUrl: settings.databaseUrl,
  systemDatabasePoolSize: settings.poolSize,
  logLevel: 'error',
});
await DBOS.launch();
await DBOS.registerQueue('accounts', { workerConcurrency: settings.queueConcurrency });
console.log(READY_LINE);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void DBOS.shutdown().finally(() => process.exit()));
}
