import { describe, expect, test } from 'vitest';
import { nextWakeAtMs } from '../../domain/next-wake.ts';
import {
  account,
  chat,
  credits,
  HOUR_MS,
  MINUTE_MS,
  pass,
  refresh,
  told,
  toldOf,
  topUps,
} from './world-examples.ts';
import type { Behaviour } from './world-provider.ts';
import type { World } from './world.ts';

/** Chat credits fall below their threshold, and the charge goes as scripted. */
function charged(...script: Behaviour[]): World {
  const world = account({ chatCredits: 120 });
  world.provider.script.push(...script);
  chat(world, 100);
  return world;
}

/** What the operator's act writes: the row, and the wake. Auto top-up is off, so that nothing new begins. */
function cancel(world: World): void {
  const [topUp] = world.database.open('chat_credits');
  if (topUp === undefined) throw new Error('nothing is open');
  topUp.cancelRequested = true;
  world.database.mark('operator');
}

function off(world: World): void {
  const settings = world.database.saved.chat_credits?.settings;
  if (settings === undefined) throw new Error('no settings');
  world.database.account.suspension = { reason: 'operator', sinceMs: world.now() };
}

describe('a cancel', () => {
  test.each<[string, Behaviour]>([
    ['that waits to be tried again', 'soft_decline'],
    ['that waits for the customer', 'authenticate'],
    ['whose outcome is unknown', 'lost_nothing'],
  ])('of a top-up %s voids its invoice and closes it', (_name, behaviour) => {
    const world = charged(behaviour);
    off(world);
    cancel(world);
    world.answer();
    expect(topUps(world, 'chat_credits')).toEqual(['canceled 10']);
    expect(world.provider.payments).toHaveLength(1);
    pass(world, 100 * HOUR_MS);
    expect(world.provider.payments).toHaveLength(1);
    expect(world.provider.complaints).toEqual([]);
  });

  test('of a top-up that was paid meanwhile credits it', () => {
    for (const behaviour of ['authenticate', 'lost_payment'] as const) {
      const world = charged(behaviour);
      world.provider.authenticate();
      cancel(world);
      world.answer();
      expect(topUps(world, 'chat_credits')).toEqual(['credited 10']);
      expect(world.provider.payments).toHaveLength(1);
    }
  });

  test('never voids a payment that is processing: it waits for it, and then closes or credits', () => {
    for (const [behaviour, end] of [
      ['processing_pays', 'credited 10'],
      ['processing_fails', 'canceled 10'],
    ] as const) {
      const world = charged(behaviour);
      off(world);
      cancel(world);
      world.answer();
      expect(topUps(world, 'chat_credits')).toEqual(['unknown 10']);
      pass(world, 15 * MINUTE_MS);
      expect(topUps(world, 'chat_credits')).toEqual([end]);
      expect(world.provider.complaints).toEqual([]);
    }
  });

  test.each<[Behaviour, string]>([
    ['soft_decline', 'canceled 10'],
    ['hard_decline', 'failed 10'],
    ['authenticate', 'canceled 10'],
    ['lost_nothing', 'canceled 10'],
    ['pay', 'credited 10'],
  ])('while the card is being charged lets that attempt end (%s), and no other follows', (behaviour, end) => {
    const world = account({ chatCredits: 120 });
    world.provider.script.push(behaviour);
    world.use('chat_credits', credits(100), 'outbound');
    world.deliver();
    // The charge has had its effect; its answer is on the way.
    world.step('chat_credits');
    cancel(world);
    world.deliver();
    world.step('reads');
    world.step('reads');
    off(world);
    world.answer();
    pass(world, 10 * MINUTE_MS);
    expect(topUps(world, 'chat_credits')).toEqual([end]);
    expect(world.provider.payments).toHaveLength(1);
    expect(toldOf(world, 'top_up.action_required')).toEqual([]);
  });

  test('that came before the attempt began lets none begin', () => {
    const world = account({ chatCredits: 120 });
    world.use('chat_credits', credits(100), 'outbound');
    world.deliver();
    world.database.recordIntent(world.state()!.wallets.chat_credits.topUp!.order);
    cancel(world);
    off(world);
    world.answer();
    expect(topUps(world, 'chat_credits')).toEqual(['canceled 10']);
    expect(world.provider.payments).toEqual([]);
  });

  test('is not forgotten by a workflow that starts again from the database', () => {
    for (const behaviour of ['soft_decline', 'authenticate', 'lost_nothing'] as const) {
      const world = charged(behaviour);
      off(world);
      cancel(world);
      world.terminate();
      refresh(world, 'sweep');
      expect(topUps(world, 'chat_credits')).toEqual(['canceled 10']);
      expect(world.provider.payments).toHaveLength(1);
    }
  });

  test('leaves a want standing: automatic top-up begins another one', () => {
    const world = charged('soft_decline');
    cancel(world);
    world.answer();
    expect(topUps(world, 'chat_credits')).toEqual(['canceled 10', 'credited 10']);
  });
});

