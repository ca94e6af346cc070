import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { cents } from '../../domain/money.ts';
import { POLICY, type Policy } from '../../domain/policy.ts';
import { PRICES } from '../../domain/prices.ts';
import { fromWholeUnits, NO_QUANTITY, quantity } from '../../domain/quantities.ts';
import { MOST_EVENTS, replay, type ReplayHistory } from '../../domain/replay.ts';
import type { ReplayStep } from '../../domain/replay-account.ts';
import type { SettingsChoice } from '../../domain/settings.ts';
import { WALLETS, type Wallet } from '../../domain/wallet.ts';
import { SHORT_POLICY } from './world-script.ts';
import { createWorld, START_MS, type World } from './world.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const MONTH_STARTS_MS = Array.from({ length: 9 }, (_, at) => Date.UTC(2026, 10 + at, 1));

type Happening = {
  wallet: Wallet;
  units: number;
  kind: 'campaign' | 'inbound' | 'outbound' | 'grant';
  laterMs: number;
};

function choice(wallet: Wallet, change: Partial<SettingsChoice> = {}): SettingsChoice {
  return {
    enabled: true,
    alertBelow: fromWholeUnits(wallet, 10),
    topUpBelow: fromWholeUnits(wallet, 5),
    amountCents: cents(500),
    monthlyCapCents: null,
    topUpOnRefusal: true,
    ...change,
  };
}

/** Entries from units, booked minute after minute, in the order given. */
function historyOf(
  wallet: Wallet,
  beginningUnits: number,
  entries: readonly { units: number; campaign?: boolean }[],
): ReplayHistory {
  let balance = fromWholeUnits(wallet, beginningUnits);
  const steps = entries.map(({ units, campaign }, at): ReplayStep => {
    const change = fromWholeUnits(wallet, units);
    balance = quantity(balance + change);
    return {
      atMs: START_MS + (at + 1) * MINUTE_MS,
      change,
      lowest: balance,
      highest: balance,
      campaignLowest: campaign === true ? balance : null,
      refusedRequired: null,
    };
  });
  return {
    wallet,
    prices: PRICES.scale,
    fromMs: START_MS,
    toMs: START_MS + 30 * 24 * HOUR_MS,
    isNew: false,
    balance: fromWholeUnits(wallet, beginningUnits),
    monthStartsMs: MONTH_STARTS_MS,
    started: [],
    steps,
  };
}

function mustReplay(history: ReplayHistory, chosen: SettingsChoice, policy: Policy = POLICY) {
  const replayed = replay(history, chosen, policy);
  if (replayed === null) throw new Error('too busy to be replayed');
  return replayed;
}

const choices = (wallet: Wallet) =>
  fc
    .record({
      alertUnits: fc.constantFrom(0, 5, 10, 20),
      topUpUnits: fc.constantFrom(0, 5, 10, 30),
      amountCents: fc.constantFrom(100, 500),
      monthlyCapCents: fc.constantFrom(null, null, 300, 1_000),
    })
    .map(({ alertUnits, topUpUnits, amountCents, monthlyCapCents }) =>
      choice(wallet, {
        alertBelow: fromWholeUnits(wallet, alertUnits),
        topUpBelow: fromWholeUnits(wallet, topUpUnits),
        amountCents: cents(amountCents),
        monthlyCapCents: monthlyCapCents === null ? null : cents(monthlyCapCents),
      }),
    );

const happenings = (wallet: Wallet): fc.Arbitrary<Happening[]> =>
  fc.array(
    fc.record({
      wallet: fc.constant(wallet),
      units: fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 13, max: 60 })),
      kind: fc.constantFrom('campaign', 'campaign', 'campaign', 'inbound', 'outbound', 'grant'),
      laterMs: fc.constantFrom(MINUTE_MS, HOUR_MS, 25 * HOUR_MS, 300 * HOUR_MS),
    }),
    { minLength: 1, maxLength: 60, size: 'max' },
  );

const lives = fc
  .constantFrom(...WALLETS)
  .chain((wallet) =>
    fc.record({ wallet: fc.constant(wallet), chosen: choices(wallet), happened: happenings(wallet) }),
  );

