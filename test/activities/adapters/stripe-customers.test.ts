import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { providerKeys } from '../../../domain/ids.ts';
import { cents } from '../../../domain/money.ts';
import { openInvoice, profile, startStage, topUp, type Stage } from './stripe-stage.ts';
import { reset } from './stripe-wire.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await startStage();
});

afterAll(() => stage.close());

describe("the account's customer", () => {
  test('is made with what Stripe needs for an invoice in the right language with the right VAT', async () => {
    const acme = profile({ name: 'Acme', country: 'AT', locale: 'en' });
    const { customerId } = await stage.payments.ensureCustomer(acme);
    expect((await stage.state(customerId)).customers).toMatchObject([
      {
        name: 'Acme',
        email: acme.email,
        preferred_locales: ['en'],
        address: { country: 'AT' },
        metadata: { account_id: acme.accountId },
      },
    ]);
  });

  test('is one, though its creation was lost on the way and the name and email changed meanwhile', async () => {
    const before = profile();
    stage.wire.loseAnswer(/customers$/, reset);
    await expect(stage.payments.ensureCustomer(before)).rejects.toMatchObject({ kind: 'ambiguous' });
    const after = { ...before, name: 'Renamed AG', email: `renamed-${before.email}` };
    const { customerId } = await stage.payments.ensureCustomer(after);
    expect(await stage.payments.ensureCustomer(after)).toEqual({ customerId });
    const creations = stage.wire.seen.filter(({ key }) => key === providerKeys.customer(before.accountId));
    expect(creations.length).toBeGreaterThan(1);
    expect(new Set(creations.map(({ body }) => body))).toHaveLength(1);
    const { customers } = await stage.state(customerId);
    expect(customers).toMatchObject([{ id: customerId, name: 'Renamed AG', email: after.email }]);
  });

  test('is made though Stripe has stored a server error under the key of its creation', async () => {
    const acme = profile();
    const where = { path: '/v1/customers', method: 'POST' };
    await stage.control('/switches', { kind: 'error_before', count: 1, ...where });
    await expect(stage.payments.ensureCustomer(acme)).rejects.toMatchObject({ kind: 'ambiguous' });
    const { customerId } = await stage.payments.ensureCustomer(acme);
    expect(await stage.payments.ensureCustomer(acme)).toEqual({ customerId });
  });

  test('is found again when its id was lost and Stripe has forgotten the key', async () => {
    const acme = profile();
    const { customerId } = await stage.payments.ensureCustomer(acme);
    await stage.control('/clock', { advanceSeconds: 25 * 3_600 });
    expect(await stage.payments.ensureCustomer(acme)).toEqual({ customerId });
  });

  test('is not that of another account with the same email', async () => {
    const one = profile();
    const other = profile({ email: one.email });
    const { customerId } = await stage.payments.ensureCustomer(one);
    expect(await stage.payments.ensureCustomer(other)).not.toEqual({ customerId });
  });

  test('follows email and language, and leaves the billing profile that the customer completed', async () => {
    const acme = profile({ locale: 'de' });
    const { customerId } = await stage.payments.ensureCustomer(acme);
    const billing = { name: 'Acme Holding SE', 'address[country]': 'FR', 'address[city]': 'Paris' };
    await stage.post(`/customers/${customerId}`, billing);
    const changed = { ...acme, customerId, email: `new-${acme.email}`, locale: 'en' as const };
    await stage.payments.ensureCustomer(changed);
    expect((await stage.state(customerId)).customers).toMatchObject([
      {
        name: 'Acme Holding SE',
        address: { country: 'FR', city: 'Paris' },
        email: changed.email,
        preferred_locales: ['en'],
      },
    ]);
  });

  test('is not written to when nothing changed', async () => {
    const acme = profile();
    const { customerId } = await stage.payments.ensureCustomer(acme);
    const before = stage.wire.seen.length;
    await stage.payments.ensureCustomer({ ...acme, customerId });
    expect(stage.wire.seen.slice(before).map(({ method }) => method)).toEqual(['GET']);
  });

  test('is replaced by a new one, once, after it was deleted in Stripe', async () => {
    const acme = profile();
    const { customerId } = await stage.payments.ensureCustomer(acme);
    await stage.remove(`/customers/${customerId}`);
    const replaced = await stage.payments.ensureCustomer({ ...acme, customerId });
    expect(replaced.customerId).not.toBe(customerId);
    expect(await stage.payments.ensureCustomer({ ...acme, customerId })).toEqual(replaced);
    const unsaved = await stage.payments.ensureCustomer(acme);
    expect(unsaved).toEqual(replaced);
  });

  test('is replaced even when it was deleted before its id was stored', async () => {
    const acme = profile();
    const { customerId } = await stage.payments.ensureCustomer(acme);
    await stage.remove(`/customers/${customerId}`);
    const replaced = await stage.payments.ensureCustomer(acme);
    expect(replaced.customerId).not.toBe(customerId);
    expect((await stage.state(replaced.customerId)).customers).toHaveLength(1);
  });

  test('that this key cannot see is a fault, never a reason to make another', async () => {
    const acme = profile({ customerId: 'cus_of_another_account' });
    await expect(stage.payments.ensureCustomer(acme)).rejects.toMatchObject({ kind: 'rejected' });
    expect(stage.wire.seen.some(({ key }) => key === providerKeys.customer(acme.accountId))).toBe(false);
  });
});

