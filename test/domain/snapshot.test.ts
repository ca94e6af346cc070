import { describe, expect, test } from 'vitest';
import {
  account,
  campaign,
  CALLS,
  chat,
  CHAT,
  credits,
  HOUR_MS,
  inbound,
  minutes,
  MINUTE_MS,
  pass,
  paymentHours,
  refresh,
  SECOND_MS,
  told,
  toldOf,
  topUps,
} from './world-examples.ts';
import type { World } from './world.ts';

/** The workflow is terminated and started again by the sweeper. */
function restart(world: World): void {
  world.terminate();
  refresh(world, 'sweep');
}

describe('a workflow that starts again from the database', () => {
  test('tells no crossing twice', () => {
    const world = account({ callMinutes: 12, chatCredits: 120 });
    inbound(world, 12);
    chat(world, 30);
    restart(world);
    restart(world);
    expect(told(world)).toEqual([
      'balance.alert call_minutes',
      'balance.depleted call_minutes',
      'balance.alert chat_credits',
    ]);
  });

  test('tells the crossing that it had decided on and not told', () => {
    const world = account({ callMinutes: 12 });
    world.use('call_minutes', minutes(3), 'inbound');
    world.deliver();
    restart(world);
    expect(told(world)).toEqual(['balance.alert call_minutes']);
  });

  test('remembers what a campaign wants, and that inbound calls want nothing', () => {
    const world = account({ callMinutes: 12, calls: { monthlyCapCents: CALLS.amountCents } });
    campaign(world, 8);
    campaign(world, 455);
    restart(world);
    pass(world, 7 * 24 * HOUR_MS);
    expect(topUps(world, 'call_minutes')).toEqual(['credited 50', 'credited 50']);

    const other = account({ callMinutes: 12 });
    inbound(other, 10);
    restart(other);
    expect(topUps(other, 'call_minutes')).toEqual([]);
  });

  test('goes on with the charge that it had begun, under the same id and attempt', () => {
    const world = account({ chatCredits: 120 });
    world.use('chat_credits', credits(100), 'outbound');
    world.deliver();
    world.step('chat_credits');
    restart(world);
    expect(topUps(world, 'chat_credits')).toEqual(['credited 10']);
    expect(world.provider.payments).toHaveLength(1);
  });

  test('decides anew when the charge had not been recorded, and a late activity charges nothing more', () => {
    const world = account({ chatCredits: 120 });
    world.use('chat_credits', credits(100), 'outbound');
    world.deliver();
    restart(world);
    world.finishOrphan();
    world.answer();
    expect(topUps(world, 'chat_credits')).toEqual(['credited 10']);
    expect(world.provider.payments).toHaveLength(1);
  });

  test('keeps the schedule of a soft decline, and its count of four', () => {
    const world = account({ chatCredits: 120 });
    world.provider.script.push('soft_decline', 'soft_decline', 'soft_decline', 'soft_decline');
    chat(world, 100);
    for (const hours of [0.5, 0.6, 3, 3, 10, 14]) {
      restart(world);
      pass(world, hours * HOUR_MS);
    }
    expect(paymentHours(world).slice(0, 4)).toEqual([0, 1, 7, 31]);
    expect(topUps(world, 'chat_credits')[0]).toBe('failed 10');
  });

  test('that had heard of a decline and stored nothing hears of it again', () => {
    const world = account({ chatCredits: 120 });
    world.provider.script.push('soft_decline');
    world.use('chat_credits', credits(100), 'outbound');
    world.deliver();
    world.step('chat_credits');
    world.step('chat_credits');
    restart(world);
    expect(topUps(world, 'chat_credits')).toEqual(['retrying 10']);
    pass(world, HOUR_MS);
    expect(paymentHours(world)).toEqual([0, 1]);
  });

  test('leaves 72 h for an authentication whose deadline was not stored, and asks for it', () => {
    const world = account({ chatCredits: 120 });
    world.provider.script.push('authenticate');
    world.use('chat_credits', credits(100), 'outbound');
    world.deliver();
    world.step('chat_credits');
    restart(world);
    expect(toldOf(world, 'top_up.action_required')).toMatchObject([{ untilMs: world.now() + 72 * HOUR_MS }]);
    pass(world, 71 * HOUR_MS);
    expect(topUps(world, 'chat_credits')).toEqual(['action_required 10']);
  });

  test('reminds of an authentication once, whenever it was restarted', () => {
    const world = account({ chatCredits: 120 });
    world.provider.script.push('authenticate');
    chat(world, 100);
    const startMs = world.now();
    for (const hours of [10, 20, 30]) {
      restart(world);
      pass(world, hours * HOUR_MS);
    }
    expect(toldOf(world, 'top_up.action_reminder')).toHaveLength(1);
    const reminder = world.database.told.find(({ request }) => request.kind === 'top_up.action_reminder');
    expect(reminder?.atMs).toBe(startMs + 24 * HOUR_MS);
  });

  test('looks an unknown outcome up before anything else', () => {
    const world = account({ chatCredits: 120 });
    world.provider.script.push('lost_payment');
    chat(world, 100);
    restart(world);
    expect(topUps(world, 'chat_credits')).toEqual(['credited 10']);
    expect(world.provider.payments).toHaveLength(1);
  });

  test('asks again how an attempt ended that it takes for unknown, before it makes another', () => {
    const world = account({ chatCredits: 120 });
    world.provider.script.push('soft_decline');
    world.use('chat_credits', credits(100), 'outbound');
    world.deliver();
    world.step('chat_credits');
    // The decline is recorded, and its answer is lost for good.
    world.lines.chat_credits.shift();
    const { topUpId } = world.database.topUps[0]!.order;
    world.hear({ kind: 'gave_up', wallet: 'chat_credits', topUpId });
    world.answer();
    restart(world);
    pass(world, HOUR_MS);
    expect(world.provider.payments).toHaveLength(1);
    expect(topUps(world, 'chat_credits')).toEqual(['retrying 10']);
  });

  test('credits what was paid', () => {
    const world = account({ chatCredits: 120 });
    world.use('chat_credits', credits(100), 'outbound');
    world.deliver();
    world.step('chat_credits');
    world.step('chat_credits');
    restart(world);
    expect(topUps(world, 'chat_credits')).toEqual(['credited 10']);
    expect(toldOf(world, 'top_up.succeeded')).toHaveLength(1);
  });
});

