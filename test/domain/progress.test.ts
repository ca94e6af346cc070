import { describe, expect, test } from 'vitest';
import { nextWakeAtMs } from '../../domain/next-wake.ts';
import {
  account,
  chat,
  credits,
  HOUR_MS,
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

/** Chat credits fall below their threshold, and the charge lies in its line. */
function charging(): World {
  const world = account({ chatCredits: 120 });
  world.use('chat_credits', credits(100), 'outbound');
  world.deliver();
  return world;
}

/** The first command of the wallet gives up; then everything else is answered. */
function giveUp(world: World, ending: 'gives_up_before' | 'gives_up_after'): void {
  world.step('chat_credits', ending);
  world.step('chat_credits');
  world.answer();
}

describe('a charge that gave up', () => {
  test('after it was paid is found by a look-up', () => {
    const world = charging();
    giveUp(world, 'gives_up_after');
    pass(world, 5 * MINUTE_MS);
    expect(topUps(world, 'chat_credits')).toEqual(['credited 10']);
    expect(world.provider.payments).toHaveLength(1);
  });

  test('before it began goes on with the number that was never begun', () => {
    const world = charging();
    world.database.recordIntent(world.state()!.wallets.chat_credits.topUp!.order);
    giveUp(world, 'gives_up_before');
    pass(world, 10 * MINUTE_MS);
    expect(topUps(world, 'chat_credits')).toEqual(['credited 10']);
    expect(world.provider.payments.map(({ attempt }) => attempt)).toEqual([1]);
  });

  test('before its intent was recorded is dropped, and what is wanted is charged anew', () => {
    const world = charging();
    giveUp(world, 'gives_up_before');
    pass(world, 10 * MINUTE_MS);
    expect(topUps(world, 'chat_credits')).toEqual(['credited 10']);
  });
});

describe('a closing that gave up', () => {
  function declinedHard(): World {
    const world = charging();
    world.provider.script.push('hard_decline');
    world.step('chat_credits');
    world.step('chat_credits');
    expect(world.lines.chat_credits.map(({ command }) => command.kind)).toEqual(['close']);
    return world;
  }

  test('is done later: the dead card is not charged again, and the suspension stands', () => {
    const world = declinedHard();
    giveUp(world, 'gives_up_before');
    pass(world, HOUR_MS);
    expect(world.provider.payments).toHaveLength(1);
    expect(topUps(world, 'chat_credits')).toEqual(['failed 10']);
    expect(world.database.account.suspension).toMatchObject({ reason: 'hard_decline' });
    expect(toldOf(world, 'top_up.failed')).toMatchObject([{ reason: 'lost_or_stolen_card' }]);
  });

  test('but had taken effect is told and suspends all the same', () => {
    const world = declinedHard();
    giveUp(world, 'gives_up_after');
    pass(world, HOUR_MS);
    expect(world.provider.payments).toHaveLength(1);
    expect(toldOf(world, 'top_up.failed')).toHaveLength(1);
    expect(toldOf(world, 'auto_top_up.suspended')).toHaveLength(1);
  });

  test('is kept when the account is read in between', () => {
    const world = declinedHard();
    giveUp(world, 'gives_up_before');
    refresh(world, 'settings');
    refresh(world, 'sweep');
    pass(world, HOUR_MS);
    expect(world.provider.payments).toHaveLength(1);
    expect(topUps(world, 'chat_credits')).toEqual(['failed 10']);
  });

  test('after the last soft decline is no fifth attempt', () => {
    const world = account({ chatCredits: 120 });
    world.provider.script.push('soft_decline', 'soft_decline', 'soft_decline', 'soft_decline');
    chat(world, 100);
    pass(world, 31 * HOUR_MS - SECOND_MS);
    world.advance(SECOND_MS);
    world.step('chat_credits');
    world.step('chat_credits');
    giveUp(world, 'gives_up_before');
    const [first] = world.database.topUps;
    pass(world, HOUR_MS);
    expect(world.provider.payments.filter(({ topUpId }) => topUpId === first!.order.topUpId)).toHaveLength(4);
    expect(first!.state).toBe('failed');
  });
});

describe('a payment that was quicker than the closing', () => {
  test('is credited, and is neither a failure nor a reason to suspend', () => {
    const world = charging();
    world.provider.script.push('hard_decline');
    world.step('chat_credits');
    world.step('chat_credits');
    world.provider.ensureInvoice(world.database.topUps[0]!.order.topUpId).status = 'paid';
    world.answer();
    expect(topUps(world, 'chat_credits')).toEqual(['credited 10']);
    expect(told(world)).toEqual(['balance.alert chat_credits', 'top_up.succeeded']);
    expect(world.state()!.suspension).toBeNull();
  });
});

describe('a look-up that gave up', () => {
  test('after the customer paid is repeated within minutes, not at the deadline', () => {
    const world = account({ chatCredits: 120 });
    world.provider.script.push('authenticate');
    chat(world, 100);
    world.authenticate();
    world.deliver();
    giveUp(world, 'gives_up_before');
    expect(topUps(world, 'chat_credits')).toEqual(['action_required 10']);
    pass(world, 5 * MINUTE_MS);
    expect(topUps(world, 'chat_credits')).toEqual(['credited 10']);
  });

  test('at the deadline voids nothing until it is certain', () => {
    const world = account({ chatCredits: 120 });
    world.provider.script.push('authenticate');
    chat(world, 100);
    world.provider.authenticate();
    pass(world, 72 * HOUR_MS - SECOND_MS);
    world.advance(SECOND_MS);
    giveUp(world, 'gives_up_before');
    pass(world, 5 * MINUTE_MS);
    expect(topUps(world, 'chat_credits')).toEqual(['credited 10']);
  });

  test('leaves a retry where it was', () => {
    const world = account({ chatCredits: 120 });
    world.provider.script.push('soft_decline');
    chat(world, 100);
    world.database.mark('payment');
    world.deliver();
    giveUp(world, 'gives_up_before');
    pass(world, HOUR_MS);
    expect(paymentHours(world)).toEqual([0, 1]);
  });
});

describe('news of a payment', () => {
  test('that comes while a look-up runs makes it look again', () => {
    const world = account({ chatCredits: 120 });
    world.provider.script.push('authenticate');
    chat(world, 100);
    world.database.mark('payment');
    world.deliver();
    world.step('chat_credits');
    world.authenticate();
    world.deliver();
    world.answer();
    expect(topUps(world, 'chat_credits')).toEqual(['credited 10']);
  });

  test('credited by somebody else while a look-up runs is not lost with its older answer', () => {
    const world = account({ chatCredits: 120 });
    world.provider.script.push('authenticate');
    chat(world, 100);
    world.database.mark('payment');
    world.deliver();
    world.step('chat_credits');
    world.step('reads');
    world.step('reads');
    world.provider.authenticate();
    const [topUp] = world.database.topUps;
    world.database.markPaid(topUp!);
    world.database.credit(topUp!);
    world.database.mark('settings');
    world.deliver();
    world.step('reads');
    world.step('reads');
    world.answer();
    expect(toldOf(world, 'top_up.succeeded')).toHaveLength(1);
  });

  test('credited by somebody else is told to the customer', () => {
    const world = account({ chatCredits: 120 });
    world.provider.script.push('authenticate');
    chat(world, 100);
    world.provider.authenticate();
    const [topUp] = world.database.topUps;
    world.database.markPaid(topUp!);
    world.database.credit(topUp!);
    refresh(world, 'settings');
    expect(toldOf(world, 'top_up.succeeded')).toHaveLength(1);
  });

  test('does not bring a retry forward', () => {
    const world = account({ chatCredits: 120 });
    world.provider.script.push('soft_decline');
    chat(world, 100);
    pass(world, 30 * MINUTE_MS);
    refresh(world, 'payment');
    pass(world, HOUR_MS);
    expect(paymentHours(world)).toEqual([0, 1]);
  });
});

describe('an invoice that is still processing at the deadline for authentication', () => {
  test('is not voided under the payment', () => {
    const world = account({ chatCredits: 120 });
    world.provider.script.push('authenticate');
    chat(world, 100);
    pass(world, 72 * HOUR_MS - SECOND_MS);
    const invoice = world.provider.ensureInvoice(world.database.topUps[0]!.order.topUpId);
    invoice.authenticationPending = false;
    invoice.processing = { untilMs: world.now() + 7 * MINUTE_MS, pays: true };
    pass(world, HOUR_MS);
    expect(world.provider.complaints).toEqual([]);
    expect(topUps(world, 'chat_credits')).toEqual(['credited 10']);
  });
});

describe('an invoice that somebody else has voided', () => {
  test.each([1, 80])('is canceled and counts as no failure, found after %d h', (hours) => {
    const world = account({ chatCredits: 120 });
    world.provider.script.push('authenticate');
    chat(world, 100);
    world.provider.void(world.database.topUps[0]!.order.topUpId);
    world.provider.blockedBy = 'no_payment_method';
    pass(world, hours * HOUR_MS);
    refresh(world, 'payment');
    expect(topUps(world, 'chat_credits')[0]).toBe('canceled 10');
    expect(toldOf(world, 'top_up.failed')).toEqual([]);
  });
});

describe('a credit that gave up', () => {
  test('waits before it is looked up, and is not repeated in circles', () => {
    const world = charging();
    world.step('chat_credits');
    world.step('chat_credits');
    const { order } = world.state()!.wallets.chat_credits.topUp!;
    expect(world.lines.chat_credits.map(({ command }) => command.kind)).toEqual(['credit']);
    world.lines.chat_credits.length = 0;
    world.hear({ kind: 'gave_up', wallet: 'chat_credits', topUpId: order.topUpId });
    expect(world.lines.chat_credits.map(({ command }) => command.kind)).toEqual(['defer']);
    expect(nextWakeAtMs(world.state()!, world.now())).toBe(world.now() + 5 * MINUTE_MS);
    pass(world, 5 * MINUTE_MS);
    expect(topUps(world, 'chat_credits')).toEqual(['credited 10']);
  });
});

describe('a result of a top-up that is over', () => {
  test('changes nothing', () => {
    const world = account({ chatCredits: 120 });
    chat(world, 100);
    const { topUpId } = world.database.topUps[0]!.order;
    const before = world.state()!;
    world.hear({ kind: 'charged', wallet: 'chat_credits', topUpId, outcome: { status: 'paid' } });
    world.hear({ kind: 'closed', wallet: 'chat_credits', topUpId, outcome: { status: 'closed' } });
    world.hear({ kind: 'gave_up', wallet: 'chat_credits', topUpId });
    expect(world.state()).toEqual(before);
  });

  test('says nothing of the one that is charged now', () => {
    const world = account({ chatCredits: 120 });
    chat(world, 100);
    const { topUpId } = world.database.topUps[0]!.order;
    world.use('chat_credits', credits(1_300));
    world.deliver();
    world.hear({ kind: 'charged', wallet: 'chat_credits', topUpId, outcome: { status: 'paid' } });
    expect(world.state()!.wallets.chat_credits.topUp?.step.kind).toBe('charging');
    expect(world.lines.chat_credits.map(({ command }) => command.kind)).toEqual(['charge']);
  });
});
