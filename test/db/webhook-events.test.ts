import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { VerifiedStripeEvent } from '../../domain/provider-events.ts';
import { asOwner, choice, newAccount, openStores, order, type TestStores } from './support.ts';

let stores: TestStores;
beforeAll(async () => {
  stores = await openStores();
});
afterAll(() => stores.close());

function event(change: Partial<VerifiedStripeEvent>): VerifiedStripeEvent {
  return {
    eventId: `evt_${randomUUID()}`,
    type: 'invoice.paid',
    createdAtMs: 0,
    accountId: null,
    customerId: null,
    topUpId: null,
    invoiceId: null,
    paymentIntentId: null,
    ...change,
  };
}

const reasonsHeard = async (id: string) => {
  const claimed = await stores.wakes.claim({ limit: 100, leaseMs: 60_000 });
  await stores.wakes.acknowledge(claimed);
  const message = claimed.find((wake) => wake.accountId === id)?.message;
  return message?.kind === 'refresh' ? message.signal.reasons : [];
};

test('an event delivered by 20 requests at once has its effect once', async () => {
  const id = await newAccount(stores);
  await stores.accounts.saveCustomer(id, 'cus_1');
  await reasonsHeard(id);
  const same = event({ customerId: 'cus_1' });
  const results = await Promise.all(
    Array.from({ length: 20 }, () => stores.webhookEvents.recordStripeEvent(same)),
  );
  expect(results.filter((result) => result === 'recorded')).toHaveLength(1);
  expect(results.filter((result) => result === 'duplicate')).toHaveLength(19);
  expect(await reasonsHeard(id)).toEqual(['payment']);
  expect(await stores.webhookEvents.recordStripeEvent(same)).toBe('duplicate');
  expect(await reasonsHeard(id)).toEqual([]);
});

test('an event finds its account by top-up, invoice, customer or metadata', async () => {
  const id = await newAccount(stores);
  await stores.accounts.saveCustomer(id, 'cus_2');
  await stores.settings.save(id, 'call_minutes', choice(), { ifVersion: null });
  const { topUpId } = order(id);
  await stores.topUps.recordIntent(order(id, { topUpId }));
  await stores.topUps.saveInvoice(topUpId, { invoiceId: 'in_2' });
  await stores.topUps.markUnknown(topUpId);
  await reasonsHeard(id);
  const cases: [Partial<VerifiedStripeEvent>, string][] = [
    [{ topUpId }, 'payment'],
    [{ invoiceId: 'in_2', type: 'invoice.payment_failed' }, 'payment'],
    [{ customerId: 'cus_2', type: 'payment_method.attached' }, 'customer'],
    [{ accountId: id, type: 'customer.updated' }, 'customer'],
    [{ customerId: 'cus_2', type: 'checkout.session.completed' }, 'customer'],
    [{ topUpId, type: 'checkout.session.completed' }, 'payment'],
  ];
  for (const [change, reason] of cases) {
    expect(await stores.webhookEvents.recordStripeEvent(event(change))).toBe('recorded');
    expect(await reasonsHeard(id)).toEqual([reason]);
  }
});

test('events are forgotten after sixty days, and not before', async () => {
  const id = await newAccount(stores);
  const [old, young] = [event({ accountId: id }), event({ accountId: id })];
  await stores.webhookEvents.recordStripeEvent(old);
  await stores.webhookEvents.recordStripeEvent(young);
  const age = (eventId: string, days: number) =>
    asOwner(
      stores,
      (sql) => sql`
      update webhook_events set received_at = now() - ${days} * interval '1 day' where event_id = ${eventId}`,
    );
  await age(old.eventId, 60.01);
  await age(young.eventId, 59.99);
  expect(await stores.webhookEvents.purge()).toBe(1);
  expect(await stores.webhookEvents.recordStripeEvent(old)).toBe('recorded');
  expect(await stores.webhookEvents.recordStripeEvent(young)).toBe('duplicate');
  expect(await stores.webhookEvents.purge(0)).toBeGreaterThanOrEqual(2);
});

test('an event that concerns nobody is not recorded, so it may concern somebody later', async () => {
  const early = event({ customerId: 'cus_3', type: 'customer.updated' });
  expect(await stores.webhookEvents.recordStripeEvent(early)).toBe('unrelated');
  const id = await newAccount(stores);
  await stores.accounts.saveCustomer(id, 'cus_3');
  expect(await stores.webhookEvents.recordStripeEvent(early)).toBe('recorded');
});
