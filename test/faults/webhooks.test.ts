import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, type Database } from '../../db/connect.ts';
import { checkInvariants } from '../../db/invariants.ts';
import { POLICY as PRODUCT_POLICY } from '../../domain/policy.ts';
import { withDatabaseAway } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import {
  chat,
  createExampleAccount,
  type ExampleAccount,
  type LedgerItem,
  type TopUpItem,
} from '../support/example-account.ts';
import { startStack, type Stack } from '../support/stack.ts';
import { control, failOnce, strikesOf } from '../support/stripe-controls.ts';

/** What happens to every event of the payment; `resent` when Stripe has to send it again for it to count. */
const FAULTS = [
  { name: 'doubled', fault: { kind: 'webhook_duplicate', times: 3, count: 20 }, resent: false },
  { name: 'late', fault: { kind: 'webhook_late', ms: 4_000, count: 20 }, resent: false },
  { name: 'in reverse order', fault: { kind: 'webhook_reorder', ms: 20, count: 3 }, resent: false },
  { name: 'forged', fault: { kind: 'webhook_bad_signature', count: 50 }, resent: true },
  { name: 'with an old signature', fault: { kind: 'webhook_old_signature', count: 50 }, resent: true },
  { name: 'lost', fault: { kind: 'webhooks_off', count: 50 }, resent: true },
];

const SOON = { timeoutMs: 60_000, pauseMs: 250 };
const PARALLEL = 20;

type Delivery = { event: string; attempts: number; state: string; last_status: number | null };

describe('webhooks of Stripe', () => {
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

  /** An account whose bank asked for the customer: only a webhook tells that the invoice has been paid by hand. */
  async function waitingForWebhook() {
    const account = await createExampleAccount(stack, { paymentMethod: 'pm_card_authenticationRequired' });
    await account.grant('chat_credits', 60);
    await account.enable('chat_credits');
    // Many at once that cross the threshold, and one top-up.
    await Promise.all(Array.from({ length: PARALLEL }, () => account.use([chat(1)])));
    await eventually(async () => {
      expect(await account.list<TopUpItem>('top-ups')).toMatchObject([{ state: 'action_required' }]);
    }, SOON);
    const { stripeCustomerId: customer } = await account.read();
    const [invoice] = (await stack.stripe.invoices.list({ customer })).data;
    const card = await stack.stripe.paymentMethods.attach('pm_card_visa', { customer });
    const pay = () => stack.stripe.invoices.pay(invoice!.id, { payment_method: card.id });
    return { account, customer, invoiceId: invoice!.id, pay };
  }

  async function expectOneCredit(account: ExampleAccount, customer: string): Promise<void> {
    await eventually(async () => {
      const tags = (await stack.mails(account.email)).map(({ Tag }) => Tag).sort();
      expect(tags).toEqual(['balance.alert', 'top_up.action_required', 'top_up.succeeded']);
    }, SOON);
    expect(await account.list<TopUpItem>('top-ups')).toMatchObject([{ state: 'credited', attempts: 1 }]);
    const intents = await stack.stripe.paymentIntents.list({ customer });
    expect(intents.data.filter(({ status }) => status === 'succeeded')).toHaveLength(1);
    const credits = (await account.list<LedgerItem>('ledger')).filter(({ kind }) => kind === 'top_up');
    expect(credits).toHaveLength(1);
    expect((await checkInvariants(db, PRODUCT_POLICY)).filter(({ holds }) => !holds)).toEqual([]);
  }

  const resend = (invoiceId: string) =>
    control(stack, 'events', { method: 'POST', body: { type: 'invoice.paid', object: invoiceId } });
  const eventsOf = async (accountId: string) =>
    db.sql`select event_id from webhook_events where account_id = ${accountId} and type = 'invoice.paid'`;
  const deliveries = async () => (await control<{ items: Delivery[] }>(stack, 'deliveries')).items;

  it.concurrent.each(FAULTS)('$name: one payment, one credit', { timeout: 120_000 }, async (row) => {
    const { account, customer, invoiceId, pay } = await waitingForWebhook();
    await failOnce(stack, { ...row.fault, customer });
    await pay();
    expect(await strikesOf(stack, customer)).toBeGreaterThan(0);
    if (row.resent) {
      // An event is recorded with its effect, or not at all; then Stripe sends one that is in order.
      if (row.fault.kind !== 'webhooks_off') await expectRefused(invoiceId);
      await expectNothingRecorded(account.id);
      const { items } = await control<{ items: { id: string; customer?: string }[] }>(stack, 'switches');
      const own = items.find((one) => one.customer === customer);
      await control(stack, `switches/${own?.id}`, { method: 'DELETE' });
      await resend(invoiceId);
    }
    await expectOneCredit(account, customer);
  });

  const expectNothingRecorded = async (accountId: string) => expect(await eventsOf(accountId)).toEqual([]);

  /** The event was delivered, and answered 400. */
  async function expectRefused(invoiceId: string): Promise<void> {
    await eventually(async () => {
      const [event] = (await stack.stripe.events.list({ type: 'invoice.paid', limit: 100 })).data.filter(
        ({ data }) => 'id' in data.object && data.object.id === invoiceId,
      );
      const delivery = (await deliveries()).find((one) => one.event === event?.id);
      expect(delivery).toMatchObject({ state: 'waiting', last_status: 400 });
    }, SOON);
  }

  it('that come while the database is away are answered 5xx, sent again, and take effect once', {
    timeout: 120_000,
  }, async () => {
    const { account, customer, invoiceId, pay } = await waitingForWebhook();
    const before = new Set((await deliveries()).map(({ event }) => event));
    const isOfPayment = ({ event }: Delivery) => !before.has(event);
    await withDatabaseAway(stack.databaseUrl, async () => {
      await pay();
      await eventually(async () => {
        const failed = (await deliveries()).filter(
          (one) => isOfPayment(one) && (one.last_status ?? 0) >= 500,
        );
        expect(failed.length).toBeGreaterThan(0);
      }, SOON);
    });
    await expectOneCredit(account, customer);
    await resend(invoiceId);
    await eventually(async () => {
      const waiting = (await deliveries()).filter((one) => isOfPayment(one) && one.state === 'waiting');
      expect(waiting).toEqual([]);
    }, SOON);
    expect(await eventsOf(account.id)).toHaveLength(2);
    await expectOneCredit(account, customer);
  });
});
