import { ProviderError } from '../payment-errors.ts';

/** Whether Stripe answered with the 5xx that it has stored under the key: the key answers the same for a day, so
 *  that what it was to do is either done already or takes another key. */
export function isStoredFailure(error: unknown): boolean {
  if (!(error instanceof ProviderError)) return false;
  const { replayed, statusCode } = error.details;
  return replayed && statusCode !== null && statusCode >= 500;
}

/** The key of the second call, made when nothing was found of the first. Never for a payment: a draft too many
 *  can be left behind, a payment cannot. */
export function againKey(key: string): string {
  return `${key}:again`;
}
