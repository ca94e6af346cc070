import { describe, expect, it } from 'vitest';
import { accountId } from '../../domain/ids.ts';
import { createPace } from '../../temporal/relay-pace.ts';
import { createRunLoads } from '../../temporal/run-loads.ts';

const sent = { wake: { accountId: accountId('acc_well') }, tookMs: 5 };
const refusal = (name: string) => ({ wake: { accountId: accountId(name) }, error: new Error('refused') });

describe('the pace of the relay', () => {
  it('halves the room of what can wait at each refusal of another account, makes it pause longer and longer, and gives it back', () => {
    const pace = createPace({ most: 32 });
    const pauses: number[] = [];
    let nowMs = 0;
    for (let round = 0; round < 8; round += 1) {
      pace.told({ sent: [sent], failed: [refusal(`acc_${round}`)] }, nowMs);
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
    pace.told({ sent: [sent, { ...sent, tookMs: 1_500 }], failed: [] }, 0);
    expect(pace.unhurriedRoom(0)).toBe(16);
  });

  it('believes that Temporal is away when nothing gets through for several accounts, not for one', () => {
    const pace = createPace({ most: 32 });
    pace.told({ sent: [], failed: [refusal('acc_1')] }, 0);
    pace.told({ sent: [], failed: [refusal('acc_1')] }, 0);
    expect(pace.isAway).toBe(false);
    pace.told({ sent: [], failed: [refusal('acc_2')] }, 0);
    expect(pace.isAway).toBe(true);
    const firstMs = pace.retryDelayMs;
    pace.told({ sent: [], failed: [refusal('acc_2')] }, 0);
    expect(pace.retryDelayMs).toBeGreaterThan(firstMs);
    pace.told({ sent: [sent], failed: [] }, 0);
    expect(pace.isAway).toBe(false);
  });

  it('probes for crossings every half second while nothing gets through, and for what can wait up to 5 s apart', () => {
    const pace = createPace({ most: 32 });
    const idle = { urgent: 0, unhurried: 0 };
    let nowMs = 0;
    const refuse = () => pace.told({ sent: [], failed: [refusal('acc_1'), refusal('acc_2')] }, nowMs);
    refuse();
    // A crossing is tried at once, also while what can wait hangs, and one at a time.
    expect(pace.probe({ urgent: 0, unhurried: 31 }, nowMs)).toBe('urgent');
    expect(pace.probe({ urgent: 1, unhurried: 0 }, nowMs)).toBe('none');
    const probes = { none: 0, urgent: 0, open: 0 };
    for (; nowMs < 60_000; nowMs += 50) {
      const probe = pace.probe(idle, nowMs);
      probes[probe] += 1;
      if (probe === 'none') continue;
      pace.probed(probe, nowMs);
      refuse();
    }
    expect(probes.urgent + probes.open).toBeLessThanOrEqual(60 / 0.5 + 1);
    expect(probes.open).toBeGreaterThanOrEqual(10);
    expect(probes.open).toBeLessThanOrEqual(16);
  });

  it('tries an account again soon after its first failure, whatever else gets through, and later each time', () => {
    const pace = createPace({ most: 32 });
    const pausesMs = Array.from({ length: 6 }, () => {
      pace.told({ sent: [sent], failed: [refusal('acc_1')] }, 0);
      return pace.retryInMs(accountId('acc_1'));
    });
    expect(pausesMs).toEqual([400, 800, 1_600, 3_200, 5_000, 5_000]);
    pace.told({ sent: [], failed: [refusal('acc_2')] }, 0);
    expect(pace.retryInMs(accountId('acc_2'))).toBe(400);
    pace.told({ sent: [{ ...sent, wake: { accountId: accountId('acc_1') } }], failed: [] }, 0);
    pace.told({ sent: [sent], failed: [refusal('acc_1')] }, 0);
    expect(pace.retryInMs(accountId('acc_1'))).toBe(400);
  });

  it('lets what can wait go on while one account is refused without end and nothing else is sent', () => {
    const pace = createPace({ most: 32 });
    let openMs = 0;
    for (let nowMs = 0; nowMs < 3_600_000; nowMs += pace.retryInMs(accountId('acc_1'))) {
      pace.told({ sent: [], failed: [refusal('acc_1')] }, nowMs);
      expect(pace.isAway).toBe(false);
      if (pace.unhurriedRoom(nowMs + 400) > 0) openMs += pace.retryInMs(accountId('acc_1')) - 400;
    }
    expect(openMs).toBeGreaterThan(3_000_000);
    expect(pace.unhurriedRoom(3_600_000)).toBe(16);
  });

  it('does not believe that Temporal is away once others get through between the refusals of the same accounts', () => {
    const pace = createPace({ most: 32 });
    const two = [refusal('acc_1'), refusal('acc_2')];
    pace.told({ sent: [], failed: two }, 0);
    expect(pace.isAway).toBe(true);
    expect(pace.refusedAccounts()).toEqual(['acc_1', 'acc_2']);
    pace.told({ sent: [sent], failed: [] }, 0);
    for (let round = 0; round < 10; round += 1) {
      pace.told({ sent: [], failed: two.toReversed() }, 0);
      expect(pace.isAway).toBe(false);
    }
    expect(pace.refusedAccounts()).toEqual(['acc_2', 'acc_1']);
    pace.told({ sent: [], failed: [refusal('acc_3'), refusal('acc_4')] }, 0);
    expect(pace.isAway).toBe(true);
    pace.told({ sent: [], failed: [refusal('acc_5')] }, 600_000);
    expect(pace.refusedAccounts()).toEqual(['acc_5']);
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
