import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, type Database } from '../../db/connect.ts';
import { checkInvariants } from '../../db/invariants.ts';
import { POLICY as PRODUCT_POLICY } from '../../domain/policy.ts';
import { eventually } from '../support/eventually.ts';
import {
  chat,
  createExampleAccount,
  makeCardBehaveAs,
  type ExampleAccount,
  type LedgerItem,
  type TopUpItem,
} from '../support/example-account.ts';
import { setMailFaults, waitingMailFaults } from '../support/postmark-controls.ts';
import { startStack, type Stack } from '../support/stack.ts';
import { control, failOnce, strikesOf, untilStruck } from '../support/stripe-controls.ts';

/** How a top-up has to end, as everybody sees it. */
type Ending = {
  state: string;
  failure: string | null;
  payments: number;
  mails: string[];
};

const CREDITED: Ending = {
  state: 'credited',
  failure: null,
  payments: 1,
  mails: ['balance.alert', 'top_up.succeeded'],
};
const CREDITED_AFTER_DECLINE: Ending = {
  ...CREDITED,
  mails: ['balance.alert', 'top_up.failed', 'top_up.succeeded'],
};
const LOST_CARD: Ending = {
  state: 'failed',
  failure: 'lost_or_stolen_card',
  payments: 0,
  mails: ['auto_top_up.suspended', 'balance.alert', 'top_up.failed'],
};
const WAITS_FOR_CUSTOMER: Ending = {
  state: 'action_required',
  failure: 'authentication_required',
  payments: 0,
  mails: ['balance.alert', 'top_up.action_required'],
};

type Call = { path: string; ending: Ending; card?: string; hasKey: boolean };

/** Calls to Stripe, by the paths that the sandbox's switches know, each with the ending whose road leads over it.
 *  The credit note of a refund has a file of its own: its key may have to be outlived. */
const CALLS: Record<string, Call> = {
  'create the invoice': { path: '/v1/invoices', ending: CREDITED, hasKey: true },
  'add its item': { path: '/v1/invoiceitems', ending: CREDITED, hasKey: true },
  finalize: { path: '/v1/invoices/*/finalize', ending: CREDITED, hasKey: true },
  pay: { path: '/v1/invoices/*/pay', ending: CREDITED, hasKey: true },
  void: { path: '/v1/invoices/*/void', ending: LOST_CARD, card: '4000000000009987', hasKey: false },
};

/** Longer than the client waits for one call. */
const BEYOND_THE_TIME_OUT_MS = 11_000;

/** What goes wrong once, and then not again. */
const FAULTS: Record<string, { kind: string } & Record<string, unknown>> = {
  'a time-out before the effect': { kind: 'delay', ms: BEYOND_THE_TIME_OUT_MS, when: 'before' },
  'a time-out after the effect': { kind: 'delay', ms: BEYOND_THE_TIME_OUT_MS, when: 'after' },
  'a reset before the effect': { kind: 'lost_request' },
  'a lost response': { kind: 'lost_response' },
  'a truncated body': { kind: 'truncated_body' },
  'a body without error, before the effect': { kind: 'no_error_body', status: 502, when: 'before' },
  'a body without error, after the effect': { kind: 'no_error_body', status: 502, when: 'after' },
  'a 500 without effect': { kind: 'error_before' },
  'a 500 after the effect': { kind: 'error_after' },
  'a 429': { kind: 'rate_limit' },
  // Nothing but a key can be in use.
  'a 409 of a key in use': { kind: 'conflict' },
};

/** One row: what is set up before the balance crosses the threshold, what happens while the charge runs, and how
 *  it has to end. */
type Row = {
  name: string;
  ending: Ending;
  before: (account: ExampleAccount, customer: string) => Promise<void>;
  meanwhile?: (account: ExampleAccount, customer: string) => Promise<void>;
  hasStruck: (account: ExampleAccount, customer: string) => Promise<boolean>;
};

/** What is unknown is looked up soon, after a quiet time that is still longer than the provider takes; a mail that
 *  may have been accepted is waited for longer than the client waits for its answer. */
const POLICY = {
  unknownLookUpEveryMs: 500,
  unknownQuietMs: 1_000,
  softDeclineDelaysMs: [1_000, 1_000, 1_000],
  mailSearchLagMs: 12_000,
};
const IN_THE_END = { timeoutMs: 120_000, pauseMs: 500 };

