import { ApiError } from '../../shared/api/problem.ts';
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

/** Those of them that are still needed: the others take a person's decision. */
export function chosenAtFirst(items: readonly PreviewItem[]): Set<string> {
  return new Set(
    worthTrying(items).flatMap(({ id, need }) => (need === null || need.goneBy === null ? [id] : [])),
  );
}

/** Whether a retry takes money from a card, as things stand. */
export function isCharging({ effect, need }: PreviewItem): boolean {
  return effect === 'new_top_up' || (effect === 'hastened' && need?.wouldCancel !== true);
}

/** Retries one after the other those of each account, in their order, because one may stand in the way of the next; and
 *  a few accounts at once. Each has a key of its own, which is the same when it is tried anew.
 *  @param onOutcome is told of each as it comes.
 *  @throws ApiError when the session is over: then nothing more is sent. */
export async function retryAll(
  items: readonly PreviewItem[],
  { reason, run }: { reason: string; run: string },
  onOutcome: (id: string, outcome: Outcome) => void,
): Promise<void> {
  const lines = [...Map.groupBy(items, ({ id, topUp }) => topUp?.account ?? id).values()];
  let isOver = false;
  const work = async () => {
    for (let line = lines.shift(); line !== undefined; line = lines.shift()) {
      for (const { id } of line) {
        if (isOver) return;
        const outcome = await retryOne(id, reason, run);
        if ('error' in outcome && outcome.error instanceof ApiError && outcome.error.status === 401) {
          isOver = true;
          throw outcome.error;
        }
        onOutcome(id, outcome);
      }
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
