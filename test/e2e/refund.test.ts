import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, type Database } from '../../db/connect.ts';
import { checkInvariants } from '../../db/invariants.ts';
import { POLICY } from '../../domain/policy.ts';
import { eventually } from '../support/eventually.ts';
import {
  chat,
  createExampleAccount,
  refundByOperator,
  type ExampleAccount,
  type LedgerItem,
  type TopUpItem,
} from '../support/example-account.ts';
import { startStack, type Stack } from '../support/stack.ts';

const SOON = { timeoutMs: 20_000, pauseMs: 100 };

describe('money that goes back, through HTTP only', () => {
  let stack: Stack;
  let db: Database;
  beforeAll(async () => {
    stack = await startStack();
    db = connect(stack.databaseUrl, { max: 2, applicationName: 'test', log: { warn: () => undefined } });
  });
  afterAll(async () => {
    await db.end();
    await stack.stop();
  });

  /** 1,285 credits for 11.90 €, and no more of them automatically. */
  async function toppedUp(): Promise<{ account: ExampleAccount; topUpId: string; intent: string }> {
    const account = await createExampleAccount(stack);
    await account.grant('chat_credits', 120);
    await account.enable('chat_credits');
    await account.use([chat(80)]);
    const topUpId = await eventually(async () => {
      const [topUp] = await account.list<TopUpItem>('top-ups');
      expect(topUp).toMatchObject({ state: 'credited', total: 11.9 });
      return topUp?.id ?? '';
    }, SOON);
    await account.enable('chat_credits', { enabled: false });
    const { stripeCustomerId: customer } = await account.read();
    const [intent] = (await stack.stripe.paymentIntents.list({ customer })).data;
    return { account, topUpId, intent: intent?.id ?? '' };
  }

  const tags = async (account: ExampleAccount) =>
    (await stack.mails(account.email)).map((mail) => mail.Tag).sort();
  const taken = async (account: ExampleAccount) =>
    (await account.list<LedgerItem>('ledger')).filter(({ kind }) => kind === 'refund' || kind === 'dispute');

  it('a refund in Stripe’s dashboard: the units are gone, and the customer has one mail', async () => {
    const { account, intent } = await toppedUp();
    await stack.stripe.refunds.create({ payment_intent: intent });
    await eventually(async () => {
      expect(await account.list('top-ups')).toMatchObject([{ state: 'refunded' }]);
      expect(await tags(account)).toEqual(['balance.alert', 'top_up.refunded', 'top_up.succeeded']);
    }, SOON);
    expect((await account.read()).wallets['chat_credits']?.balance).toBe(40);
    expect(await taken(account)).toMatchObject([{ units: -1_285 }]);
    const mail = (await stack.mails(account.email)).find(({ Tag }) => Tag === 'top_up.refunded');
    for (const text of ['1.285', '11,90', '1,90']) expect(mail?.TextBody).toContain(text);
  });

  it('an operator’s refund of a part: one credit note, its number in the mail', async () => {
    const { account, topUpId, intent } = await toppedUp();
    await refundByOperator(stack, topUpId, { reason: 'goodwill', amount: 5.95 });
    await eventually(async () => expect(await tags(account)).toContain('top_up.refunded'), SOON);
    expect((await account.read()).wallets['chat_credits']?.balance).toBe(40 + 1_285 - 642.5);
    const { stripeCustomerId: customer } = await account.read();
    const notes = (await stack.stripe.creditNotes.list({ customer })).data;
    expect(notes).toMatchObject([{ total: 595 }]);
    expect((await stack.stripe.refunds.list({ payment_intent: intent })).data).toMatchObject([
      { amount: 595 },
    ]);
    const mail = (await stack.mails(account.email)).find(({ Tag }) => Tag === 'top_up.refunded');
    expect(mail?.TextBody).toContain(notes[0]?.number);
  });

  it('a dispute suspends and is told; lost, it takes the units back', async () => {
    const { account, intent } = await toppedUp();
    const act = (path: string, body: object) =>
      fetch(`${stack.stripeUrl}/sandbox${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    const { id } = (await (await act('/disputes', { paymentIntent: intent })).json()) as { id: string };
    await eventually(async () => {
      expect(await account.list('top-ups')).toMatchObject([{ state: 'disputed' }]);
      expect(await tags(account)).toContain('auto_top_up.suspended');
    }, SOON);
    expect(await taken(account)).toEqual([]);
    await act(`/disputes/${id}/lost`, {});
    await eventually(async () => expect(await taken(account)).toMatchObject([{ units: -1_285 }]), SOON);
    const findings = await db.sql`select kind from findings where account_id = ${account.id}`;
    expect([...findings]).toEqual([{ kind: 'dispute_opened' }]);
    expect((await checkInvariants(db, POLICY)).filter(({ holds }) => !holds)).toEqual([]);
  });
});
