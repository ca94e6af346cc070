import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ProviderError } from '../../../activities/payment-errors.ts';
import type { PayOutcome } from '../../../activities/ports.ts';
import { providerKeys } from '../../../domain/ids.ts';
import { cents } from '../../../domain/money.ts';
import type { TopUp } from '../../../domain/top-up.ts';
import { openInvoice, startStage, topUp, type Stage } from './stripe-stage.ts';
import { answering, reset, truncated, type Script } from './stripe-wire.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await startStage();
});

afterAll(() => stage.close());

describe('the happy path', () => {
  test('charges net plus VAT by one invoice with one line, and reads it in our words', async () => {
    const { customerId, paymentMethodId } = await stage.customerWith('pm_card_visa');
    const order = topUp();
    const open = await openInvoice(stage, order, customerId);
    expect(open).toMatchObject({
      status: 'open',
      topUpId: order.topUpId,
      lineCount: 1,
      netCents: 50_00,
      vatCents: 9_50,
      totalCents: 59_50,
      amountDueCents: 59_50,
      vatRate: '19.0',
      reverseCharge: false,
      taxComplete: true,
      paymentProcessing: false,
      authenticationPending: false,
    });
    const outcome = await stage.payments.payInvoice(order, open.invoiceId, 1, paymentMethodId);
    expect(outcome).toEqual({ status: 'paid' });
    const paid = await stage.payments.readInvoice(open.invoiceId);
    expect(paid).toMatchObject({ status: 'paid', netCents: 50_00, totalCents: 59_50 });
    expect(paid.number).not.toBeNull();
    expect(paid.paymentIntentId).toMatch(/^pi_/);
    expect(paid.hostedUrl).toMatch(/^http/);
    expect(paid.pdfUrl).toMatch(/^http/);
    expect((await stage.state(customerId)).charges).toMatchObject([{ status: 'succeeded', amount: 59_50 }]);
  });

  test('says on the line what was bought', async () => {
    const { customerId } = await stage.customerWith('pm_card_visa');
    await openInvoice(stage, topUp({ wallet: 'chat_credits', units: 1_285 }), customerId);
    const [invoice] = (await stage.state(customerId)).invoices;
    expect(invoice?.lines.data).toMatchObject([{ description: '1285 chat credits / Chat-Guthaben' }]);
  });
});

