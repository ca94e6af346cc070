import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import postgres from 'postgres';
import type { BenchContext } from '../bench.ts';
import { cpuSeconds, residentBytes } from '../support/processes.ts';
import { nthAccount, type SeededAccounts } from '../support/seed.ts';
import type { ServiceProcess } from '../support/service.ts';

/** What there was at one moment. Bytes are resident; processor seconds are counted from the beginning. */
export type Sample = {
  readonly seconds: number;
  /** Workflows that have read their account and have nothing to do. */
  readonly open: number;
  readonly bytes: Readonly<Record<Part, number>>;
  readonly cpuSeconds: Readonly<Record<Part, number>>;
};

export type Part = (typeof PARTS)[number];
export const PARTS = ['worker', 'API', 'Temporal', 'PostgreSQL'] as const;

type Service = {
  readonly databaseUrl: string;
  readonly taskQueue: string;
  readonly accounts: SeededAccounts;
  readonly api: ServiceProcess;
  readonly worker: ServiceProcess;
};

const LOOK_EVERY_MS = 250;
const SAMPLE_EVERY_MS = 10_000;
const SAY_EVERY_MS = 60_000;
/** Accounts come one after the other, not all of them in one minute: a workflow finds a worker that is free, and is
 *  still in its memory at its next task. */
const MOST_UNDER_WAY = 80;
/** So many are brought to rest before the next ones are woken: only these have to be counted in Temporal's index, which
 *  takes the longer the more they are. */
const WAVE = 2_000;

/** Wakes the accounts of a database, some at a time, so that each gets a workflow that stays open, and watches what
 *  that takes until all of them are at rest or `limitMs` has passed.
 *  @returns a sample every few seconds, the first before any was opened. */
export async function openWorkflows(
  context: BenchContext,
  service: Service,
  limitMs: number,
): Promise<Sample[]> {
  const connection = await Connection.connect({ address: context.temporal.address });
  const client = new Client({ connection, namespace: context.temporal.namespace });
  const sql = postgres(service.databaseUrl, { max: 1 });
  const watch = createWatch(context, service);
  const until = performance.now() + limitMs;
  try {
    await watch.sample(0);
    for (let rested = 0; rested < service.accounts.count && performance.now() < until; ) {
      const to = Math.min(service.accounts.count, rested + WAVE);
      rested = await openWave(context, { client, sql, service, watch }, { from: rested, to, until });
    }
    await watch.sample(await countAtRest(client, service.taskQueue));
    return watch.samples;
  } finally {
    await connection.close();
    await sql.end();
  }
}

/** @returns how many are at rest then, those of the waves before included: fewer than `to` when the time was up. */
async function openWave(
  { signal }: BenchContext,
  { client, sql, service, watch }: { client: Client; sql: postgres.Sql; service: Service; watch: Watch },
  { from, to, until }: { from: number; to: number; until: number },
): Promise<number> {
  const since = new Date();
  for (let woken = from; ; ) {
    const rested = from + (await countAtRest(client, service.taskQueue, since));
    await watch.look(rested);
    if (rested >= to || performance.now() >= until) return rested;
    const next = Math.min(to, rested + MOST_UNDER_WAY);
    await wake(sql, service.accounts, { from: woken, to: next });
    woken = Math.max(woken, next);
    await sleep(LOOK_EVERY_MS, undefined, { signal });
  }
}

type Watch = ReturnType<typeof createWatch>;

/** Keeps what there was every few seconds, and says now and then how far it has come. */
function createWatch(context: BenchContext, service: Service) {
  const pids = {
    worker: service.worker.pid,
    API: service.api.pid,
    Temporal: context.processes.temporal,
    PostgreSQL: context.processes.postgres,
  };
  const began = performance.now();
  const samples: Sample[] = [];
  let [sampleAt, sayAt] = [began, began + SAY_EVERY_MS];
  async function sample(open: number): Promise<void> {
    samples.push({
      open,
      bytes: await ofEach(pids, residentBytes),
      cpuSeconds: await ofEach(pids, cpuSeconds),
      seconds: (performance.now() - began) / 1_000,
    });
    sampleAt = performance.now() + SAMPLE_EVERY_MS;
  }
  return {
    samples,
    sample,
    async look(open: number): Promise<void> {
      if (performance.now() >= sampleAt) await sample(open);
      if (performance.now() < sayAt) return;
      sayAt += SAY_EVERY_MS;
      context.say(
        `${open} workflows are open and at rest after ${Math.round((performance.now() - began) / 1_000)} s`,
      );
    },
  };
}

/** Marks accounts as if something had happened to them just now: the workflow of each is started. */
async function wake(
  sql: postgres.Sql,
  accounts: SeededAccounts,
  { from, to }: { from: number; to: number },
): Promise<void> {
  if (to <= from) return;
  await sql`
    update account_wakes set dirty = true, version = version + 1, due_at = now()
    where account_id between ${nthAccount(accounts, from)} and ${nthAccount(accounts, to - 1)}`;
}

/** By the state that each workflow shows: `off` until it has read its account, `armed` once it has and while nothing
 *  is under way. The index follows the workflows, so this is never too many. */
async function countAtRest(client: Client, taskQueue: string, since = new Date(0)): Promise<number> {
  const { count } = await client.workflow.count(
    `TaskQueue = '${taskQueue}' and TopUpState = 'armed' and ExecutionStatus = 'Running' and StartTime >= '${since.toISOString()}'`,
  );
  return count;
}

async function ofEach(
  pids: Record<Part, number>,
  read: (pid: number) => Promise<number>,
): Promise<Record<Part, number>> {
  const [worker, api, temporal, database] = await Promise.all(PARTS.map((part) => read(pids[part])));
  const or = (value: number | undefined) => value ?? Number.NaN;
  return { worker: or(worker), API: or(api), Temporal: or(temporal), PostgreSQL: or(database) };
}
