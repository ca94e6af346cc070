import type { NoticeRequest } from '../../domain/commands.ts';
import { cents } from '../../domain/money.ts';
import { fromDisplayUnits, type Quantity } from '../../domain/quantities.ts';
import type { SettingsChoice } from '../../domain/settings.ts';
import type { Wallet } from '../../domain/wallet.ts';
import { createWorld, type World } from './world.ts';

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;

export const minutes = (count: number): Quantity => fromDisplayUnits('call_minutes', count);
export const credits = (count: number): Quantity => fromDisplayUnits('chat_credits', count);

/** Alert at 10 minutes, 50 € below 5: the product page's example. */
export const CALLS: SettingsChoice = {
  enabled: true,
  alertBelow: minutes(10),
  topUpBelow: minutes(5),
  amountCents: cents(50_00),
  monthlyCapCents: null,
  topUpOnRefusal: true,
};

/** Alert at 100 credits, 10 € below 50: the product page's example. */
export const CHAT: SettingsChoice = {
  enabled: true,
  alertBelow: credits(100),
  topUpBelow: credits(50),
  amountCents: cents(10_00),
  monthlyCapCents: null,
  topUpOnRefusal: false,
};

/** An account on the Scale plan with the example's settings and these balances, in display units. */
export function account(
  given: { calls?: Partial<SettingsChoice>; chat?: Partial<SettingsChoice>; callMinutes?: number } & {
    chatCredits?: number;
  } & Parameters<typeof createWorld>[0] = {},
): World {
  const { calls = {}, chat = {}, callMinutes = 12, chatCredits = 120, ...options } = given;
  const world = createWorld(options);
  world.database.save('call_minutes', { ...CALLS, ...calls });
  world.database.save('chat_credits', { ...CHAT, ...chat });
  if (callMinutes > 0) world.grant('call_minutes', minutes(callMinutes));
  if (chatCredits > 0) world.grant('chat_credits', credits(chatCredits));
  world.answer();
  return world;
}

export function campaign(world: World, used: number): void {
  world.use('call_minutes', minutes(used), 'campaign');
  world.answer();
}

export function inbound(world: World, used: number): void {
  world.use('call_minutes', minutes(used), 'inbound');
  world.answer();
}

export function chat(world: World, used: number): void {
  world.use('chat_credits', credits(used), 'outbound');
  world.answer();
}

/** A campaign asks for a hold of so many minutes, and all is answered. */
export function hold(world: World, count: number): 'held' | 'refused' {
  const state = world.database.placeHold(minutes(count));
  world.answer();
  return state;
}

/** Something other than usage has changed: the relay tells the workflow why, and all is answered. */
export function refresh(world: World, reason: Parameters<World['database']['mark']>[0]): void {
  world.database.mark(reason);
  world.answer();
}

/** Time passes, and what goes off on the way is answered before it goes on. */
export function pass(world: World, ms: number): void {
  world.live(ms);
}

/** What the customer was told, in order, such as `balance.alert call_minutes`. */
export function told(world: World): string[] {
  return world.database.told.map(({ request }) =>
    'wallet' in request ? `${request.kind} ${request.wallet}` : request.kind,
  );
}

export function toldOf<K extends NoticeRequest['kind']>(
  world: World,
  kind: K,
): Extract<NoticeRequest, { kind: K }>[] {
  return world.database.told.flatMap(({ request }) =>
    request.kind === kind ? [request as Extract<NoticeRequest, { kind: K }>] : [],
  );
}

/** Every top-up of a wallet as `state amount`, in euros. */
export function topUps(world: World, wallet: Wallet): string[] {
  return world.database.topUps
    .filter(({ order }) => order.wallet === wallet)
    .map(({ state, order }) => `${state} ${order.amountCents / 100}`);
}

/** When the provider was asked to pay, in hours since the first time. */
export function paymentHours(world: World): number[] {
  const [first] = world.provider.payments;
  return world.provider.payments.map(({ atMs }) => (atMs - (first?.atMs ?? 0)) / HOUR_MS);
}

export function balanceOf(world: World, wallet: Wallet): Quantity {
  return world.database.ledgers[wallet].balance();
}
