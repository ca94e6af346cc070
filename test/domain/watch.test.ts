import { describe, expect, test } from 'vitest';
import {
  account,
  campaign,
  chat,
  CALLS,
  credits,
  inbound,
  minutes,
  refresh,
  told,
  toldOf,
  topUps,
} from './world-examples.ts';
import { createWorld } from './world.ts';

describe('the alert', () => {
  test('inbound calls below 10 minutes are alerted once, and never topped up', () => {
    const world = account({ callMinutes: 12 });
    inbound(world, 3);
    inbound(world, 1);
    inbound(world, 5);
    expect(told(world)).toEqual(['balance.alert call_minutes']);
    expect(topUps(world, 'call_minutes')).toEqual([]);
  });

  test('a balance at exactly the alert value is not below it', () => {
    const world = account({ callMinutes: 12 });
    inbound(world, 2);
    expect(told(world)).toEqual([]);
    world.use('call_minutes', 1, 'inbound');
    world.answer();
    expect(told(world)).toEqual(['balance.alert call_minutes']);
  });

  test('chat credits below 100 are alerted, and below 50 topped up', () => {
    const world = account({ chatCredits: 120 });
    chat(world, 30);
    expect(told(world)).toEqual(['balance.alert chat_credits']);
    chat(world, 41);
    expect(told(world)).toEqual(['balance.alert chat_credits', 'top_up.succeeded']);
    expect(topUps(world, 'chat_credits')).toEqual(['credited 10']);
  });

  test('it says the balance that it is about', () => {
    const world = account({ callMinutes: 12 });
    inbound(world, 3);
    expect(toldOf(world, 'balance.alert')[0]).toMatchObject({ balance: minutes(9), seq: 2, alertVersion: 1 });
  });

  test('it comes again after the balance was at or above its value', () => {
    const world = account({ callMinutes: 12 });
    inbound(world, 3);
    world.grant('call_minutes', minutes(1));
    inbound(world, 1);
    expect(told(world)).toEqual(['balance.alert call_minutes', 'balance.alert call_minutes']);
  });

  test('a dip that has recovered when it is heard of is told with its lowest balance', () => {
    const world = account({ callMinutes: 12 });
    world.use('call_minutes', minutes(5), 'inbound');
    world.grant('call_minutes', minutes(20));
    world.answer();
    expect(toldOf(world, 'balance.alert')).toMatchObject([{ balance: minutes(7) }]);
  });

  test('two dips that are heard of together are told once', () => {
    const world = account({ callMinutes: 12 });
    for (const change of [5, -20, 20]) {
      if (change > 0) world.use('call_minutes', minutes(change), 'inbound');
      else world.grant('call_minutes', minutes(-change));
    }
    world.answer();
    expect(told(world)).toEqual(['balance.alert call_minutes']);
  });

  test('a balance that rose and fell between two signals is told again', () => {
    const world = account({ callMinutes: 12 });
    inbound(world, 5);
    world.grant('call_minutes', minutes(20));
    world.use('call_minutes', minutes(20), 'inbound');
    world.answer();
    expect(told(world)).toEqual(['balance.alert call_minutes', 'balance.alert call_minutes']);
  });

  test('a balance that stayed below is not told again when it rises a little', () => {
    const world = account({ callMinutes: 12 });
    inbound(world, 9);
    world.grant('call_minutes', minutes(4));
    inbound(world, 3);
    expect(told(world)).toEqual(['balance.alert call_minutes']);
  });

  test('a new alert value arms it again, and is not held against an older dip', () => {
    const world = account({ callMinutes: 12 });
    inbound(world, 3);
    world.database.save('call_minutes', { ...CALLS, alertBelow: minutes(8) });
    world.answer();
    expect(told(world)).toEqual(['balance.alert call_minutes']);
    world.database.save('call_minutes', { ...CALLS, alertBelow: minutes(20) });
    world.answer();
    expect(told(world)).toEqual(['balance.alert call_minutes', 'balance.alert call_minutes']);
  });

  test('a save that leaves the alert value alone does not arm it', () => {
    const world = account({ callMinutes: 12 });
    inbound(world, 3);
    world.database.save('call_minutes', { ...CALLS, topUpBelow: minutes(2) });
    world.answer();
    expect(told(world)).toEqual(['balance.alert call_minutes']);
  });

  test('a dip older than a new alert value is not told under it, though it arrives with it', () => {
    const world = account({ callMinutes: 30 });
    world.use('call_minutes', minutes(20.5), 'inbound');
    world.grant('call_minutes', minutes(20));
    world.database.save('call_minutes', { ...CALLS, alertBelow: minutes(15) });
    world.answer();
    expect(told(world)).toEqual([]);
  });

  test('switched off, it is silent; switched on below its value, it is told', () => {
    const world = account({ callMinutes: 12, calls: { enabled: false } });
    inbound(world, 3);
    expect(told(world)).toEqual([]);
    world.database.save('call_minutes', CALLS);
    world.answer();
    expect(told(world)).toEqual(['balance.alert call_minutes']);
  });

  test('at or below the top-up value it is still told, besides the top-up', () => {
    const world = account({ callMinutes: 12, calls: { alertBelow: minutes(4), topUpBelow: minutes(5) } });
    campaign(world, 9);
    expect(told(world)).toEqual(['balance.alert call_minutes', 'top_up.succeeded']);
  });

  test('a top-up that runs above the alert value tells of no alert', () => {
    const world = account({ callMinutes: 12, calls: { alertBelow: minutes(4), topUpBelow: minutes(5) } });
    campaign(world, 7.5);
    expect(told(world)).toEqual(['top_up.succeeded']);
  });
});

describe('depletion', () => {
  test('is told once, without any settings', () => {
    const world = createWorld();
    world.grant('chat_credits', credits(5));
    world.answer();
    for (const used of [5, 1, 1]) chat(world, used);
    expect(told(world)).toEqual(['balance.depleted chat_credits']);
  });

  test('is told at exactly zero, and again only after the balance was above zero', () => {
    const world = account({ callMinutes: 12, calls: { enabled: false } });
    inbound(world, 12);
    inbound(world, 2);
    world.grant('call_minutes', minutes(2));
    world.answer();
    expect(told(world)).toEqual(['balance.depleted call_minutes']);
    world.grant('call_minutes', minutes(1));
    inbound(world, 1);
    expect(told(world)).toEqual(['balance.depleted call_minutes', 'balance.depleted call_minutes']);
  });

  test('never concerns a new account', () => {
    const world = createWorld();
    world.answer();
    refresh(world, 'account');
    inbound(world, 3);
    expect(told(world)).toEqual([]);
  });

  test('is told although settings were saved while it passed unseen', () => {
    const world = account({ callMinutes: 12 });
    world.use('call_minutes', minutes(12), 'inbound');
    world.grant('call_minutes', minutes(30));
    world.database.save('call_minutes', { ...CALLS, alertBelow: minutes(3) });
    world.answer();
    expect(told(world)).toEqual(['balance.depleted call_minutes']);
  });
});
