import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Stripe } from 'stripe';
import { startStripeSandbox, type StripeSandbox } from '../../../dev/stripe-sandbox/server.ts';
import { control, plainClient } from './recorder.ts';
import { errorOf, fault, newOpenInvoice, newShopper, succeededCharges } from './shop.ts';

const DAY_SECONDS = 24 * 3600;

describe('idempotency keys', () => {
  let sandbox: StripeSandbox;
  let stripe: Stripe;

  beforeAll(async () => {
    sandbox = await startStripeSandbox({ port: 0 });
    stripe = plainClient(sandbox);
  });
  afterAll(() => sandbox.stop());

  it('a second request while the first is worked on is refused as in use, and charges nothing', async () => {
    const { customer } = await newShopper(stripe);
    const invoice = await newOpenInvoice(stripe, customer);
    await fault(sandbox.url, { kind: 'delay', path: 'pay', customer, count: 1, ms: 400 });
    const options = { idempotencyKey: `in-flight-${invoice.id}` };
    const first = stripe.invoices.pay(invoice.id, {}, options);
    const answers = await Promise.all([
      first.then((paid) => paid.status),
      ...[1, 2, 3].map(() =>
        errorOf(afterArrival(sandbox, invoice.id).then(() => stripe.invoices.pay(invoice.id, {}, options))),
      ),
    ]);
    expect(answers[0]).toBe('paid');
    expect(answers.slice(1)).toMatchObject(
      [1, 2, 3].map(() => ({ statusCode: 409, code: 'idempotency_key_in_use', type: 'StripeAPIError' })),
    );
    expect(await succeededCharges(stripe, customer)).toHaveLength(1);
  });

  it('fifty requests at once under one key charge once', async () => {
    const { customer } = await newShopper(stripe);
    const invoice = await newOpenInvoice(stripe, customer);
    const options = { idempotencyKey: `fifty-${invoice.id}` };
    const calls = Array.from({ length: 50 }, () => stripe.invoices.pay(invoice.id, {}, options));
    const results = await Promise.allSettled(calls);
    expect(results.some((result) => result.status === 'fulfilled')).toBe(true);
    expect(await succeededCharges(stripe, customer)).toHaveLength(1);
  });

  it('a 500 after the effect is replayed as the same 500, while the money has moved', async () => {
    const { customer } = await newShopper(stripe);
    const invoice = await newOpenInvoice(stripe, customer);
    await fault(sandbox.url, { kind: 'error_after', path: 'pay', customer, count: 1 });
    const options = { idempotencyKey: `after-${invoice.id}` };
    expect(await errorOf(stripe.invoices.pay(invoice.id, {}, options))).toMatchObject({ statusCode: 500 });
    const again = await errorOf(stripe.invoices.pay(invoice.id, {}, options));
    expect(again).toMatchObject({ statusCode: 500, headers: { 'idempotent-replayed': 'true' } });
    expect(await stripe.invoices.retrieve(invoice.id)).toMatchObject({ status: 'paid' });
    expect(await succeededCharges(stripe, customer)).toHaveLength(1);
  });

  it('a 500 before the effect is replayed too, and nothing has moved', async () => {
    const { customer } = await newShopper(stripe);
    const invoice = await newOpenInvoice(stripe, customer);
    await fault(sandbox.url, { kind: 'error_before', path: 'pay', customer, count: 1 });
    const options = { idempotencyKey: `before-${invoice.id}` };
    await errorOf(stripe.invoices.pay(invoice.id, {}, options));
    expect(await errorOf(stripe.invoices.pay(invoice.id, {}, options))).toMatchObject({ statusCode: 500 });
    expect(await stripe.invoices.retrieve(invoice.id)).toMatchObject({ status: 'open' });
  });

  it('a lost response is replayed as the success it was', async () => {
    const { customer } = await newShopper(stripe);
    const invoice = await newOpenInvoice(stripe, customer);
    // stripe-node sends once more by itself when the connection is reset.
    await fault(sandbox.url, { kind: 'lost_response', path: 'pay', customer, count: 2 });
    const options = { idempotencyKey: `lost-${invoice.id}` };
    expect(await errorOf(stripe.invoices.pay(invoice.id, {}, options))).toMatchObject({
      type: 'StripeConnectionError',
    });
    const paid = await stripe.invoices.pay(invoice.id, {}, options);
    expect(paid.status).toBe('paid');
    expect(paid.lastResponse.headers['idempotent-replayed']).toBe('true');
    expect(await succeededCharges(stripe, customer)).toHaveLength(1);
  });

  it('a 429 is not kept: the same key goes through afterwards', async () => {
    const { customer } = await newShopper(stripe);
    const invoice = await newOpenInvoice(stripe, customer);
    await fault(sandbox.url, { kind: 'rate_limit', path: 'pay', customer, count: 1 });
    const options = { idempotencyKey: `limited-${invoice.id}` };
    expect(await errorOf(stripe.invoices.pay(invoice.id, {}, options))).toMatchObject({
      type: 'StripeRateLimitError',
    });
    const paid = await stripe.invoices.pay(invoice.id, {}, options);
    expect(paid.lastResponse.headers['idempotent-replayed']).toBeUndefined();
  });

  it('a key belongs to one endpoint', async () => {
    const options = { idempotencyKey: 'one-endpoint' };
    await stripe.customers.create({ name: 'A' }, options);
    const error = await errorOf(stripe.setupIntents.create({}, options));
    expect(error).toMatchObject({ type: 'StripeIdempotencyError', statusCode: 400 });
  });

  it('a key is at most 255 characters long', async () => {
    const error = await errorOf(stripe.customers.create({}, { idempotencyKey: 'k'.repeat(256) }));
    expect(error).toMatchObject({ statusCode: 400 });
  });

  it('after a day the key is forgotten, and only the invoice itself guards the money', async () => {
    const { customer } = await newShopper(stripe);
    const invoice = await newOpenInvoice(stripe, customer);
    const options = { idempotencyKey: `day-${invoice.id}` };
    await stripe.invoices.pay(invoice.id, {}, options);
    await control(sandbox.url, 'POST', '/sandbox/clock', { advanceSeconds: DAY_SECONDS + 1 });
    const error = await errorOf(stripe.invoices.pay(invoice.id, {}, options));
    expect(error).toMatchObject({ statusCode: 400, message: 'Invoice is already paid' });
    expect(await succeededCharges(stripe, customer)).toHaveLength(1);
  });

  it('requests can be counted by path and key, replays apart', async () => {
    const key = 'counted';
    await stripe.customers.create({ name: 'A' }, { idempotencyKey: key });
    await stripe.customers.create({ name: 'A' }, { idempotencyKey: key });
    expect(
      await control(sandbox.url, 'GET', `/sandbox/requests?path=/v1/customers&key=${key}`),
    ).toMatchObject({
      count: 2,
      executed: 1,
    });
  });
});

/** Resolves when the delayed request holds its key, seen by the switch that it has used up. */
async function afterArrival(sandbox: StripeSandbox, invoice: string): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    const { items } = (await control(sandbox.url, 'GET', '/sandbox/switches')) as {
      items: { struck: number; kind: string }[];
    };
    if (items.some((one) => one.kind === 'delay' && one.struck > 0)) return;
  }
  throw new Error(`the payment of ${invoice} never arrived`);
}
