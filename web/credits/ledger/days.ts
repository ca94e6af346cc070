import type { BalanceHistory } from '../../client/types.gen.ts';
import { dayOf } from './day.ts';

type MarkKind = BalanceHistory['marks'][number]['kind'];

/** One calendar day of a balance, with each kind of thing that happened once. */
export type BalanceDay = {
  day: string;
  /** An instant within it. */
  atMs: number;
  balance: number;
  lowest: number;
  used: number;
  marks: ReadonlySet<MarkKind>;
};

/** A balance by the account's days, newest first; days on which nothing happened are left out. No bucket lies in two
 *  days, so each counts where it ends. */
export function balanceDays(
  { points, marks, balanceBefore }: BalanceHistory,
  timeZone: string,
): BalanceDay[] {
  const booked = new Map<string, BalanceDay>();
  for (const { at, balance, lowest, used } of points) {
    const atMs = Date.parse(at) - 1;
    const day = dayOf(atMs, timeZone);
    const known = booked.get(day);
    booked.set(day, {
      day,
      atMs,
      balance,
      lowest: Math.min(known?.lowest ?? lowest, lowest),
      used: Math.round(((known?.used ?? 0) + used) * 1_000) / 1_000,
      marks: new Set(),
    });
  }
  const happened = new Map<string, { atMs: number; marks: Set<MarkKind> }>();
  for (const { at, kind } of marks) {
    const atMs = Date.parse(at);
    const day = dayOf(atMs, timeZone);
    happened.set(day, { atMs, marks: (happened.get(day)?.marks ?? new Set<MarkKind>()).add(kind) });
  }
  let balance = balanceBefore;
  const days = [...new Set([...booked.keys(), ...happened.keys()])].toSorted().map((day): BalanceDay => {
    const marked = happened.get(day);
    // A warning shortly after midnight may be all that a day had.
    const quiet = { day, atMs: marked?.atMs ?? 0, balance, lowest: balance, used: 0 };
    const entry = { ...(booked.get(day) ?? quiet), marks: marked?.marks ?? new Set<MarkKind>() };
    ({ balance } = entry);
    return entry;
  });
  return days.toReversed();
}