describe('the card to charge', () => {
  test('is the default one', async () => {
    const { customerId } = await stage.customerWith('pm_card_mastercard');
    const chosen = await stage.post('/payment_methods/pm_card_visa/attach', { customer: customerId });
    await stage.post(`/customers/${customerId}`, {
      'invoice_settings[default_payment_method]': String(chosen['id']),
    });
    expect((await stage.payments.readCustomer(customerId)).card).toMatchObject({
      paymentMethodId: chosen['id'],
      brand: 'visa',
      last4: '4242',
      fingerprint: expect.stringMatching(/^\w+$/) as string,
      expMonth: expect.any(Number) as number,
      expYear: expect.any(Number) as number,
    });
  });

  test('is the one saved last when none was made the default', async () => {
    const { customerId } = await stage.payments.ensureCustomer(profile());
    expect((await stage.payments.readCustomer(customerId)).card).toBeNull();
    for (const card of ['pm_card_visa', 'pm_card_mastercard']) {
      const newest = await stage.post(`/payment_methods/${card}/attach`, { customer: customerId });
      expect((await stage.payments.readCustomer(customerId)).card?.paymentMethodId).toBe(newest['id']);
    }
  });

  test('has one fingerprint however often it is saved', async () => {
    const one = await stage.customerWith('pm_card_visa');
    const other = await stage.customerWith('pm_card_visa');
    expect(one.paymentMethodId).not.toBe(other.paymentMethodId);
    const cards = await Promise.all(
      [one, other].map(async ({ customerId }) => (await stage.payments.readCustomer(customerId)).card),
    );
    expect(cards[0]?.fingerprint).toBe(cards[1]?.fingerprint);
  });

  test('of a deleted customer is gone', async () => {
    const { customerId } = await stage.customerWith('pm_card_visa');
    await stage.remove(`/customers/${customerId}`);
    const standing = { card: null, taxLocationKnown: false, balanceCents: 0 };
    expect(await stage.payments.readCustomer(customerId)).toEqual(standing);
  });
});

test('a balance of the customer is told in cents, negative when it is in their favour', async () => {
  const { customerId } = await stage.customerWith('pm_card_visa');
  expect((await stage.payments.readCustomer(customerId)).balanceCents).toBe(0);
  await stage.post(`/customers/${customerId}`, { balance: '-700' });
  expect((await stage.payments.readCustomer(customerId)).balanceCents).toBe(-700);
});

describe('VAT by billing profile', () => {
  test.each([
    ['a customer at home', 'DE', {}, { vatCents: 21, vatRate: '19.0', reverseCharge: false }],
    ['a consumer in the Union', 'FI', {}, { vatCents: 28, vatRate: '25.5', reverseCharge: false }],
    [
      'a business in the Union',
      'AT',
      { type: 'eu_vat', value: 'ATU12345678' },
      { vatCents: 0, vatRate: null, reverseCharge: true },
    ],
    ['a customer outside the Union', 'CH', {}, { vatCents: 0, vatRate: null, reverseCharge: false }],
  ])('%s', async (_name, country, taxId, expected) => {
    const { customerId } = await stage.payments.ensureCustomer(profile({ country }));
    if ('type' in taxId) await stage.post(`/customers/${customerId}/tax_ids`, taxId);
    expect((await stage.payments.readCustomer(customerId)).taxLocationKnown).toBe(true);
    // Of an amount this small the rate cannot be worked out backwards.
    const reading = await openInvoice(stage, topUp({ amountCents: cents(1_09) }), customerId);
    expect(reading).toMatchObject({ ...expected, netCents: 1_09, taxComplete: true });
  });

  test('an unknown location is told before a charge, and an invoice without VAT never looks complete', async () => {
    const { customerId } = await stage.payments.ensureCustomer(profile({ country: 'XX' }));
    expect((await stage.payments.readCustomer(customerId)).taxLocationKnown).toBe(false);
    const reading = await openInvoice(stage, topUp(), customerId);
    expect(reading).toMatchObject({ taxComplete: false, vatCents: 0, vatRate: null });
  });

  test('tax that Stripe switched off at the last moment never looks complete', async () => {
    const { customerId } = await stage.customerWith('pm_card_visa');
    await stage.control('/switches', { kind: 'tax_off', customer: customerId, count: 1 });
    const reading = await openInvoice(stage, topUp(), customerId);
    expect(reading).toMatchObject({ status: 'open', taxComplete: false, vatCents: 0 });
  });
});