/** Lets a real account live through it, with its workflow, database and provider, and writes its history down. */
function live(wallet: Wallet, chosen: SettingsChoice, happened: readonly Happening[]) {
  const world = createWorld({ policy: SHORT_POLICY });
  const bookedAtMs: number[] = [];
  const note = () => {
    const { entries } = world.database.ledgers[wallet];
    while (bookedAtMs.length < entries.length) bookedAtMs.push(world.now());
  };
  world.observers.push(note);
  world.database.save(wallet, chosen);
  world.live(0);
  for (const { units, kind, laterMs } of happened) {
    const amount = fromWholeUnits(wallet, units);
    if (kind === 'grant') world.grant(wallet, amount);
    else world.use(wallet, amount, kind);
    note();
    world.live(laterMs);
    note();
  }
  return { topUps: world.database.topUps, history: writtenDown(world, wallet, bookedAtMs) };
}

function writtenDown(world: World, wallet: Wallet, bookedAtMs: readonly number[]): ReplayHistory {
  const credits = new Set(world.database.topUps.map(({ creditSeq }) => creditSeq));
  let balance = NO_QUANTITY;
  const steps = world.database.ledgers[wallet].entries
    .filter(({ seq }) => !credits.has(seq))
    .map((entry): ReplayStep => {
      balance = quantity(balance + entry.quantity);
      return {
        atMs: bookedAtMs[entry.seq - 1] ?? 0,
        change: entry.quantity,
        lowest: balance,
        highest: balance,
        campaignLowest: entry.source === 'campaign' ? balance : null,
        refusedRequired: null,
      };
    });
  return {
    wallet,
    prices: PRICES.scale,
    fromMs: START_MS,
    toMs: world.now(),
    isNew: false,
    balance: NO_QUANTITY,
    monthStartsMs: Array.from({ length: 60 }, (_, at) => Date.UTC(2026, 10 + at, 1)),
    started: [],
    steps,
  };
}

type Life = { wallet: Wallet; chosen: SettingsChoice; happened: readonly Happening[] };

function expectSameAsReal({ wallet, chosen, happened }: Life): void {
  const { topUps, history } = live(wallet, chosen, happened);
  const replayed = mustReplay(history, chosen, SHORT_POLICY);
  expect(replayed.topUps).toBe(topUps.length);
  expect(replayed.amountCents).toBe(topUps.reduce((sum, { order }) => sum + order.amountCents, 0));
}

function expectWithinGuards({ wallet, chosen, happened }: Life): void {
  const { history } = live(wallet, { ...chosen, enabled: false }, happened);
  const { events } = mustReplay(history, chosen, SHORT_POLICY);
  const topUps = events.filter((event) => event.kind === 'top_up');
  const monthOf = (ms: number) => new Date(ms).toISOString().slice(0, 7);
  for (const { atMs, amountCents } of topUps) {
    const day = topUps.filter((other) => other.atMs <= atMs && other.atMs > atMs - SHORT_POLICY.dayMs);
    expect(day.length).toBeLessThanOrEqual(SHORT_POLICY.maxTopUpsPerDay);
    const spent = topUps
      .filter((other) => monthOf(other.atMs) === monthOf(atMs))
      .reduce((sum, other) => sum + other.amountCents, 0);
    expect(spent).toBeLessThanOrEqual(chosen.monthlyCapCents ?? Infinity);
    expect(amountCents).toBeLessThanOrEqual(chosen.amountCents * SHORT_POLICY.maxMultiple);
  }
}

function expectNothing({ wallet, chosen, happened }: Life): void {
  const { history } = live(wallet, chosen, happened);
  const replayed = mustReplay(history, { ...chosen, enabled: false }, SHORT_POLICY);
  expect(replayed).toMatchObject({ topUps: 0, amountCents: 0, alerts: 0, warnedMs: null });
}

