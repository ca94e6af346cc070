import { asOwner } from './paying-accounts.ts';
import type { LoadResult } from './load/jobs.ts';

type Loaded = Pick<LoadResult, 'events' | 'acknowledged'>;

/** Looks for every acknowledged event in the ledger by its id; what was booked without an answer, because the round was
 *  over, makes up for none.
 *  @throws when one is missing: then no figure is worth anything. */
export async function requireBooked(databaseUrl: string, loads: readonly Loaded[]): Promise<void> {
  const rows = loads.flatMap(({ acknowledged: { run, stretches } }) =>
    stretches.map(([first, last]) => ({ run, first, last })),
  );
  const expected = rows.reduce((sum, { first, last }) => sum + last - first + 1, 0);
  const events = loads.reduce((sum, load) => sum + load.events, 0);
  if (expected !== events) throw new Error(`${events} events were counted, ${expected} were acknowledged`);
  const booked = await asOwner(databaseUrl, async (sql) => {
    const [row] = await sql<{ booked: string }[]>`
      with acknowledged as materialized (
        select run, range_agg(int8range(first, last, '[]')) as numbers
        from unnest(
          ${rows.map(({ run }) => run)}::text[],
          ${rows.map(({ first }) => first)}::bigint[],
          ${rows.map(({ last }) => last)}::bigint[]
        ) as stretch (run, first, last)
        group by run
      ), entry as materialized (
        select acknowledged.numbers, split_part(entry.cause, '-', 2)::bigint as number
        from ledger_entries entry
        join acknowledged on acknowledged.run = substr(entry.cause, ${'usage:'.length + 1}::int, ${RUN_LENGTH}::int)
        where entry.kind = 'usage'
      )
      select count(*)::text as booked from entry where number <@ numbers`;
    return Number(row?.booked ?? 0);
  });
  if (booked !== expected) throw new Error(`${expected} events were acknowledged, ${booked} are booked`);
}

/** Of the part of an event's id that all events of one run of the generator share. */
const RUN_LENGTH = 16;
