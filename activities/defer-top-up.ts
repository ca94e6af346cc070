import type { FailureReason } from '../domain/failures.ts';
import type { TopUpId } from '../domain/ids.ts';
import type { ActivityDependencies } from './create-activities.ts';

/** Stores what a top-up waits for, so that the API can say so and a lost workflow finds its deadline again. */
export function createDeferTopUp({ topUps }: Pick<ActivityDependencies, 'topUps'>) {
  return async ({
    topUpId,
    ...waiting
  }: {
    topUpId: TopUpId;
    state: 'retrying' | 'action_required' | 'unknown';
    nextAttemptAtMs: number;
    failure: FailureReason | null;
  }): Promise<void> => topUps.markWaiting(topUpId, waiting);
}
