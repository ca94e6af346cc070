import { describe, expect, test } from 'vitest';
import { cents } from '../../domain/money.ts';
import { POLICY } from '../../domain/policy.ts';
import {
  account,
  balanceOf,
  CALLS,
  campaign,
  CHAT,
  chat,
  credits,
  hold,
  HOUR_MS,
  inbound,
  minutes,
  MINUTE_MS,
  pass,
  refresh,
  topUps,
} from './world-examples.ts';
import { START_MS, type World } from './world.ts';

describe('call minutes', () => {
  test('a campaign below 5 minutes buys 454 minutes for 50 €', () => {
    const world = account({ callMinutes: 12 });
    campaign(world, 8);
    expect(topUps(world, 'call_minutes')).toEqual(['credited 50']);
    expect(balanceOf(world, 'call_minutes')).toBe(minutes(4 + 454));
  });

  test('a campaign that leaves exactly 5 minutes buys nothing', () => {
    const world = account({ callMinutes: 12 });
    campaign(world, 7);
    expect(topUps(world, 'call_minutes')).toEqual([]);
  });

  test('inbound calls buy nothing, however far below', () => {
    const world = account({ callMinutes: 12 });
    inbound(world, 100);
    pass(world, 48 * HOUR_MS);
    refresh(world, 'sweep');
    expect(topUps(world, 'call_minutes')).toEqual([]);
  });

  test('a campaign above the threshold buys nothing when inbound calls go below it', () => {
    const world = account({ callMinutes: 12 });
    campaign(world, 2);
    inbound(world, 8);
    expect(topUps(world, 'call_minutes')).toEqual([]);
    const together = account({ callMinutes: 12 });
    together.use('call_minutes', minutes(2), 'campaign');
    together.use('call_minutes', minutes(8), 'inbound');
    together.answer();
    expect(topUps(together, 'call_minutes')).toEqual([]);
  });

  test('the next campaign call below the threshold buys, though inbound calls went there first', () => {
    const world = account({ callMinutes: 12 });
    inbound(world, 8);
    campaign(world, 0.5);
    expect(topUps(world, 'call_minutes')).toEqual(['credited 50']);
  });

  test('settings saved while below wait for the next campaign call', () => {
    const world = account({ callMinutes: 3, calls: { enabled: false } });
    world.database.save('call_minutes', CALLS);
    world.answer();
    expect(topUps(world, 'call_minutes')).toEqual([]);
    campaign(world, 0.5);
    expect(topUps(world, 'call_minutes')).toEqual(['credited 50']);
  });

  test('a want is forgotten once the balance has recovered, even between two signals', () => {
    const world = account({ callMinutes: 12, calls: { monthlyCapCents: cents(0) } });
    campaign(world, 8);
    world.grant('call_minutes', minutes(20));
    world.use('call_minutes', minutes(21), 'inbound');
    world.answer();
    world.database.save('call_minutes', CALLS);
    world.answer();
    expect(topUps(world, 'call_minutes')).toEqual([]);
  });

  test('a want is forgotten when the threshold is lowered, and comes back with the next call below it', () => {
    const world = account({ callMinutes: 12, calls: { monthlyCapCents: cents(0) } });
    campaign(world, 8);
    inbound(world, 3);
    world.database.save('call_minutes', { ...CALLS, topUpBelow: minutes(2) });
    world.answer();
    expect(topUps(world, 'call_minutes')).toEqual([]);
    campaign(world, 0.1);
    expect(topUps(world, 'call_minutes')).toEqual(['credited 50']);
  });

  test('a refused campaign call buys what it needed, above the threshold', () => {
    const world = account({ callMinutes: 12 });
    hold(world, 500);
    expect(topUps(world, 'call_minutes')).toEqual(['credited 100']);
    expect(balanceOf(world, 'call_minutes')).toBe(minutes(12 + 909));
  });

  test('a refused campaign call buys nothing when the customer does not want it', () => {
    const world = account({ callMinutes: 12, calls: { topUpOnRefusal: false } });
    hold(world, 500);
    expect(topUps(world, 'call_minutes')).toEqual([]);
  });

  test('a refusal that waits is dropped when the customer switches refusals off', () => {
    const world = account({ callMinutes: 12, calls: { monthlyCapCents: cents(0) } });
    hold(world, 500);
    world.database.save('call_minutes', { ...CALLS, topUpOnRefusal: false });
    world.answer();
    expect(topUps(world, 'call_minutes')).toEqual([]);
  });

  test('a refused call buys what is needed beside the calls that run, so that it is granted when it asks again', () => {
    const world = account({ callMinutes: 60 });
    expect(hold(world, 60)).toBe('held');
    expect(hold(world, 450)).toBe('refused');
    expect(topUps(world, 'call_minutes')).toEqual(['credited 50']);
    expect(hold(world, 450)).toBe('held');
    expect(hold(world, 10)).toBe('refused');
    expect(hold(world, 450)).toBe('held');
    expect(topUps(world, 'call_minutes')).toEqual(['credited 50', 'credited 50']);
  });

  test('a refusal that had to wait buys no more than is needed by then', () => {
    const world = account({ callMinutes: 460, policy: { ...POLICY, maxTopUpsPerDay: 1 } });
    campaign(world, 456);
    expect(topUps(world, 'call_minutes')).toEqual(['credited 50']);
    expect(hold(world, 450)).toBe('held');
    expect(hold(world, 400)).toBe('refused');
    world.release();
    inbound(world, 450);
    pass(world, 25 * HOUR_MS);
    // 808 were needed beside the call that ran then; 400 are now.
    expect(topUps(world, 'call_minutes')).toEqual(['credited 50', 'credited 50']);
    expect(hold(world, 400)).toBe('held');
  });

  describe('a refusal that had to wait, and stands by usage that the relay has not told yet', () => {
    /** 470 were needed beside a call of 430; by now 140 beside one of 100, with 118 left of the 458 last told of. */
    function waiting(): World {
      const world = account({ callMinutes: 460, policy: { ...POLICY, maxTopUpsPerDay: 1 } });
      campaign(world, 456);
      expect(hold(world, 430)).toBe('held');
      expect(hold(world, 40)).toBe('refused');
      world.release();
      world.use('call_minutes', minutes(340), 'inbound');
      world.database.placeHold(minutes(100));
      return world;
    }

    function countReads(world: World): () => number {
      let reads = 0;
      world.observers.push(({ commands }) => {
        reads += commands.filter(({ kind }) => kind === 'read_account').length;
      });
      return () => reads;
    }

    test('is read once when its guard opens, and served when the usage is told', () => {
      const world = waiting();
      const reads = countReads(world);
      world.live(25 * HOUR_MS, { lags: true });
      expect(reads()).toBe(1);
      expect(topUps(world, 'call_minutes')).toEqual(['credited 50']);
      world.answer();
      expect(topUps(world, 'call_minutes')).toEqual(['credited 50', 'credited 50']);
      expect(hold(world, 40)).toBe('held');
    });

    test('keeps a campaign below the top-up value waiting for no news', () => {
      const world = account({
        callMinutes: 460,
        calls: { topUpBelow: minutes(50) },
        policy: { ...POLICY, maxTopUpsPerDay: 1 },
      });
      campaign(world, 456);
      campaign(world, 410);
      expect(hold(world, 40)).toBe('held');
      expect(hold(world, 20)).toBe('refused');
      world.release();
      world.use('call_minutes', minutes(45), 'inbound');
      // 60 were needed, 20 are; 48 are left by what was told, 3 in truth.
      world.live(25 * HOUR_MS, { lags: true });
      expect(topUps(world, 'call_minutes')).toEqual(['credited 50', 'credited 50']);
    });

    test('is dropped when the balance has recovered by then', () => {
      const world = waiting();
      world.live(25 * HOUR_MS, { lags: true });
      world.grant('call_minutes', minutes(500));
      world.answer();
      expect(topUps(world, 'call_minutes')).toEqual(['credited 50']);
    });
  });

  test('a larger call refused during the charge is served by the next one', () => {
    const world = account({ callMinutes: 12 });
    world.use('call_minutes', minutes(8), 'campaign');
    world.deliver();
    expect(world.database.placeHold(minutes(600))).toBe('refused');
    world.deliver();
    world.answer();
    expect(topUps(world, 'call_minutes')).toEqual(['credited 50', 'credited 50']);
    expect(balanceOf(world, 'call_minutes')).toBe(minutes(4 + 2 * 454));
  });
});

