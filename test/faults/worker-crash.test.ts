import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { STEPS, type Step } from '../../activities/steps.ts';
import { connect, type Database } from '../../db/connect.ts';
import { checkInvariants } from '../../db/invariants.ts';
import { POLICY as PRODUCT_POLICY } from '../../domain/policy.ts';
import type { Child } from '../../dev/child.ts';
import { eventually } from '../support/eventually.ts';
import {
  chat,
  createExampleAccount,
  makeCardBehaveAs,
  refundByOperator,
  type ExampleAccount,
  type LedgerItem,
  type TopUpItem,
} from '../support/example-account.ts';
import { startStack, type Stack } from '../support/stack.ts';

const AFTER_A_CRASH = { timeoutMs: 60_000, pauseMs: 200 };

/** A dead worker is noticed quickly. What may have been handed over is waited for longer than a hand-over may take
 *  (10 s), or a slow one would look like one that was never accepted. */
const POLICY = { ledgerTimeoutMs: 2_000, heartbeatTimeoutMs: 3_000, mailSearchLagMs: 12_000 };

type Ending = {
  paymentMethod: string;
  behavesAs?: string;
  state: string;
  payments: number;
  mails: string[];
  /** Ledger entries of refunds. */
  refunds?: number;
};

const PAID: Ending = {
  paymentMethod: 'pm_card_visa',
  state: 'credited',
  payments: 1,
  mails: ['balance.alert', 'top_up.succeeded'],
};
const LOST_CARD: Ending = {
  paymentMethod: 'pm_card_visa',
  behavesAs: '4000000000009987',
  state: 'failed',
  payments: 0,
  mails: ['auto_top_up.suspended', 'balance.alert', 'top_up.failed'],
};
/** The bank asks for authentication; the customer pays on Stripe's page with another card. */
const PAID_BY_HAND: Ending = {
  paymentMethod: 'pm_card_authenticationRequired',
  state: 'credited',
  payments: 1,
  mails: ['balance.alert', 'top_up.action_required', 'top_up.succeeded'],
};

/** The customer left the payment page open; it gives way to the automatic charge. */
const PAID_BESIDE_AN_OPEN_PAGE: Ending = { ...PAID };
/** Paid, and then refunded in full by an operator. */
const REFUNDED: Ending = {
  ...PAID,
  state: 'refunded',
  mails: ['balance.alert', 'top_up.refunded', 'top_up.succeeded'],
  refunds: 1,
};

/** The ending whose road leads over each step. A step without one does not compile. */
const ROADS: Record<Step, Ending> = {
  'charge.intent_recorded': PAID,
  'charge.customer_saved': PAID,
  'charge.invoice_created': PAID,
  'charge.invoice_saved': PAID,
  'charge.item_added': PAID,
  'charge.finalized': PAID,
  'charge.attempt_begun': PAID,
  'charge.paid': PAID,
  'charge.paid_recorded': PAID,
  'credit.booked': PAID,
  'look_up.read': PAID_BY_HAND,
  'close.voided': LOST_CARD,
  'close.recorded': LOST_CARD,
  'notify.recorded': PAID,
  'email.begun': PAID,
  'email.accepted': PAID,
  'email.recorded': PAID,
  'close.page_expired': PAID_BESIDE_AN_OPEN_PAGE,
  'refund.accepted': REFUNDED,
  'refund.recorded': REFUNDED,
  'reverse.read': REFUNDED,
  'reverse.booked': REFUNDED,
};

