import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import type { BenchContext } from '../bench.ts';
import { wakeEveryAccount } from '../support/database-counters.ts';
import { cpuSeconds, residentBytes } from '../support/processes.ts';
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
  readonly accounts: number;
  readonly api: ServiceProcess;
  readonly worker: ServiceProcess;
};

const LOOK_EVERY_MS = 5_000;

/** Wakes every account of a database, so that each gets a workflow that stays open, and watches what that takes until
 *  all of them are at rest or `limitMs` has passed.
 *  @returns a sample every few seconds, the first before any was opened. */
export async function openWorkflows(
  context: BenchContext,
  service: Service,
  limitMs: number,
): Promise<Sample[]> {
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
    await wakeEveryAccount(service.databaseUrl);
    for (;;) {
      await sleep(LOOK_EVERY_MS, undefined, { signal: context.signal });
      const sample = await look();
      samples.push(sample);
      if (samples.length % 12 === 0) {
        context.say(`${sample.open} workflows are open and at rest after ${Math.round(sample.seconds)} s`);
      }
      if (sample.open >= service.accounts || sample.seconds * 1_000 > limitMs) return samples;
    }
  } finally {
    await connection.close();
  }
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