describe('chat credits', () => {
  test('10 € buy 1,285 credits below 50', () => {
    const world = account({ chatCredits: 120 });
    chat(world, 71);
    expect(balanceOf(world, 'chat_credits')).toBe(credits(49 + 1_285));
  });

  test('are bought at once when settings are saved while below', () => {
    const world = account({ chatCredits: 20, chat: { enabled: false } });
    world.database.save('chat_credits', CHAT);
    world.answer();
    expect(topUps(world, 'chat_credits')).toEqual(['credited 10']);
  });

  test('are bought at once when a suspension is lifted while below', () => {
    const world = account({ chatCredits: 120 });
    world.database.account.suspension = { reason: 'operator', sinceMs: world.now() };
    refresh(world, 'operator');
    chat(world, 100);
    expect(topUps(world, 'chat_credits')).toEqual([]);
    world.database.account.suspension = null;
    refresh(world, 'operator');
    expect(topUps(world, 'chat_credits')).toEqual(['credited 10']);
  });
});

describe('a deep gap', () => {
  test('is one charge of the smallest whole multiple, never nine invoices', () => {
    const world = account({ callMinutes: 5, calls: { amountCents: cents(1_00) } });
    campaign(world, 80);
    // From −75 to 5 are 80 minutes: 8 € buy 72, 9 € buy 81.
    expect(topUps(world, 'call_minutes')).toEqual(['credited 9']);
    expect(balanceOf(world, 'call_minutes')).toBeGreaterThanOrEqual(minutes(5));
  });

  test('is covered up to ten amounts, and then once more', () => {
    const world = account({ callMinutes: 5, calls: { amountCents: cents(1_00) } });
    campaign(world, 150);
    expect(topUps(world, 'call_minutes')).toEqual(['credited 10', 'credited 7']);
    expect(balanceOf(world, 'call_minutes')).toBeGreaterThanOrEqual(minutes(5));
  });

  test('is cut by the monthly cap to what it has room for', () => {
    const world = account({
      callMinutes: 5,
      calls: { amountCents: cents(2_00), monthlyCapCents: cents(5_00) },
    });
    campaign(world, 80);
    expect(topUps(world, 'call_minutes')).toEqual(['credited 4']);
  });
});