describe('a call made twice has one effect and one answer', () => {
  test('whatever changed in between: name, language, card, state', async () => {
    const { customerId, paymentMethodId } = await stage.customerWith('pm_card_visa');
    const order = topUp();
    const firstTime = await walk(order, customerId, paymentMethodId);
    await stage.post(`/customers/${customerId}`, { name: 'Renamed', 'preferred_locales[0]': 'en' });
    await stage.post('/payment_methods/pm_card_mastercard/attach', { customer: customerId });
    const later: TopUp = { ...order, state: 'retrying', attempt: 3, declines: 2, createdAtMs: 0 };
    expect(await walk(later, customerId, paymentMethodId)).toEqual(firstTime);
    const { invoices, charges } = await stage.state(customerId);
    expect(invoices).toHaveLength(1);
    expect(invoices[0]?.lines.data).toHaveLength(1);
    expect(charges).toHaveLength(1);
  });

  test('and sends the same bytes under the same key', async () => {
    const { customerId, paymentMethodId } = await stage.customerWith('pm_card_visa');
    const order = topUp();
    const before = stage.wire.seen.length;
    await walk(order, customerId, paymentMethodId);
    await walk({ ...order, state: 'unknown', attempt: 1 }, customerId, paymentMethodId);
    const posts = stage.wire.seen.slice(before).filter(({ method }) => method === 'POST');
    const { topUpId } = order;
    const keys = [
      providerKeys.invoice(topUpId),
      providerKeys.item(topUpId),
      providerKeys.finalize(topUpId),
      providerKeys.pay(topUpId, 1),
    ];
    expect(posts.slice(0, 4).map(({ key }) => key)).toEqual(keys);
    expect(posts.slice(4)).toEqual(posts.slice(0, 4));
  });

  test.each<[string, RegExp, (order: TopUp, invoiceId: string, paymentMethodId: string) => Promise<unknown>]>(
    [
      ['finalize', /finalize/, (order, invoiceId) => stage.payments.finalizeInvoice(order, invoiceId)],
      ['pay', /pay$/, (order, invoiceId, card) => stage.payments.payInvoice(order, invoiceId, 1, card)],
      ['void', /void/, (order, invoiceId) => stage.payments.voidInvoice(order.topUpId, invoiceId)],
    ],
  )('%s: the answer that was lost comes again', async (_name, path, call) => {
    const { customerId, paymentMethodId } = await stage.customerWith('pm_card_visa');
    const order = topUp();
    const { invoiceId } = await stage.payments.createInvoice(order, customerId);
    await stage.payments.addInvoiceItem(order, customerId, invoiceId);
    if (!path.test('finalize')) await stage.payments.finalizeInvoice(order, invoiceId);
    stage.wire.loseAnswer(path, reset);
    await expect(call(order, invoiceId, paymentMethodId)).rejects.toMatchObject({ kind: 'ambiguous' });
    const effect = await stage.state(customerId);
    await call(order, invoiceId, paymentMethodId);
    expect(await stage.state(customerId)).toMatchObject({
      invoices: effect.invoices,
      charges: effect.charges,
    });
    expect(effect.invoices[0]?.status).not.toBe('draft');
  });

  test.each<[string, Script]>([
    ['reset', reset],
    ['truncated', truncated],
    ['a 502 page', answering(502, '<html>')],
  ])('invoice and item: an answer lost by %s leaves one of each', async (_name, script) => {
    const { customerId } = await stage.customerWith('pm_card_visa');
    const order = topUp();
    stage.wire.loseAnswer(/invoices$/, script);
    await expect(stage.payments.createInvoice(order, customerId)).rejects.toMatchObject({
      kind: 'ambiguous',
    });
    const { invoiceId } = await stage.payments.createInvoice(order, customerId);
    stage.wire.loseAnswer(/invoiceitems$/, script);
    const adding = () => stage.payments.addInvoiceItem(order, customerId, invoiceId);
    await expect(adding()).rejects.toMatchObject({ kind: 'ambiguous' });
    await adding();
    const { invoices } = await stage.state(customerId);
    expect(invoices).toHaveLength(1);
    expect(invoices[0]?.lines.data).toHaveLength(1);
  });
});

describe('every test card', () => {
  test.each<[string, PayOutcome]>([
    ['pm_card_visa', { status: 'paid' }],
    ['pm_card_chargeCustomerFail', declined('soft', 'card_declined', 'generic_decline')],
    ['pm_card_visa_chargeDeclined', declined('soft', 'card_declined', 'generic_decline')],
    [
      'pm_card_visa_chargeDeclinedInsufficientFunds',
      declined('soft', 'insufficient_funds', 'insufficient_funds'),
    ],
    ['pm_card_visa_chargeDeclinedLostCard', declined('hard', 'lost_or_stolen_card', 'lost_card')],
    ['pm_card_visa_chargeDeclinedStolenCard', declined('hard', 'lost_or_stolen_card', 'stolen_card')],
    ['pm_card_chargeDeclinedExpiredCard', declined('hard', 'expired_card', 'expired_card')],
    ['pm_card_chargeDeclinedIncorrectCvc', declined('soft', 'incorrect_cvc', 'incorrect_cvc')],
    ['pm_card_chargeDeclinedProcessingError', declined('soft', 'processing_error', 'processing_error')],
    [
      'pm_card_visa_chargeDeclinedVelocityLimitExceeded',
      declined('soft', 'insufficient_funds', 'card_velocity_exceeded'),
    ],
    ['pm_card_authenticationRequired', { status: 'authentication_required' }],
    ['pm_card_authenticationRequiredOnSetup', { status: 'authentication_required' }],
    ['pm_card_authenticationRequiredSetupForOffSession', { status: 'paid' }],
    ['pm_card_authenticationRequiredChargeDeclinedInsufficientFunds', { status: 'authentication_required' }],
  ])('%s', async (card, outcome) => {
    const { customerId } = await stage.customerWith('pm_card_visa');
    const order = topUp();
    const { invoiceId } = await openInvoice(stage, order, customerId);
    const pay = () => stage.payments.payInvoice(order, invoiceId, 1, card);
    expect(await pay()).toEqual(outcome);
    expect(await pay()).toEqual(outcome);
    const reading = await stage.payments.readInvoice(invoiceId);
    expect(reading.status).toBe(outcome.status === 'paid' ? 'paid' : 'open');
    expect(reading.authenticationPending).toBe(outcome.status === 'authentication_required');
  });

  test('advice not to try again makes any decline hard', async () => {
    const { customerId, paymentMethodId } = await stage.customerWith('pm_card_visa');
    const order = topUp();
    const { invoiceId } = await openInvoice(stage, order, customerId);
    const error = { type: 'card_error', code: 'card_declined', decline_code: 'generic_decline' };
    const body = JSON.stringify({ error: { ...error, advice_code: 'do_not_try_again', message: 'No.' } });
    stage.wire.script(/pay$/, answering(402, body));
    const outcome = await stage.payments.payInvoice(order, invoiceId, 1, paymentMethodId);
    expect(outcome).toEqual(declined('hard', 'card_declined', 'generic_decline'));
  });

  test('an invoice that asks for the customer on the spot is no decline', async () => {
    const { customerId, paymentMethodId } = await stage.customerWith('pm_card_visa');
    const order = topUp();
    const { invoiceId } = await openInvoice(stage, order, customerId);
    await stage.control('/switches', { kind: 'requires_action', customer: customerId, count: 1 });
    const outcome = await stage.payments.payInvoice(order, invoiceId, 1, paymentMethodId);
    expect(outcome).toEqual({ status: 'authentication_required' });
    expect(await stage.payments.readInvoice(invoiceId)).toMatchObject({ authenticationPending: true });
  });

  test('a card that the customer removed before the charge declines softly, for the next attempt has another', async () => {
    const { customerId } = await stage.customerWith('pm_card_visa');
    const order = topUp();
    const { invoiceId } = await openInvoice(stage, order, customerId);
    const outcome = await stage.payments.payInvoice(order, invoiceId, 1, 'pm_1removed');
    expect(outcome).toEqual(declined('soft', 'no_payment_method', 'resource_missing'));
  });
});

