import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import { POLICY } from '../../domain/policy.ts';
import type { BenchContext } from '../bench.ts';
import { countUntold, wakeEveryAccount } from '../support/database-counters.ts';
import type { LoadGenerator } from '../support/load.ts';
import type { LoadResult } from '../support/load/jobs.ts';
import { requireBooked } from '../support/require-booked.ts';
import { withCleanUp } from '../support/scope.ts';
import { nthAccount, seedAccounts, type SeededAccounts } from '../support/seed.ts';
import { startApi, startWorker } from '../support/service.ts';
import { countActions } from '../support/temporal-actions.ts';
import { spendingOf, type Spending } from './spending.ts';

/** Accounts that are used at the same pace. */
export type Density = { readonly accounts: number; readonly callsAtOnce: number };

export type DensityResult = Density & {
  readonly events: number;
  /** Actions for these events alone; `firstActions` are those that one account's first wake costs once. */
  readonly actions: number;
  readonly firstActions: number;
};

export type PacedResult = {
  readonly densities: readonly DensityResult[];
  readonly events: number;
  readonly refused: number;
  readonly load: Spending;
  readonly idle: Spending;
  /** How long calls were reported in modelled time, which passes `compression` times as fast. */
  readonly seconds: number;
  readonly compression: number;
  readonly tellingSeconds: number;
};

/** A call reports each second; the sparse accounts have one call for a tenth of the time. */
const DENSITIES: readonly Density[] = [
  { accounts: 30, callsAtOnce: 0.1 },
  { accounts: 30, callsAtOnce: 1 },
  { accounts: 4, callsAtOnce: 10 },
  { accounts: 1, callsAtOnce: 30 },
];

/** Time and coalescing are shortened alike, because above all thresholds a wake may wait a quarter of an hour. Shorter
 *  still, and the coalescing would come near to the pauses between the relay's polls. */
const COMPRESSION = { quick: 60, full: 40 } as const;
/** What a wake above all thresholds may wait. */
const TELLING_SECONDS = (POLICY.coalesceMs * POLICY.inTimeFactor) / 1_000;
/** For so many of them the load lasts, in modelled time: in the full run an account with one call has more than five
 *  thousand entries, so that what is told by their number comes into play as well. */
const TELLINGS = { quick: 1, full: 6 } as const;

const QUIET_POLL_MS = 250;
const QUIET_LIMIT_MS = 120_000;
/** Without a new action for so long, the workflows have done what they were told. */
const SETTLED_MS = 1_000;

/** Reports usage far from every threshold at a realistic pace, in compressed time, for several times as long as a wake may
 *  wait, and counts what reaches Temporal until everything has been told. Workflows are open before it begins. */
export function measurePaced(context: BenchContext, generator: LoadGenerator): Promise<PacedResult> {
  return withCleanUp(async (atEnd) => {
    const database = await context.createDatabase();
    atEnd(() => database.drop());
    const groups: (Density & { seeded: SeededAccounts })[] = [];
    for (const density of DENSITIES) {
      groups.push({ ...density, seeded: await seedAccounts(database.url, { accounts: density.accounts }) });
    }
    const size = context.quick ? 'quick' : 'full';
    const compression = COMPRESSION[size];
    const service = {
      databaseUrl: database.url,
      taskQueue: `bench-cost-${randomBytes(4).toString('hex')}`,
      environment: { POLICY: JSON.stringify({ coalesceMs: POLICY.coalesceMs / compression }) },
    };
    const api = await startApi(context, service);
    atEnd(() => api.stop());
    const worker = await startWorker(context, service);
    atEnd(() => worker.stop());
    await wakeEveryAccount(database.url);
    await untilTold(context, database.url);
    const first = await countSettledActions(context, groups);
    const parts = { API: api.pid, worker: worker.pid, ...serversOf(context) };
    context.say('measuring what the processes need while nothing happens');
    const idle = await spendingOf(database.url, parts, () => sleep(context.quick ? 2_000 : 15_000));
    const modelled = TELLING_SECONDS * TELLINGS[size];
    const seconds = modelled / compression;
    context.say(`reporting every second for ${seconds} s, then waiting for the last signals`);
    const sent = { events: 0, refused: 0 };
    const sentAll: LoadResult[] = [];
    const load = await spendingOf(database.url, parts, async () => {
      const paced = groups.map(({ seeded, callsAtOnce }) => ({
        accounts: seeded,
        eventsPerSecond: callsAtOnce * compression,
      }));
      const result = await generator.run({
        kind: 'paced',
        url: api.url,
        keys: api.keys,
        seconds,
        groups: paced,
      });
      Object.assign(sent, { events: result.events, refused: result.refused });
      sentAll.push(result);
      await untilTold(context, database.url);
    });
    await requireBooked(database.url, sentAll);
    const all = await countSettledActions(context, groups);
    const densities: DensityResult[] = [];
    for (const [index, { seeded, ...density }] of groups.entries()) {
      const actions = (all[index] ?? 0) - (first[index] ?? 0);
      const firstActions = (first[index] ?? 0) / density.accounts;
      densities.push({ ...density, events: await countUsage(database.url, seeded), actions, firstActions });
    }
    return {
      densities,
      ...sent,
      load,
      idle,
      seconds: modelled,
      compression,
      tellingSeconds: TELLING_SECONDS,
    };
  });
}

function serversOf({ processes }: BenchContext) {
  return { PostgreSQL: processes.postgres, Temporal: processes.temporal };
}

function allOf(seeded: SeededAccounts) {
  return Array.from({ length: seeded.count }, (_, number) => nthAccount(seeded, number));
}

/** @throws when news still wait after two minutes. */
async function untilTold({ signal }: BenchContext, databaseUrl: string): Promise<void> {
  const deadline = performance.now() + QUIET_LIMIT_MS;
  while ((await countUntold(databaseUrl)) > 0) {
    if (performance.now() > deadline) throw new Error('the workflows have not been told for two minutes');
    await sleep(QUIET_POLL_MS, undefined, { signal });
  }
}

/** The actions of each group's workflows, once there are no more of them. */
async function countSettledActions(
  context: BenchContext,
  groups: readonly { readonly seeded: SeededAccounts }[],
): Promise<number[]> {
  const read = () => Promise.all(groups.map(({ seeded }) => countActions(context, allOf(seeded))));
  for (let before = await read(); ; ) {
    await sleep(SETTLED_MS, undefined, { signal: context.signal });
    const now = await read();
    if (now.every((actions, index) => actions === before[index])) return now;
    before = now;
  }
}

async function countUsage(databaseUrl: string, { prefix }: SeededAccounts): Promise<number> {
  const sql = postgres(databaseUrl, { max: 1 });
  try {
    const [row] = await sql<{ events: number }[]>`
      select count(*)::int as events from ledger_entries
      where kind = 'usage' and starts_with(account_id, ${prefix})`;
    return row?.events ?? 0;
  } finally {
    await sql.end();
  }
}
