import { describe, expect, test } from 'vitest';
import { account, campaign, CHAT, HOUR_MS, inbound, pass, refresh, topUps } from './world-examples.ts';
import { createWorld, type World } from './world.ts';

const DAY_MS = 24 * HOUR_MS;

/** An account whose campaign wants a charge that no card pays. */
function blockedAccount(world: World = account({ callMinutes: 12 })): { world: World; looks: number[] } {
  const looks: number[] = [];
  const startMs = world.now();
  world.observers.push(({ commands, nowMs }) => {
    for (const command of commands) if (command.kind === 'sync_customer') looks.push(nowMs - startMs);
  });
  world.provider.blockedBy = 'no_payment_method';
  campaign(world, 8);
  return { world, looks };
}

describe('an account that is blocked and idle', () => {
  test('is looked at again after ever longer pauses, of a day at most, and no more after a week', () => {
    const { world, looks } = blockedAccount();
    pass(world, 60 * DAY_MS);
    const hours = looks.map((ms) => ms / HOUR_MS);
    expect(hours.slice(0, 6)).toEqual([1, 2, 4, 8, 16, 32]);
    expect(Math.max(...hours)).toBeLessThanOrEqual(7 * 24);
    expect(hours.length).toBeLessThanOrEqual(12);
    // No timer is left: it costs nothing.
    expect(world.nextDueMs()).toBeNull();
  });

  test.each<[string, (world: World) => void]>([
    ['a new card', (world) => world.saveCard('card_2')],
    ['usage', (world) => inbound(world, 0.1)],
    ['settings that are saved', (world) => world.database.save('chat_credits', CHAT)],
    ['a sweep', (world) => refresh(world, 'sweep')],
  ])('is lifted by %s, a month later, and charged', (_, happen) => {
    const { world } = blockedAccount();
    pass(world, 30 * DAY_MS);
    world.provider.blockedBy = null;
    pass(world, DAY_MS);
    expect(topUps(world, 'call_minutes').at(-1)).not.toContain('credited');
    happen(world);
    world.answer();
    expect(topUps(world, 'call_minutes').at(-1)).toBe('credited 50');
  });

  test('is lifted within a day, in its first week, when nobody tells of the new card', () => {
    const { world } = blockedAccount();
    pass(world, 5 * DAY_MS);
    world.provider.blockedBy = null;
    pass(world, DAY_MS);
    expect(topUps(world, 'call_minutes').at(-1)).toBe('credited 50');
  });

  test('is looked at as before by a run that began under the first release, whose history has to replay', () => {
    const world = createWorld({ hasFirstRules: true });
    const looks: number[] = [];
    world.observers.push(({ commands, nowMs }) => {
      for (const command of commands) if (command.kind === 'sync_customer') looks.push(nowMs);
    });
    world.provider.blockedBy = 'no_payment_method';
    world.database.save('chat_credits', CHAT);
    pass(world, 10 * DAY_MS);
    expect(looks.length).toBeGreaterThanOrEqual(10 * 24 - 1);
  });
});

test('an account that is blocked and used is looked at once an hour, not at every use', () => {
  const { world, looks } = blockedAccount();
  for (let each = 0; each < 48; each += 1) {
    pass(world, HOUR_MS / 2);
    inbound(world, 0.1);
  }
  expect(looks.length).toBeGreaterThanOrEqual(22);
  expect(looks.length).toBeLessThanOrEqual(25);
});
