import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Stripe } from 'stripe';
import { startStripeSandbox, type StripeSandbox } from '../../../dev/stripe-sandbox/server.ts';
import { control, plainClient } from './recorder.ts';
import { errorOf, fault, newOpenInvoice, newShopper, type Shopper, succeededCharges } from './shop.ts';

describe('faults on demand', () => {
  let sandbox: StripeSandbox;
  let stripe: Stripe;
  let shopper: Shopper;

  beforeAll(async () => {
    sandbox = await startStripeSandbox({ port: 0 });
    stripe = plainClient(sandbox);
    shopper = await newShopper(stripe);
  });
  afterAll(() => sandbox.stop());
  afterEach(() => control(sandbox.url, 'DELETE', '/sandbox/switches'));

  it('without a key of test mode nothing is answered', async () => {
    const response = await fetch(`${sandbox.url}/v1/customers`, {
      headers: { authorization: 'Bearer sk_live_123' },
    });
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ error: { type: 'invalid_request_error' } });
  });

  it.each([
    ['insufficient_funds', 'card_declined', 'try_again_later', '51'],
    ['lost_card', 'card_declined', 'do_not_try_again', '41'],
    ['stolen_card', 'card_declined', 'do_not_try_again', '43'],
    ['expired_card', 'expired_card', 'do_not_try_again', '54'],
    ['processing_error', 'processing_error', 'try_again_later', '96'],
    ['do_not_try_again', 'card_declined', 'do_not_try_again', 'R0'],
  ])('the next payment can be declined as %s', async (declineCode, code, advice, network) => {
    const invoice = await newOpenInvoice(stripe, shopper.customer);
    await fault(sandbox.url, { kind: 'decline', code: declineCode, count: 1, customer: shopper.customer });
    const error = await errorOf(stripe.invoices.pay(invoice.id, { off_session: true }));
    expect(error).toMatchObject({
      type: 'StripeCardError',
      statusCode: 402,
      code,
      decline_code: declineCode,
      advice_code: advice,
      network_decline_code: network,
      payment_intent: { status: 'requires_payment_method' },
      payment_method: { id: shopper.card },
    });
    expect(await stripe.invoices.pay(invoice.id)).toMatchObject({ status: 'paid', attempt_count: 2 });
  });

  it('a saved card can turn bad and keeps its fingerprint', async () => {
    const { customer, card } = await newShopper(stripe);
    const before = await stripe.paymentMethods.retrieve(card);
    await control(sandbox.url, 'POST', `/sandbox/payment-methods/${card}/behaves-as`, {
      number: '4000000000009987',
    });
    const invoice = await newOpenInvoice(stripe, customer);
    expect(await errorOf(stripe.invoices.pay(invoice.id))).toMatchObject({ decline_code: 'lost_card' });
    expect((await stripe.paymentMethods.retrieve(card)).card?.fingerprint).toBe(before.card?.fingerprint);
  });

  it('a truncated answer is a connection error although the money has moved', async () => {
    const invoice = await newOpenInvoice(stripe, shopper.customer);
    await fault(sandbox.url, { kind: 'truncated_body', path: 'pay', count: 1 });
    expect(await errorOf(stripe.invoices.pay(invoice.id))).toMatchObject({ type: 'StripeConnectionError' });
    expect(await stripe.invoices.retrieve(invoice.id)).toMatchObject({ status: 'paid' });
  });

  it('JSON without `error` resolves in the SDK, with the status as the only sign', async () => {
    const invoice = await newOpenInvoice(stripe, shopper.customer);
    await fault(sandbox.url, { kind: 'no_error_body', path: '/v1/invoices/*/pay', status: 404, count: 1 });
    const odd = await stripe.invoices.pay(invoice.id);
    expect(odd.object).toBeUndefined();
    expect(odd.lastResponse.statusCode).toBe(404);
    expect(await stripe.invoices.retrieve(invoice.id)).toMatchObject({ status: 'open' });
  });

  it('a lost request never arrives', async () => {
    const invoice = await newOpenInvoice(stripe, shopper.customer);
    await fault(sandbox.url, { kind: 'lost_request', path: 'pay', count: 2 });
    expect(await errorOf(stripe.invoices.pay(invoice.id))).toMatchObject({ type: 'StripeConnectionError' });
    expect(await stripe.invoices.retrieve(invoice.id)).toMatchObject({ status: 'open', attempt_count: 0 });
  });

  it('a decline can carry another advice than its code does', async () => {
    const invoice = await newOpenInvoice(stripe, shopper.customer);
    const { customer } = shopper;
    await fault(sandbox.url, {
      kind: 'decline',
      code: 'insufficient_funds',
      advice: 'do_not_try_again',
      count: 1,
      customer,
    });
    const error = await errorOf(stripe.invoices.pay(invoice.id, { off_session: true }));
    expect(error).toMatchObject({ decline_code: 'insufficient_funds', advice_code: 'do_not_try_again' });
  });

  it('a fault strikes only the customer, the path and the count that it is limited to', async () => {
    const other = await newShopper(stripe);
    await fault(sandbox.url, { kind: 'decline', customer: shopper.customer, count: 2, skip: 1 });
    const pay = async (customer: string): Promise<string> => {
      const invoice = await newOpenInvoice(stripe, customer);
      return stripe.invoices.pay(invoice.id).then(
        (paid) => paid.status ?? '',
        (error: Stripe.errors.StripeError) => error.code ?? '',
      );
    };
    expect(await pay(other.customer)).toBe('paid');
    const mine = [];
    for (let turn = 0; turn < 4; turn += 1) mine.push(await pay(shopper.customer));
    expect(mine).toEqual(['paid', 'card_declined', 'card_declined', 'paid']);
  });

  it('a void can fail, and does because the invoice was paid meanwhile', async () => {
    const invoice = await newOpenInvoice(stripe, shopper.customer);
    await fault(sandbox.url, { kind: 'void_fails', count: 1 });
    expect(await errorOf(stripe.invoices.voidInvoice(invoice.id))).toMatchObject({ statusCode: 400 });
    await stripe.invoices.pay(invoice.id);
    expect(await errorOf(stripe.invoices.voidInvoice(invoice.id))).toMatchObject({ statusCode: 400 });
    expect(await stripe.invoices.retrieve(invoice.id)).toMatchObject({ status: 'paid' });
  });

  it('automatic tax is switched off at finalization when the place is unknown, or when it fails', async () => {
    const nowhere = await stripe.customers.create({ name: 'Nowhere' });
    expect(await newOpenInvoice(stripe, nowhere.id)).toMatchObject({
      total: 1000,
      automatic_tax: { enabled: false, disabled_reason: 'finalization_requires_location_inputs' },
    });
    await fault(sandbox.url, { kind: 'tax_off', count: 1 });
    expect(await newOpenInvoice(stripe, shopper.customer)).toMatchObject({
      total: 1000,
      automatic_tax: { enabled: false, disabled_reason: 'finalization_system_error' },
    });
  });

  it('a payment can stay in processing: it is neither paid again nor voided until the bank answers', async () => {
    const { customer } = await newShopper(stripe);
    const invoice = await newOpenInvoice(stripe, customer);
    await fault(sandbox.url, { kind: 'processing', customer, count: 1 });
    expect(await stripe.invoices.pay(invoice.id)).toMatchObject({ status: 'open' });
    expect(await errorOf(stripe.invoices.pay(invoice.id))).toMatchObject({ statusCode: 400 });
    expect(await errorOf(stripe.invoices.voidInvoice(invoice.id))).toMatchObject({ statusCode: 400 });
    const intent = invoice.payments?.data[0]?.payment.payment_intent as string;
    await control(sandbox.url, 'POST', `/sandbox/payment-intents/${intent}/settle`, { outcome: 'succeeded' });
    expect(await stripe.invoices.retrieve(invoice.id)).toMatchObject({ status: 'paid' });
    expect(await succeededCharges(stripe, customer)).toHaveLength(1);
  });

  it('a refund can be sent back by the bank, and the charge stays unrefunded', async () => {
    const { customer } = await newShopper(stripe);
    const invoice = await newOpenInvoice(stripe, customer);
    await stripe.invoices.pay(invoice.id);
    const [charge] = await succeededCharges(stripe, customer);
    await fault(sandbox.url, { kind: 'refund_fails', customer, count: 1 });
    const refund = await stripe.refunds.create({ charge: charge!.id });
    expect(refund.status).toBe('pending');
    expect(await stripe.refunds.retrieve(refund.id)).toMatchObject({ status: 'failed' });
    expect(await stripe.charges.retrieve(charge!.id)).toMatchObject({ refunded: false, amount_refunded: 0 });
  });

  it('a balance of the customer is taken into the invoice, so that less or more is due than its total', async () => {
    const { customer } = await newShopper(stripe);
    await control(sandbox.url, 'POST', `/sandbox/customers/${customer}/balance`, { balance: -300 });
    expect(await newOpenInvoice(stripe, customer)).toMatchObject({
      total: 1190,
      amount_due: 890,
      starting_balance: -300,
    });
    expect(await stripe.customers.retrieve(customer)).toMatchObject({ balance: 0 });
  });

  it.each([
    ['4000000000000259', 'needs_response'],
    ['4000000000001976', 'warning_needs_response'],
  ])('card %s is disputed as soon as it is charged', async (number, status) => {
    const { customer, card } = await newShopper(stripe);
    await control(sandbox.url, 'POST', `/sandbox/payment-methods/${card}/behaves-as`, { number });
    const invoice = await newOpenInvoice(stripe, customer);
    await stripe.invoices.pay(invoice.id);
    const [charge] = await succeededCharges(stripe, customer);
    expect((await stripe.disputes.list({ charge: charge!.id })).data).toMatchObject([
      { status, amount: 1190 },
    ]);
    expect(await errorOf(stripe.refunds.create({ charge: charge!.id }))).toMatchObject({
      code: 'charge_disputed',
    });
  });

  it.each([
    ['won', 'charge.dispute.funds_reinstated'],
    ['lost', 'charge.dispute.closed'],
  ])('a dispute can be opened on any payment and be %s', async (outcome, event) => {
    const { customer } = await newShopper(stripe);
    const invoice = await newOpenInvoice(stripe, customer);
    await stripe.invoices.pay(invoice.id);
    const dispute = (await control(sandbox.url, 'POST', '/sandbox/disputes', { invoice: invoice.id })) as {
      id: string;
    };
    await control(sandbox.url, 'POST', `/sandbox/disputes/${dispute.id}/${outcome}`);
    expect(await stripe.disputes.retrieve(dispute.id)).toMatchObject({ status: outcome, amount: 1190 });
    const { data } = await stripe.events.list({ type: event });
    expect(data.map((one) => (one.data.object as Stripe.Dispute).id)).toContain(dispute.id);
  });

  it('evidence decides a test dispute', async () => {
    const { customer } = await newShopper(stripe);
    const invoice = await newOpenInvoice(stripe, customer);
    await stripe.invoices.pay(invoice.id);
    const dispute = (await control(sandbox.url, 'POST', '/sandbox/disputes', { invoice: invoice.id })) as {
      id: string;
    };
    const decided = await stripe.disputes.update(dispute.id, {
      evidence: { uncategorized_text: 'winning_evidence' },
      submit: true,
    });
    expect(decided.status).toBe('won');
  });

  it('a switch that does not exist is refused', async () => {
    await expect(fault(sandbox.url, { kind: 'nonsense' })).rejects.toThrow('400');
    await expect(fault(sandbox.url, { kind: 'decline', surprise: 1 })).rejects.toThrow('400');
  });
});
