import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Store } from '../../../dev/stripe-sandbox/store.ts';
import { type Buyer, locate, ruleFor, taxOn } from '../../../dev/stripe-sandbox/tax.ts';
import { countryOfVatId, STANDARD_VAT_PER_MILLE } from '../../../dev/stripe-sandbox/vat-rates.ts';

const address = { city: null, line1: null, line2: null, postal_code: null, state: null };
const vatId = (value: string): Buyer['taxIds'] => [{ type: 'eu_vat', value }];

function buyer(country: string | null, more: Partial<Buyer> = {}): Buyer {
  return { country, taxExempt: 'none', taxIds: [], ...more };
}

describe('the German seller’s VAT', () => {
  it.each([
    ['a consumer at home', buyer('DE'), 190, 'standard_rated'],
    [
      'a business at home, VAT id or not',
      buyer('DE', { taxIds: vatId('DE123456789') }),
      190,
      'standard_rated',
    ],
    ['a consumer in Austria', buyer('AT'), 200, 'standard_rated'],
    ['a consumer in Finland', buyer('FI'), 255, 'standard_rated'],
    ['a business in Austria', buyer('AT', { taxIds: vatId('ATU12345678') }), 0, 'reverse_charge'],
    [
      'a business in Greece, whose VAT ids begin with EL',
      buyer('GR', { taxIds: vatId('EL123456789') }),
      0,
      'reverse_charge',
    ],
    [
      'an Austrian address with a German VAT id',
      buyer('AT', { taxIds: vatId('DE123456789') }),
      200,
      'standard_rated',
    ],
    ['a customer marked as reverse charged', buyer('FR', { taxExempt: 'reverse' }), 0, 'reverse_charge'],
    ['an exempt customer', buyer('FR', { taxExempt: 'exempt' }), 0, 'customer_exempt'],
    ['Switzerland', buyer('CH'), 0, 'not_collecting'],
    ['the United States', buyer('US'), 0, 'not_collecting'],
  ] as const)('%s', (_who, who, perMille, reason) => {
    expect(ruleFor(who)).toMatchObject({ perMille, reason });
  });

  it('has a rate for each of the 27 member states', () => {
    expect(Object.keys(STANDARD_VAT_PER_MILLE)).toHaveLength(27);
  });

  it('net and tax of an inclusive price add up to it, and exclusive tax is within half a cent', () => {
    const store = new Store(':memory:');
    const amounts = fc.integer({ min: 1, max: 10_000_000 });
    const countries = fc.constantFrom(...Object.keys(STANDARD_VAT_PER_MILLE));
    const check = (amount: number, country: string): void => {
      const rule = ruleFor(buyer(country));
      const inclusive = taxOn(store, rule, amount, 'inclusive');
      const exclusive = taxOn(store, rule, amount, 'exclusive');
      expect(inclusive.amount + (inclusive.taxable_amount ?? 0)).toBe(amount);
      expect(Math.abs(exclusive.amount * 1000 - amount * rule.perMille)).toBeLessThanOrEqual(500);
    };
    fc.assert(fc.property(amounts, countries, check));
    store.close();
  });
});

describe('where a customer is', () => {
  it.each([
    ['no address', null, 'unrecognized_location'],
    ['no country', { ...address, country: null }, 'unrecognized_location'],
    ['no such country', { ...address, country: 'ZQ' }, 'unrecognized_location'],
    ['Germany', { ...address, country: 'DE' }, 'supported'],
    ['Norway', { ...address, country: 'NO' }, 'not_collecting'],
    ['the United States without a postal code', { ...address, country: 'US' }, 'unrecognized_location'],
    ['the United States with one', { ...address, country: 'US', postal_code: '94103' }, 'not_collecting'],
  ] as const)('%s', (_what, where, expected) => {
    expect(locate(where)).toBe(expected);
  });
});

describe('VAT ids', () => {
  it.each([
    ['DE123456789', 'DE'],
    ['ATU12345678', 'AT'],
    ['NL123456789B01', 'NL'],
    ['EL123456789', 'GR'],
  ])('%s belongs to %s', (value, country) => expect(countryOfVatId(value)).toBe(country));

  it.each(['', 'DE1234', 'GB123456789', 'AT12345678', 'DE123456789x'])('%j is none', (value) =>
    expect(countryOfVatId(value)).toBeUndefined(),
  );
});
