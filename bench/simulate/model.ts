import type { UsageEvent } from '../../db/book-usage.ts';
import type { AccountId } from '../../domain/ids.ts';
import { cents, type Cents } from '../../domain/money.ts';
import { fromDisplayUnits, quantity, type Quantity } from '../../domain/quantities.ts';
import type { Settings } from '../../domain/settings.ts';
import type { Wallet } from '../../domain/wallet.ts';
import { logNormal, pickByWeight, poisson, type Random } from '../support/random.ts';

/** How customers are assumed to use the product: docs/scaling.md lists and explains these. */
const ASSUMPTIONS = {
  /** Calls a month: half of the accounts have fewer; a few have hundreds of times as many. */
  medianCalls: 60,
  callsSigma: 1.8,
  medianCallSeconds: 45,
  callSecondsSigma: 0.9,
  /** Of the accounts that call more than this, so many run campaigns, with this share of their calls. */
  campaignsAboveCalls: 100,
  campaigners: 0.5,
  campaignShare: 0.7,
  medianCampaignCalls: 80,
  campaignSigma: 1,
  lines: [2, 5, 10, 20],
  /** Conversations for each call, of accounts that chat at all, and replies of each. */
  chatters: 0.4,
  chatsPerCall: 0.3,
  repliesPerChat: 6,
  secondsBetweenReplies: 40,
  enabled: 0.8,
  centsPerMinute: 11,
} as const;

export const DAY_MS = 86_400_000;
export const MONTH_DAYS = 30;
const HOUR_MS = 3_600_000;
/** From midnight: calls come in working hours. */
const HOURS = [1, 1, 1, 1, 1, 2, 4, 8, 16, 24, 26, 24, 18, 20, 24, 24, 20, 14, 10, 8, 6, 4, 2, 1];
/** From Monday. */
const WEEKDAYS = [10, 10, 10, 10, 9, 4, 2];
const WORKING_HOURS = { from: 9, count: 8 } as const;

/** One account of the model: what it uses, and what its customer chose. */
export type ModelAccount = {
  readonly accountId: AccountId;
  readonly callsPerMonth: number;
  readonly settings: Readonly<Record<Wallet, Settings>>;
  readonly startBalance: Readonly<Record<Wallet, Quantity>>;
};

/** @param activity standard normal: how busy the account is. */
export function makeAccount(random: Random, accountId: AccountId, activity: number): ModelAccount {
  const callsPerMonth = ASSUMPTIONS.medianCalls * Math.exp(ASSUMPTIONS.callsSigma * activity);
  const meanSeconds = ASSUMPTIONS.medianCallSeconds * Math.exp(ASSUMPTIONS.callSecondsSigma ** 2 / 2);
  const minutesPerDay = (callsPerMonth * meanSeconds) / 60 / MONTH_DAYS;
  const enabled = random() < ASSUMPTIONS.enabled;
  // About a week's use at a time, in steps of 5 EUR, within what may be charged.
  const weekCents = minutesPerDay * 7 * ASSUMPTIONS.centsPerMinute;
  const amountCents = cents(Math.min(1_000_000, Math.max(500, Math.ceil(weekCents / 500) * 500)));
  const topUpMinutes = Math.max(5, Math.ceil(minutesPerDay / 2));
  const weekMinutes = amountCents / ASSUMPTIONS.centsPerMinute;
  return {
    accountId,
    callsPerMonth,
    settings: {
      call_minutes: settingsOf(enabled, minutes(topUpMinutes), amountCents),
      chat_credits: settingsOf(enabled, fromDisplayUnits('chat_credits', 50), cents(1_000)),
    },
    startBalance: {
      // Without auto top-up the customer buys by hand, and in time.
      call_minutes: enabled ? minutes(Math.ceil(topUpMinutes + random() * weekMinutes)) : minutes(1e9),
      chat_credits: fromDisplayUnits('chat_credits', enabled ? Math.ceil(50 + random() * 1_000) : 1e9),
    },
  };
}

function minutes(count: number): Quantity {
  return fromDisplayUnits('call_minutes', count);
}

