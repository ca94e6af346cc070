declare const centsBrand: unique symbol;

/** Euro cents, an integer. */
export type Cents = number & { readonly [centsBrand]: true };

/** Every price and charge is in this currency. */
export const CURRENCY = 'EUR';
export type Currency = typeof CURRENCY;

export const NO_CENTS = 0 as Cents;

/** @throws RangeError when the number is not a safe integer: a fraction of a cent is a bug. */
export function cents(amount: number): Cents {
  if (!Number.isSafeInteger(amount)) throw new RangeError(`not whole cents: ${amount}`);
  return amount as Cents;
}

/** Euros from the wire.
 *  @throws RangeError for more than two decimals. */
export function fromEuros(euros: number): Cents {
  const amount = Math.round(euros * 100);
  if (!Number.isSafeInteger(amount) || amount / 100 !== euros) {
    throw new RangeError(`more than 2 decimals: ${euros}`);
  }
  return cents(amount);
}

/** Euros for the wire. */
export function toEuros(amountCents: Cents): number {
  return amountCents / 100;
}
