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
  type TopUpItem,
} from '../support/example-account.ts';
import { startStack, type Mail, type Stack } from '../support/stack.ts';

/** Days become seconds. */
const POLICY = {
  softDeclineDelaysMs: [2_000, 2_000, 2_000],
  actionRequiredReminderMs: 3_000,
  actionRequiredWaitMs: 12_000,
  unknownLookUpEveryMs: 500,
  unknownQuietMs: 1_000,
};
const SOON = { timeoutMs: 60_000, pauseMs: 200 };

/** The outcomes of a charge, each brought about at the sandbox by Stripe's test cards and followed to its end. */
describe('a charge', { timeout: 120_000 }, () => {
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

  /** An account with this card that falls below its top-up value. */
  const inNeed = async (card: string | null, prepare?: (account: ExampleAccount) => Promise<unknown>) => {
    const account = await createExampleAccount(stack, { paymentMethod: card });
    await prepare?.(account);
    await account.grant('chat_credits', 60);
    await account.enable('chat_credits');
    await account.use([chat(20)]);
    return account;
  };
  const reaches = (account: ExampleAccount, expected: Record<string, unknown>) =>
    eventually(async () => {
      // The first: what failed may be followed by another after a pause.
      expect((await account.list<TopUpItem>('top-ups')).at(-1)).toMatchObject(expected);
    }, SOON);
  const isTold = (account: ExampleAccount, tag: string): Promise<Mail> =>
    eventually(async () => {
      const mail = (await stack.mails(account.email)).find((one) => one.Tag === tag);
      expect(mail?.Tag).toBe(tag);
      return mail as Mail;
    }, SOON);
  const invoicesOf = async (account: ExampleAccount) => {
    const { stripeCustomerId: customer } = await account.read();
    return (await stack.stripe.invoices.list({ customer, limit: 100 })).data;
  };
  const chargesOf = async (account: ExampleAccount) => {
    const { stripeCustomerId: customer } = await account.read();
    return (await stack.stripe.charges.list({ customer, limit: 100 })).data;
  };
  const paidCharges = async (account: ExampleAccount) =>
    (await chargesOf(account)).filter(({ status }) => status === 'succeeded');
  const stateOf = async (account: ExampleAccount) =>
    (await account.read()).wallets['chat_credits']?.autoTopUp;
  const balanceOf = async (account: ExampleAccount) =>
    (await account.read()).wallets['chat_credits']?.balance;
  const strike = async (account: ExampleAccount, fault: Record<string, unknown>) => {
    const { stripeCustomerId: customer } = await account.read();
    await post(`${stack.stripeUrl}/sandbox/switches`, { ...fault, customer });
  };
  const isVoided = async (account: ExampleAccount) =>
    eventually(async () => {
      expect((await invoicesOf(account)).map(({ status }) => status)).toContain('void');
    }, SOON);

  it.concurrent.each([
    ['an expired card …0069', '4000000000000069', 'expired_card'],
    ['a lost card …9987', '4000000000009987', 'lost_or_stolen_card'],
    ['a stolen card …9979', '4000000000009979', 'lost_or_stolen_card'],
  ])('%s is tried once: suspended, voided and told', async (_name, number, failure) => {
    const account = await inNeed('pm_card_visa', (owner) => makeCardBehaveAs(stack, owner, number));
    await reaches(account, { state: 'failed', failure, attempts: 1 });
    await isTold(account, 'top_up.failed');
    await isTold(account, 'auto_top_up.suspended');
    expect(await stateOf(account)).toMatchObject({ state: 'suspended' });
    expect((await invoicesOf(account)).map(({ status }) => status)).toEqual(['void']);
    expect(await chargesOf(account)).toMatchObject([{ status: 'failed' }]);
  });

  it.concurrent('advice not to try again makes a soft code hard', async () => {
    const account = await inNeed('pm_card_visa', (owner) =>
      strike(owner, { kind: 'decline', code: 'insufficient_funds', advice: 'do_not_try_again' }),
    );
    await reaches(account, { state: 'failed', failure: 'insufficient_funds', attempts: 1 });
    expect(await stateOf(account)).toMatchObject({ state: 'suspended' });
    expect(await chargesOf(account)).toMatchObject([{ outcome: { advice_code: 'do_not_try_again' } }]);
  });

  it.concurrent.each([
    ['a wrong security code …0127', '4000000000000127', 'incorrect_cvc'],
    ['a processing error …0119', '4000000000000119', 'processing_error'],
    ['insufficient funds …9995', '4000000000009995', 'insufficient_funds'],
  ])(
    '%s is tried four times on the schedule, then voided and told as the end',
    async (_n, number, failure) => {
      const account = await inNeed('pm_card_visa', (owner) => makeCardBehaveAs(stack, owner, number));
      await reaches(account, { state: 'failed', failure, attempts: 4 });
      const mails = await eventually(async () => {
        const told = (await stack.mails(account.email)).filter(({ Tag }) => Tag === 'top_up.failed');
        expect(told).toHaveLength(4);
        return told;
      }, SOON);
      expect(mails.filter(({ TextBody }) => TextBody.includes('keinen weiteren Versuch'))).toHaveLength(1);
      await isVoided(account);
      expect(await paidCharges(account)).toEqual([]);
    },
  );
  it.concurrent('that was declined softly is voided and canceled when the balance has recovered', async () => {
    const account = await inNeed('pm_card_visa', (owner) =>
      makeCardBehaveAs(stack, owner, '4000000000009995'),
    );
    await reaches(account, { state: 'retrying', attempts: 1 });
    await account.grant('chat_credits', 500);
    await reaches(account, { state: 'canceled' });
    expect((await invoicesOf(account)).map(({ status }) => status)).toEqual(['void']);
    expect(await chargesOf(account)).toHaveLength(1);
    expect(await balanceOf(account)).toBe(540);
  });

  it.concurrent('without a card is not made; the mail leads to the credits page', async () => {
    const account = await inNeed(null);
    const mail = await isTold(account, 'auto_top_up.suspended');
    expect(mail.TextBody).toContain(`${stack.apiUrl}/credits`);
    expect(await stateOf(account)).toMatchObject({ state: 'blocked', reason: 'no_payment_method' });
    expect(await invoicesOf(account)).toEqual([]);
  });

  it.concurrent('where the tax location is unknown is not made until the address is', async () => {
    const account = await inNeed('pm_card_visa', (owner) =>
      moveTo(owner, { country: 'US', postal_code: '' }),
    );
    await isTold(account, 'auto_top_up.suspended');
    expect(await stateOf(account)).toMatchObject({ state: 'blocked', reason: 'tax_location_unknown' });
    expect(await invoicesOf(account)).toEqual([]);
    await moveTo(account, { country: 'US', postal_code: '10001' });
    await eventually(async () => {
      const topUps = await account.list<TopUpItem>('top-ups');
      expect(topUps).toMatchObject([{ state: 'credited', vat: 0, total: 10 }, { state: 'canceled' }]);
    }, SOON);
  });

  it.concurrent('where the customer has a balance at Stripe is not made', async () => {
    const account = await inNeed('pm_card_visa', async (owner) => {
      const { stripeCustomerId } = await owner.read();
      await post(`${stack.stripeUrl}/sandbox/customers/${stripeCustomerId}/balance`, { balance: -500 });
    });
    await isTold(account, 'auto_top_up.suspended');
    expect(await stateOf(account)).toMatchObject({ state: 'blocked', reason: 'customer_balance_not_zero' });
    expect(await invoicesOf(account)).toEqual([]);
  });

  it.concurrent('for which Stripe switches tax off at the last moment is voided and never paid', async () => {
    const account = await inNeed('pm_card_visa', (owner) => strike(owner, { kind: 'tax_off', count: 1 }));
    await reaches(account, { state: 'failed', failure: 'invoice_not_as_expected', attempts: 0 });
    const [invoice] = (await invoicesOf(account)).slice(-1);
    expect(invoice).toMatchObject({ status: 'void', amount_paid: 0, automatic_tax: { enabled: false } });
    expect(await stateOf(account)).not.toMatchObject({ state: 'suspended' });
  });

  it.concurrent('during an outage counts as no decline', async () => {
    const account = await inNeed('pm_card_visa', (owner) =>
      strike(owner, { kind: 'error_before', path: 'pay', count: 4, stored: false }),
    );
    await reaches(account, { state: 'credited', failure: null });
    const tags = (await stack.mails(account.email)).map(({ Tag }) => Tag);
    expect(tags).not.toContain('top_up.failed');
    expect(await chargesOf(account)).toHaveLength(1);
  });

  it.concurrent('of a card that may be used while its owner is away, …0446, needs nobody', async () => {
    const account = await inNeed('pm_card_authenticationRequiredSetupForOffSession');
    await reaches(account, { state: 'credited', attempts: 1 });
    expect(await paidCharges(account)).toHaveLength(1);
  });

  describe('that the bank wants confirmed', () => {
    const confirmed = async (account: ExampleAccount, outcome: 'complete' | 'fail') => {
      const [topUp] = await account.list<TopUpItem>('top-ups');
      return confirmOn(topUp?.actionUrl ?? '', outcome);
    };

    it.concurrent('is told with net, VAT and total, reminded once, and voided at the end', async () => {
      const account = await inNeed('pm_card_authenticationRequired');
      await reaches(account, { state: 'action_required', amount: 10, vat: 1.9, total: 11.9 });
      const [invoice] = await invoicesOf(account);
      expect(invoice?.status).toBe('open');
      for (const tag of ['top_up.action_required', 'top_up.action_reminder']) {
        const { TextBody } = await isTold(account, tag);
        for (const text of ['10,00', 'USt. (19', '1,90', '11,90', invoice?.hosted_invoice_url ?? '-'])
          expect(TextBody).toContain(text);
      }
      await reaches(account, { state: 'failed', failure: 'authentication_timeout' });
      await isTold(account, 'top_up.failed');
      await isVoided(account);
      const tags = (await stack.mails(account.email)).map(({ Tag }) => Tag);
      expect(tags.filter((tag) => tag === 'top_up.action_reminder')).toHaveLength(1);
      expect(await paidCharges(account)).toEqual([]);
    });

    it.concurrent.each(['pm_card_authenticationRequired', 'pm_card_authenticationRequiredOnSetup'])(
      'is credited once when its owner confirms (%s)',
      async (card) => {
        const account = await inNeed(card);
        await reaches(account, { state: 'action_required' });
        await confirmed(account, 'complete');
        await reaches(account, { state: 'credited', actionUrl: null });
        expect(await balanceOf(account)).toBe(1_325);
        expect(await paidCharges(account)).toMatchObject([{ amount: 1_190 }]);
      },
    );

    it.concurrent('is credited when its owner confirms after the reminder', async () => {
      const account = await inNeed('pm_card_authenticationRequired');
      await isTold(account, 'top_up.action_reminder');
      await confirmed(account, 'complete');
      await reaches(account, { state: 'credited' });
      expect(await balanceOf(account)).toBe(1_325);
    });

    it.concurrent('and then has no funds, …3178, is not credited, voided at the end and told', async () => {
      const account = await inNeed('pm_card_authenticationRequiredChargeDeclinedInsufficientFunds');
      await reaches(account, { state: 'action_required' });
      await confirmed(account, 'complete');
      await eventually(async () => {
        const reasons = (await chargesOf(account)).map(({ outcome }) => outcome?.reason);
        expect(reasons).toContain('insufficient_funds');
      }, SOON);
      await reaches(account, { state: 'failed' });
      await isTold(account, 'top_up.failed');
      await isVoided(account);
      expect(await balanceOf(account)).toBe(40);
      expect(await paidCharges(account)).toEqual([]);
    });
  });

  it('leaves every invariant intact, however it ended', async () => {
    expect((await checkInvariants(db, PRODUCT_POLICY)).filter(({ holds }) => !holds)).toEqual([]);
  });

  async function moveTo(account: ExampleAccount, place: { country: string; postal_code: string }) {
    const { stripeCustomerId } = await eventually(async () => {
      const view = await account.read();
      expect(view.stripeCustomerId).toMatch(/^cus_/);
      return view;
    });
    await stack.stripe.customers.update(stripeCustomerId, { address: { line1: 'Main St 1', ...place } });
  }
});

/** Opens the mailed page and confirms there, or refuses. */
async function confirmOn(actionUrl: string, outcome: 'complete' | 'fail'): Promise<void> {
  const page = await (await fetch(actionUrl)).text();
  const link = /href="(\/3d-secure\/[^"]+)"/.exec(page)?.[1];
  const saved = /name="method" value="([^"]+)"/.exec(page)?.[1] ?? '';
  const asked = link ?? (await submit(actionUrl, { method: saved })) ?? '';
  await submit(new URL(asked, actionUrl).href, { outcome });
}

async function submit(url: string, fields: Record<string, string>): Promise<string | null> {
  const body = new URLSearchParams(fields);
  const response = await fetch(url, { method: 'POST', body, redirect: 'manual' });
  expect(response.status).toBeLessThan(400);
  return response.headers.get('location');
}

async function post(url: string, body: object): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  expect(response.status).toBeLessThan(300);
}