function settingsOf(enabled: boolean, topUpBelow: Quantity, amountCents: Cents): Settings {
  return {
    enabled,
    alertBelow: quantity(topUpBelow * 2),
    topUpBelow,
    amountCents,
    monthlyCapCents: null,
    topUpOnRefusal: true,
    version: 1,
    alertVersion: 1,
  };
}

/** What an account uses in a month that begins at 0 on a Monday, in the order of time. */
export function monthOf(random: Random, account: ModelAccount): UsageEvent[] {
  const events: UsageEvent[] = [];
  const { accountId, callsPerMonth } = account;
  const isCampaigner = callsPerMonth > ASSUMPTIONS.campaignsAboveCalls && random() < ASSUMPTIONS.campaigners;
  const singleCalls = poisson(random, callsPerMonth * (isCampaigner ? 1 - ASSUMPTIONS.campaignShare : 1));
  const call = (atMs: number, source: 'campaign' | 'inbound') => {
    const { medianCallSeconds, callSecondsSigma } = ASSUMPTIONS;
    const seconds = Math.max(1, Math.min(3_600, logNormal(random, medianCallSeconds, callSecondsSigma)));
    events.push(eventOf(accountId, 'call_minutes', quantity(Math.round(seconds * 1_000)), atMs, source));
  };
  for (let count = 0; count < singleCalls; count += 1) call(timeOfDay(random), 'inbound');
  if (isCampaigner) addCampaigns(random, callsPerMonth * ASSUMPTIONS.campaignShare, call);
  if (random() < ASSUMPTIONS.chatters) {
    const chats = poisson(random, callsPerMonth * ASSUMPTIONS.chatsPerCall);
    for (let chat = 0; chat < chats; chat += 1) {
      let atMs = timeOfDay(random);
      const replies = 1 + poisson(random, ASSUMPTIONS.repliesPerChat - 1);
      for (let reply = 0; reply < replies; reply += 1) {
        events.push(
          eventOf(accountId, 'chat_credits', fromDisplayUnits('chat_credits', 1), Math.round(atMs), null),
        );
        atMs += -Math.log(1 - random()) * ASSUMPTIONS.secondsBetweenReplies * 1_000;
      }
    }
  }
  return events.sort((one, other) => one.occurredAtMs - other.occurredAtMs);
}

function timeOfDay(random: Random): number {
  const days = Array.from({ length: MONTH_DAYS }, (_, day) => WEEKDAYS[day % 7] ?? 1);
  const day = pickByWeight(random, days);
  return Math.round(day * DAY_MS + (pickByWeight(random, HOURS) + random()) * HOUR_MS);
}

/** Bursts: many calls on a few lines at once, in working hours. */
function addCampaigns(random: Random, calls: number, call: (atMs: number, source: 'campaign') => void): void {
  const { medianCampaignCalls, campaignSigma, lines, medianCallSeconds } = ASSUMPTIONS;
  for (let left = calls; left >= 1; ) {
    const size = Math.min(
      Math.ceil(left),
      Math.max(5, Math.round(logNormal(random, medianCampaignCalls, campaignSigma))),
    );
    const parallel = lines[Math.floor(random() * lines.length)] ?? 1;
    const lastsMs = Math.max(60_000, (size * medianCallSeconds * 1_500) / parallel);
    const day = Math.floor(random() * MONTH_DAYS);
    const workday = day % 7 > 4 ? day - (day % 7) : day;
    const beginsMs = workday * DAY_MS + (WORKING_HOURS.from + random() * WORKING_HOURS.count) * HOUR_MS;
    for (let count = 0; count < size; count += 1) call(Math.round(beginsMs + random() * lastsMs), 'campaign');
    left -= size;
  }
}

function eventOf(
  accountId: AccountId,
  wallet: Wallet,
  used: Quantity,
  occurredAtMs: number,
  source: 'campaign' | 'inbound' | null,
): UsageEvent {
  const type = wallet === 'call_minutes' ? 'call' : 'ai_chat_reply';
  return { id: '', accountId, wallet, quantity: used, source, type, occurredAtMs, fingerprint: '' };
}
