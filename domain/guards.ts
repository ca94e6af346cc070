import type { Cents } from './money.ts';
import type { Policy } from './policy.ts';

/** A limit that stands in the way of an automatic top-up, and when it opens. */
export type Guard = { reason: 'monthly_cap' | 'daily_limit'; untilMs: number };

/** Whole multiples of `amountCents` that the monthly cap still has room for; infinite without a cap. */
export function multiplesWithinCap(
  amountCents: Cents,
  monthlyCapCents: Cents | null,
  spentThisMonthCents: Cents,
): number {
  if (monthlyCapCents === null) return Number.POSITIVE_INFINITY;
  return Math.max(0, Math.floor((monthlyCapCents - spentThisMonthCents) / amountCents));
}

/** When the next automatic top-up may start, or null when there is room within the last 24 h.
 *  @param recentTopUpsAtMs starts of automatic top-ups, oldest first. */
export function dailyLimitOpensAtMs(
  recentTopUpsAtMs: readonly number[],
  nowMs: number,
  policy: Policy,
): number | null {
  const recent = recentTopUpsAtMs.filter((atMs) => atMs > nowMs - policy.dayMs);
  const blocking = recent.at(-policy.maxTopUpsPerDay);
  return blocking === undefined ? null : blocking + policy.dayMs;
}

/** The guard in the way of one amount, if any; the monthly cap is named first, because it lasts longer. */
export function guardInTheWay(
  facts: {
    amountCents: Cents;
    monthlyCapCents: Cents | null;
    spentThisMonthCents: Cents;
    monthEndsAtMs: number;
    recentTopUpsAtMs: readonly number[];
  },
  nowMs: number,
  policy: Policy,
): Guard | null {
  if (multiplesWithinCap(facts.amountCents, facts.monthlyCapCents, facts.spentThisMonthCents) < 1) {
    return { reason: 'monthly_cap', untilMs: facts.monthEndsAtMs };
  }
  const opensAtMs = dailyLimitOpensAtMs(facts.recentTopUpsAtMs, nowMs, policy);
  return opensAtMs === null ? null : { reason: 'daily_limit', untilMs: opensAtMs };
}
