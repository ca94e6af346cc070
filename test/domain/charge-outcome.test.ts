import { describe, expect, test } from 'vitest';
import type { BlockReason } from '../../domain/account-state.ts';
import type { Behaviour } from './world-provider.ts';
import {
  account,
  balanceOf,
  campaign,
  CHAT,
  chat,
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

/** Chat credits fall below their threshold, and the provider answers like this. */
function charged(...behaviours: Behaviour[]): World {
  const world = account({ chatCredits: 120 });
  world.provider.script.push(...behaviours);
  chat(world, 100);
  return world;
}

const soft = (count: number): Behaviour[] => Array.from({ length: count }, () => 'soft_decline');

describe('a payment', () => {
  test('is credited and told once', () => {
    const world = charged();
    expect(topUps(world, 'chat_credits')).toEqual(['credited 10']);
    expect(told(world)).toEqual(['balance.alert chat_credits', 'top_up.succeeded']);
  });
});

describe('a soft decline', () => {
  test('is tried again after 1 h, 6 h and 24 h, and no fifth time', () => {
    const world = charged(...soft(4));
    pass(world, 31 * HOUR_MS);
    expect(paymentHours(world).slice(0, 4)).toEqual([0, 1, 7, 31]);
    expect(topUps(world, 'chat_credits')[0]).toBe('failed 10');
    expect(world.provider.payments.filter(({ topUpId }) => topUpId === firstId(world))).toHaveLength(4);
  });

  test('tells of each failure and of the next attempt', () => {
    const world = charged(...soft(1));
    const [failed] = toldOf(world, 'top_up.failed');
    expect(failed).toMatchObject({ attempt: 1, reason: 'insufficient_funds' });
    expect(failed?.nextAttemptAtMs).toBe(world.now() + HOUR_MS);
    expect(topUps(world, 'chat_credits')).toEqual(['retrying 10']);
  });

  test('is not tried again when the balance has recovered', () => {
    const world = charged(...soft(1));
    const started = commandsOf(world);
    world.grant('chat_credits', credits(100));
    pass(world, 2 * HOUR_MS);
    expect(started()).toEqual(['close']);
    expect(world.provider.payments).toHaveLength(1);
    expect(topUps(world, 'chat_credits')).toEqual(['canceled 10']);
  });

  test('is not tried again when the customer has switched the automation off', () => {
    const world = charged(...soft(1));
    world.database.save('chat_credits', { ...CHAT, enabled: false });
    pass(world, 2 * HOUR_MS);
    expect(world.provider.payments).toHaveLength(1);
    expect(topUps(world, 'chat_credits')).toEqual(['canceled 10']);
  });

  test('of a purchase by hand is final, because the customer is there', () => {
    const world = account({ chatCredits: 120 });
    world.provider.script.push('soft_decline');
    world.buy('chat_credits', 5_00);
    pass(world, 2 * HOUR_MS);
    expect(topUps(world, 'chat_credits')).toEqual(['failed 5']);
    expect(world.provider.payments).toHaveLength(1);
  });
});

describe('suspension', () => {
  test('follows three failed top-ups in a row, and is told', () => {
    const world = charged(...soft(12));
    pass(world, 200 * HOUR_MS);
    expect(topUps(world, 'chat_credits')).toEqual(['failed 10', 'failed 10', 'failed 10']);
    expect(toldOf(world, 'auto_top_up.suspended')).toMatchObject([{ reason: 'repeated_failures' }]);
    expect(world.provider.payments).toHaveLength(12);
  });

  test('is not reached when a payment comes in between', () => {
    const world = charged(...soft(8), 'pay', ...soft(4));
    pass(world, 100 * HOUR_MS);
    chat(world, Number(balanceOf(world, 'chat_credits')) / 1_000);
    pass(world, 100 * HOUR_MS);
    expect(world.database.account.suspension).toBeNull();
  });

  test('counts the failures of both wallets, even when they come at the same moment', () => {
    const world = account({ callMinutes: 12, chatCredits: 120 });
    world.provider.script.push('authenticate', 'authenticate', 'authenticate');
    chat(world, 100);
    // The first fails after 72 h; the next one waits for an hour.
    pass(world, 74 * HOUR_MS);
    campaign(world, 8);
    expect(world.provider.payments).toHaveLength(3);
    pass(world, 100 * HOUR_MS);
    expect(world.database.account.suspension).toMatchObject({ reason: 'repeated_failures' });
    expect(world.provider.payments).toHaveLength(3);
  });

  test('follows one hard decline at once, and nothing is charged until it is lifted', () => {
    const world = charged('hard_decline');
    expect(topUps(world, 'chat_credits')).toEqual(['failed 10']);
    expect(toldOf(world, 'auto_top_up.suspended')).toMatchObject([{ reason: 'hard_decline' }]);
    chat(world, 500);
    campaign(world, 50);
    pass(world, 500 * HOUR_MS);
    expect(world.provider.payments).toHaveLength(1);
    world.database.account.suspension = null;
    refresh(world, 'customer');
    expect(topUps(world, 'chat_credits')).toEqual(['failed 10', 'credited 10']);
    expect(topUps(world, 'call_minutes')).toEqual(['credited 50']);
  });

  test('holds for the other wallet while the top-up of the dead card is still being closed', () => {
    const world = account({ callMinutes: 12, chatCredits: 120 });
    world.provider.script.push('hard_decline');
    world.use('chat_credits', credits(100));
    world.deliver();
    world.step('chat_credits');
    world.step('chat_credits');
    world.use('call_minutes', minutes(8), 'campaign');
    world.deliver();
    expect(world.lines.call_minutes).toEqual([]);
    world.answer();
    expect(world.provider.payments).toHaveLength(1);
  });

  test('cancels the other wallet’s retry while the top-up of the dead card is still being closed', () => {
    const world = account({ callMinutes: 12, chatCredits: 120 });
    world.provider.script.push('soft_decline', 'hard_decline');
    campaign(world, 8);
    world.advance(HOUR_MS - SECOND_MS);
    world.use('chat_credits', credits(100));
    world.deliver();
    world.step('chat_credits');
    world.step('chat_credits');
    world.advance(SECOND_MS);
    world.answer();
    expect(world.provider.payments).toHaveLength(2);
    expect(topUps(world, 'call_minutes')).toEqual(['canceled 50']);
  });

  test('does not follow a hard decline of a purchase by hand', () => {
    const world = account({ chatCredits: 120 });
    world.provider.script.push('hard_decline');
    world.buy('chat_credits', 5_00);
    world.answer();
    expect(world.database.account.suspension).toBeNull();
    expect(toldOf(world, 'top_up.failed')).toMatchObject([{ nextAttemptAtMs: null }]);
  });

  test('cancels what waits for another attempt', () => {
    const world = charged(...soft(1));
    world.database.account.suspension = { reason: 'operator', sinceMs: world.now() };
    refresh(world, 'operator');
    pass(world, 2 * HOUR_MS);
    expect(topUps(world, 'chat_credits')).toEqual(['canceled 10']);
  });
});

describe('authentication', () => {
  test('is waited for 72 h with one reminder, and then the invoice is voided', () => {
    const world = charged('authenticate');
    const started = commandsOf(world);
    pass(world, 25 * HOUR_MS);
    chat(world, 1);
    pass(world, 47 * HOUR_MS - SECOND_MS);
    expect(started()).toEqual(['notify']);
    expect(told(world).slice(1)).toEqual(['top_up.action_required', 'top_up.action_reminder']);
    expect(world.database.told.at(-1)?.atMs).toBe(world.provider.payments[0]!.atMs + 24 * HOUR_MS);
    expect(topUps(world, 'chat_credits')).toEqual(['action_required 10']);
    pass(world, SECOND_MS);
    expect(toldOf(world, 'top_up.failed')).toMatchObject([{ reason: 'authentication_timeout' }]);
    expect(topUps(world, 'chat_credits')[0]).toBe('failed 10');
  });

  test('begun by the customer after a decline and never finished is told as the end, though no attempt was made', () => {
    const world = charged('soft_decline');
    expect(toldOf(world, 'top_up.failed')).toMatchObject([{ attempt: 1 }]);
    world.provider.ensureInvoice(world.database.topUps[0]!.order.topUpId).authenticationPending = true;
    refresh(world, 'payment');
    pass(world, 72 * HOUR_MS);
    expect(topUps(world, 'chat_credits')[0]).toBe('failed 10');
    expect(toldOf(world, 'top_up.failed')).toMatchObject([
      { attempt: 1, reason: 'insufficient_funds' },
      { attempt: 1, reason: 'authentication_timeout', nextAttemptAtMs: null },
    ]);
  });

  test('by the customer is credited as soon as the webhook tells of it', () => {
    const world = charged('authenticate');
    pass(world, 2 * HOUR_MS);
    world.authenticate();
    world.answer();
    expect(topUps(world, 'chat_credits')).toEqual(['credited 10']);
    pass(world, 100 * HOUR_MS);
    expect(told(world).slice(1)).toEqual(['top_up.action_required', 'top_up.succeeded']);
  });

  test('that no webhook told of is found at the deadline', () => {
    const world = charged('authenticate');
    world.provider.authenticate();
    pass(world, 72 * HOUR_MS);
    expect(topUps(world, 'chat_credits')).toEqual(['credited 10']);
  });

  test('timed out three times in a row suspends', () => {
    const world = charged('authenticate', 'authenticate', 'authenticate');
    pass(world, 300 * HOUR_MS);
    expect(world.database.account.suspension).toMatchObject({ reason: 'repeated_failures' });
    expect(world.provider.payments).toHaveLength(3);
  });
});

describe('an unknown outcome', () => {
  test('that was a payment is found by a look-up, and not charged again', () => {
    const world = charged('lost_payment');
    pass(world, 5 * MINUTE_MS);
    expect(topUps(world, 'chat_credits')).toEqual(['credited 10']);
    expect(world.provider.payments).toHaveLength(1);
  });

  test('is only looked up until nothing is processing and it is quiet, then charged under a new number', () => {
    const world = charged('lost_nothing');
    pass(world, 10 * MINUTE_MS - SECOND_MS);
    expect(world.provider.payments).toHaveLength(1);
    pass(world, SECOND_MS);
    expect(world.provider.payments.map(({ attempt }) => attempt)).toEqual([1, 2]);
    expect(topUps(world, 'chat_credits')).toEqual(['credited 10']);
  });

  test('is waited for as long as the provider is processing it', () => {
    const world = charged('processing_pays');
    pass(world, 7 * MINUTE_MS);
    expect(topUps(world, 'chat_credits')).toEqual(['credited 10']);
    expect(world.provider.payments).toHaveLength(1);
  });

  test('counts as no decline', () => {
    const world = charged('lost_nothing', ...soft(4));
    pass(world, 40 * HOUR_MS);
    expect(world.provider.payments.filter(({ topUpId }) => topUpId === firstId(world))).toHaveLength(5);
  });

  test('is not charged again when the balance has recovered', () => {
    const world = charged('lost_nothing');
    world.grant('chat_credits', credits(100));
    pass(world, HOUR_MS);
    expect(world.provider.payments).toHaveLength(1);
    expect(topUps(world, 'chat_credits')).toEqual(['canceled 10']);
  });
});

describe('a customer who cannot be charged', () => {
  const reasons: BlockReason[] = ['no_payment_method', 'tax_location_unknown', 'customer_balance_not_zero'];
  test.each(reasons)(
    'for want of %s is told once, looked at after 1, 2, 4, 8 h, and leaves one intent',
    (reason) => {
      const world = account({ chatCredits: 120 });
      world.provider.blockedBy = reason;
      const startMs = world.now();
      const looks: number[] = [];
      world.observers.push(({ commands, nowMs }) => {
        for (const { kind } of commands)
          if (kind === 'sync_customer') looks.push((nowMs - startMs) / HOUR_MS);
      });
      chat(world, 100);
      pass(world, 10 * HOUR_MS);
      expect(topUps(world, 'chat_credits')).toEqual(['canceled 10']);
      expect(toldOf(world, 'auto_top_up.suspended')).toMatchObject([{ reason }]);
      expect(looks).toEqual([1, 2, 4, 8]);
      expect(world.provider.payments).toEqual([]);
    },
  );

  test('is told once, though both wallets need a charge', () => {
    const world = account({ callMinutes: 12, chatCredits: 120 });
    world.provider.blockedBy = 'no_payment_method';
    world.use('call_minutes', minutes(8), 'campaign');
    world.use('chat_credits', credits(100));
    world.deliver();
    world.step('chat_credits');
    world.step('chat_credits');
    world.advance(SECOND_MS);
    world.answer();
    expect(topUps(world, 'call_minutes')).toEqual(['canceled 50']);
    expect(toldOf(world, 'auto_top_up.suspended')).toHaveLength(1);
  });

  test('is charged as soon as the webhook tells that it is mended', () => {
    const world = account({ chatCredits: 120 });
    world.provider.blockedBy = 'no_payment_method';
    chat(world, 100);
    world.provider.blockedBy = null;
    refresh(world, 'customer');
    expect(topUps(world, 'chat_credits')).toEqual(['canceled 10', 'credited 10']);
  });

  test('is charged within an hour when no webhook tells', () => {
    const world = account({ chatCredits: 120 });
    world.provider.blockedBy = 'no_payment_method';
    chat(world, 100);
    world.provider.blockedBy = null;
    pass(world, HOUR_MS);
    expect(topUps(world, 'chat_credits')).toEqual(['canceled 10', 'credited 10']);
  });

  test('and mends it while being looked at is looked at once more', () => {
    const world = account({ chatCredits: 120 });
    world.provider.blockedBy = 'no_payment_method';
    chat(world, 100);
    world.database.mark('customer');
    world.deliver();
    world.step('customer');
    world.provider.blockedBy = null;
    world.database.mark('customer');
    world.deliver();
    world.answer();
    expect(topUps(world, 'chat_credits')).toEqual(['canceled 10', 'credited 10']);
  });

  test('is left alone while nothing is wanted', () => {
    const world = account({ chatCredits: 120, callMinutes: 12 });
    world.provider.blockedBy = 'no_payment_method';
    inbound(world, 100);
    expect(world.nextDueMs()).toBeNull();
  });
});

/** The kinds of the commands that are started from now on, reads left out. */
function commandsOf(world: World): () => string[] {
  const kinds: string[] = [];
  world.observers.push(({ commands }) => kinds.push(...commands.map(({ kind }) => kind)));
  return () => kinds.filter((kind) => kind !== 'read_account');
}

function firstId(world: World): string {
  return world.database.topUps[0]!.order.topUpId;
}
