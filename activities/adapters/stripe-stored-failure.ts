import { ProviderError } from '../payment-errors.ts';

/** After this, a call whose spare keys are used up has another one. */
const SPARE_KEY_EVERY_MS = 15 * 60 * 1_000;

/** Makes a call under its key. A 5xx that Stripe has stored under a key is answered again for a day; the call then
 *  takes a spare key, as soon as a look has shown that nothing came of it. An outage of hours uses up one key after
 *  the other, so the last spare one changes with the time: nothing is held up for the rest of the day. Never for a
 *  payment: a draft too many can be left behind, a payment cannot.
 *  @param lookBehind finds what came of an earlier call, or null.
 *  @throws ProviderError of the call when nothing came of it, and the answer was not a stored one or no key is left
 *  for now. */
export async function withSpareKeys<T>(
  key: string,
  call: (idempotencyKey: string) => Promise<T>,
  lookBehind: (error: unknown) => Promise<T | null>,
): Promise<T> {
  const spareKeys = spareKeysOf(key);
  for (let idempotencyKey = key; ; ) {
    try {
      return await call(idempotencyKey);
    } catch (error) {
      const found = await lookBehind(error);
      if (found !== null) return found;
      const spareKey = isStoredFailure(error) ? spareKeys.shift() : undefined;
      if (spareKey === undefined) throw error;
      idempotencyKey = spareKey;
    }
  }
}

/** Whether Stripe answered with the 5xx that it has stored under the key: the key answers the same for a day, so
 *  that what it was to do is either done already or takes another key. */
export function isStoredFailure(error: unknown): boolean {
  if (!(error instanceof ProviderError)) return false;
  const { replayed, statusCode } = error.details;
  return replayed && statusCode !== null && statusCode >= 500;
}

function spareKeysOf(key: string): string[] {
  return [`${key}:again`, `${key}:again:${Math.floor(Date.now() / SPARE_KEY_EVERY_MS)}`];
}