describe('a new attempt', () => {
  test('has a key and a card of its own and pays the same invoice', async () => {
    const { customerId, paymentMethodId } = await stage.customerWith('pm_card_visa');
    const order = topUp();
    const { invoiceId } = await openInvoice(stage, order, customerId);
    const broke = 'pm_card_visa_chargeDeclinedInsufficientFunds';
    await stage.payments.payInvoice(order, invoiceId, 1, broke);
    const second = await stage.payments.payInvoice(order, invoiceId, 2, paymentMethodId);
    expect(second).toEqual({ status: 'paid' });
    const succeeded = (await stage.state(customerId)).charges.filter(({ status }) => status === 'succeeded');
    expect(succeeded).toHaveLength(1);
  });

  test('of a paid invoice finds it already paid and moves no money', async () => {
    const { customerId, paymentMethodId } = await stage.customerWith('pm_card_visa');
    const order = topUp();
    const { invoiceId } = await openInvoice(stage, order, customerId);
    await stage.payments.payInvoice(order, invoiceId, 1, paymentMethodId);
    const again = await stage.payments.payInvoice(order, invoiceId, 2, paymentMethodId);
    expect(again).toEqual({ status: 'already_paid' });
    expect((await stage.state(customerId)).charges).toHaveLength(1);
  });

  test('of a void invoice is rejected', async () => {
    const { customerId, paymentMethodId } = await stage.customerWith('pm_card_visa');
    const order = topUp();
    const { invoiceId } = await openInvoice(stage, order, customerId);
    await stage.payments.voidInvoice(order.topUpId, invoiceId);
    const paying = stage.payments.payInvoice(order, invoiceId, 1, paymentMethodId);
    await expect(paying).rejects.toMatchObject({ kind: 'rejected' });
  });

  test('whose refusal cannot be looked into is ambiguous: it may have been paid', async () => {
    const { customerId, paymentMethodId } = await stage.customerWith('pm_card_visa');
    const order = topUp();
    const { invoiceId } = await openInvoice(stage, order, customerId);
    await stage.payments.payInvoice(order, invoiceId, 1, paymentMethodId);
    stage.wire.script(/invoices\/in_[^/]+\?/, reset);
    const again = stage.payments.payInvoice(order, invoiceId, 2, paymentMethodId);
    await expect(again).rejects.toMatchObject({ kind: 'ambiguous' });
  });

  test('that is answered without a payment is ambiguous', async () => {
    const { customerId, paymentMethodId } = await stage.customerWith('pm_card_visa');
    const order = topUp();
    const { invoiceId } = await openInvoice(stage, order, customerId);
    stage.wire.script(
      /pay$/,
      answering(200, JSON.stringify({ id: invoiceId, object: 'invoice', status: 'open' })),
    );
    const paying = stage.payments.payInvoice(order, invoiceId, 1, paymentMethodId);
    await expect(paying).rejects.toMatchObject({ kind: 'ambiguous' });
  });
});

