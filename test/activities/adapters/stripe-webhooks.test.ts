import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Stripe } from 'stripe';
import { describe, expect, test } from 'vitest';
import { createStripeWebhookVerifier } from '../../../activities/adapters/stripe-webhooks.ts';
import { WebhookSignatureError, type VerifiedStripeEvent } from '../../../domain/provider-events.ts';
import { eventually } from '../../support/eventually.ts';
import { openInvoice, startStage, topUp } from './stripe-stage.ts';

const SECRET = 'whsec_current';
const verifier = createStripeWebhookVerifier([SECRET]);

describe('the signature', () => {
  const payload = eventBody('invoice.paid', { object: 'invoice', id: 'in_1' });

  test('of any of two secrets is accepted while the secret is rotated', () => {
    const rotating = createStripeWebhookVerifier(['whsec_next', SECRET]);
    for (const secret of ['whsec_next', SECRET]) {
      expect(rotating.verify(payload, sign(payload, secret))).toMatchObject({ invoiceId: 'in_1' });
    }
  });

  test('of another secret is refused', () => {
    expect(() => verifier.verify(payload, sign(payload, 'whsec_other'))).toThrow(WebhookSignatureError);
  });

  test('that is missing is refused', () => {
    expect(() => verifier.verify(payload, undefined)).toThrow(WebhookSignatureError);
    expect(() => verifier.verify(payload, '')).toThrow(WebhookSignatureError);
    expect(() => verifier.verify(payload, 'nonsense')).toThrow(WebhookSignatureError);
  });

  test('over other bytes is refused, be it one space', () => {
    expect(() => verifier.verify(Buffer.concat([payload, Buffer.from(' ')]), sign(payload, SECRET))).toThrow(
      WebhookSignatureError,
    );
  });

  test('that is too old is refused, so that nothing can be replayed', () => {
    const nowSeconds = Math.floor(Date.now() / 1_000);
    expect(verifier.verify(payload, sign(payload, SECRET, nowSeconds - 290)).eventId).toBe('evt_1');
    expect(() => verifier.verify(payload, sign(payload, SECRET, nowSeconds - 310))).toThrow(
      WebhookSignatureError,
    );
  });

  test('is always bounded in age', () => {
    expect(() => createStripeWebhookVerifier([SECRET], 0)).toThrow(RangeError);
    expect(() => createStripeWebhookVerifier([SECRET], Number.NaN)).toThrow(RangeError);
    expect(() => createStripeWebhookVerifier([])).toThrow(RangeError);
  });

  test.each(['not json', '"text"', 'null', '[]', '{}', '{"id":"evt_1","type":3,"created":1}'])(
    'does not make an event of %s',
    (text) => {
      const signed = Buffer.from(text);
      expect(() => verifier.verify(signed, sign(signed, SECRET))).toThrow(WebhookSignatureError);
    },
  );
});

