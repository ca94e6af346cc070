import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import type { Stack } from './stack.ts';

type Answer = { results: { id: string; status: string }[]; code?: string };

const TRIES = 30;
/** The least that `Retry-After` names. */
const PAUSE_MS = 1_000;

/** Reports usage as a platform does: what there was no room for, because the machine of the tests is busy, is sent
 *  again. Any other answer than 200 fails the test. */
export async function reportUsage(
  stack: Pick<Stack, 'call'>,
  events: readonly Record<string, unknown>[],
): Promise<Answer['results']> {
  for (let tried = 1; ; tried += 1) {
    const { status, body } = await stack.call('POST', '/v1/usage', { events });
    const { results, code } = body as Answer;
    if (status === 503 && code === 'overloaded' && tried < TRIES) {
      await sleep(PAUSE_MS);
      continue;
    }
    expect({ status, code }).toEqual({ status: 200, code: undefined });
    return results;
  }
}
