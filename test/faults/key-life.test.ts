import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createChargeTopUp } from '../../activities/charge-top-up.ts';
import { createCreditTopUp } from '../../activities/credit-top-up.ts';
import { createLookUpTopUp } from '../../activities/look-up-top-up.ts';
import { checkInvariants } from '../../db/invariants.ts';
import type { TopUpOrder } from '../../domain/top-up.ts';
import { startStage, type Stage } from '../activities/adapters/stripe-stage.ts';
import { choice, newAccount, openStores, order, type TestStores } from '../db/support.ts';

/** Stripe keeps a key for at least 24 hours. */
const BEYOND_THE_KEYS_LIFE_SECONDS = 25 * 3_600;

const PATHS = ['invoices', 'invoiceitems', 'finalize', 'pay'] as const;
const FAULTS = ['lost_request', 'lost_response', 'error_before', 'error_after'] as const;
const CASES = PATHS.flatMap((path) => FAULTS.map((kind) => ({ path, kind })));

describe('a charge without an answer that is taken up 25 hours later, when Stripe has forgotten the key', () => {
  let stores: TestStores;
  let stage: Stage;
  beforeAll(async () => {
    [stores, stage] = await Promise.all([openStores(), startStage()]);
  });
  afterAll(async () => {
    await Promise.all([stores.close(), stage.close()]);
  });

  const activities = () => {
    const { accounts, topUps, ledger } = stores;
    const dependencies = { accounts, topUps, ledger, payments: stage.payments, atStep: () => undefined };
    return {
      charge: createChargeTopUp(dependencies),
      lookUp: createLookUpTopUp(dependencies),
      credit: createCreditTopUp(dependencies),
    };
  };
  async function needed(): Promise<{ ordered: TopUpOrder; customer: string }> {
    const accountId = await newAccount(stores);
    await stores.settings.save(accountId, 'call_minutes', choice(), { ifVersion: null });
    const { customerId } = await stage.customerWith('pm_card_visa');
    await stores.accounts.saveCustomer(accountId, customerId);
    return { ordered: order(accountId), customer: customerId };
  }
  const pastTheKeysLife = () => stage.control('/clock', { advanceSeconds: BEYOND_THE_KEYS_LIFE_SECONDS });
  const executed = (customer: string) =>
    stage.state(customer).then(({ charges, invoices }) => ({
      charges: charges.map(({ status }) => status),
      invoices: invoices.map(({ status }) => status),
    }));

  /** As the workflow goes on after an activity that gave up: a look, then the same attempt, else the next one. */
  async function settle({ topUpId, ...rest }: TopUpOrder, attempt: number): Promise<void> {
    const { charge, lookUp, credit } = activities();
    const found = await lookUp({ topUpId });
    const outcome = found.status === 'paid' ? found : await charge({ order: { topUpId, ...rest }, attempt });
    expect(outcome).toEqual({ status: 'paid' });
    await credit({ topUpId });
  }

  test.each(CASES)('$kind on $path: one invoice, one payment, one credit', async ({ path, kind }) => {
    const { ordered, customer } = await needed();
    const { charge } = activities();
    await stage.control('/switches', { kind, count: 1, path, method: 'POST', customer });
    await expect(charge({ order: ordered, attempt: 1 })).rejects.toMatchObject({ kind: 'ambiguous' });
    expect(await stage.strikes(customer)).toBe(1);
    await pastTheKeysLife();
    await settle(ordered, 1);
    expect(await executed(customer)).toEqual({ charges: ['succeeded'], invoices: ['paid'] });
    expect((await stores.topUps.read(ordered.topUpId))!.state).toBe('credited');
    expect((await checkInvariants(stores.db, stores.policy)).filter(({ holds }) => !holds)).toEqual([]);
  });

  test.each(['lost_response', 'error_before', 'error_after'] as const)(
    '%s on pay, unknown for long: the next attempt pays only what is still open',
    async (kind) => {
      const { ordered, customer } = await needed();
      const { charge } = activities();
      // Tried twice under its key; a stored failure is then given up as unknown.
      await stage.control('/switches', { kind, count: 1, path: 'pay', customer });
      for (let tries = 0; tries < 2; tries += 1) {
        await charge({ order: ordered, attempt: 1 }).catch(() => undefined);
      }
      expect(await stage.strikes(customer)).toBe(1);
      await pastTheKeysLife();
      await settle(ordered, 2);
      expect(await executed(customer)).toEqual({ charges: ['succeeded'], invoices: ['paid'] });
    },
  );

  test('two attempts that both lost their answer, each under its key, pay one invoice', async () => {
    const { ordered, customer } = await needed();
    const { charge } = activities();
    await stage.control('/switches', { kind: 'error_before', count: 1, path: 'pay', customer });
    await expect(charge({ order: ordered, attempt: 1 })).rejects.toMatchObject({ kind: 'ambiguous' });
    await stage.control('/switches', { kind: 'lost_response', count: 1, path: 'pay', customer });
    await expect(charge({ order: ordered, attempt: 2 })).rejects.toMatchObject({ kind: 'ambiguous' });
    await pastTheKeysLife();
    // A worker that slept all the time wakes up with the first attempt.
    const { charge: late } = activities();
    expect(await late({ order: ordered, attempt: 1 })).toEqual({ status: 'paid' });
    await settle(ordered, 2);
    expect(await executed(customer)).toEqual({ charges: ['succeeded'], invoices: ['paid'] });
  });
});
