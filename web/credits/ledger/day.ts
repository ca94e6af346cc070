/** When a calendar day begins in a time zone, such as 2026-11-22 in Europe/Berlin.
 *  @param days later than the day, for the end of a span. */
export function startOfDay(day: string, timeZone: string, days = 0): Date {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  const wallMs = Date.UTC(year, month - 1, date + days);
  const wanted = new Date(wallMs).toISOString().slice(0, 10);
  // Where clocks change at midnight, two offsets may be those of the day's begin, and it may not be at 00:00.
  const guesses = [-DAY_MS, DAY_MS]
    .map((aside) => wallMs - offsetMs(wallMs + aside, timeZone))
    .toSorted((one, other) => one - other);
  const startMs = guesses.find((guessMs) => dayOf(guessMs, timeZone) >= wanted) ?? wallMs;
  return new Date(startMs);
}

const DAY_MS = 86_400_000;

/** The calendar day of an instant in a time zone, as `YYYY-MM-DD`. */
export function dayOf(atMs: number, timeZone: string): string {
  const { year, month, day } = partsOf(atMs, timeZone);
  return `${year}-${month}-${day}`;
}

function offsetMs(atMs: number, timeZone: string): number {
  const { year, month, day, hour, minute, second } = partsOf(atMs, timeZone);
  const wallMs = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  );
  return wallMs - Math.floor(atMs / 1_000) * 1_000;
}

type Part = 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second';

function partsOf(atMs: number, timeZone: string): Record<Part, string> {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  const parts = format.formatToParts(atMs).map(({ type, value }) => [type, value]);
  return Object.fromEntries(parts) as Record<Part, string>;
}
