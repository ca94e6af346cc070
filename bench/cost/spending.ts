import { readCounters, type DatabaseCounters } from '../support/database-counters.ts';
import { cpuSeconds } from '../support/processes.ts';

/** The processes whose processor time is told apart, by their first process. */
export type Parts = Readonly<Record<string, number>>;

/** What was used between two moments. */
export type Spending = {
  readonly seconds: number;
  readonly cpuSeconds: Readonly<Record<string, number>>;
  readonly database: DatabaseCounters;
};

/** Reads the meters while `work` runs. */
export async function spendingOf(
  databaseUrl: string,
  parts: Parts,
  work: () => Promise<unknown>,
): Promise<Spending> {
  const began = performance.now();
  const [cpuBefore, before] = [await readCpu(parts), await readCounters(databaseUrl)];
  await work();
  const [after, cpuAfter] = [await readCounters(databaseUrl), await readCpu(parts)];
  return {
    seconds: (performance.now() - began) / 1_000,
    cpuSeconds: Object.fromEntries(
      Object.entries(cpuAfter).map(([part, used]) => [part, used - (cpuBefore[part] ?? Number.NaN)]),
    ),
    database: {
      ledgerBytes: after.ledgerBytes - before.ledgerBytes,
      otherBytes: after.otherBytes - before.otherBytes,
      walBytes: after.walBytes - before.walBytes,
      transactions: after.transactions - before.transactions,
    },
  };
}

async function readCpu(parts: Parts): Promise<Record<string, number>> {
  const readings = Object.entries(parts).map(async ([part, pid]) => [part, await cpuSeconds(pid)] as const);
  return Object.fromEntries(await Promise.all(readings));
}
