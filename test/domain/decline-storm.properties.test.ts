import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { POLICY } from '../../domain/policy.ts';
import { account, campaign, chat, HOUR_MS } from './world-examples.ts';
import type { Behaviour } from './world-provider.ts';
import type { World } from './world.ts';

const DAYS_30_MS = 30 * 24 * HOUR_MS;
const ATTEMPTS_PER_TOP_UP = 1 + POLICY.softDeclineDelaysMs.length;
/** Until the account is suspended; the other wallet's top-up may be under way when the last one fails. */
const ATTEMPTS_UNTIL_SUSPENSION = (POLICY.failuresUntilSuspension + 1) * ATTEMPTS_PER_TOP_UP;

type Deed = { do: 'call' | 'chat' | 'attach_again' | 'terminate'; afterMs: number };

/** A month of a customer who goes on using what is not paid, and saves the dead card again and again. */
const month = fc.array(
  fc.record({
    do: fc.constantFrom<Deed['do']>('call', 'chat', 'attach_again', 'attach_again', 'terminate'),
    afterMs: fc.constantFrom(60_000, HOUR_MS, 3 * HOUR_MS, 7 * HOUR_MS, 25 * HOUR_MS),
  }),
  { minLength: 40, maxLength: 120 },
);
const declines = fc.array(
  fc.constantFrom<Behaviour>('soft_decline', 'soft_decline', 'soft_decline', 'hard_decline'),
  {
    minLength: 1,
    maxLength: 8,
  },
);

function storm(behaviours: readonly Behaviour[]): World {
  const world = account({ chat: { topUpOnRefusal: true } });
  world.provider.script = Array.from({ length: 5_000 }, (_, at) => behaviours[at % behaviours.length]!);
  return world;
}

/** Lives through the deeds, over and over, until the time is up. */
function live(world: World, deeds: readonly Deed[], untilMs: number): void {
  while (world.now() < untilMs) {
    for (const deed of deeds) {
      if (world.now() >= untilMs) return;
      if (deed.do === 'call') campaign(world, 1);
      else if (deed.do === 'chat') chat(world, 10);
      else if (deed.do === 'attach_again') world.saveCard(world.provider.card);
      else world.terminate();
      world.live(deed.afterMs);
    }
  }
}

function attemptsOf(world: World): Map<string, number> {
  const attempts = new Map<string, number>();
  for (const { topUpId } of world.provider.payments) attempts.set(topUpId, (attempts.get(topUpId) ?? 0) + 1);
  return attempts;
}

function expectEndOfStorm(deeds: readonly Deed[], behaviours: readonly Behaviour[]): void {
  const world = storm(behaviours);
  let suspendedAtMs: number | null = null;
  world.observers.push(({ nowMs }) => {
    if (world.database.account.suspension !== null) suspendedAtMs ??= nowMs;
  });
  campaign(world, 11);
  chat(world, 100);
  live(world, deeds, world.now() + DAYS_30_MS);
  expect(Math.max(...attemptsOf(world).values())).toBeLessThanOrEqual(ATTEMPTS_PER_TOP_UP);
  expect(world.database.account.suspension).not.toBeNull();
  expect(suspendedAtMs).not.toBeNull();
  expect(world.provider.payments.filter(({ atMs }) => atMs > suspendedAtMs!)).toEqual([]);
  expect(world.provider.payments.length).toBeLessThanOrEqual(ATTEMPTS_UNTIL_SUSPENSION);
}

function expectOneStormPerCard(
  deeds: readonly Deed[],
  behaviours: readonly Behaviour[],
  cards: number,
): void {
  const world = storm(behaviours);
  const perCard: number[] = [];
  for (let card = 1; card <= cards; card += 1) {
    const before = world.provider.payments.length;
    world.saveCard(`card_${card}`);
    campaign(world, 11);
    chat(world, 100);
    live(world, deeds, world.now() + DAYS_30_MS);
    expect(world.database.account.suspension).not.toBeNull();
    perCard.push(world.provider.payments.length - before);
  }
  for (const attempts of perCard) {
    expect(attempts).toBeGreaterThan(0);
    expect(attempts).toBeLessThanOrEqual(ATTEMPTS_UNTIL_SUSPENSION);
  }
  expect(Math.max(...attemptsOf(world).values())).toBeLessThanOrEqual(ATTEMPTS_PER_TOP_UP);
}

describe('a decline storm over 30 days', () => {
  const runs = { seed: 31, numRuns: Number(process.env['PROPERTY_RUNS'] ?? 30) };

  test.prop([month, declines], runs)(
    'stays within 4 attempts per top-up and stops at suspension, whatever is attached again',
    expectEndOfStorm,
  );

  test.prop([month, declines, fc.integer({ min: 2, max: 3 })], runs)(
    'is lifted once by each other card, which gets no more attempts than the first',
    expectOneStormPerCard,
  );
});