describe('guards', () => {
  test('a cap that is reached delays what is wanted until the month turns', () => {
    const world = account({ chatCredits: 120, chat: { monthlyCapCents: cents(15_00) } });
    chat(world, 100);
    chat(world, 1_270);
    expect(topUps(world, 'chat_credits')).toEqual(['credited 10']);
    const decemberMs = Date.UTC(2026, 11, 1);
    pass(world, decemberMs - START_MS - MINUTE_MS);
    expect(topUps(world, 'chat_credits')).toEqual(['credited 10']);
    pass(world, 2 * MINUTE_MS);
    expect(topUps(world, 'chat_credits')).toEqual(['credited 10', 'credited 10']);
  });

  test('a campaign that a cap delayed is served when the month turns, though no call is made then', () => {
    const world = account({ callMinutes: 12, calls: { monthlyCapCents: cents(50_00) } });
    campaign(world, 8);
    campaign(world, 455);
    expect(topUps(world, 'call_minutes')).toEqual(['credited 50']);
    pass(world, Date.UTC(2026, 11, 1) - START_MS + MINUTE_MS);
    expect(topUps(world, 'call_minutes')).toEqual(['credited 50', 'credited 50']);
  });

  test('a raised cap serves what is wanted at once', () => {
    const world = account({ chatCredits: 20, chat: { monthlyCapCents: cents(5_00) } });
    expect(topUps(world, 'chat_credits')).toEqual([]);
    world.database.save('chat_credits', { ...CHAT, monthlyCapCents: cents(10_00) });
    world.answer();
    expect(topUps(world, 'chat_credits')).toEqual(['credited 10']);
  });

  test('there are ten automatic top-ups in 24 hours, and the eleventh when the first is a day old', () => {
    const world = account({ chatCredits: 120 });
    for (let count = 0; count < 14; count += 1) {
      chat(world, Number(balanceOf(world, 'chat_credits')) / 1_000 - 20);
      pass(world, MINUTE_MS);
    }
    expect(topUps(world, 'chat_credits')).toHaveLength(10);
    pass(world, 23 * HOUR_MS);
    expect(topUps(world, 'chat_credits')).toHaveLength(10);
    pass(world, HOUR_MS);
    expect(topUps(world, 'chat_credits')).toHaveLength(11);
  });

  test('a database whose clock is ten minutes behind is not asked in circles at the month\u2019s end', () => {
    const world = account({
      chatCredits: 20,
      chat: { monthlyCapCents: cents(5_00) },
      databaseSkewMs: -10 * MINUTE_MS,
    });
    world.database.save('chat_credits', { ...CHAT, monthlyCapCents: cents(10_00) });
    world.answer();
    chat(world, 1_300);
    let reads = 0;
    world.observers.push(({ commands }) => {
      reads += commands.filter(({ kind }) => kind === 'read_account').length;
    });
    pass(world, Date.UTC(2026, 11, 1) - START_MS + 11 * MINUTE_MS);
    expect(topUps(world, 'chat_credits')).toEqual(['credited 10', 'credited 10']);
    expect(reads).toBeLessThan(40);
  });
});

