import { cents, NO_CENTS, type Cents } from './money.ts';

/** What an invoice will probably add. The payment provider decides on the invoice. */
export type ExpectedVat = {
  /** Percent; null when it depends on what only the provider knows, such as a VAT number. */
  ratePercent: number | null;
  /** null when the rate is not known. */
  vatCents: Cents | null;
  totalCents: Cents | null;
  reverseCharge: boolean;
  /** An invoice of this account showed it; otherwise it is guessed from the country. */
  certain: boolean;
};

/** What the account's last invoice showed. `vatRate` is decimal text such as "19.0"; null when none was charged. */
export type InvoicedVat = { vatRate: string | null; reverseCharge: boolean };

/** Where the invoices come from, and its standard rate (§ 12 Abs. 1 UStG). */
const SELLER = { country: 'DE', ratePercent: 19 } as const;

/** Member states of the European Union, whose businesses owe the tax themselves (reverse charge) and whose consumers pay
 *  their own rate. */
const MEMBER_STATES: ReadonlySet<string> = new Set(
  'AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK'.split(' '),
);

/** Expects VAT as the last invoice had it; without one, from the country: the seller's rate at home, none outside of
 *  the Union, and unknown in its other states. */
export function expectVat(amountCents: Cents, country: string, invoiced: InvoicedVat | null): ExpectedVat {
  if (invoiced !== null) {
    const { vatRate, reverseCharge } = invoiced;
    return { ...withRate(amountCents, Number(vatRate ?? 0)), reverseCharge, certain: true };
  }
  if (country === SELLER.country) {
    return { ...withRate(amountCents, SELLER.ratePercent), reverseCharge: false, certain: false };
  }
  if (MEMBER_STATES.has(country)) {
    return { ratePercent: null, vatCents: null, totalCents: null, reverseCharge: false, certain: false };
  }
  return {
    ratePercent: 0,
    vatCents: NO_CENTS,
    totalCents: amountCents,
    reverseCharge: false,
    certain: false,
  };
}

function withRate(amountCents: Cents, ratePercent: number) {
  const vatCents = cents(Math.round((amountCents * ratePercent) / 100));
  return { ratePercent, vatCents, totalCents: cents(amountCents + vatCents) };
}
