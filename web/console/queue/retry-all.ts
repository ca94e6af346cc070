import { retryTopUp } from '../../client/sdk.gen.ts';
import type { RetryPreview, TopUpAct } from '../../client/types.gen.ts';

export type PreviewItem = RetryPreview['items'][number];
export type Outcome = { done: TopUpAct } | { error: unknown };

/** Retries at once, so that many are quick and the service has air for others. */
const AT_ONCE = 4;

/** Those that a retry would do something for. */
export function worthTrying(items: readonly PreviewItem[]): PreviewItem[] {
  return items.filter(({ effect }) => effect !== null && effect !== 'none');
}

/** Retries one after the other those of each account, in their order, because one may stand in the way of the next; and
 *  a few accounts at once. Each has a key of its own, which is the same when it is tried anew.
 *  @param onOutcome is told of each as it comes. */
export async function retryAll(
  items: readonly PreviewItem[],
  { reason, run }: { reason: string; run: string },
  onOutcome: (id: string, outcome: Outcome) => void,
): Promise<void> {
  const lines = [...Map.groupBy(items, ({ id, topUp }) => topUp?.account ?? id).values()];
  const work = async () => {
    for (let line = lines.shift(); line !== undefined; line = lines.shift()) {
      for (const { id } of line) onOutcome(id, await retryOne(id, reason, run));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

async function retryOne(id: string, reason: string, run: string): Promise<Outcome> {
  try {
    const headers = { 'idempotency-key': `${run}:${id}` };
    const { data } = await retryTopUp({ path: { id }, body: { reason }, headers, throwOnError: true });
    return { done: data };
  } catch (error) {
    return { error };
  }
}
