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

const LOOK_EVERY_MS = 1_000;
const LOOKS_PER_SAMPLE = 5;
/** Fewer than the worker keeps in memory, so that no workflow is replayed from its beginning before it rests: accounts
 *  come one after the other, and not all of them in one minute. */
const MOST_UNDER_WAY = 400;

/** Wakes the accounts of a database, some at a time, so that each gets a workflow that stays open, and watches what
 *  that takes until all of them are at rest or `limitMs` has passed.
 *  @returns a sample every few seconds, the first before any was opened. */
export async function openWorkflows(
  context: BenchContext,
  service: Service,
  limitMs: number,
): Promise<Sample[]> {
  const { accounts } = service;
  const sql = postgres(service.databaseUrl, { max: 1 });
  const connection = await Connection.connect({ address: context.temporal.address });
  const client = new Client({ connection, namespace: context.temporal.namespace });
  const pids = {
    worker: service.worker.pid,
    API: service.api.pid,
    Temporal: context.processes.temporal,
    PostgreSQL: context.processes.postgres,
  };
  try {
    const began = performance.now();
    const look = async (): Promise<Sample> => ({
      open: await countAtRest(client, service.taskQueue),
      bytes: await ofEach(pids, residentBytes),
      cpuSeconds: await ofEach(pids, cpuSeconds),
      seconds: (performance.now() - began) / 1_000,
    });
    const samples = [await look()];
    for (let looks = 1, woken = 0; ; looks += 1) {
      const open = await countAtRest(client, service.taskQueue);
      const isOver = open >= accounts.count || performance.now() - began > limitMs;
      if (isOver || looks % LOOKS_PER_SAMPLE === 0) samples.push(await look());
      if (isOver) return samples;
      const next = Math.min(accounts.count, open + MOST_UNDER_WAY);
      await wake(sql, accounts, { from: woken, to: next });
      woken = next;
      if (looks % 60 === 0) context.say(`${open} workflows are open and at rest after ${looks} looks`);
      await sleep(LOOK_EVERY_MS, undefined, { signal: context.signal });
    }
  } finally {
    await connection.close();
    await sql.end();
  }
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
async function countAtRest(client: Client, taskQueue: string): Promise<number> {
  const { count } = await client.workflow.count(
    `TaskQueue = '${taskQueue}' and TopUpState = 'armed' and ExecutionStatus = 'Running'`,
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
