import { Client, Connection } from '@temporalio/client';
import { accountId, workflowIdOf } from '../../domain/ids.ts';
import { eventually } from '../../test/support/eventually.ts';
import type { BenchContext } from '../bench.ts';
import { inParallel } from '../support/in-parallel.ts';
import { lastDecisionMs } from '../support/last-decision.ts';
import { asOwner, untilToppedUp } from '../support/paying-accounts.ts';
import { bodyOf, reportBody } from '../support/report-usage.ts';
import type { Stack } from '../support/stack.ts';
import { usageSignal } from '../../workflows/messages.ts';
import { startWorkflowsOf, untilAtRest } from '../support/start-workflows.ts';
import type { Peer } from './peer.ts';
import type { Workload } from './workload.ts';

const EVALUATED_TIMEOUT_MS = 120_000;
const POLL_MS = 50;

/** Ledger, relay and workflows as they run in production: API and worker are processes of their own. A top-up counts
 *  as found when its charge arrives at Stripe.
 *  @param stack holds the workload's accounts, with cards at the providers.
 *  @param batch events in one request. */
export async function startThisSystem(
  context: BenchContext,
  { databaseUrl, providers, api }: Stack,
  batch: number,
): Promise<Peer> {
  const { address, namespace } = context.temporal;
  const connection = await Connection.connect({ address });
  const client = new Client({ connection, namespace });
  return {
    name: 'this system',
    async run(workload, concurrency) {
      const ids = workload.accounts.map(({ id }) => id);
      const place = { temporal: context.temporal, databaseUrl };
      await startWorkflowsOf(place, ids);
      const bodies = bodiesOf(workload, batch);
      const earlier = new Set((await providers.charges()).map(({ topUpId }) => topUpId));
      const startedAtMs = Date.now();
      await inParallel(bodies, concurrency, async (body) => void (await reportBody(api, body)));
      const evaluated = await untilAllTold(databaseUrl, workload);
      const charges = await eventually(
        async () => {
          const found = (await providers.charges()).filter(
            ({ kind, topUpId }) => kind === 'create' && !earlier.has(topUpId),
          );
          if (found.length < workload.dueTopUps) throw new Error(`${found.length} of ${workload.dueTopUps}`);
          return found;
        },
        { timeoutMs: EVALUATED_TIMEOUT_MS },
      );
      await untilToppedUp(databaseUrl, ids, workload.dueTopUps);
      // Told is only stored: what a workflow has still to judge is not in its history yet.
      await untilAtRest(place, ids);
      const decidedAtMs = await lastDecisionMs(
        client,
        ids.map((id) => workflowIdOf(accountId(id))),
        usageSignal.name,
      );
      const endedAtMs = Math.max(decidedAtMs, ...charges.map(({ atMs }) => atMs));
      return { durationMs: endedAtMs - startedAtMs, topUps: charges.length, evaluated };
    },
    stop: () => connection.close(),
  };
}

function bodiesOf({ events }: Workload, batch: number): string[] {
  const calls = events.map(({ id, accountId: account, seconds }) => ({ id, account, seconds }));
  return Array.from({ length: Math.ceil(calls.length / batch) }, (_, index) =>
    bodyOf(calls.slice(index * batch, (index + 1) * batch)),
  );
}

/** Every event has an entry, and every entry has been told to its workflow.
 *  @returns how many events of the workload were told. */
function untilAllTold(databaseUrl: string, { accounts, events }: Workload): Promise<number> {
  const ids = accounts.map(({ id }) => id);
  return asOwner(databaseUrl, async (sql) => {
    await eventually(
      async () => {
        // Asks no more than it must, because it runs beside what is measured.
        const [told] = await sql<{ entries: number; waiting: number }[]>`
          select sum(signalled_call_seq)::int as entries, count(*) filter (where dirty)::int as waiting
          from account_wakes where account_id = any(${ids}::text[])`;
        if (told === undefined || told.entries < events.length + ids.length || told.waiting > 0) {
          throw new Error(`${told?.entries ?? 0} entries of ${events.length} events have been told`);
        }
      },
      { timeoutMs: EVALUATED_TIMEOUT_MS, pauseMs: POLL_MS },
    );
    const [row] = await sql<{ told: number }[]>`
      select count(*)::int as told
      from ledger_entries entry join account_wakes wake using (account_id)
      where account_id = any(${ids}::text[]) and wallet = 'call_minutes' and kind = 'usage'
        and seq <= signalled_call_seq`;
    return row?.told ?? 0;
  });
}
