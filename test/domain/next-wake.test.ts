import { describe, expect, test } from 'vitest';
import { cents } from '../../domain/money.ts';
import { account, campaign, chat, HOUR_MS, inbound, MINUTE_MS, pass } from './world-examples.ts';

describe('the next wake', () => {
  test('is none while nothing waits', () => {
    const world = account();
    expect(world.nextDueMs()).toBeNull();
    inbound(world, 30);
    expect(world.nextDueMs()).toBeNull();
  });

  test('is none while an activity runs, because its result is heard', () => {
    const world = account({ chatCredits: 120 });
    world.use('chat_credits', 100_000);
    world.deliver();
    expect(world.nextDueMs()).toBeNull();
  });

  test('is the next attempt, the reminder and then the deadline of an authentication', () => {
    const world = account({ chatCredits: 120 });
    world.provider.script.push('soft_decline', 'authenticate');
    chat(world, 100);
    const startMs = world.now();
    expect(world.nextDueMs()).toBe(startMs + HOUR_MS);
    pass(world, HOUR_MS);
    expect(world.nextDueMs()).toBe(startMs + 25 * HOUR_MS);
    pass(world, 24 * HOUR_MS);
    expect(world.nextDueMs()).toBe(startMs + 73 * HOUR_MS);
  });

  test('is when a guard opens, if something is wanted', () => {
    const world = account({ callMinutes: 12, calls: { monthlyCapCents: cents(0) } });
    inbound(world, 8);
    expect(world.nextDueMs()).toBeNull();
    campaign(world, 1);
    expect(world.nextDueMs()).toBe(Date.UTC(2026, 11, 1));
  });

  test('is the earliest of both wallets', () => {
    const world = account({ callMinutes: 12, chatCredits: 120 });
    world.provider.script.push('soft_decline', 'lost_nothing');
    chat(world, 100);
    campaign(world, 8);
    expect(world.nextDueMs()).toBe(world.now() + 5 * MINUTE_MS);
  });

  test('is none for what is wanted while suspended: the resumption is heard', () => {
    const world = account({ chatCredits: 120, chat: { monthlyCapCents: cents(0) } });
    world.database.account.suspension = { reason: 'operator', sinceMs: world.now() };
    world.database.mark('operator');
    chat(world, 100);
    expect(world.nextDueMs()).toBeNull();
  });
});