describe('a read that was overtaken', () => {
  test('by a credit does not bring the settled top-up back', () => {
    const world = account({ chatCredits: 120 });
    world.use('chat_credits', credits(100), 'outbound');
    world.deliver();
    world.step('chat_credits');
    world.step('chat_credits');
    world.database.mark('settings');
    world.deliver();
    // It sees the top-up paid and not yet credited.
    world.step('reads');
    const credited: string[] = [];
    world.observers.push(({ commands }) => {
      for (const command of commands) if (command.kind === 'credit') credited.push(command.topUpId);
    });
    world.step('chat_credits');
    world.step('chat_credits');
    world.answer();
    expect(topUps(world, 'chat_credits')).toEqual(['credited 10']);
    expect(toldOf(world, 'top_up.succeeded')).toHaveLength(1);
    expect(world.state()!.wallets.chat_credits.topUp).toBeNull();
    expect(credited).toEqual([]);
  });

  test('that does not know of a credit yet leads to no second charge', () => {
    const world = account({ chatCredits: 120, trusting: true });
    world.use('chat_credits', credits(100), 'outbound');
    world.deliver();
    for (let steps = 0; steps < 4; steps += 1) world.step('chat_credits');
    expect(topUps(world, 'chat_credits')).toEqual(['credited 10']);
    world.step('reads');
    world.step('reads');
    expect(world.lines.chat_credits).toEqual([]);
    world.answer();
    expect(topUps(world, 'chat_credits')).toEqual(['credited 10']);
  });

  test('by usage keeps what was watched, and takes the settings', () => {
    const world = account({ callMinutes: 12 });
    world.database.save('call_minutes', { ...CALLS, alertBelow: minutes(3) });
    world.deliver();
    world.step('reads');
    world.use('call_minutes', minutes(10), 'inbound');
    world.deliver();
    world.answer();
    expect(world.state()!.wallets.call_minutes).toMatchObject({ balance: minutes(2), seq: 2 });
    expect(toldOf(world, 'balance.alert').map(({ alertVersion }) => alertVersion)).toEqual([1, 2]);
  });

  test('by a campaign judges it by the settings that it brings', () => {
    const world = account({ callMinutes: 12, calls: { enabled: false } });
    world.database.save('call_minutes', CALLS);
    world.deliver();
    world.use('call_minutes', minutes(8), 'campaign');
    world.deliver();
    world.answer();
    expect(topUps(world, 'call_minutes')).toEqual(['credited 50']);
  });

  test('by the decision on a decline does not bring its retry forward', () => {
    const world = account({ chatCredits: 120 });
    world.provider.script.push('soft_decline', 'soft_decline', 'soft_decline', 'soft_decline');
    world.use('chat_credits', credits(100), 'outbound');
    world.deliver();
    world.step('chat_credits');
    world.step('chat_credits');
    // The deadline lies in its line while the account is read.
    world.database.mark('settings');
    world.deliver();
    world.step('reads');
    world.step('reads');
    pass(world, 40 * HOUR_MS);
    expect(paymentHours(world).slice(0, 4)).toEqual([0, 1, 7, 31]);
    expect(topUps(world, 'chat_credits')[0]).toBe('failed 10');
  });

  test('by an attempt does not bring the next one forward', () => {
    const world = account({ chatCredits: 120 });
    world.provider.script.push('soft_decline', 'soft_decline', 'soft_decline', 'soft_decline');
    chat(world, 100);
    world.advance(HOUR_MS);
    world.database.mark('settings');
    world.deliver();
    // It still sees the deadline of the attempt that is made now.
    world.step('reads');
    world.step('chat_credits');
    world.step('chat_credits');
    world.step('reads');
    pass(world, 40 * HOUR_MS);
    expect(paymentHours(world).slice(0, 4)).toEqual([0, 1, 7, 31]);
    expect(world.provider.payments.slice(0, 4).map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4]);
  });

  test('by the decision to wait for authentication does not end the wait', () => {
    const world = account({ chatCredits: 120 });
    world.provider.script.push('authenticate');
    world.use('chat_credits', credits(100), 'outbound');
    world.deliver();
    world.step('chat_credits');
    world.step('chat_credits');
    world.database.mark('settings');
    world.deliver();
    world.step('reads');
    world.step('reads');
    pass(world, 71 * HOUR_MS);
    expect(topUps(world, 'chat_credits')).toEqual(['action_required 10']);
  });
});

