import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TopUp } from '../../../domain/top-up.ts';
import { openInvoice, startStage, topUp, type Stage } from './stripe-stage.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await startStage();
});

afterAll(() => stage.close());

describe('a server error that Stripe has stored under the key', () => {
  type Step = {
    path: string;
    before?: (order: TopUp, customerId: string) => Promise<unknown>;
    step: (order: TopUp, customerId: string) => Promise<unknown>;
    after: { status: string; lines: number };
  };
  const invoiceOf = async (customerId: string) => (await stage.state(customerId)).invoices[0]!;
  const create = (order: TopUp, customerId: string) => stage.payments.createInvoice(order, customerId);
  const addItem = async (order: TopUp, customerId: string) =>
    stage.payments.addInvoiceItem(order, customerId, (await invoiceOf(customerId)).id);
  const finalize = async (order: TopUp, customerId: string) =>
    stage.payments.finalizeInvoice(order, (await invoiceOf(customerId)).id);
  const cancel = async (order: TopUp, customerId: string) =>
    stage.payments.voidInvoice(order.topUpId, (await invoiceOf(customerId)).id);
  const steps: Step[] = [
    { path: 'invoices', step: create, after: { status: 'draft', lines: 0 } },
    { path: 'invoiceitems', before: create, step: addItem, after: { status: 'draft', lines: 1 } },
    {
      path: 'finalize',
      before: async (order, customerId) => {
        await create(order, customerId);
        await addItem(order, customerId);
      },
      step: finalize,
      after: { status: 'open', lines: 1 },
    },
    {
      path: 'void',
      before: (order, customerId) => openInvoice(stage, order, customerId),
      step: cancel,
      after: { status: 'void', lines: 1 },
    },
  ];

  describe.each(['error_before', 'error_after'])('(%s the effect)', (kind) => {
    test.each(steps)(
      'does not hold $path up, and leaves one effect',
      async ({ path, before, step, after }) => {
        const { customerId } = await stage.customerWith('pm_card_visa');
        const order = topUp();
        await before?.(order, customerId);
        const where = { path, method: 'POST', customer: customerId };
        await stage.control('/switches', { kind, count: 1, ...where });
        await expect(step(order, customerId)).rejects.toMatchObject({ kind: 'ambiguous' });
        await step(order, customerId);
        const { invoices } = await stage.state(customerId);
        expect(invoices).toMatchObject([{ status: after.status }]);
        expect(invoices[0]?.lines.data).toHaveLength(after.lines);
      },
    );
  });

  test.each(steps.filter(({ path }) => path !== 'void'))(
    'does not hold $path up for the rest of the day when the second key has one too',
    async ({ path, before, step, after }) => {
      const { customerId } = await stage.customerWith('pm_card_visa');
      const order = topUp();
      await before?.(order, customerId);
      const where = { path, method: 'POST', customer: customerId };
      await stage.control('/switches', { kind: 'error_before', count: 2, ...where });
      for (let tries = 0; tries < 2; tries += 1) {
        await expect(step(order, customerId)).rejects.toMatchObject({ kind: 'ambiguous' });
      }
      await step(order, customerId);
      const { invoices } = await stage.state(customerId);
      expect(invoices).toMatchObject([{ status: after.status }]);
      expect(invoices[0]?.lines.data).toHaveLength(after.lines);
    },
  );

  test('is no reason for a second payment under another key', async () => {
    const { customerId, paymentMethodId } = await stage.customerWith('pm_card_visa');
    const order = topUp();
    const { invoiceId } = await openInvoice(stage, order, customerId);
    const where = { path: 'pay', customer: customerId };
    await stage.control('/switches', { kind: 'error_before', count: 1, ...where });
    const pay = () => stage.payments.payInvoice(order, invoiceId, 1, paymentMethodId);
    await expect(pay()).rejects.toMatchObject({ kind: 'ambiguous' });
    await expect(pay()).rejects.toMatchObject({ kind: 'ambiguous', details: { replayed: true } });
    expect((await stage.state(customerId)).charges).toEqual([]);
  });
});
