import type { TopUp } from '../domain/top-up.ts';

/** Clocks of the provider and of the database may differ by this. */
const CLOCK_TOLERANCE_MS = 60 * 60 * 1_000;

/** From when on the provider's lists are looked through for what was made for a top-up, by the provider's clock. */
export function listedSinceMs({ createdAtMs }: Pick<TopUp, 'createdAtMs'>): number {
  return createdAtMs - CLOCK_TOLERANCE_MS;
}
