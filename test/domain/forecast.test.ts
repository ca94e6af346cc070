import { describe, expect, test } from 'vitest';
import { AUTO_TOP_UP_STATES } from '../../domain/explain.ts';
import { whenToppedUp } from '../../domain/forecast.ts';

const COMING = { alertAtMs: 500, topUpAtMs: 1_000, emptyAtMs: 2_000 };

describe('an automatic top-up is foretold', () => {
  test.each(AUTO_TOP_UP_STATES)(
    '%s: only while nothing that no time heals keeps it from happening',
    (state) => {
      const isComing = state === 'armed' || state === 'charging';
      expect(whenToppedUp(COMING, { state, nextWakeAtMs: null })).toBe(isComing ? 1_000 : null);
    },
  );

  test('for when a limit opens, if that is after the balance has passed its value', () => {
    expect(whenToppedUp(COMING, { state: 'blocked', nextWakeAtMs: 1_500 })).toBe(1_500);
    expect(whenToppedUp(COMING, { state: 'blocked', nextWakeAtMs: 700 })).toBe(1_000);
  });

  test('never when the balance is not foretold to pass the value', () => {
    expect(whenToppedUp({ ...COMING, topUpAtMs: null }, { state: 'blocked', nextWakeAtMs: 700 })).toBeNull();
  });
});