describe('a replay', () => {
  property.prop([lives], { seed: 11, numRuns: 300 })(
    'of the settings that were in force comes to the top-ups that really happened',
    expectSameAsReal,
  );

  property.prop([lives], { seed: 12, numRuns: 200 })(
    'never charges more than the guards allow',
    expectWithinGuards,
  );

  property.prop([lives], { seed: 13, numRuns: 100 })(
    'of settings that are switched off charges and alerts nothing',
    expectNothing,
  );

  test('says how long before the first top-up the customer would have been warned', () => {
    const history = historyOf('call_minutes', 12, [
      { units: -3, campaign: true },
      { units: -2, campaign: true },
      { units: -3, campaign: true },
    ]);
    const { topUps, alerts, amountCents, warnedMs, events } = mustReplay(history, choice('call_minutes'));
    expect({ topUps, alerts, amountCents, warnedMs }).toEqual({
      topUps: 1,
      alerts: 1,
      amountCents: 500,
      warnedMs: 2 * MINUTE_MS,
    });
    expect(events.map(({ kind }) => kind)).toEqual(['balance.alert', 'top_up']);
  });

  test('begins a new wallet with what was first put into it, because it was not empty before', () => {
    const chosen = choice('chat_credits');
    const life = {
      ...historyOf('chat_credits', 0, [{ units: 12 }, { units: -4 }, { units: -5 }]),
      isNew: true,
    };
    const { topUps, alerts, events, warnedMs } = mustReplay(life, chosen);
    expect({ topUps, alerts, warnedMs }).toEqual({ topUps: 1, alerts: 1, warnedMs: MINUTE_MS });
    expect(events.map(({ atMs }) => atMs - START_MS)).toEqual([2 * MINUTE_MS, 3 * MINUTE_MS]);
    const unused = mustReplay({ ...life, steps: [] }, chosen);
    expect(unused.events.map(({ atMs }) => atMs)).toEqual([life.toMs, life.toMs]);
    const inDebt = { ...historyOf('chat_credits', 0, [{ units: -4 }, { units: 50 }]), isNew: true };
    expect(mustReplay(inDebt, chosen).events[0]).toMatchObject({ atMs: START_MS + MINUTE_MS });
  });

  test('waits for campaigns with minutes, and charges for chat at once', () => {
    const inbound = historyOf('call_minutes', 12, [{ units: -9 }]);
    expect(mustReplay(inbound, choice('call_minutes'))).toMatchObject({ topUps: 0, alerts: 1 });
    const chat = historyOf('chat_credits', 12, [{ units: -9 }]);
    expect(mustReplay(chat, choice('chat_credits'))).toMatchObject({ topUps: 1, alerts: 1 });
    const below = historyOf('chat_credits', 2, []);
    expect(mustReplay(below, choice('chat_credits'))).toMatchObject({ topUps: 1 });
  });

  test('tops up for a refused call when the customer wants that, and not otherwise', () => {
    const history = historyOf('call_minutes', 7, [{ units: 0 }]);
    const [step] = history.steps;
    const refused = [{ ...step!, refusedRequired: fromWholeUnits('call_minutes', 10) }];
    const replayed = (topUpOnRefusal: boolean) =>
      mustReplay({ ...history, steps: refused }, choice('call_minutes', { topUpOnRefusal }));
    expect(replayed(true).topUps).toBe(1);
    expect(replayed(false).topUps).toBe(0);
  });

  test('counts what was charged earlier in the month towards the cap', () => {
    const history = historyOf('chat_credits', 2, []);
    const capped = choice('chat_credits', { monthlyCapCents: cents(900) });
    const started = [{ atMs: START_MS - HOUR_MS, amountCents: cents(500) }];
    expect(mustReplay({ ...history, toMs: START_MS + HOUR_MS }, capped).topUps).toBe(1);
    expect(mustReplay({ ...history, started, toMs: START_MS + HOUR_MS }, capped).topUps).toBe(0);
    // The month of December opens the cap.
    expect(mustReplay({ ...history, started }, capped).topUps).toBe(1);
  });

  test('keeps the newest events, counts all of them, and gives up on what crosses too often', () => {
    const swing = (times: number) =>
      historyOf(
        'call_minutes',
        12,
        Array.from({ length: times }, (_, at) => ({ units: at % 2 ? 4 : -4 })),
      );
    const replayed = mustReplay(swing(400), choice('call_minutes'));
    expect(replayed.alerts).toBe(200);
    expect(replayed.events).toHaveLength(MOST_EVENTS);
    expect(replay(swing(20_000), choice('call_minutes'), POLICY)).toBeNull();
  });

  test('goes through a month of quiet minutes and finds nothing', () => {
    const quiet = historyOf(
      'call_minutes',
      90_000,
      Array.from({ length: 43_200 }, () => ({ units: -2 })),
    );
    expect(mustReplay(quiet, choice('call_minutes'))).toMatchObject({ topUps: 0, alerts: 0 });
  });
});