describe('one top-up at a time', () => {
  test('usage during a charge starts no second one, and what is still missing follows after the credit', () => {
    const world = account({ chatCredits: 120 });
    world.use('chat_credits', credits(100), 'outbound');
    world.deliver();
    world.use('chat_credits', credits(1_400), 'outbound');
    world.deliver();
    expect(world.lines.chat_credits).toHaveLength(1);
    world.answer();
    expect(topUps(world, 'chat_credits')).toEqual(['credited 10', 'credited 10']);
  });

  test('the wallets do not wait for each other', () => {
    const world = account({ callMinutes: 12, chatCredits: 120 });
    world.use('chat_credits', credits(100), 'outbound');
    world.use('call_minutes', minutes(9), 'campaign');
    world.deliver();
    expect(world.lines.chat_credits).toHaveLength(1);
    expect(world.lines.call_minutes).toHaveLength(1);
  });

  test('a campaign that goes on below the value beside a purchase by hand is served when that is given up', () => {
    const world = account({ callMinutes: 12 });
    inbound(world, 9);
    world.provider.script.push('authenticate');
    world.buy('call_minutes', 5_00);
    world.answer();
    expect(hold(world, 1)).toBe('held');
    expect(topUps(world, 'call_minutes')).toEqual(['action_required 5']);
    world.database.topUps[0]!.cancelRequested = true;
    refresh(world, 'operator');
    expect(topUps(world, 'call_minutes')).toEqual(['canceled 5', 'credited 50']);
  });

  test('a purchase by hand that is open takes the wallet\u2019s flight', () => {
    const world = account({ chatCredits: 120 });
    world.provider.script.push('authenticate');
    world.buy('chat_credits', 5_00);
    world.answer();
    chat(world, 100);
    expect(topUps(world, 'chat_credits')).toEqual(['action_required 5']);
    world.authenticate();
    world.answer();
    expect(topUps(world, 'chat_credits')).toEqual(['credited 5']);
  });
});
