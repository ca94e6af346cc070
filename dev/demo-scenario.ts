import type { Wallet } from '../domain/wallet.ts';

/** One wallet's part of the demo, in display units (minutes or credits) and euros. */
export type WalletScenario = {
  readonly granted: number;
  readonly settings: {
    readonly enabled: true;
    readonly alertBelow: number;
    readonly topUpBelow: number;
    readonly amount: number;
    readonly monthlyCap: null;
    readonly topUpOnRefusal: true;
  };
  /** One request each, in this order. */
  readonly usage: readonly UsageStep[];
  /** Bought by `amount` at the price of the Scale plan. */
  readonly unitsBought: number;
};

export type UsageStep = { readonly body: UsageBody; readonly units: number; readonly says: string };

type UsageBody =
  | { readonly type: 'call'; readonly source: 'campaign'; readonly seconds: number }
  | { readonly type: 'ai_chat_reply' | 'whatsapp_message' | 'sms'; readonly credits: number };

/** German VAT on every invoice of the demo's account. */
const DEMO_VAT_PERCENT = 19;

/** A small campaign and a few chats. Both wallets first fall below the alert value, then below the
 *  top-up value: the examples of the product's own page, so 50 € buy 454 minutes, 10 € buy 1,285 credits. */
export const DEMO: Readonly<Record<Wallet, WalletScenario>> = {
  call_minutes: {
    granted: 12,
    settings: settings({ alertBelow: 10, topUpBelow: 5, amount: 50 }),
    usage: [call(90), call(60), call(120), call(105), call(75)],
    unitsBought: 454,
  },
  chat_credits: {
    granted: 120,
    settings: settings({ alertBelow: 100, topUpBelow: 50, amount: 10 }),
    usage: [
      chat('ai_chat_reply', 15),
      chat('whatsapp_message', 10),
      chat('ai_chat_reply', 30),
      chat('sms', 20),
    ],
    unitsBought: 1_285,
  },
};

/** The balance when all is used and no top-up has been credited. */
export function usedUpBalance({ granted, usage }: WalletScenario): number {
  return usage.reduce((balance, step) => balance - step.units, granted);
}

/** What an invoice over `net` euros has to come to, in cents. */
export function grossCents(net: number): number {
  return Math.round(net * (100 + DEMO_VAT_PERCENT));
}

function settings(values: {
  alertBelow: number;
  topUpBelow: number;
  amount: number;
}): WalletScenario['settings'] {
  return { enabled: true, ...values, monthlyCap: null, topUpOnRefusal: true };
}

function call(seconds: number): UsageStep {
  return {
    body: { type: 'call', source: 'campaign', seconds },
    units: seconds / 60,
    says: `campaign call of ${seconds} s`,
  };
}

function chat(type: 'ai_chat_reply' | 'whatsapp_message' | 'sms', credits: number): UsageStep {
  return {
    body: { type, credits },
    units: credits,
    says: `${type.replaceAll('_', ' ')}, ${credits} credits`,
  };
}
