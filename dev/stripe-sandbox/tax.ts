import { ACCOUNT } from './objects/account.ts';
import type { Customer } from './objects/customer.ts';
import type { Tax } from './objects/invoice.ts';
import { newTaxRate } from './objects/pricing.ts';
import type { Store } from './store.ts';
import { countryOfVatId, STANDARD_VAT_PER_MILLE } from './vat-rates.ts';

/** What is owed on a sale to someone, before any amount is known. */
export interface TaxRule {
  perMille: number;
  country: string;
  reason: 'standard_rated' | 'reverse_charge' | 'not_collecting' | 'customer_exempt';
}

export interface Buyer {
  country: string | null;
  taxExempt: Customer['tax_exempt'];
  taxIds: readonly { type: string; value: string }[];
}

type Location = 'supported' | 'not_collecting' | 'unrecognized_location';

/** Whether tax can be worked out for an address, as `customer.tax.automatic_tax` says. Countries are two letters; the
 *  United States and Canada need a postal code too, as Stripe Tax does. */
export function locate(address: Customer['address']): Location {
  const country = address?.country ?? null;
  if (address === null || country === null || !isCountry(country)) return 'unrecognized_location';
  if ((country === 'US' || country === 'CA') && address.postal_code === null) return 'unrecognized_location';
  return STANDARD_VAT_PER_MILLE[country] === undefined ? 'not_collecting' : 'supported';
}

/** The `tax` hash of a customer. */
export function automaticTaxOf(customer: Customer): object {
  const automaticTax = locate(customer.address);
  const country = customer.address?.country ?? '';
  const location =
    automaticTax === 'unrecognized_location' ? null : { country, source: 'billing_address', state: null };
  return { automatic_tax: automaticTax, ip_address: null, location, provider: 'stripe' };
}

export function buyerOf(store: Store, customer: Customer): Buyer {
  return {
    country: customer.address?.country ?? null,
    taxExempt: customer.tax_exempt,
    taxIds: store.list('tax_id', { customer: customer.id }),
  };
}

/** The German seller's rule. At home the domestic rate; to consumers in other member states theirs (one-stop shop); to
 *  businesses there with a VAT number of another state, reverse charge (Art. 196 of Directive 2006/112/EC); outside
 *  the Union nothing is collected. */
export function ruleFor(buyer: Buyer): TaxRule {
  const country = buyer.country ?? '';
  const perMille = STANDARD_VAT_PER_MILLE[country];
  if (perMille === undefined) return { perMille: 0, country, reason: 'not_collecting' };
  if (buyer.taxExempt === 'exempt') return { perMille: 0, country, reason: 'customer_exempt' };
  const reversed = buyer.taxExempt === 'reverse' || (country !== ACCOUNT.country && hasForeignVatId(buyer));
  if (reversed) return { perMille: 0, country, reason: 'reverse_charge' };
  return { perMille, country, reason: 'standard_rated' };
}

/** The tax on one amount in cents, rounded half up to the cent as Stripe rounds each line. */
export function taxOn(store: Store, rule: TaxRule, amount: number, behavior: 'exclusive' | 'inclusive'): Tax {
  const base = behavior === 'exclusive' ? 1000 : 1000 + rule.perMille;
  return {
    amount: Math.round((amount * rule.perMille) / base),
    tax_behavior: behavior,
    tax_rate_details: { tax_rate: taxRate(store, rule) },
    taxability_reason: rule.reason,
    taxable_amount: rule.reason === 'standard_rated' ? taxableAmount(amount, rule, behavior) : 0,
    type: 'tax_rate_details',
  };
}

function taxableAmount(amount: number, rule: TaxRule, behavior: 'exclusive' | 'inclusive'): number {
  if (behavior === 'exclusive') return amount;
  return amount - Math.round((amount * rule.perMille) / (1000 + rule.perMille));
}

/** One tax rate object for each country and rate, made when it is first needed. */
function taxRate(store: Store, rule: TaxRule): string {
  const id = `txr_1Sandbox${rule.country}${rule.perMille}`;
  if (store.find('tax_rate', id) === undefined) {
    store.put(newTaxRate(id, 1_767_225_600, rule.country, rule.perMille / 10));
  }
  return id;
}

function hasForeignVatId(buyer: Buyer): boolean {
  return buyer.taxIds.some(({ type, value }) => {
    const country = type === 'eu_vat' ? countryOfVatId(value) : undefined;
    return country !== undefined && country !== ACCOUNT.country;
  });
}

function isCountry(code: string): boolean {
  if (!/^[A-Z]{2}$/.test(code)) return false;
  // Intl knows the names of assigned regions and gives unassigned codes back as they are.
  return new Intl.DisplayNames('en', { type: 'region', fallback: 'none' }).of(code) !== undefined;
}
