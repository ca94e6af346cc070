import { describe, expect, test } from 'vitest';
import { initialState } from '../../domain/account-state.ts';
import type { Event } from '../../domain/commands.ts';
import { decide } from '../../domain/decide.ts';
import { accountId, topUpId } from '../../domain/ids.ts';
import { nextWakeAtMs } from '../../domain/next-wake.ts';
import { forEachWallet } from '../../domain/wallet.ts';
import { account, CALLS, CHAT, credits, inbound, minutes, refresh, told, topUps } from './world-examples.ts';
import { createWorld, START_MS } from './world.ts';

function first(event: Event) {
  const topUpIds = forEachWallet((wallet) => topUpId(wallet, '1'));
  return decide(initialState(accountId('acc_1')), { ...event, topUpIds }, START_MS);
}

describe('a workflow that knows nothing', () => {
  test('reads the account whatever it hears first', () => {
    const usage = first({ kind: 'usage', signal: { version: 3, wallets: {} } });
    const refresh = first({ kind: 'refresh', signal: { version: 3, reasons: ['settings'] } });
    for (const { state, commands } of [usage, refresh]) {
      expect(commands).toEqual([{ kind: 'read_account', since: null }]);
      expect(state.version).toBe(3);
      expect(nextWakeAtMs(state, START_MS)).toBeNull();
    }
  });

  test('makes the provider\u2019s customer once it has read that there is none', () => {
    const world = createWorld();
    refresh(world, 'account');
    expect(world.state()!.customerId).toBe('cus_1');
  });

  test('makes that customer once, however much it hears meanwhile', () => {
    const world = createWorld();
    world.database.save('chat_credits', CHAT);
    world.deliver();
    world.step('reads');
    world.step('reads');
    for (let count = 0; count < 3; count += 1) {
      world.use('chat_credits', credits(1));
      world.deliver();
    }
    expect(world.lines.customer).toHaveLength(1);
    world.answer();
    expect(topUps(world, 'chat_credits')).toEqual(['credited 10']);
  });

  test('reads again when it hears more while it reads', () => {
    const world = createWorld();
    world.grant('chat_credits', credits(5));
    world.deliver();
    world.step('reads');
    world.use('chat_credits', credits(2));
    world.deliver();
    world.answer();
    expect(world.state()!.wallets.chat_credits).toMatchObject({ balance: credits(3), seq: 2 });
  });
});

describe('wakes', () => {
  test('that were heard before change nothing', () => {
    const world = account({ callMinutes: 12 });
    inbound(world, 3);
    inbound(world, 1);
    const before = world.state();
    for (let index = 0; index < 10; index += 1) world.repeat(index);
    expect(world.state()).toEqual(before);
    expect(told(world)).toEqual(['balance.alert call_minutes']);
  });

  test('of one wallet are not lost when those of the other overtake them', () => {
    const world = account({ callMinutes: 12, chatCredits: 120 });
    world.use('call_minutes', minutes(3), 'inbound');
    const calls = world.database.claim()!;
    world.database.acknowledge();
    world.use('chat_credits', credits(30));
    const chat = world.database.claim()!;
    world.database.acknowledge();
    for (const message of [chat, calls, chat]) {
      if (message.kind === 'usage') world.hear({ kind: 'usage', signal: message.signal });
    }
    world.answer();
    expect(told(world)).toEqual(['balance.alert chat_credits', 'balance.alert call_minutes']);
  });

  test('that skip an entry make the account be read, so that no dip is missed', () => {
    const world = account({ callMinutes: 12 });
    world.use('call_minutes', minutes(5), 'inbound');
    world.database.claim();
    world.database.acknowledge();
    world.grant('call_minutes', minutes(20));
    world.answer();
    expect(told(world)).toEqual(['balance.alert call_minutes']);
  });

  test('read the account afresh when something other than usage has changed', () => {
    const world = account({ callMinutes: 12 });
    world.database.save('call_minutes', { ...CALLS, topUpBelow: minutes(1) });
    world.answer();
    expect(world.state()!.wallets.call_minutes.settings?.topUpBelow).toBe(minutes(1));
  });
});
