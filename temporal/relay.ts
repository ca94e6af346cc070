import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { workflowIdOf, type AccountId } from '../domain/ids.ts';
import type { WakeMessage } from '../domain/wakes.ts';
import { ACCOUNT_WORKFLOW_TYPE, refreshSignal, usageSignal } from '../workflows/messages.ts';
import { accountIdAttribute } from '../workflows/search-attributes.ts';

/** A frozen message on its way to one account's workflow. */
export type Wake = { accountId: AccountId; lease: string; version: number; message: WakeMessage };

/** What the relay needs of the database. */
export type Wakes = {
  claim(options: { limit: number; leaseMs: number }): Promise<Wake[]>;
  acknowledge(wakes: readonly Wake[]): Promise<void>;
  release(wakes: readonly Wake[], retryInMs: number): Promise<void>;
};

export type RelayOptions = {
  wakes: Wakes;
  client: Client;
  taskQueue: string;
  onSent?: (sent: { count: number }) => void;
  onFault: (fault: { error: unknown; count: number }) => void;
};

const BATCH = 64;
const POLL_MS = 50;
const IDLE_POLL_MS = 250;
/** A busy workflow would be retried by the client for 40 s; the next account must not wait for it. */
const SIGNAL_DEADLINE_MS = 2_000;
/** Above the deadline, so that no other relay takes a wake that is still being sent. */
const LEASE_MS = 15_000;
const FIRST_RETRY_MS = 200;
const LONGEST_RETRY_MS = 5_000;

/** Carries wakes from the database to Temporal: at most one outstanding signal per account, crossings first.
 *  Any number of relays may run side by side; a signal that is sent twice is ignored by its version.
 *  @returns when `stop` is aborted and what was being sent has been settled. */
export async function runRelay(options: RelayOptions, stop: AbortSignal): Promise<void> {
  let faults = 0;
  while (!stop.aborted) {
    const sent = await relayBatch(options, faults);
    faults = sent.failed > 0 && sent.delivered === 0 ? faults + 1 : 0;
    if (faults > 0) await pause(retryDelayMs(faults), stop);
    else if (sent.delivered < BATCH) await pause(sent.delivered > 0 ? POLL_MS : IDLE_POLL_MS, stop);
  }
}

async function relayBatch(
  { wakes, client, taskQueue, onSent, onFault }: RelayOptions,
  faults: number,
): Promise<{ delivered: number; failed: number }> {
  let claimed: Wake[] = [];
  try {
    // One probe is enough to see whether Temporal is back.
    claimed = await wakes.claim({ limit: faults > 0 ? 1 : BATCH, leaseMs: LEASE_MS });
    const results = await Promise.allSettled(claimed.map((wake) => send(wake, client, taskQueue)));
    const delivered = claimed.filter((_, index) => results[index]?.status === 'fulfilled');
    const failed = claimed.filter((_, index) => results[index]?.status === 'rejected');
    if (delivered.length > 0) await wakes.acknowledge(delivered);
    if (failed.length > 0) {
      // One account that is refused while others get through is in trouble itself: it must not hold them up.
      await wakes.release(failed, delivered.length > 0 ? LONGEST_RETRY_MS : retryDelayMs(faults));
      const error: unknown = results.find((result) => result.status === 'rejected')?.reason;
      onFault({ error, count: failed.length });
    }
    if (delivered.length > 0) onSent?.({ count: delivered.length });
    return { delivered: delivered.length, failed: failed.length };
  } catch (error) {
    // The database is away: what was claimed is claimed again when its lease has run out.
    onFault({ error, count: claimed.length });
    return { delivered: 0, failed: 1 };
  }
}

async function send({ accountId, message }: Wake, client: Client, taskQueue: string): Promise<void> {
  const isUsage = message.kind === 'usage';
  await client.withDeadline(Date.now() + SIGNAL_DEADLINE_MS, () =>
    client.workflow.signalWithStart(ACCOUNT_WORKFLOW_TYPE, {
      workflowId: workflowIdOf(accountId),
      taskQueue,
      args: [{ accountId }],
      signal: isUsage ? usageSignal : refreshSignal,
      signalArgs: [message.signal],
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      typedSearchAttributes: [{ key: accountIdAttribute, value: accountId }],
      staticSummary: `Auto top-up of ${accountId}`,
    }),
  );
}

function retryDelayMs(faults: number): number {
  return Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** faults);
}

async function pause(ms: number, stop: AbortSignal): Promise<void> {
  // An abort ends the pause early, which is all that it is for.
  await sleep(ms, undefined, { signal: stop }).catch(() => undefined);
}
