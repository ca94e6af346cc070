import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, type Database } from '../../db/connect.ts';
import { checkInvariants } from '../../db/invariants.ts';
import { POLICY as PRODUCT_POLICY } from '../../domain/policy.ts';
import { eventually } from '../support/eventually.ts';
import {
  chat,
  createExampleAccount,
  saveCard,
  type ExampleAccount,
  type TopUpItem,
} from '../support/example-account.ts';
import { startStack, type Stack } from '../support/stack.ts';

/** Days become a second. */
const POLICY = {
  softDeclineDelaysMs: [300, 600, 1_000],
  failuresUntilSuspension: 2,
  unknownLookUpEveryMs: 500,
  unknownQuietMs: 1_000,
};
const ATTEMPTS_PER_TOP_UP = 1 + POLICY.softDeclineDelaysMs.length;
const DEAD_CARD = 'pm_card_chargeCustomerFail';
const SOON = { timeoutMs: 60_000, pauseMs: 200 };

describe('a card that declines for ever', () => {
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

  /** Attempts by invoice, as the bank counts them. */
  async function attemptsAtTheBank(customer: string): Promise<number[]> {
    const { data } = await stack.stripe.charges.list({ customer, limit: 100 });
    const intents = data.map(({ payment_intent: intent }) =>
      typeof intent === 'string' ? intent : intent?.id,
    );
    return [...Map.groupBy(intents, (intent) => intent).values()].map(({ length }) => length);
  }
  const suspensionOf = async ({ id }: ExampleAccount): Promise<unknown> => {
    const [row] = await db.sql`select suspension_reason as reason from accounts where account_id = ${id}`;
    return row?.['reason'] ?? null;
  };

  it('gets 4 attempts per top-up until the suspension, and none for being attached again and again', {
    timeout: 150_000,
  }, async () => {
    const account = await createExampleAccount(stack, { paymentMethod: DEAD_CARD });
    const { stripeCustomerId: customer } = await account.read();
    await account.grant('chat_credits', 60);
    await account.enable('chat_credits');
    await eventually(async () => {
      // Used on and on, and the card attached again, also while it is being declined.
      await account.use([chat(1)]);
      await saveCard(stack, account, DEAD_CARD);
      expect(await suspensionOf(account)).toBe('repeated_failures');
    }, SOON);
    const attempts = await attemptsAtTheBank(customer);
    expect(attempts).toHaveLength(POLICY.failuresUntilSuspension);
    expect(Math.max(...attempts)).toBeLessThanOrEqual(ATTEMPTS_PER_TOP_UP);

    for (let times = 0; times < 5; times += 1) {
      const cards = (await stack.stripe.customers.listPaymentMethods(customer)).data;
      for (const { id } of cards) await stack.stripe.paymentMethods.detach(id);
      await saveCard(stack, account, DEAD_CARD);
      await account.use([chat(1)]);
    }
    // The last card has been looked at, and has changed nothing.
    const [last] = (await stack.stripe.customers.listPaymentMethods(customer)).data;
    await eventually(async () => {
      const [row] =
        await db.sql`select payment_method_id as card from accounts where account_id = ${account.id}`;
      expect(row?.['card']).toBe(last?.id);
    }, SOON);
    expect(await suspensionOf(account)).toBe('repeated_failures');
    expect(await attemptsAtTheBank(customer)).toEqual(attempts);

    await saveCard(stack, account, 'pm_card_mastercard');
    await eventually(async () => {
      const [newest] = await account.list<TopUpItem>('top-ups');
      expect(newest).toMatchObject({ state: 'credited', attempts: 1 });
    }, SOON);
    expect(await suspensionOf(account)).toBeNull();
    expect(await account.list<TopUpItem>('top-ups')).toHaveLength(POLICY.failuresUntilSuspension + 1);
    expect((await checkInvariants(db, PRODUCT_POLICY)).filter(({ holds }) => !holds)).toEqual([]);
  });
});
