import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, type Database } from '../../db/connect.ts';
import { checkInvariants } from '../../db/invariants.ts';
import { POLICY as PRODUCT_POLICY } from '../../domain/policy.ts';
import { eventually } from '../support/eventually.ts';
import { chat, createExampleAccount, type LedgerItem, type TopUpItem } from '../support/example-account.ts';
import { startStack, type Stack } from '../support/stack.ts';

/** Calls of a charge, by the paths that the sandbox's switches know. */
const CALLS = {
  'create the invoice': '/v1/invoices',
  'add its item': '/v1/invoiceitems',
  finalize: '/v1/invoices/*/finalize',
  pay: '/v1/invoices/*/pay',
} as const;

/** What goes wrong once, and then not again. */
const FAULTS = {
  'a lost response': { kind: 'lost_response' },
  'a 500 after the effect': { kind: 'error_after' },
  'a 500 without effect': { kind: 'error_before' },
  'a truncated body': { kind: 'truncated_body' },
  'a body without error': { kind: 'no_error_body', status: 502, when: 'after' },
  'a 429': { kind: 'rate_limit' },
  'a 409 of a key in use': { kind: 'conflict' },
} as const;

const CASES = Object.entries(CALLS).flatMap(([call, path]) =>
  Object.entries(FAULTS).map(([fault, control]) => ({ call, fault, path, control })),
);

/** What is unknown is looked up soon; a quiet time that is still longer than the provider takes. */
const POLICY = { unknownLookUpEveryMs: 500, unknownQuietMs: 1_000 };
const IN_THE_END = { timeoutMs: 120_000, pauseMs: 500 };

describe('when Stripe fails once', () => {
  let stack: Stack;
  let db: Database;
  beforeAll(async () => {
    stack = await startStack({ policy: POLICY });
    db = connect(stack.databaseUrl, { max: 2, applicationName: 'test', log: { warn: () => undefined } });
  });
  afterAll(async () => {
    await db.end();
    await stack.stop();
  });

  const failOnce = async (customer: string, path: string, control: Record<string, unknown>) => {
    const response = await fetch(`${stack.stripeUrl}/sandbox/switches`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...control, customer, path, method: 'POST', count: 1 }),
    });
    expect(response.status).toBeLessThan(300);
  };

  const strikes = async (customer: string): Promise<number | undefined> => {
    const response = await fetch(`${stack.stripeUrl}/sandbox/switches`);
    const { items } = (await response.json()) as { items: { customer: string; struck: number }[] };
    return items.find((item) => item.customer === customer)?.struck;
  };

  it.concurrent.each(CASES)(
    '$fault to "$call" never charges twice and is credited',
    { timeout: 180_000 },
    async ({ path, control }) => {
      const account = await createExampleAccount(stack);
      const { stripeCustomerId: customer } = await account.read();
      await failOnce(customer, path, control);
      await account.grant('chat_credits', 60);
      await account.enable('chat_credits');
      await account.use([chat(20)]);
      await eventually(async () => {
        expect((await account.read()).wallets['chat_credits']?.balance).toBe(1_325);
      }, IN_THE_END);
      expect(await strikes(customer)).toBe(1);
      const intents = await stack.stripe.paymentIntents.list({ customer });
      expect(intents.data.filter((intent) => intent.status === 'succeeded')).toHaveLength(1);
      expect(await account.list<TopUpItem>('top-ups')).toMatchObject([{ state: 'credited', failure: null }]);
      const credits = (await account.list<LedgerItem>('ledger')).filter(({ kind }) => kind === 'top_up');
      expect(credits).toHaveLength(1);
      await eventually(async () => {
        const tags = (await stack.mails(account.email)).map((mail) => mail.Tag).sort();
        expect(tags).toEqual(['balance.alert', 'top_up.succeeded']);
      }, IN_THE_END);
    },
  );

  it('leaves every invariant intact', async () => {
    expect((await checkInvariants(db, PRODUCT_POLICY)).filter(({ holds }) => !holds)).toEqual([]);
  });
});
