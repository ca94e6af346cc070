import { describe, expect, test } from 'vitest';
import { dayOf, startOfDay } from '../../web/credits/ledger/day.ts';
import { balanceDays } from '../../web/credits/ledger/days.ts';

/** Clocks change at 01:00, 02:00, at midnight, by half an hour, or never. */
const ZONES = [
  'UTC',
  'Europe/Berlin',
  'America/Santiago',
  'America/Havana',
  'Africa/Cairo',
  'Asia/Beirut',
  'Atlantic/Azores',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'Pacific/Auckland',
  'Pacific/Kiritimati',
];

test.each(ZONES)('every day of %s begins with its first instant', (timeZone) => {
  for (let atMs = Date.UTC(2026, 0, 1); atMs < Date.UTC(2027, 0, 1); atMs += 86_400_000) {
    const day = new Date(atMs).toISOString().slice(0, 10);
    const startMs = startOfDay(day, timeZone).getTime();
    const before = new Date(atMs - 86_400_000).toISOString().slice(0, 10);
    const sides = [dayOf(startMs - 1_000, timeZone), dayOf(startMs, timeZone)];
    expect({ timeZone, sides }).toEqual({ timeZone, sides: [before, day] });
    expect(startOfDay(before, timeZone, 1).getTime()).toBe(startMs);
  }
});

describe('a balance by its days', () => {
  const history = {
    wallet: 'call_minutes',
    from: '2026-11-01T00:00:00.000Z',
    to: '2026-11-30T00:00:00.000Z',
    bucketMinutes: 240,
    balanceBefore: 200,
    points: [
      // Both end on Monday in Auckland, the first one at Sunday noon in London.
      { at: '2026-11-22T12:00:00.000Z', balance: 150, lowest: 150, used: 50 },
      { at: '2026-11-23T11:00:00.000Z', balance: 480, lowest: 26, used: 124.5 },
    ],
    marks: [
      { at: '2026-11-23T10:30:00.000Z', kind: 'top_up', units: 454, trigger: 'auto' },
      { at: '2026-11-23T11:05:00.000Z', kind: 'balance.alert', units: null, trigger: null },
    ],
    burnPerDay: null,
    forecast: null,
  } as const;

  test('has its use and its marks on the day on which they happened, quiet days too', () => {
    const days = balanceDays(
      { ...history, points: [...history.points], marks: [...history.marks] },
      'Pacific/Auckland',
    );
    expect(days).toMatchObject([
      { day: '2026-11-24', used: 0, lowest: 480, balance: 480, marks: new Set(['balance.alert']) },
      { day: '2026-11-23', used: 174.5, lowest: 26, balance: 480, marks: new Set(['top_up']) },
    ]);
  });
});
