import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startStripeMock, type StripeMock } from '../../../dev/stripe-mock.ts';
import { accountId, topUpId } from '../../../domain/ids.ts';
import { checkerIsMissing } from '../../dev/stripe-sandbox/checker.ts';
import { openInvoice, profile, startStage, topUp, type Stage } from './stripe-stage.ts';
import type { SeenRequest } from './stripe-wire.ts';

const EXPANSION = 'expand[0]=payments.data.payment.payment_intent';

let stage: Stage;

beforeAll(async () => {
  stage = await startStage();
});

afterAll(() => stage.close());

test('the bytes under a key are those of every release: a retry across a deployment depends on them', async () => {
  const { customerId, paymentMethodId } = await stage.customerWith('pm_card_visa');
  const order = topUp({ topUpId: topUpId('call_minutes', 'fixed'), accountId: accountId('acc_fixed') });
  const before = stage.wire.seen.length;
  const { invoiceId } = await openInvoice(stage, order, customerId);
  await stage.payments.payInvoice(order, invoiceId, 1, paymentMethodId);
  await stage.payments.voidInvoice(order.topUpId, invoiceId);
  const metadata = 'metadata[top_up_id]=tu_call_fixed&metadata[account_id]=acc_fixed';
  expect(keyed(stage.wire.seen.slice(before))).toEqual({
    'topup:tu_call_fixed:invoice': `customer=${customerId}&currency=eur&collection_method=charge_automatically&auto_advance=false&pending_invoice_items_behavior=exclude&automatic_tax[enabled]=true&${metadata}&payment_settings[payment_method_types][0]=card`,
    'topup:tu_call_fixed:item': `customer=${customerId}&invoice=${invoiceId}&amount=5000&currency=eur&description=454%20call%20minutes%20%2F%20Gespr%C3%A4chsminuten&tax_behavior=exclusive&tax_code=txcd_10103001&${metadata}`,
    'topup:tu_call_fixed:finalize': `auto_advance=false&${EXPANSION}`,
    'topup:tu_call_fixed:pay:1': `off_session=true&payment_method=${paymentMethodId}&${EXPANSION}`,
  });
});

test('a customer is created with nothing that could differ between two tries', async () => {
  const before = stage.wire.seen.length;
  await stage.payments.ensureCustomer(profile({ accountId: accountId('acc_only') }));
  expect(keyed(stage.wire.seen.slice(before))).toMatchObject({
    'account:acc_only:customer': 'metadata[account_id]=acc_only',
  });
});

describe.skipIf(checkerIsMissing)("Stripe's own checker", () => {
  let mock: StripeMock;

  beforeAll(async () => {
    mock = await startStripeMock();
  });

  afterAll(() => mock.stop());

  test('takes every request that the adapter makes', async () => {
    await everyCall();
    const { seen } = stage.wire;
    const refused: string[] = [];
    for (const one of seen) {
      const refusal = await refusalOf(mock, one);
      if (refusal !== null) refused.push(`${one.method} ${one.path} ${one.body}: ${refusal}`);
    }
    expect(refused).toEqual([]);
    expect(new Set(seen.map(callOf))).toEqual(
      new Set([
        'POST /v1/customers',
        'GET /v1/customers',
        'GET /v1/customers/:id',
        'POST /v1/customers/:id',
        'GET /v1/customers/:id/payment_methods',
        'POST /v1/invoices',
        'GET /v1/invoices',
        'GET /v1/invoices/:id',
        'POST /v1/invoiceitems',
        'POST /v1/invoices/:id/finalize',
        'POST /v1/invoices/:id/pay',
        'POST /v1/invoices/:id/void',
        'DELETE /v1/invoices/:id',
        'GET /v1/tax_rates/:id',
        'POST /v1/checkout/sessions',
        'GET /v1/checkout/sessions',
        'GET /v1/checkout/sessions/:id',
        'POST /v1/checkout/sessions/:id/expire',
        'POST /v1/billing_portal/sessions',
      ]),
    );
  });

  test('would notice a parameter that Stripe does not have', async () => {
    const wrong = { method: 'POST', path: '/v1/invoices', key: null, body: 'customer=cus_1&novelty=1' };
    expect(await refusalOf(mock, wrong)).toContain('additional properties are not allowed');
  });
});

const BACK = { successUrl: 'https://shop.example/ok', cancelUrl: 'https://shop.example/back' };

async function everyPage(customerId: string): Promise<void> {
  const { payments } = stage;
  const bought = topUp({ trigger: 'manual' });
  const { sessionId } = await payments.createCheckout(bought, customerId, BACK);
  await payments.findCheckout(bought.topUpId, customerId, bought.createdAtMs - 60_000);
  await payments.expireCheckout(sessionId);
  await payments.openCardPage(customerId, BACK);
  await payments.preferSavedCard(customerId);
  await payments.openProfilePage(customerId, BACK.successUrl);
}

async function everyCall(): Promise<void> {
  const { customerId } = await stage.payments.ensureCustomer(profile());
  await stage.payments.readCustomer(customerId);
  await everyPage(customerId);
  const order = topUp();
  const { invoiceId } = await openInvoice(stage, order, customerId);
  await stage.payments.payInvoice(order, invoiceId, 1, 'pm_card_visa_chargeDeclined');
  await stage.payments.readInvoice(invoiceId);
  await stage.payments.findInvoice(order.topUpId, customerId, order.createdAtMs);
  await stage.payments.voidInvoice(order.topUpId, invoiceId);
  const draft = topUp();
  await stage.payments.voidInvoice(
    draft.topUpId,
    (await stage.payments.createInvoice(draft, customerId)).invoiceId,
  );
}

function keyed(seen: readonly SeenRequest[]): Record<string, string> {
  const ours = seen.filter(({ key }) => key !== null && !key.startsWith('stripe-node'));
  return Object.fromEntries(ours.map(({ key, body }) => [key, body]));
}

function callOf({ method, path }: SeenRequest): string {
  return `${method} ${path.replace(/\?.*/, '').replaceAll(/(cus|in|txr|cs)_\w+/g, ':id')}`;
}

async function refusalOf({ url }: StripeMock, { method, path, body }: SeenRequest): Promise<string | null> {
  const headers = {
    authorization: 'Bearer sk_test_requests',
    'content-type': 'application/x-www-form-urlencoded',
  };
  // The version that stripe-mock knows has the former name.
  const known = body.replace('allowed_payment_method_types', 'payment_method_types');
  const response = await fetch(url + path, { method, headers, ...(body === '' ? {} : { body: known }) });
  return response.ok ? null : response.text();
}
