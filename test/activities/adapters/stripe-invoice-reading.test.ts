import { afterEach, beforeEach, expect, test } from 'vitest';
import { createStripePayments } from '../../../activities/adapters/stripe-payments.ts';
import type { InvoiceReading, Payments } from '../../../activities/ports.ts';
import { topUp } from './stripe-stage.ts';
import { answering, startWire, type Wire } from './stripe-wire.ts';

let wire: Wire;
let payments: Payments;

beforeEach(async () => {
  wire = await startWire();
  payments = createStripePayments({ secretKey: 'sk_test_reading', apiBase: wire.url });
});

afterEach(() => wire.close());

test('a payment that the bank still works on is told, so that nobody pays again', async () => {
  const reading = await read({ payments: payment({ status: 'processing' }) });
  expect(reading).toMatchObject({ paymentProcessing: true, authenticationPending: false });
});

test('a declined card is no pending authentication', async () => {
  const last_payment_error = { code: 'card_declined', decline_code: 'generic_decline' };
  const reading = await read({
    payments: payment({ status: 'requires_payment_method', last_payment_error }),
  });
  expect(reading).toMatchObject({ paymentProcessing: false, authenticationPending: false });
});

test('an authentication that was asked for once counts no longer when the payment has succeeded', async () => {
  const last_payment_error = { code: 'authentication_required' };
  const reading = await read({ payments: payment({ status: 'succeeded', last_payment_error }) });
  expect(reading.authenticationPending).toBe(false);
});

test('of several payments the one decides that collects the whole invoice', async () => {
  const { data } = payment({ id: 'pi_default', status: 'processing' });
  const other = payment({ id: 'pi_other', status: 'canceled' }).data.map((one) => ({
    ...one,
    is_default: false,
  }));
  const reading = await read({ payments: { object: 'list', data: [...other, ...data] } });
  expect(reading).toMatchObject({ paymentIntentId: 'pi_default', paymentProcessing: true });
});

test('an answer that asks for the customer is no unknown outcome', async () => {
  const invoice = { ...INVOICE, payments: payment({ status: 'requires_action', last_payment_error: null }) };
  wire.script(/pay$/, answering(200, JSON.stringify(invoice)));
  const outcome = await payments.payInvoice(topUp(), 'in_1', 1, 'pm_1');
  expect(outcome).toEqual({ status: 'authentication_required' });
});

test.each([
  [{ enabled: false, status: 'complete' }, false],
  [{ enabled: true, status: 'failed' }, false],
  [{ enabled: true, status: 'requires_location_inputs' }, false],
  [{ enabled: true, status: null }, false],
  [{ enabled: true, status: 'complete' }, true],
])('tax %j: complete is %s', async (automatic_tax, taxComplete) => {
  expect((await read({ automatic_tax })).taxComplete).toBe(taxComplete);
});

test('rates of several taxes add up, and each is looked up once', async () => {
  const total_taxes = [tax('txr_gst', 250), tax('txr_qst', 499)];
  wire.script(/txr_gst/, answering(200, '{"object":"tax_rate","percentage":5}'));
  wire.script(/txr_qst/, answering(200, '{"object":"tax_rate","percentage":9.975}'));
  expect(await read({ total_taxes })).toMatchObject({ vatCents: 749, vatRate: '14.975' });
  expect(await read({ total_taxes })).toMatchObject({ vatCents: 749, vatRate: '14.975' });
});

test('a status that this version of the API does not have is ambiguous, never taken for another', async () => {
  await expect(read({ status: 'settling' })).rejects.toMatchObject({ kind: 'ambiguous' });
});

test('amounts that are no whole cents stop everything', async () => {
  await expect(read({ total: 59.5 })).rejects.toThrow(RangeError);
});

const INVOICE = {
  id: 'in_1',
  object: 'invoice',
  status: 'open',
  metadata: { top_up_id: 'tu_call_1' },
  lines: { object: 'list', data: [{}] },
  total: 50_00,
  total_excluding_tax: 50_00,
  amount_due: 50_00,
  total_taxes: [],
  automatic_tax: { enabled: true, status: 'complete' },
  number: 'A-1',
};

function read(changes: object): Promise<InvoiceReading> {
  wire.script(/invoices\/in_1/, answering(200, JSON.stringify({ ...INVOICE, ...changes })));
  return payments.readInvoice('in_1');
}

function payment(intent: object) {
  const payment_intent = { id: 'pi_1', object: 'payment_intent', last_payment_error: null, ...intent };
  return {
    object: 'list',
    data: [{ is_default: true, payment: { type: 'payment_intent', payment_intent } }],
  };
}

function tax(tax_rate: string, amount: number): object {
  return { amount, taxability_reason: 'standard_rated', tax_rate_details: { tax_rate } };
}
