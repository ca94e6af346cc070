import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createChargeTopUp } from '../../activities/charge-top-up.ts';
import { createCloseTopUp } from '../../activities/close-top-up.ts';
import { createLookUpTopUp } from '../../activities/look-up-top-up.ts';
import type { Closing } from '../../domain/account-state.ts';
import type { TopUpOrder } from '../../domain/top-up.ts';
import { choice, newAccount, openStores, order, type TestStores } from '../db/support.ts';
import { openInvoice, startStage, type Stage } from './adapters/stripe-stage.ts';
import { answering } from './adapters/stripe-wire.ts';

const CANCELED: Closing = { state: 'canceled', failure: null, suspend: null };

/** The other way in which Stripe may answer for what was deleted; the sandbox has one. */
const NO_SUCH_INVOICE = answering(
  404,
  JSON.stringify({ error: { type: 'invalid_request_error', code: 'resource_missing' } }),
);

let stores: TestStores;
let stage: Stage;
beforeAll(async () => {
  [stores, stage] = await Promise.all([openStores(), startStage()]);
});
afterAll(async () => {
  await Promise.all([stores.close(), stage.close()]);
});

/** An account with a customer and a card at Stripe, and the order of a top-up that it needs. */
async function neededTopUp(card: string): Promise<{ ordered: TopUpOrder; customerId: string }> {
  const accountId = await newAccount(stores);
  await stores.settings.save(accountId, 'call_minutes', choice(), { ifVersion: null });
  const { customerId } = await stage.customerWith(card);
  await stores.accounts.saveCustomer(accountId, customerId);
  return { ordered: order(accountId), customerId };
}

/** The same, its intent recorded. */
async function recordedTopUp() {
  const { ordered, customerId } = await neededTopUp('pm_card_visa');
  await stores.topUps.recordIntent(ordered);
  await stores.topUps.saveCustomer(ordered.topUpId, customerId, 'pm_1');
  const topUp = (await stores.topUps.read(ordered.topUpId))!;
  return { topUp, topUpId: topUp.topUpId, customerId };
}

const dependencies = () => ({
  accounts: stores.accounts,
  topUps: stores.topUps,
  payments: stage.payments,
  atStep: () => undefined,
});

describe('a retry after the customer was replaced', () => {
  test('ends the top-up, and leaves the new customer and card alone', async () => {
    const { ordered } = await neededTopUp('pm_card_chargeCustomerFail');
    const charge = createChargeTopUp(dependencies());
    expect(await charge({ order: ordered, attempt: 1 })).toMatchObject({ status: 'declined' });
    const replacement = await stage.customerWith('pm_card_mastercard');
    const { accountId } = ordered;
    await stores.accounts.saveCustomer(accountId, replacement.customerId);
    const { card } = await stage.payments.readCustomer(replacement.customerId);
    await stores.accounts.saveCard(accountId, card);
    expect(await charge({ order: ordered, attempt: 2 })).toEqual({ status: 'recovered' });
    expect((await stores.accounts.read(accountId))!.card).toEqual(card);
  });
});

describe('a card that was declined for good', () => {
  /** Declined; then the customer takes the card away, and saves one while the top-up is being closed. */
  async function suspendedWhile(saved: string) {
    const { ordered, customerId } = await neededTopUp('pm_card_chargeCustomerFail');
    const { accountId, topUpId } = ordered;
    await createChargeTopUp(dependencies())({ order: ordered, attempt: 1 });
    const { card } = await stage.payments.readCustomer(customerId);
    await stage.post(`/payment_methods/${card!.paymentMethodId}/detach`, {});
    const again = await stage.post(`/payment_methods/${saved}/attach`, { customer: customerId });
    const now = await stage.payments.readCustomer(customerId);
    expect(now.card?.paymentMethodId).toBe(again['id']);
    expect(now.card?.paymentMethodId).not.toBe(card!.paymentMethodId);
    await stores.accounts.saveCard(accountId, null);
    await stores.accounts.saveCard(accountId, now.card);
    const closing: Closing = { state: 'failed', failure: 'card_declined', suspend: 'hard_decline' };
    await createCloseTopUp(dependencies())({ topUpId, closing });
    expect((await stores.accounts.read(accountId))!.suspension).not.toBeNull();
    return { accountId, card: now.card };
  }

  test('stays the one that suspends, though it was attached again while it was declined', async () => {
    const { accountId, card } = await suspendedWhile('pm_card_chargeCustomerFail');
    expect(await stores.accounts.saveCard(accountId, card)).toEqual({ suspensionLifted: false });
  });

  test('does not suspend another one that was saved while it was declined', async () => {
    const { accountId, card } = await suspendedWhile('pm_card_visa');
    expect(await stores.accounts.saveCard(accountId, card)).toEqual({ suspensionLifted: true });
    expect(await stores.accounts.saveCard(accountId, card)).toEqual({ suspensionLifted: false });
  });
});

describe('closing', () => {
  const close = (topUpId: TopUpOrder['topUpId']) =>
    createCloseTopUp(dependencies())({ topUpId, closing: CANCELED });

  test('an invoice that is void already asks Stripe for nothing more', async () => {
    const { topUp, topUpId, customerId } = await recordedTopUp();
    const { invoiceId } = await openInvoice(stage, topUp, customerId);
    await stores.topUps.saveInvoice(topUpId, { invoiceId });
    await stage.payments.voidInvoice(topUpId, invoiceId);
    const before = stage.wire.seen.length;
    expect(await close(topUpId)).toEqual({ status: 'closed' });
    expect(stage.wire.seen.slice(before)).toMatchObject([{ method: 'GET' }]);
  });

  test('deletes a draft, and goes on when it had been deleted before it crashed', async () => {
    const { topUp, topUpId, customerId } = await recordedTopUp();
    const { invoiceId } = await stage.payments.createInvoice(topUp, customerId);
    await stores.topUps.saveInvoice(topUpId, { invoiceId });
    await stage.payments.voidInvoice(topUpId, invoiceId);
    expect(await createLookUpTopUp(dependencies())({ topUpId })).toEqual({ status: 'closed' });
    stage.wire.script(/invoices\/in_/, NO_SUCH_INVOICE);
    expect(await createLookUpTopUp(dependencies())({ topUpId })).toEqual({ status: 'closed' });
    stage.wire.script(/invoices\/in_/, NO_SUCH_INVOICE);
    expect(await close(topUpId)).toEqual({ status: 'closed' });
    expect((await stores.topUps.read(topUpId))!.state).toBe('canceled');
  });

  test('concludes nothing from an invoice that the key of another account does not see', async () => {
    const { topUpId } = await recordedTopUp();
    await stores.topUps.saveInvoice(topUpId, { invoiceId: 'in_of_another_account' });
    await stores.db.sql`update top_ups set customer_id = 'cus_of_another' where top_up_id = ${topUpId}`;
    await expect(close(topUpId)).rejects.toMatchObject({ kind: 'rejected' });
    expect((await stores.topUps.read(topUpId))!.state).toBe('pending');
  });
});
