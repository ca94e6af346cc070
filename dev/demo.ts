import { randomBytes } from 'node:crypto';
import { Stripe } from 'stripe';
import { WALLETS } from '../domain/wallet.ts';
import type { Wallet } from '../domain/wallet.ts';
import { demoApi } from './demo-api.ts';
import type { AccountAnswer, DemoApi, NotificationItem } from './demo-api.ts';
import { collectEvidence } from './demo-evidence.ts';
import type { Evidence, Witnesses } from './demo-evidence.ts';
import { DEMO } from './demo-scenario.ts';
import { verifyDemo } from './demo-verify.ts';
import type { Finding } from './demo-verify.ts';
import type { LocalPlan } from './local-environment.ts';
import type { Progress } from './progress.ts';

export type DemoRun = {
  readonly accountId: string;
  readonly evidence: Evidence;
  /** Every expectation; the demo came out right when all of them are. */
  readonly findings: readonly Finding[];
};

/** Somebody who looks on. */
export type Audience = {
  /** Called when the account is ready and nothing has happened yet; the campaign begins when it returns. */
  readonly invite: (accountId: string) => Promise<void>;
  /** Before each step, so that each can be seen. */
  readonly pauseMs: number;
};

const EFFECT_TIMEOUT_MS = 60_000;
const POLL_PAUSE_MS = 150;
/** How long to look for a second effect after everything was found once. */
const WATCH_FOR_DOUBLES_MS = 2_000;

/** Makes a fresh account and plays a short campaign and a few chats through the HTTP API, then asks
 *  ledger, Stripe and outbox what came of it.
 *  @param audience unset, it is played as fast as it goes.
 *  @throws when an API refuses a call; an effect that is missing or doubled is a finding. */
export async function runDemo(plan: LocalPlan, progress: Progress, audience?: Audience): Promise<DemoRun> {
  const { environment } = plan;
  const api = demoApi(`http://127.0.0.1:${plan.ports.api}`, environment['PLATFORM_KEY'] ?? '');
  const stripe = stripeClient(environment);
  const witnesses: Witnesses = { api, stripe, outboxUrl: environment['POSTMARK_API_BASE'] ?? '' };
  const accountId = `demo_${randomBytes(6).toString('hex')}`;
  const email = `${accountId}@customer.example`;

  await progress.step('Demo account with a saved test card', async () => {
    await createAccount(api, stripe, accountId, email);
    await prepareWallets(api, accountId);
  });
  await audience?.invite(accountId);
  const play = { api, accountId, pauseMs: audience?.pauseMs ?? 0 };
  await progress.step('A short campaign', (tell) => useUp(play, 'call_minutes', tell));
  await progress.step('Some chats', (tell) => useUp(play, 'chat_credits', tell));
  return progress.step('Asking ledger, Stripe and outbox', async () => {
    const evidence = await settledEvidence(witnesses, accountId, email);
    return { accountId, evidence, findings: verifyDemo(evidence) };
  });
}

function stripeClient(environment: LocalPlan['environment']): Stripe {
  const base = environment['STRIPE_API_BASE'];
  const key = environment['STRIPE_SECRET_KEY'] ?? '';
  if (base === undefined) return new Stripe(key, { telemetry: false });
  const { protocol, hostname, port } = new URL(base);
  return new Stripe(key, {
    telemetry: false,
    host: hostname,
    protocol: protocol === 'https:' ? 'https' : 'http',
    ...(port === '' ? {} : { port }),
  });
}

async function createAccount(api: DemoApi, stripe: Stripe, accountId: string, email: string): Promise<void> {
  const path = `/v1/accounts/${accountId}`;
  await api.call('PUT', path, {
    name: 'Demo Voice GmbH',
    email,
    locale: 'de',
    timeZone: 'Europe/Berlin',
    country: 'DE',
    plan: 'scale',
  });
  const customer = await until('the Stripe customer', async () => {
    const account = await api.call<AccountAnswer>('GET', path);
    return account.stripeCustomerId ?? undefined;
  });
  const card = await stripe.paymentMethods.attach('pm_card_visa', { customer });
  await stripe.customers.update(customer, {
    invoice_settings: { default_payment_method: card.id },
    address: { country: 'DE', city: 'Berlin', postal_code: '10115', line1: 'Invalidenstraße 1' },
  });
}

async function prepareWallets(api: DemoApi, accountId: string): Promise<void> {
  for (const wallet of WALLETS) {
    await api.call('POST', `/v1/accounts/${accountId}/grants`, {
      id: `included-${wallet}`,
      wallet,
      units: DEMO[wallet].granted,
      reason: 'Included in the plan',
    });
    await api.saveSettings(accountId, wallet, DEMO[wallet].settings);
  }
}

/** Reports a wallet's usage, one request each, and waits at each crossing as a campaign would: its next
 *  call comes later than the alert. */
async function useUp(
  { api, accountId, pauseMs }: { api: DemoApi; accountId: string; pauseMs: number },
  wallet: Wallet,
  tell: (message: string) => void,
): Promise<void> {
  const { granted, settings, usage } = DEMO[wallet];
  let balance = granted;
  for (const [index, step] of usage.entries()) {
    tell(step.says);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    const event = { id: `${wallet}-${index + 1}`, account: accountId, occurredAt: new Date().toISOString() };
    await report(api, { ...event, ...step.body });
    const before = balance;
    balance -= step.units;
    if (before >= settings.alertBelow && balance < settings.alertBelow) {
      tell('waiting for the alert');
      await untilTold(api, accountId, wallet, 'balance.alert');
    }
    if (before >= settings.topUpBelow && balance < settings.topUpBelow) {
      tell('waiting for the top-up');
      await untilTold(api, accountId, wallet, 'top_up.succeeded');
    }
  }
}

async function report(api: DemoApi, event: object): Promise<void> {
  const { results } = await api.call<{ results: readonly { status: string; reason?: string }[] }>(
    'POST',
    '/v1/usage',
    { events: [event] },
  );
  if (results[0]?.status !== 'accepted') {
    throw new Error(`Usage was not accepted: ${JSON.stringify({ event, results })}`);
  }
}

/** Waits for a notification; that it never comes is for the verification to say. */
async function untilTold(api: DemoApi, accountId: string, wallet: Wallet, kind: string): Promise<void> {
  await until(kind, async () => {
    const told = await api.list<NotificationItem>(`/v1/accounts/${accountId}/notifications`);
    return told.find((item) => item.wallet === wallet && item.kind === kind);
  }).catch((error: unknown) => {
    if (!(error instanceof EffectMissing)) throw error;
  });
}

/** Asks again until everything is right, then once more a little later, so that doubles show too. */
async function settledEvidence(witnesses: Witnesses, accountId: string, email: string): Promise<Evidence> {
  await until('every effect', async () => {
    const evidence = await collectEvidence(witnesses, accountId, email);
    return verifyDemo(evidence).every((finding) => finding.right) || undefined;
  }).catch((error: unknown) => {
    if (!(error instanceof EffectMissing)) throw error;
  });
  await new Promise((resolve) => setTimeout(resolve, WATCH_FOR_DOUBLES_MS));
  return collectEvidence(witnesses, accountId, email);
}

class EffectMissing extends Error {
  override readonly name = 'EffectMissing';
}

async function until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  const deadline = performance.now() + EFFECT_TIMEOUT_MS;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > deadline) {
      throw new EffectMissing(`Not there after ${EFFECT_TIMEOUT_MS / 1000} s: ${what}.`);
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_PAUSE_MS));
  }
}
