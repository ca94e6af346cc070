import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import {
  call,
  chat,
  createExampleAccount,
  saveCard,
  type LedgerItem,
  type TopUpItem,
} from '../support/example-account.ts';
import { startStack, type Stack } from '../support/stack.ts';

const SOON = { timeoutMs: 20_000, pauseMs: 100 };

describe('the road from usage to credit, through HTTP only', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack();
  });
  afterAll(() => stack.stop());

  it('1,000 events in any order, a third of them twice: one alert, one charge, one credit, one mail of each', async () => {
    const account = await createExampleAccount(stack);
    await account.grant('call_minutes', 200);
    await account.enable('call_minutes');
    const events = Array.from({ length: 1_000 }, () => call(11.76));
    const sent = shuffled([...events, ...events.slice(0, 333)]);
    const results = [];
    for (let start = 0; start < sent.length; start += 100) {
      results.push(...(await account.use(sent.slice(start, start + 100))));
    }
    expect(results.filter((result) => result.status === 'accepted')).toHaveLength(1_000);
    expect(results.filter((result) => result.status === 'duplicate')).toHaveLength(333);

    await eventually(async () => expect(await stack.mails(account.email)).toHaveLength(2), SOON);
    const topUps = await account.list<TopUpItem>('top-ups');
    expect(topUps).toMatchObject([
      { state: 'credited', wallet: 'call_minutes', amount: 50, vat: 9.5, total: 59.5, units: 454 },
    ]);
    const { wallets, stripeCustomerId } = await account.read();
    expect(wallets['call_minutes']?.balance).toBe(458);
    const invoices = await stack.stripe.invoices.list({ customer: stripeCustomerId });
    expect(invoices.data).toMatchObject([{ status: 'paid', total: 5950, number: topUps[0]?.invoiceNumber }]);
    const mails = await stack.mails(account.email);
    expect(mails.map((mail) => mail.Tag).sort()).toEqual(['balance.alert', 'top_up.succeeded']);
    const notifications = await account.list<{ kind: string }>('notifications');
    expect(notifications.map(({ kind }) => kind).sort()).toEqual(['balance.alert', 'top_up.succeeded']);
    expect(topUps[0]?.invoiceNumber).toBeTruthy();
    const receipt = mails.find((mail) => mail.Tag === 'top_up.succeeded');
    for (const text of ['454', '50,00', '9,50', '59,50', String(topUps[0]?.invoiceNumber)]) {
      expect(receipt?.TextBody).toContain(text);
      expect(receipt?.HtmlBody).toContain(text);
    }
  });

  it('chat credits are topped up at once: 10 € buy 1,285 credits', async () => {
    const account = await createExampleAccount(stack);
    await account.grant('chat_credits', 120);
    await account.enable('chat_credits');
    await account.use([chat(30), chat(50)]);
    await eventually(async () => {
      expect((await account.read()).wallets['chat_credits']?.balance).toBe(1_325);
    }, SOON);
    expect(await account.list<TopUpItem>('top-ups')).toMatchObject([
      { units: 1_285, amount: 10, state: 'credited' },
    ]);
  });

  it('inbound calls alert and never top up; the next campaign call does', async () => {
    const account = await createExampleAccount(stack);
    await account.grant('call_minutes', 12);
    await account.enable('call_minutes');
    await account.use([call(9 * 60, 'inbound')]);
    await eventually(async () => expect(await stack.mails(account.email)).toHaveLength(1), SOON);
    expect(await account.list('top-ups')).toEqual([]);
    expect((await account.read()).wallets['call_minutes']?.autoTopUp.state).toBe('armed');
    await account.use([call(60)]);
    await eventually(async () => {
      expect((await account.read()).wallets['call_minutes']?.balance).toBe(456);
    }, SOON);
    const entries = await account.list<LedgerItem>('ledger');
    expect(entries.filter(({ kind }) => kind === 'top_up')).toHaveLength(1);
  });

  it('a declined card is told, not credited, and tried again on the schedule', async () => {
    const account = await createExampleAccount(stack, { paymentMethod: 'pm_card_chargeCustomerFail' });
    await account.grant('chat_credits', 60);
    await account.enable('chat_credits');
    await account.use([chat(20)]);
    await eventually(async () => {
      const [topUp] = await account.list<TopUpItem>('top-ups');
      expect(topUp).toMatchObject({ state: 'retrying', attempts: 1 });
    }, SOON);
    const { autoTopUp, balance } = (await account.read()).wallets['chat_credits'] ?? {};
    expect(balance).toBe(40);
    expect(autoTopUp).toMatchObject({ state: 'retrying' });
    expect(Date.parse(autoTopUp?.nextWakeAt ?? '')).toBeGreaterThan(Date.now());
    await eventually(async () => {
      const tags = (await stack.mails(account.email)).map((mail) => mail.Tag).sort();
      expect(tags).toEqual(['balance.alert', 'top_up.failed']);
    }, SOON);
  });

  it('a customer without a card is told once, and served as soon as a card is saved', async () => {
    const account = await createExampleAccount(stack, { paymentMethod: null });
    await account.grant('chat_credits', 40);
    await account.enable('chat_credits');
    await eventually(async () => {
      expect((await account.read()).wallets['chat_credits']?.autoTopUp).toMatchObject({
        state: 'blocked',
        reason: 'no_payment_method',
      });
    }, SOON);
    const tags = async () => (await stack.mails(account.email)).map((mail) => mail.Tag).sort();
    await eventually(async () => expect(await tags()).toContain('auto_top_up.suspended'), SOON);
    await saveCard(stack, account, 'pm_card_visa');
    await eventually(async () => {
      expect((await account.read()).wallets['chat_credits']?.balance).toBe(1_325);
    }, SOON);
    const all = ['auto_top_up.suspended', 'balance.alert', 'top_up.succeeded'];
    await eventually(async () => expect(await tags()).toEqual(all), SOON);
  });
});

/** Fisher and Yates; the order differs from run to run on purpose. */
function shuffled<T>(items: readonly T[]): T[] {
  const result = [...items];
  for (let last = result.length - 1; last > 0; last -= 1) {
    const chosen = Math.floor(Math.random() * (last + 1));
    [result[last], result[chosen]] = [result[chosen] as T, result[last] as T];
  }
  return result;
}
