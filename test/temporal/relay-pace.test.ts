import { describe, expect, it } from 'vitest';
import { accountId } from '../../domain/ids.ts';
import { createPace } from '../../temporal/relay-pace.ts';
import { createRunLoads } from '../../temporal/run-loads.ts';

const sent = { tookMs: 5 };
const refusal = (name: string) => ({ wake: { accountId: accountId(name) }, error: new Error('refused') });

describe('the pace of the relay', () => {
  it('halves the room of what can wait at each refusal, makes it pause longer and longer, and gives it back', () => {
    const pace = createPace({ most: 32 });
    const pauses: number[] = [];
    let nowMs = 0;
    for (let round = 0; round < 8; round += 1) {
      pace.told({ sent: [sent], failed: [refusal('acc_1')] }, nowMs);
      const fromMs = nowMs;
      while (pace.unhurriedRoom(nowMs) === 0) nowMs += 100;
      pauses.push(nowMs - fromMs);
    }
    expect(pace.unhurriedRoom(nowMs)).toBe(1);
    expect(pauses).toEqual([400, 800, 1_600, 3_200, 6_400, 12_800, 15_000, 15_000]);
    expect(pace.isAway).toBe(false);
    pace.told({ sent: Array.from({ length: 10 }, () => sent), failed: [] }, nowMs);
    expect(pace.unhurriedRoom(nowMs)).toBe(11);
    for (let round = 0; round < 9; round += 1) pace.told({ sent: [sent, sent, sent], failed: [] }, nowMs);
    expect(pace.unhurriedRoom(nowMs)).toBe(32);
  });

  it('gives what can wait less room while signals are slow', () => {
    const pace = createPace({ most: 32 });
    pace.told({ sent: [sent, { tookMs: 1_500 }], failed: [] }, 0);
    expect(pace.unhurriedRoom(0)).toBe(16);
  });

  it('believes that Temporal is away when nothing gets through for several accounts, not for one', () => {
    const pace = createPace({ most: 32 });
    pace.told({ sent: [], failed: [refusal('acc_1')] }, 0);
    pace.told({ sent: [], failed: [refusal('acc_1')] }, 0);
    expect(pace.isAway).toBe(false);
    const firstMs = pace.told({ sent: [], failed: [refusal('acc_2')] }, 0);
    expect(pace.isAway).toBe(true);
    expect(pace.told({ sent: [], failed: [refusal('acc_2')] }, 0)).toBeGreaterThan(firstMs);
    pace.told({ sent: [sent], failed: [] }, 0);
    expect(pace.isAway).toBe(false);
  });
});

describe('the load of a run', () => {
  const id = accountId('acc_1');

  it('leaves a run alone that continues as new in time', () => {
    const loads = createRunLoads();
    for (let signal = 0; signal < 5_000; signal += 1) {
      loads.heard(id, `run-${Math.floor(signal / 500)}`, signal);
      expect(loads.restMs(id, signal)).toBe(0);
    }
  });

  it('does not let a run hear 10,000 signals within a month, however many there are', () => {
    const loads = createRunLoads();
    let nowMs = 0;
    for (let signal = 0; signal < 10_000; signal += 1) {
      nowMs += loads.restMs(id, nowMs);
      loads.heard(id, 'run', nowMs);
    }
    expect(nowMs).toBeGreaterThan(30 * 24 * 3_600_000);
  });

  it('remembers no more than 10,000 accounts, the busy ones among them', () => {
    const loads = createRunLoads();
    for (let signal = 0; signal < 1_100; signal += 1) loads.heard(id, 'run', 0);
    for (let other = 0; other < 9_999; other += 1) loads.heard(accountId(`acc_o${other}`), 'run', 0);
    expect(loads.restMs(id, 0)).toBe(10_000);
    loads.heard(accountId('acc_last'), 'run', 0);
    expect(loads.restMs(id, 0)).toBe(0);
  });
});