describe('a retry', () => {
  test('of a top-up that waits charges at once although nothing else has changed', () => {
    const world = charged('soft_decline');
    const [topUp] = world.database.open('chat_credits');
    topUp!.nextAttemptAtMs = world.now();
    refresh(world, 'operator');
    expect(topUps(world, 'chat_credits')).toEqual(['credited 10']);
    expect(world.provider.payments.map(({ atMs }) => atMs)).toEqual([world.now(), world.now()]);
  });

  /** A webhook of the first attempt comes late, and while it has the charge looked up, the retry is read. */
  function retriedDuringLookUp(world: World): void {
    world.provider.script.push('soft_decline');
    chat(world, 100);
    const [topUp] = world.database.open('chat_credits');
    topUp!.nextAttemptAtMs = world.now();
    world.database.mark('payment');
    world.database.mark('operator');
    world.deliver();
    expect(world.state()?.wallets.chat_credits.topUp?.step.kind).toBe('looking_up');
    world.step('reads');
    world.step('reads');
    expect(world.lines.reads).toEqual([]);
    world.answer();
  }

  test('that is read while the charge is looked up charges at once afterwards', () => {
    const world = account({ chatCredits: 120 });
    retriedDuringLookUp(world);
    expect(topUps(world, 'chat_credits')).toEqual(['credited 10']);
    expect(world.provider.payments.map(({ atMs }) => atMs)).toEqual([world.now(), world.now()]);
  });

  test('that is read so waits as before in a run that began under the first release, whose history has to replay', () => {
    const world = account({ chatCredits: 120, hasFirstRules: true });
    retriedDuringLookUp(world);
    expect(topUps(world, 'chat_credits')).toEqual(['retrying 10']);
    pass(world, HOUR_MS);
    expect(topUps(world, 'chat_credits')).toEqual(['credited 10']);
  });
});

describe('a suspension by a person', () => {
  test('is told once, stops charges, and its end is told once and serves what is wanted at once', () => {
    const world = account({ chatCredits: 120 });
    const sinceMs = world.now();
    world.database.account.suspension = { reason: 'operator', sinceMs };
    refresh(world, 'operator');
    refresh(world, 'operator');
    chat(world, 100);
    expect(topUps(world, 'chat_credits')).toEqual([]);
    expect(toldOf(world, 'auto_top_up.suspended')).toMatchObject([{ reason: 'operator', sinceMs }]);
    world.database.account.suspension = null;
    refresh(world, 'operator');
    refresh(world, 'operator');
    expect(topUps(world, 'chat_credits')).toEqual(['credited 10']);
    expect(toldOf(world, 'auto_top_up.resumed')).toEqual([{ kind: 'auto_top_up.resumed', sinceMs }]);
    expect(nextWakeAtMs(world.state()!, world.now())).toBeNull();
  });

  test('that replaces another one is told too', () => {
    const world = charged('hard_decline');
    pass(world, MINUTE_MS);
    world.database.account.suspension = { reason: 'operator', sinceMs: world.now() };
    refresh(world, 'operator');
    expect(toldOf(world, 'auto_top_up.suspended').map(({ reason }) => reason)).toEqual([
      'hard_decline',
      'operator',
    ]);
  });

  test('a resumption after a failure does not wait for the pause that follows one', () => {
    const world = charged('hard_decline');
    world.database.account.suspension = null;
    refresh(world, 'operator');
    expect(topUps(world, 'chat_credits')).toEqual(['failed 10', 'credited 10']);
    expect(told(world).filter((kind) => kind === 'auto_top_up.resumed')).toHaveLength(1);
  });

  test('reads recorded before resumptions were told lead to what they led to then', () => {
    const world = charged('hard_decline');
    const readSnapshot = world.database.readSnapshot.bind(world.database);
    world.database.readSnapshot = (since) => {
      const { resumedAtMs: _resumedAtMs, ...snapshot } = readSnapshot(since);
      return snapshot;
    };
    world.database.account.suspension = null;
    refresh(world, 'operator');
    expect(toldOf(world, 'auto_top_up.resumed')).toEqual([]);
    expect(topUps(world, 'chat_credits')).toEqual(['failed 10']);
  });
});
