import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import type { AccountState } from '../../domain/account-state.ts';
import type { Event } from '../../domain/commands.ts';
import { cents } from '../../domain/money.ts';
import { fromWholeUnits } from '../../domain/quantities.ts';
import { WALLETS, type Wallet } from '../../domain/wallet.ts';
import { createWorld, type World } from './world.ts';

type Use = { wallet: Wallet; units: number; source: 'campaign' | 'inbound' | null; cuts: boolean };

const use: fc.Arbitrary<Use> = fc.record({
  wallet: fc.constantFrom(...WALLETS),
  units: fc.integer({ min: 1, max: 25 }),
  source: fc.constantFrom('campaign', 'campaign', 'inbound', null),
  cuts: fc.boolean(),
});

/** An account with both wallets set up and read, and suspended, so that it watches and never charges. */
function watchingWorld(): World {
  const world = createWorld();
  for (const wallet of WALLETS) {
    world.database.save(wallet, {
      enabled: true,
      alertBelow: fromWholeUnits(wallet, 10),
      topUpBelow: fromWholeUnits(wallet, 5),
      amountCents: cents(5_000),
      monthlyCapCents: null,
      topUpOnRefusal: true,
    });
    world.grant(wallet, fromWholeUnits(wallet, 30));
  }
  world.database.account.suspension = { reason: 'operator', sinceMs: world.now() };
  world.answer();
  return world;
}

/** Cuts the uses into the messages that the relay sends, and hands none of them over. */
function messagesOf(world: World, uses: readonly Use[]): Event[] {
  const messages: Event[] = [];
  const cut = () => {
    const message = world.database.claim();
    world.database.acknowledge();
    if (message?.kind === 'usage') messages.push({ kind: 'usage', signal: message.signal });
  };
  for (const { wallet, units, source, cuts } of uses) {
    const amount = fromWholeUnits(wallet, units);
    if (source === null) world.grant(wallet, amount);
    else world.use(wallet, amount, source);
    if (cuts) cut();
  }
  cut();
  return messages;
}

/** What is left of an account's past: `used` and `version` only tell of the last message. */
function remembered({ wallets }: AccountState) {
  return WALLETS.map((wallet) => {
    const { used: _, want, ...watched } = wallets[wallet];
    return { ...watched, isWanted: wallet === 'chat_credits' && want !== null };
  });
}

describe('usage messages in any order, any number of times', () => {
  const uses = fc.array(use, { minLength: 1, maxLength: 15 });
  const order = fc.array(fc.nat(), { maxLength: 40 });

  test.prop([uses, order, fc.boolean()], { seed: 31, numRuns: 300 })(
    'end in the state of the order in which they were cut',
    expectSameEnd,
  );

  test.prop([uses, order], { seed: 32, numRuns: 300 })(
    'tell an alert that lasts, and tell it once',
    expectToldOnce,
  );
});

function expectSameEnd(uses: readonly Use[], order: readonly number[], answersAtOnce: boolean): void {
  const straight = watchingWorld();
  for (const message of messagesOf(straight, uses)) straight.hear(message);
  straight.answer();

  const shuffled = watchingWorld();
  const messages = messagesOf(shuffled, uses);
  for (const message of [...shuffle(messages, order), ...messages.toReversed()]) {
    shuffled.hear(message);
    if (answersAtOnce) shuffled.answer();
  }
  shuffled.answer();

  expect(remembered(shuffled.state()!)).toEqual(remembered(straight.state()!));
}

function expectToldOnce(uses: readonly Use[], order: readonly number[]): void {
  const world = watchingWorld();
  const messages = messagesOf(world, uses);
  for (const message of [...shuffle(messages, order), ...messages]) world.hear(message);
  world.answer();
  for (const wallet of WALLETS) {
    const { entries, balance } = world.database.ledgers[wallet];
    const alertBelow = fromWholeUnits(wallet, 10);
    const alerts = world.database.told.flatMap(({ request }) =>
      request.kind === 'balance.alert' && request.wallet === wallet ? [request.seq] : [],
    );
    const crossings = entries.filter(
      ({ balanceAfter, seq }) => balanceAfter < alertBelow && balance(seq - 1) >= alertBelow,
    );
    expect(alerts.length).toBeLessThanOrEqual(crossings.length);
    if (balance() < alertBelow) expect(alerts.at(-1)).toBeGreaterThanOrEqual(crossings.at(-1)!.seq);
  }
}

/** Picks messages in any order, some never and some many times. */
function shuffle(messages: readonly Event[], order: readonly number[]): Event[] {
  return order.map((pick) => messages[pick % messages.length]!);
}
