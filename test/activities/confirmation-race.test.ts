import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createChargeTopUp } from '../../activities/charge-top-up.ts';
import { createCloseTopUp } from '../../activities/close-top-up.ts';
import type { Payments } from '../../activities/ports.ts';
import type { Closing } from '../../domain/account-state.ts';
import { choice, newAccount, openStores, order, type TestStores } from '../db/support.ts';
import { startStage, type Stage } from './adapters/stripe-stage.ts';

const TIMED_OUT: Closing = { state: 'failed', failure: 'authentication_timeout', suspend: null };

let stores: TestStores;
let stage: Stage;
beforeAll(async () => {
  [stores, stage] = await Promise.all([openStores(), startStage()]);
});
afterAll(async () => {
  await Promise.all([stores.close(), stage.close()]);
});

const dependencies = (payments: Payments) => ({
  accounts: stores.accounts,
  topUps: stores.topUps,
  payments,
  atStep: () => undefined,
});

/** A top-up that waits for its customer on Stripe's page. */
async function waitingTopUp() {
  const accountId = await newAccount(stores);
  await stores.settings.save(accountId, 'call_minutes', choice(), { ifVersion: null });
  const { customerId, paymentMethodId } = await stage.customerWith('pm_card_authenticationRequired');
  await stores.accounts.saveCustomer(accountId, customerId);
  const ordered = order(accountId);
  const charge = createChargeTopUp(dependencies(stage.payments));
  const outcome = await charge({ order: ordered, attempt: 1 });
  if (outcome.status !== 'action_required') throw new Error(`the charge is ${outcome.status}`);
  const page = outcome.actionUrl ?? '';
  return { topUpId: ordered.topUpId, customerId, confirm: () => confirmOn(page, paymentMethodId) };
}

/** What the customer does in the browser: chooses the saved card, and confirms to the bank. */
async function confirmOn(page: string, paymentMethodId: string): Promise<void> {
  const asked = await submit(page, { method: paymentMethodId });
  if (asked !== null) await submit(new URL(asked, page).href, { outcome: 'complete' });
}

async function submit(url: string, fields: Record<string, string>): Promise<string | null> {
  const body = new URLSearchParams(fields);
  const response = await fetch(url, { method: 'POST', body, redirect: 'manual' });
  return response.headers.get('location');
}

const succeeded = async (customerId: string) =>
  (await stage.state(customerId)).charges.filter(({ status }) => status === 'succeeded');

describe('a customer who confirms exactly when the invoice is being voided', () => {
  test('and is quicker by a moment, is credited', async () => {
    const { topUpId, customerId, confirm } = await waitingTopUp();
    const close = createCloseTopUp(
      dependencies({
        ...stage.payments,
        voidInvoice: async (...invoice) => {
          await confirm();
          return stage.payments.voidInvoice(...invoice);
        },
      }),
    );
    expect(await close({ topUpId, closing: TIMED_OUT })).toEqual({ status: 'paid' });
    expect(await stores.topUps.read(topUpId)).toMatchObject({ state: 'paid', failure: null });
    expect(await stores.ledger.creditTopUp(topUpId)).toMatchObject({ alreadyCredited: false });
    expect(await succeeded(customerId)).toHaveLength(1);
  });

  test('and is slower by a moment, pays nothing', async () => {
    const { topUpId, customerId, confirm } = await waitingTopUp();
    const close = createCloseTopUp(
      dependencies({
        ...stage.payments,
        voidInvoice: async (...invoice) => {
          const voided = await stage.payments.voidInvoice(...invoice);
          await confirm();
          return voided;
        },
      }),
    );
    expect(await close({ topUpId, closing: TIMED_OUT })).toEqual({ status: 'closed' });
    expect(await stores.topUps.read(topUpId)).toMatchObject({ state: 'failed' });
    expect(await succeeded(customerId)).toEqual([]);
  });

  test.each([1, 2, 3])('at once, is either credited or pays nothing (%d)', async () => {
    const { topUpId, customerId, confirm } = await waitingTopUp();
    const close = createCloseTopUp(dependencies(stage.payments));
    const [closed] = await Promise.all([close({ topUpId, closing: TIMED_OUT }), confirm()]);
    const paid = (await succeeded(customerId)).length === 1;
    expect(closed.status).toBe(paid ? 'paid' : 'closed');
    expect((await stores.topUps.read(topUpId))?.state).toBe(paid ? 'paid' : 'failed');
  });
});

test('what is going to be confirmed is known before it is paid: net, VAT, total, invoice', async () => {
  const { topUpId } = await waitingTopUp();
  const [row] = await stores.db.sql`
    select net_cents, vat_cents, total_cents, vat_rate, reverse_charge, invoice_number, paid_at
    from top_ups where top_up_id = ${topUpId}`;
  expect(row).toMatchObject({ netCents: 100, vatCents: 19, totalCents: 119, vatRate: '19.0', paidAt: null });
  expect(row).toMatchObject({ reverseCharge: false, invoiceNumber: expect.any(String) as string });
});