describe('when a provider fails once', () => {
  let stack: Stack;
  let db: Database;
  let provoked: Map<string, { account: ExampleAccount; customer: string }>;

  const switched = async (customer: string) => (await strikesOf(stack, customer)) === 1;
  const invoiceOf = async (customer: string) => (await stack.stripe.invoices.list({ customer })).data[0]!;
  const payElsewhere = async (customer: string) => {
    const card = await stack.stripe.paymentMethods.attach('pm_card_mastercard', { customer });
    await stack.stripe.invoices.pay((await invoiceOf(customer)).id, { payment_method: card.id });
  };

  const calls = Object.entries(CALLS).flatMap(([call, { path, ending, card, hasKey }]) =>
    Object.entries(FAULTS)
      .filter(([, { kind }]) => hasKey || kind !== 'conflict')
      .map(
        ([fault, how]): Row => ({
          name: `Stripe, ${call}: ${fault}`,
          ending,
          before: async (account, customer) => {
            if (card !== undefined) await makeCardBehaveAs(stack, account, card);
            await failOnce(stack, { ...how, customer, path, method: 'POST' });
          },
          hasStruck: (_account, customer) => switched(customer),
        }),
      ),
  );

  const payment = (
    name: string,
    fault: { kind: string } & Record<string, unknown>,
    ending: Ending,
    meanwhile?: Row['meanwhile'],
  ): Row => ({
    name: `Stripe, pay: ${name}`,
    ending,
    before: (_account, customer) => failOnce(stack, { ...fault, customer }),
    ...(meanwhile === undefined ? {} : { meanwhile }),
    hasStruck: (_account, customer) => switched(customer),
  });
  const pay = { path: '/v1/invoices/*/pay', method: 'POST' };
  const outcomes: Row[] = [
    payment('a soft decline', { kind: 'decline', code: 'insufficient_funds' }, CREDITED_AFTER_DECLINE),
    payment('a hard decline', { kind: 'decline', code: 'lost_card' }, LOST_CARD),
    payment('authentication required', { kind: 'requires_action' }, WAITS_FOR_CUSTOMER),
    payment('processing, then paid', { kind: 'processing' }, CREDITED, async (_account, customer) => {
      await untilStruck(stack, customer);
      const [intent] = (await stack.stripe.paymentIntents.list({ customer })).data;
      await control(stack, `payment-intents/${intent?.id}/settle`, {
        method: 'POST',
        body: { outcome: 'succeeded' },
      });
    }),
    payment(
      'paid already by somebody else',
      { kind: 'delay', ms: 4_000, ...pay },
      CREDITED,
      async (_account, customer) => {
        await untilStruck(stack, customer);
        await payElsewhere(customer);
      },
    ),
    {
      name: 'Stripe, void: refused, because it was paid in the meantime',
      ending: CREDITED,
      before: async (account, customer) => {
        await makeCardBehaveAs(stack, account, '4000000000009987');
        const path = '/v1/invoices/*/void';
        await failOnce(stack, { kind: 'delay', ms: 4_000, customer, path, method: 'POST' });
      },
      meanwhile: async (_account, customer) => {
        await untilStruck(stack, customer);
        await payElsewhere(customer);
      },
      hasStruck: (_account, customer) => switched(customer),
    },
  ];

  /** Postmark has no idempotency keys: each fault comes with and without the mail having been accepted. */
  const mails = (
    [
      ['a time-out', { answer: 'stall', delayMs: BEYOND_THE_TIME_OUT_MS }],
      ['a stalled body', { answer: 'stall' }],
      ['a reset', { answer: 'reset' }],
      ['a page instead of JSON', { answer: 'html' }],
      ['a 500', { answer: 'status', status: 500 }],
      ['a 503', { answer: 'status', status: 503 }],
    ] as const
  ).flatMap(([fault, how]) => [
    mail(`${fault}, nothing accepted`, { ...how, accepted: false }),
    mail(`${fault}, yet accepted`, { ...how, accepted: true }),
  ]);
  mails.push(mail('a 429', { answer: 'status', status: 429, retryAfterSeconds: 1 }));

  function mail(name: string, fault: Record<string, unknown>): Row & { fault: Record<string, unknown> } {
    return {
      name: `Postmark, send the mail: ${name}`,
      fault,
      ending: CREDITED,
      before: () => Promise.resolve(),
      hasStruck: async ({ email }) => (await waitingMailFaults(stack)).every(({ to }) => to !== email),
    };
  }

  const rows: Row[] = [...calls, ...outcomes, ...mails];

  /** Sets a row up and lets its balance cross the threshold. */
  async function provoke({ name, before, meanwhile }: Row): Promise<void> {
    const account = accounts.get(name)!;
    const { stripeCustomerId: customer } = await account.read();
    await before(account, customer);
    await account.grant('chat_credits', 60);
    await account.enable('chat_credits');
    await account.use([chat(20)]);
    provoked.set(name, { account, customer });
    await meanwhile?.(account, customer);
  }
  const accounts = new Map<string, ExampleAccount>();

  // All at once, each row with an account of its own; the tests only wait for their ends.
  beforeAll(async () => {
    stack = await startStack({ policy: POLICY });
    db = connect(stack.databaseUrl, { max: 2, applicationName: 'test', log: { warn: () => undefined } });
    provoked = new Map();
    await Promise.all(rows.map(async ({ name }) => accounts.set(name, await createExampleAccount(stack))));
    const faults = mails.map(({ name, fault }) => ({ ...fault, to: accounts.get(name)?.email }));
    await setMailFaults(stack, faults);
    await Promise.all(rows.map(provoke));
  }, 180_000);
  afterAll(async () => {
    await db.end();
    await stack.stop();
  });

  it.each(rows)('$name', { timeout: 180_000 }, async ({ name, ending, hasStruck }) => {
    const { account, customer } = provoked.get(name)!;
    await eventually(async () => {
      expect((await stack.mails(account.email)).map(({ Tag }) => Tag).sort()).toEqual(ending.mails);
    }, IN_THE_END);
    const { state, failure, payments } = ending;
    await eventually(async () => {
      expect(await account.list<TopUpItem>('top-ups')).toMatchObject([{ state, failure }]);
    });
    expect(await hasStruck(account, customer)).toBe(true);
    const intents = await stack.stripe.paymentIntents.list({ customer });
    expect(intents.data.filter((intent) => intent.status === 'succeeded')).toHaveLength(payments);
    const credits = (await account.list<LedgerItem>('ledger')).filter(({ kind }) => kind === 'top_up');
    expect(credits).toHaveLength(payments);
    expect((await account.read()).wallets['chat_credits']?.balance).toBe(payments === 1 ? 1_325 : 40);
    expect((await checkInvariants(db, PRODUCT_POLICY)).filter(({ holds }) => !holds)).toEqual([]);
  });
});