describe('the ids in an event', () => {
  const metadata = { top_up_id: 'tu_call_1', account_id: 'acc_1' };

  test.each<[string, Record<string, unknown>, Partial<VerifiedStripeEvent>]>([
    [
      'invoice.paid',
      { object: 'invoice', id: 'in_1', customer: 'cus_1', metadata },
      { invoiceId: 'in_1', customerId: 'cus_1', topUpId: 'tu_call_1', accountId: 'acc_1' },
    ],
    [
      'payment_intent.succeeded',
      {
        object: 'payment_intent',
        id: 'pi_1',
        customer: 'cus_1',
        metadata: {},
        payment_details: { order_reference: 'in_1' },
      },
      { invoiceId: 'in_1', customerId: 'cus_1', topUpId: null },
    ],
    [
      'payment_intent.payment_failed',
      { object: 'payment_intent', customer: { object: 'customer', id: 'cus_1' }, payment_details: null },
      { invoiceId: null, customerId: 'cus_1' },
    ],
    [
      'charge.refunded',
      { object: 'charge', id: 'ch_1', customer: 'cus_1', metadata },
      { topUpId: 'tu_call_1' },
    ],
    [
      'refund.updated',
      { object: 'refund', id: 're_1', metadata },
      { topUpId: 'tu_call_1', customerId: null },
    ],
    [
      'credit_note.created',
      { object: 'credit_note', id: 'cn_1', customer: 'cus_1', invoice: 'in_1', metadata: {} },
      { invoiceId: 'in_1', customerId: 'cus_1' },
    ],
    [
      'checkout.session.completed',
      { object: 'checkout.session', customer: 'cus_1', invoice: { object: 'invoice', id: 'in_1' }, metadata },
      { invoiceId: 'in_1', customerId: 'cus_1', topUpId: 'tu_call_1', accountId: 'acc_1' },
    ],
    [
      'checkout.session.expired',
      { object: 'checkout.session', customer: null, invoice: null, metadata },
      { invoiceId: null, customerId: null, topUpId: 'tu_call_1' },
    ],
    ['setup_intent.succeeded', { object: 'setup_intent', customer: 'cus_1' }, { customerId: 'cus_1' }],
    ['payment_method.attached', { object: 'payment_method', customer: 'cus_1' }, { customerId: 'cus_1' }],
    [
      'customer.updated',
      { object: 'customer', id: 'cus_1', metadata: { account_id: 'acc_1' } },
      { customerId: 'cus_1', accountId: 'acc_1' },
    ],
    [
      'customer.tax_id.created',
      { object: 'tax_id', id: 'txi_1', customer: 'cus_1' },
      { customerId: 'cus_1' },
    ],
    [
      'charge.dispute.created',
      { object: 'dispute', id: 'dp_1', charge: 'ch_1' },
      { customerId: null, invoiceId: null },
    ],
    ['something.nobody_knows', { object: 'novelty' }, { type: 'something.nobody_knows', topUpId: null }],
  ])('%s', (type, object, expected) => {
    const payload = eventBody(type, object);
    const event = verifier.verify(payload, sign(payload, SECRET));
    expect(event).toMatchObject({ eventId: 'evt_1', type, createdAtMs: 1_800_000_000_000, ...expected });
  });

  test('a detached card names the customer that it had', () => {
    const object = { object: 'payment_method', id: 'pm_1', customer: null };
    const payload = eventBody('payment_method.detached', object, { customer: 'cus_1' });
    expect(verifier.verify(payload, sign(payload, SECRET)).customerId).toBe('cus_1');
  });
});

test('what the sandbox delivers for a payment is verified and leads to the top-up', async () => {
  const stage = await startStage();
  const events: VerifiedStripeEvent[] = [];
  const receiver = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const signature = request.headers['stripe-signature'];
      events.push(verifier.verify(Buffer.concat(chunks), String(signature)));
      response.end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  try {
    const { port } = receiver.address() as AddressInfo;
    await stage.control('/webhook', { url: `http://127.0.0.1:${port}/`, secret: SECRET }, 'PUT');
    const { customerId, paymentMethodId } = await stage.customerWith('pm_card_visa');
    const order = topUp();
    const { invoiceId } = await openInvoice(stage, order, customerId);
    await stage.payments.payInvoice(order, invoiceId, 1, paymentMethodId);
    const { topUpId, accountId } = order;
    await eventually(() => {
      expect(events).toContainEqual(
        expect.objectContaining({ type: 'invoice.paid', topUpId, accountId, customerId, invoiceId }),
      );
      expect(events).toContainEqual(expect.objectContaining({ type: 'charge.succeeded', customerId }));
    });
    expect(new Set(events.map(({ eventId }) => eventId)).size).toBe(events.length);
  } finally {
    receiver.close();
    receiver.closeAllConnections();
    await stage.close();
  }
});

function sign(payload: Buffer, secret: string, timestamp = Math.floor(Date.now() / 1_000)): string {
  return Stripe.webhooks.generateTestHeaderString({ payload: payload.toString(), secret, timestamp });
}

function eventBody(type: string, object: object, previous?: object): Buffer {
  const data = { object, ...(previous === undefined ? {} : { previous_attributes: previous }) };
  return Buffer.from(JSON.stringify({ id: 'evt_1', object: 'event', type, created: 1_800_000_000, data }));
}
