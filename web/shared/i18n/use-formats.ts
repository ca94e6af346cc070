import { useMemo } from 'react';
import { useIntl, type IntlShape } from 'react-intl';

export type Formats = {
  /** Whole amounts without decimals; the sign behind, as the product writes its prices in both languages. */
  readonly euros: (amount: number) => string;
  /** At most `digits` decimals, 2 unless told. */
  readonly number: (value: number, digits?: number) => string;
  readonly percent: (share: number) => string;
  readonly date: (instant: string | number | Date) => string;
  /** A day of a calendar, such as 2026-11-22, which is the same in every time zone. */
  readonly calendarDay: (day: string) => string;
  readonly dateTime: (instant: string | number | Date) => string;
  readonly time: (instant: string | number | Date) => string;
  /** "in 3 hours", "2 days ago", in the largest unit that is not zero. */
  readonly relative: (instant: string | number | Date, nowMs?: number) => string;
};

/** Numbers, money and times in the formats of the language and the account's time zone. */
export function useFormats(): Formats {
  const intl = useIntl();
  return useMemo(() => formatsOf(intl), [intl]);
}

function formatsOf(intl: IntlShape): Formats {
  return {
    euros: (amount) =>
      `${intl.formatNumber(amount, {
        minimumFractionDigits: Number.isInteger(amount) ? 0 : 2,
        maximumFractionDigits: 2,
      })}\u00A0€`,
    number: (value, digits = 2) => intl.formatNumber(value, { maximumFractionDigits: digits }),
    percent: (share) => intl.formatNumber(share, { style: 'percent', maximumFractionDigits: 1 }),
    date: (instant) => intl.formatDate(instant, { dateStyle: 'medium' }),
    calendarDay: (day) => intl.formatDate(day, { dateStyle: 'long', timeZone: 'UTC' }),
    dateTime: (instant) => intl.formatDate(instant, { dateStyle: 'medium', timeStyle: 'short' }),
    time: (instant) => intl.formatTime(instant, { timeStyle: 'short' }),
    relative(instant, nowMs = Date.now()) {
      const seconds = Math.round((new Date(instant).getTime() - nowMs) / 1_000);
      const [unit, length] = UNITS.find(([, size]) => Math.abs(seconds) >= size) ?? (['second', 1] as const);
      return intl.formatRelativeTime(Math.round(seconds / length), unit, { numeric: 'auto' });
    },
  };
}

const UNITS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;