describe('settings that change', () => {
  test('while a charge is on its way refuse its warrant, and what is wanted then is judged by the new ones', () => {
    const world = account({ chatCredits: 120 });
    world.use('chat_credits', credits(100), 'outbound');
    world.deliver();
    world.database.save('chat_credits', { ...CHAT, amountCents: CALLS.amountCents });
    world.answer();
    expect(topUps(world, 'chat_credits')).toEqual(['credited 50']);
  });

  test('that switch the automation off let nothing happen any more', () => {
    const world = account({ chatCredits: 120 });
    world.use('chat_credits', credits(100), 'outbound');
    world.deliver();
    world.database.save('chat_credits', { ...CHAT, enabled: false });
    world.answer();
    pass(world, 48 * HOUR_MS);
    expect(topUps(world, 'chat_credits')).toEqual([]);
  });
});

describe('a warrant that the database refuses', () => {
  test('because the balance has recovered waits until the watch has seen it', () => {
    const world = account({ chatCredits: 120 });
    world.use('chat_credits', credits(100), 'outbound');
    world.deliver();
    world.grant('chat_credits', credits(100));
    world.step('chat_credits');
    world.step('chat_credits');
    expect(world.lines.chat_credits).toEqual([]);
    world.answer();
    expect(topUps(world, 'chat_credits')).toEqual([]);
  });

  test('for a reason that the workflow does not see is tried again every 30 seconds, not in circles', () => {
    const world = account({ chatCredits: 120 });
    world.use('chat_credits', credits(100), 'outbound');
    world.deliver();
    world.database.account.suspension = { reason: 'operator', sinceMs: world.now() };
    world.step('chat_credits');
    world.database.account.suspension = null;
    world.answer();
    expect(topUps(world, 'chat_credits')).toEqual([]);
    pass(world, 30 * SECOND_MS);
    expect(topUps(world, 'chat_credits')).toEqual(['credited 10']);
  });
});

describe('a purchase by hand', () => {
  test('is charged and credited like any other, without a warrant', () => {
    const world = account({ chatCredits: 120 });
    world.buy('chat_credits', 5_00);
    world.answer();
    expect(topUps(world, 'chat_credits')).toEqual(['credited 5']);
    expect(toldOf(world, 'top_up.succeeded')).toHaveLength(1);
  });

  test('spends nothing of the monthly cap', () => {
    const world = account({ chatCredits: 120, chat: { monthlyCapCents: CHAT.amountCents } });
    world.buy('chat_credits', 50_00);
    world.answer();
    chat(world, 6_500);
    pass(world, MINUTE_MS);
    expect(topUps(world, 'chat_credits')).toEqual(['credited 50', 'credited 10']);
  });
});