describe('after a day, when Stripe has forgotten the keys', () => {
  test('steps that are behind us change nothing', async () => {
    const { customerId, paymentMethodId } = await stage.customerWith('pm_card_visa');
    const order = topUp();
    const open = await openInvoice(stage, order, customerId);
    await stage.control('/clock', { advanceSeconds: 25 * 3_600 });
    await stage.payments.addInvoiceItem(order, customerId, open.invoiceId);
    expect(await stage.payments.finalizeInvoice(order, open.invoiceId)).toEqual(open);
    await stage.payments.payInvoice(order, open.invoiceId, 1, paymentMethodId);
    await stage.control('/clock', { advanceSeconds: 25 * 3_600 });
    const again = await stage.payments.payInvoice(order, open.invoiceId, 1, paymentMethodId);
    expect(again).toEqual({ status: 'already_paid' });
    expect((await stage.state(customerId)).charges).toHaveLength(1);
  });

  test('an invoice whose id was lost is found by its top-up, the paid one before any other', async () => {
    const { customerId, paymentMethodId } = await stage.customerWith('pm_card_visa');
    const order = topUp();
    const createdAtMs = Date.now();
    expect(await stage.payments.findInvoice(order.topUpId, customerId, createdAtMs)).toBeNull();
    const { invoiceId } = await openInvoice(stage, order, customerId);
    await openInvoice(stage, topUp(), customerId);
    expect(await stage.payments.findInvoice(order.topUpId, customerId, createdAtMs)).toMatchObject({
      invoiceId,
      status: 'open',
    });
    await stage.payments.payInvoice(order, invoiceId, 1, paymentMethodId);
    await stage.control('/clock', { advanceSeconds: 25 * 3_600 });
    await stage.payments.createInvoice(order, customerId);
    const found = await stage.payments.findInvoice(order.topUpId, customerId, createdAtMs);
    expect(found).toMatchObject({ invoiceId, status: 'paid' });
  });

  test('it is found behind a hundred others', async () => {
    const { customerId } = await stage.customerWith('pm_card_visa');
    const order = topUp();
    const { invoiceId } = await stage.payments.createInvoice(order, customerId);
    for (let made = 0; made < 101; made += 1) await stage.post('/invoices', { customer: customerId });
    const found = await stage.payments.findInvoice(order.topUpId, customerId, Date.now());
    expect(found).toMatchObject({ invoiceId, status: 'draft' });
  });
});

test('a key that comes with other parameters is refused, not executed', async () => {
  const { customerId } = await stage.customerWith('pm_card_visa');
  const order = topUp();
  const { invoiceId } = await stage.payments.createInvoice(order, customerId);
  await stage.payments.addInvoiceItem(order, customerId, invoiceId);
  const other = { ...order, amountCents: cents(60_00) };
  const adding = stage.payments.addInvoiceItem(other, customerId, invoiceId);
  await expect(adding).rejects.toSatisfy(
    (error) =>
      error instanceof ProviderError && error.kind === 'rejected' && error.details.requestId !== null,
  );
  expect((await stage.payments.readInvoice(invoiceId)).netCents).toBe(50_00);
});

async function walk(order: TopUp, customerId: string, paymentMethodId: string) {
  const open = await openInvoice(stage, order, customerId);
  return { open, outcome: await stage.payments.payInvoice(order, open.invoiceId, 1, paymentMethodId) };
}

function declined(
  kind: 'soft' | 'hard',
  reason: Extract<PayOutcome, { status: 'declined' }>['decline']['reason'],
  code: string,
): PayOutcome {
  return { status: 'declined', decline: { kind, reason, code } };
}
