import { readdir, readFile } from 'node:fs/promises';

/** What Linux counts processor time in, on every machine that it runs on today. */
const TICKS_PER_SECOND = 100;

/** Processor seconds of a process and of all below it, those that have ended included; NaN where there is no /proc
 *  to read it from. The difference of two readings is what was used in between. */
export async function cpuSeconds(pid: number): Promise<number> {
  const stats = await readStats();
  const own = stats.get(pid);
  if (own === undefined) return Number.NaN;
  const below = [...stats.values()].filter((each) => isBelow(each, pid, stats));
  return [own, ...below].reduce((sum, { ticks }) => sum + ticks, 0) / TICKS_PER_SECOND;
}

/** Memory that a process has in use (its resident set), in bytes; NaN where there is no /proc. */
export async function residentBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const [, kilobytes] = /^VmRSS:\s*(\d+) kB/m.exec(status) ?? [];
  return kilobytes === undefined ? Number.NaN : Number(kilobytes) * 1024;
}

type Stat = { parent: number; ticks: number };

async function readStats(): Promise<Map<number, Stat>> {
  const names = await readdir('/proc').catch(() => []);
  const stats = await Promise.all(
    names
      .filter((name) => /^\d+$/.test(name))
      .map(async (name): Promise<[number, Stat][]> => {
        // It may have ended by now.
        const text = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => null);
        return text === null ? [] : [[Number(name), readStat(text)]];
      }),
  );
  return new Map(stats.flat());
}

/** The name stands in parentheses and may hold anything; what follows are fields 3 and on of proc(5). */
function readStat(text: string): Stat {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const field = (number: number) => Number(fields[number - 3]);
  // utime and stime, and the same of children that have ended.
  return { parent: field(4), ticks: field(14) + field(15) + field(16) + field(17) };
}

function isBelow({ parent }: Stat, pid: number, stats: ReadonlyMap<number, Stat>): boolean {
  if (parent === pid) return true;
  const above = stats.get(parent);
  return above !== undefined && isBelow(above, pid, stats);
}
