import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openInvoice, startStage, topUp, type Stage } from './stripe-stage.ts';
import { answering } from './stripe-wire.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await startStage();
});

afterAll(() => stage.close());

describe('voiding', () => {
  test('ends an open invoice', async () => {
    const { customerId } = await stage.customerWith('pm_card_visa');
    const order = topUp();
    const { invoiceId } = await openInvoice(stage, order, customerId);
    const voided = await stage.payments.voidInvoice(order.topUpId, invoiceId);
    expect(voided).toMatchObject({ status: 'void', invoiceId, netCents: 50_00 });
    expect(await stage.payments.voidInvoice(order.topUpId, invoiceId)).toEqual(voided);
  });

  test('finds a payment that was quicker', async () => {
    const { customerId, paymentMethodId } = await stage.customerWith('pm_card_visa');
    const order = topUp();
    const { invoiceId } = await openInvoice(stage, order, customerId);
    await stage.payments.payInvoice(order, invoiceId, 1, paymentMethodId);
    const reading = await stage.payments.voidInvoice(order.topUpId, invoiceId);
    expect(reading).toMatchObject({ status: 'paid', totalCents: 59_50 });
  });

  test('is busy while Stripe does not let go of an open invoice, and succeeds later', async () => {
    const { customerId } = await stage.customerWith('pm_card_visa');
    const order = topUp();
    const { invoiceId } = await openInvoice(stage, order, customerId);
    await stage.control('/switches', { kind: 'void_fails', customer: customerId, count: 1 });
    const refused = stage.payments.voidInvoice(order.topUpId, invoiceId);
    await expect(refused).rejects.toMatchObject({ kind: 'busy', details: { statusCode: 400 } });
    expect(await stage.payments.voidInvoice(order.topUpId, invoiceId)).toMatchObject({ status: 'void' });
  });

  test('deletes a draft, so that a late worker cannot finalize it', async () => {
    const { customerId } = await stage.customerWith('pm_card_visa');
    const order = topUp();
    const { invoiceId } = await stage.payments.createInvoice(order, customerId);
    await stage.payments.addInvoiceItem(order, customerId, invoiceId);
    const reading = await stage.payments.voidInvoice(order.topUpId, invoiceId);
    expect(reading).toMatchObject({ status: 'void', invoiceId, topUpId: order.topUpId });
    expect((await stage.state(customerId)).invoices).toEqual([]);
    const late = stage.payments.finalizeInvoice(order, invoiceId);
    await expect(late).rejects.toMatchObject({ kind: 'rejected' });
  });

  test('of a draft that somebody deleted at that moment finds it void', async () => {
    const { customerId } = await stage.customerWith('pm_card_visa');
    const order = topUp();
    const { invoiceId } = await stage.payments.createInvoice(order, customerId);
    const missing = JSON.stringify({ error: { type: 'invalid_request_error', code: 'resource_missing' } });
    stage.wire.script(/invoices\/in_[^/?]+$/, answering(404, missing));
    const reading = await stage.payments.voidInvoice(order.topUpId, invoiceId);
    expect(reading).toMatchObject({ status: 'void', invoiceId });
  });

  test('of a draft that was finalized at that moment is busy, and voids it the next time', async () => {
    const { customerId } = await stage.customerWith('pm_card_visa');
    const order = topUp();
    const { invoiceId } = await stage.payments.createInvoice(order, customerId);
    const refused = JSON.stringify({ error: { type: 'invalid_request_error', message: 'Drafts only.' } });
    stage.wire.script(/invoices\/in_[^/?]+$/, answering(400, refused));
    await expect(stage.payments.voidInvoice(order.topUpId, invoiceId)).rejects.toMatchObject({
      kind: 'busy',
    });
    await stage.payments.addInvoiceItem(order, customerId, invoiceId);
    await stage.payments.finalizeInvoice(order, invoiceId);
    expect(await stage.payments.voidInvoice(order.topUpId, invoiceId)).toMatchObject({ status: 'void' });
  });
});