describe('a worker that is killed between two effects', () => {
  let stack: Stack;
  let db: Database;
  /** Runs, and will die at its step; undefined after the last one. */
  let worker: { child: Child; step: Step | undefined } | undefined;
  const ids = Object.fromEntries(STEPS.map((step) => [step, `acc_${crypto.randomUUID()}`])) as Record<
    Step,
    string
  >;
  beforeAll(async () => {
    stack = await startStack({ worker: false, policy: POLICY });
    db = connect(stack.databaseUrl, { max: 2, applicationName: 'test', log: { warn: () => undefined } });
  });
  const workerFor = async (step: Step | undefined): Promise<Child> => {
    await worker?.child.stop();
    const child = await stack.startWorker(step === undefined ? undefined : { step, accountId: ids[step] });
    worker = { child, step };
    return child;
  };
  afterAll(async () => {
    await db.end();
    await stack.stop();
  });

  it.each(STEPS)('%s: one payment, one credit, one mail of each', { timeout: 120_000 }, async (step) => {
    const { paymentMethod, state, payments, mails } = ROADS[step];
    const dying = worker?.step === step ? worker.child : await workerFor(step);
    const account = await createExampleAccount(stack, { paymentMethod, id: ids[step] });
    const { behavesAs } = ROADS[step];
    if (behavesAs !== undefined) await makeCardBehaveAs(stack, account, behavesAs);
    await account.grant('chat_credits', 120);
    await account.enable('chat_credits');
    if (ROADS[step] === PAID_BESIDE_AN_OPEN_PAGE) await leavePageOpen(stack, account);
    await account.use([chat(80)]);
    if (ROADS[step] === PAID_BY_HAND) await payByHand(stack, account);
    if (ROADS[step] === REFUNDED) await refund(stack, account);
    expect(await dying.exited).toMatchObject({ signal: 'SIGKILL' });

    // The next one finishes what this one left behind, before it dies of its own account.
    const next = STEPS[STEPS.indexOf(step) + 1];
    await workerFor(next);
    const tags = async () => (await stack.mails(account.email)).map((mail) => mail.Tag).sort();
    await eventually(async () => expect(await tags()).toEqual(mails), AFTER_A_CRASH);
    await eventually(async () => {
      const topUps = await account.list<TopUpItem & { trigger: string }>('top-ups');
      expect(topUps.filter(({ trigger }) => trigger === 'auto')).toMatchObject([{ state, attempts: 1 }]);
      expect(topUps.slice(1).every((abandoned) => abandoned.state === 'canceled')).toBe(true);
    });
    const { stripeCustomerId: customer } = await account.read();
    const intents = await stack.stripe.paymentIntents.list({ customer });
    expect(intents.data.filter((intent) => intent.status === 'succeeded')).toHaveLength(payments);
    expect((await stack.stripe.invoices.list({ customer })).data).toHaveLength(1);
    const credits = (await account.list<LedgerItem>('ledger')).filter(({ kind }) => kind === 'top_up');
    expect(credits).toHaveLength(payments);
    const taken = (await account.list<LedgerItem>('ledger')).filter(({ kind }) => kind === 'refund');
    expect(taken).toHaveLength(ROADS[step].refunds ?? 0);
    const given = (await stack.stripe.refunds.list({})).data.filter(({ payment_intent: intent }) =>
      intents.data.some(({ id }) => id === intent),
    );
    expect(given).toHaveLength(ROADS[step].refunds ?? 0);
    expect((await checkInvariants(db, PRODUCT_POLICY)).filter(({ holds }) => !holds)).toEqual([]);
  });
});

async function leavePageOpen(stack: Stack, { id }: ExampleAccount): Promise<void> {
  const body = { wallet: 'chat_credits', amount: 10, method: 'checkout' };
  const key = { 'idempotency-key': 'left-open' };
  expect((await stack.call('POST', `/v1/accounts/${id}/top-ups`, body, key)).status).toBe(201);
}

async function refund(stack: Stack, account: ExampleAccount): Promise<void> {
  const topUp = await eventually(async () => {
    const [found] = await account.list<TopUpItem>('top-ups');
    expect(found).toMatchObject({ state: 'credited' });
    return found;
  }, AFTER_A_CRASH);
  // Or the refund would be followed by the next top-up.
  await account.enable('chat_credits', { enabled: false });
  await refundByOperator(stack, topUp?.id ?? '', { reason: 'goodwill' });
}

async function payByHand(stack: Stack, account: ExampleAccount): Promise<void> {
  const { stripeCustomerId: customer } = await account.read();
  await eventually(async () => {
    expect(await account.list<TopUpItem>('top-ups')).toMatchObject([{ state: 'action_required' }]);
  }, AFTER_A_CRASH);
  const [invoice] = (await stack.stripe.invoices.list({ customer })).data;
  const card = await stack.stripe.paymentMethods.attach('pm_card_visa', { customer });
  await stack.stripe.invoices.pay(invoice?.id ?? '', { payment_method: card.id });
}
