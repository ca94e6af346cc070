import { setTimeout as sleep } from 'node:timers/promises';
import type { BenchContext, BenchTable } from '../bench.ts';
import { countUntold, wakeEveryAccount } from '../support/database-counters.ts';
import { residentBytes } from '../support/processes.ts';
import { startWorker, type ServiceProcess } from '../support/service.ts';

const LOOK_EVERY_MS = 5_000;
const ROWS = 5;
const MIB = 1024 ** 2;

type Sample = { seconds: number; open: number; worker: number; api: number; temporal: number };

/** Wakes every account of a database, so that each gets a workflow that stays open, and watches the memory of
 *  worker, API and Temporal meanwhile. Stops after `limitMs`, however far it has come. */
export async function openWorkflows(
  context: BenchContext,
  options: { databaseUrl: string; accounts: number; api: ServiceProcess },
  limitMs: number,
): Promise<{ table: BenchTable; note: string }> {
  const { databaseUrl, accounts, api } = options;
  const worker = await startWorker(context, { databaseUrl });
  try {
    const began = performance.now();
    const look = async (): Promise<Sample> => ({
      open: accounts - (await countUntold(databaseUrl)),
      worker: await residentBytes(worker.pid),
      api: await residentBytes(api.pid),
      temporal: await residentBytes(context.processes.temporal),
      seconds: (performance.now() - began) / 1_000,
    });
    await wakeEveryAccount(databaseUrl);
    const samples = [await look()];
    for (;;) {
      await sleep(LOOK_EVERY_MS, undefined, { signal: context.signal });
      const sample = await look();
      samples.push(sample);
      context.say(`${sample.open} workflows are open after ${Math.round(sample.seconds)} s`);
      if (sample.open >= accounts || sample.seconds * 1_000 > limitMs) break;
    }
    return { table: tableOf(accounts, samples), note: noteOf(accounts, samples) };
  } finally {
    await worker.stop();
  }
}

function tableOf(accounts: number, samples: readonly Sample[]): BenchTable {
  const step = (samples.length - 1) / ROWS;
  const shown = Array.from({ length: ROWS + 1 }, (_, row) => samples[Math.round(row * step)]);
  return {
    title: `${accounts.toLocaleString('en-US')} accounts get an open workflow each`,
    columns: ['open workflows', 'after s', 'worker MiB', 'API MiB', 'Temporal MiB'],
    rows: [...new Set(shown)].flatMap((sample) =>
      sample === undefined
        ? []
        : [
            [
              sample.open,
              Math.round(sample.seconds),
              Math.round(sample.worker / MIB),
              Math.round(sample.api / MIB),
              Math.round(sample.temporal / MIB),
            ],
          ],
    ),
  };
}

function noteOf(accounts: number, samples: readonly Sample[]): string {
  const last = samples.at(-1);
  const open = last?.open ?? 0;
  const reached =
    open >= accounts ? 'all of them' : `${open.toLocaleString('en-US')} of them, then the time was up`;
  return `Of the ${accounts.toLocaleString('en-US')} workflows the bench opened ${reached}. Each is started by the relay, reads its account and waits; the worker keeps only the latest in memory.`;
}
