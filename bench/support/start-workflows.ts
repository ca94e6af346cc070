import { Client, Connection } from '@temporalio/client';
import { accountId, workflowIdOf } from '../../domain/ids.ts';
import { eventually } from '../../test/support/eventually.ts';
import type { BenchContext } from '../bench.ts';
import { inParallel } from './in-parallel.ts';
import { asOwner } from './paying-accounts.ts';

const AT_ONCE = 8;
const PAUSE_MS = 200;
/** A slow machine starts a handful of workflows a second. */
const TIMEOUT_MS = 10 * 60_000;

type Place = Pick<BenchContext, 'temporal'> & { readonly databaseUrl: string };

/** Starts the accounts' workflows, which read them, and waits until they have and nothing is left to do. */
export async function startWorkflowsOf(place: Place, accountIds: readonly string[]): Promise<void> {
  await asOwner(place.databaseUrl, async (sql) => {
    await sql`
      update account_wakes set dirty = true, version = version + 1, due_at = now(), refresh = '{settings}'
      where account_id = any(${[...accountIds]}::text[])`;
  });
  await untilAtRest(place, accountIds);
}

/** Has everything told that these accounts were marked for, also what could wait for minutes, and waits until nothing
 *  is left to do: so it does not come in the way of what is measured next. */
export async function bringToRest(place: Place, accountIds: readonly string[]): Promise<void> {
  await asOwner(place.databaseUrl, async (sql) => {
    await sql`
      update account_wakes set due_at = now()
      where account_id = any(${[...accountIds]}::text[]) and dirty and outstanding is null`;
  });
  await untilAtRest(place, accountIds);
}

/** Returns when these accounts have nothing left to do: everything that was marked has been told to their workflows,
 *  and none of these has a task or an activity, timers apart. Being told is not enough: a signal is confirmed when
 *  Temporal has stored it, and a worker may need half a minute for a few hundred of them.
 *  @throws what is still left after ten minutes. */
export async function untilAtRest(
  { temporal, databaseUrl }: Place,
  accountIds: readonly string[],
): Promise<void> {
  const connection = await Connection.connect({ address: temporal.address });
  const client = new Client({ connection, namespace: temporal.namespace });
  try {
    await eventually(
      async () => {
        const before = await marksTold(databaseUrl, accountIds);
        await inParallel(accountIds, AT_ONCE, (id) => mustRest(client, id));
        // Each was seen at rest at another moment: without a new mark nothing has begun since.
        const after = await marksTold(databaseUrl, accountIds);
        if (after !== before) throw new Error('accounts have been marked again');
      },
      { timeoutMs: TIMEOUT_MS, pauseMs: PAUSE_MS },
    );
  } finally {
    await connection.close();
  }
}

/** How often these accounts have been marked in all.
 *  @throws when not all of it has been told. */
async function marksTold(databaseUrl: string, accountIds: readonly string[]): Promise<string> {
  return asOwner(databaseUrl, async (sql) => {
    const [row] = await sql<{ waiting: number; marks: string }[]>`
      select count(*) filter (where dirty)::int as waiting, coalesce(sum(version), 0)::text as marks
      from account_wakes where account_id = any(${[...accountIds]}::text[])`;
    const { waiting = 0, marks = '' } = row ?? {};
    if (waiting > 0) throw new Error(`${waiting} accounts are still waiting to be told`);
    return marks;
  });
}

/** @throws when the account's workflow has something to do. */
async function mustRest(client: Client, id: string): Promise<void> {
  const { raw } = await client.workflow.getHandle(workflowIdOf(accountId(id))).describe();
  const isAtWork = Boolean(raw.pendingWorkflowTask) || (raw.pendingActivities ?? []).length > 0;
  if (isAtWork) throw new Error(`the workflow of ${id} is still at work`);
}
