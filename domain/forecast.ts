import type { Explanation } from './explain.ts';
import { quantity, type Quantity } from './quantities.ts';
import type { Settings } from './settings.ts';

/** When a balance comes down to its values if use goes on as it did and nothing is added. Each is null when it has been
 *  passed already, is switched off, or lies beyond a year. */
export type Forecast = { alertAtMs: number | null; topUpAtMs: number | null; emptyAtMs: number | null };

/** Days that the estimate looks back on, and days with use that it takes at least. */
export const FORECAST_DAYS = 14;
const LEAST_DAYS_WITH_USE = 2;
const HORIZON_DAYS = 365;
const DAY_MS = 86_400_000;

/** Estimates the use of a day: the median of the days with use, times the share of such days, so that neither one huge
 *  campaign nor quiet weekends mislead it.
 *  @param usedPerDay of each day that the wallet has lived, at most the last 14.
 *  @returns null when fewer than two days had any. */
export function burnPerDay(usedPerDay: readonly Quantity[]): Quantity | null {
  const days = usedPerDay.slice(-FORECAST_DAYS);
  const busy = days.filter((used) => used > 0).toSorted((one, other) => one - other);
  if (busy.length < LEAST_DAYS_WITH_USE) return null;
  const middle = busy.length / 2;
  const upper = busy[Math.floor(middle)] ?? 0;
  const lower = busy[Math.ceil(middle) - 1] ?? 0;
  return quantity(Math.round((((upper + lower) / 2) * busy.length) / days.length));
}

/** @returns null without an estimate of the use. */
export function forecast(
  balance: Quantity,
  settings: Pick<Settings, 'enabled' | 'alertBelow' | 'topUpBelow'> | null,
  burn: Quantity | null,
  nowMs: number,
): Forecast | null {
  if (burn === null || burn <= 0) return null;
  const reaches = (level: number): number | null => {
    const days = (balance - level) / burn;
    return days <= 0 || days > HORIZON_DAYS ? null : Math.round(nowMs + days * DAY_MS);
  };
  const isOn = settings?.enabled === true;
  return {
    alertAtMs: isOn ? reaches(settings.alertBelow) : null,
    topUpAtMs: isOn ? reaches(settings.topUpBelow) : null,
    emptyAtMs: reaches(0),
  };
}

/** When an automatic top-up is to be expected: when the balance passes its value, or later when a limit opens.
 *  @returns null when it is not foretold, or when something that no time heals keeps it from happening. */
export function whenToppedUp(
  { topUpAtMs }: Forecast,
  { state, nextWakeAtMs }: Pick<Explanation, 'state' | 'nextWakeAtMs'>,
): number | null {
  if (topUpAtMs === null) return null;
  switch (state) {
    case 'armed':
    case 'charging':
      return topUpAtMs;
    case 'blocked':
      return nextWakeAtMs === null ? null : Math.max(topUpAtMs, nextWakeAtMs);
    case 'off':
    case 'suspended':
    case 'action_required':
    case 'retrying':
    case 'unknown':
      return null;
  }
}
