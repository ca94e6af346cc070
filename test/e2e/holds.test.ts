import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, type Database } from '../../db/connect.ts';
import { checkInvariants } from '../../db/invariants.ts';
import { POLICY } from '../../domain/policy.ts';
import { eventually } from '../support/eventually.ts';
import {
  call,
  createExampleAccount,
  type ExampleAccount,
  type TopUpItem,
} from '../support/example-account.ts';
import { startStack, type Stack } from '../support/stack.ts';

const SOON = { timeoutMs: 30_000, pauseMs: 100 };

/** The top-up value lies below the cost of one call: only a refusal can wake the top-up. */
describe('a campaign whose calls cost more than the top-up value', () => {
  let stack: Stack;
  let db: Database;
  beforeAll(async () => {
    stack = await startStack({ policy: { coalesceMs: 200 } });
    db = connect(stack.databaseUrl, { max: 2, applicationName: 'test', log: { warn: () => undefined } });
  });
  afterAll(async () => {
    await db.end();
    await stack.stop();
  });

  /** 7 minutes, topped up below 5, with a card that the service knows of. */
  async function campaignAccount(settings: Record<string, unknown> = {}): Promise<ExampleAccount> {
    const account = await createExampleAccount(stack);
    await account.grant('call_minutes', 7);
    await account.enable('call_minutes', { alertBelow: 6, ...settings });
    await eventually(async () => {
      expect(await account.read()).toMatchObject({ paymentMethod: { last4: '4242' } });
    }, SOON);
    return account;
  }
  const hold = (account: ExampleAccount, change: Record<string, unknown> = {}) =>
    stack.call('POST', `/v1/accounts/${account.id}/holds`, {
      wallet: 'call_minutes',
      source: 'campaign',
      seconds: 600,
      expiresInSeconds: 900,
      ...change,
    });
  const balanceOf = async (account: ExampleAccount) =>
    (await account.read()).wallets['call_minutes']?.balance;
  const topUpsOf = (account: ExampleAccount) => account.list<TopUpItem>('top-ups');
  /** Everything that was marked before has been told, and the workflow has had its say. */
  const isHeard = (account: ExampleAccount) =>
    eventually(async () => {
      const [wake] = await db.sql`select dirty from account_wakes where account_id = ${account.id}`;
      expect(wake?.['dirty']).toBe(false);
    }, SOON);

  it('is refused with a top-up pending, topped up once, and served when it asks again', async () => {
    const account = await campaignAccount();
    const refused = await hold(account);
    expect(refused).toMatchObject({
      status: 402,
      body: { code: 'insufficient_balance', topUpPending: true, available: 7, required: 10 },
    });
    await eventually(async () => expect(await balanceOf(account)).toBe(461), SOON);
    const granted = await hold(account);
    expect(granted.status).toBe(201);
    const { id } = granted.body as { id: string };
    await account.use([{ ...call(9 * 60), hold: id }]);
    expect((await account.read()).wallets['call_minutes']).toMatchObject({
      balance: 452,
      held: 0,
      available: 452,
    });
    // The dip to where the call had been refused is no new refusal.
    await account.use([call(446 * 60, 'inbound')]);
    expect(await balanceOf(account)).toBe(6);
    await isHeard(account);
    expect(await topUpsOf(account)).toMatchObject([{ state: 'credited', amount: 50, units: 454 }]);
  });

  it('with many calls running, a refusal buys what is needed beside them', async () => {
    const account = await campaignAccount();
    await account.grant('call_minutes', 53);
    const running = await Promise.all(Array.from({ length: 6 }, () => hold(account)));
    expect(running.map(({ status }) => status)).toEqual(running.map(() => 201));
    expect(await hold(account)).toMatchObject({ status: 402, body: { available: 0, topUpPending: true } });
    await eventually(async () => expect(await balanceOf(account)).toBe(514), SOON);
    expect((await hold(account)).status).toBe(201);
    await isHeard(account);
    expect(await topUpsOf(account)).toHaveLength(1);
  });

  it('is charged nothing when the customer does not want refusals to top up, nor for an inbound call', async () => {
    const unwilling = await campaignAccount({ topUpOnRefusal: false });
    const inbound = await campaignAccount();
    expect(await hold(unwilling)).toMatchObject({ status: 402, body: { topUpPending: false } });
    expect(await hold(inbound, { source: 'inbound' })).toMatchObject({
      status: 402,
      body: { topUpPending: false },
    });
    for (const account of [unwilling, inbound]) {
      // Whatever else wakes the workflow, it reads nothing of a refusal.
      const path = `/v1/accounts/${account.id}`;
      const { wallets: _wallets, ...view } = (await account.read()) as unknown as Record<string, unknown>;
      const { name, email, timeZone, country, plan } = view;
      await stack.call('PUT', path, { name, email, locale: 'en', timeZone, country, plan });
      await isHeard(account);
      const { stripeCustomerId } = await account.read();
      await eventually(async () => {
        const customer = await stack.stripe.customers.retrieve(stripeCustomerId);
        expect(customer).toMatchObject({ preferred_locales: ['en'] });
      }, SOON);
      expect(await topUpsOf(account)).toEqual([]);
      expect(await balanceOf(account)).toBe(7);
    }
  });

  it('leaves every invariant intact', async () => {
    const broken = (await checkInvariants(db, POLICY)).filter(({ holds }) => !holds);
    expect(broken).toEqual([]);
  });
});
