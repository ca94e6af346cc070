import type { Wallet } from './wallet.ts';

declare const quantityBrand: unique symbol;

/** An integer in the wallet's minor unit: milliseconds of call time, or thousandths of a chat credit. */
export type Quantity = number & { readonly [quantityBrand]: true };

/** Minor units in one display unit: a minute has 60,000 ms, a credit 1,000 thousandths. */
export const MINOR_PER_UNIT = { call_minutes: 60_000, chat_credits: 1_000 } as const satisfies Record<
  Wallet,
  number
>;

/** The wire carries at most this many decimals of a minute or a credit. */
const DISPLAY_DECIMALS = 3;

export const NO_QUANTITY = 0 as Quantity;

/** @throws RangeError when the number is not a safe integer: a fraction here is a bug, never a rounding. */
export function quantity(minor: number): Quantity {
  if (!Number.isSafeInteger(minor)) throw new RangeError(`not a whole quantity: ${minor}`);
  return minor as Quantity;
}

export function addQuantity(a: Quantity, b: Quantity): Quantity {
  return quantity(a + b);
}

export function subtractQuantity(a: Quantity, b: Quantity): Quantity {
  return quantity(a - b);
}

/** Whole display units, such as the 454 minutes that a top-up buys, as a quantity. */
export function fromWholeUnits(wallet: Wallet, units: number): Quantity {
  return quantity(units * MINOR_PER_UNIT[wallet]);
}

/** Minutes or credits from the wire.
 *  @throws RangeError for more than three decimals: it would have to be rounded. */
export function fromDisplayUnits(wallet: Wallet, displayUnits: number): Quantity {
  // Minor units in a thousandth are whole, so nothing larger than the result is ever computed.
  return quantity(thousandthsOf(displayUnits) * (MINOR_PER_UNIT[wallet] / 1_000));
}

/** Minutes or credits for the wire, cut to three decimals towards less, so that no balance looks larger
 *  than it is. */
export function toDisplayUnits(wallet: Wallet, amount: Quantity): number {
  const thousandths = Math.floor(amount / (MINOR_PER_UNIT[wallet] / 1_000));
  return thousandths === 0 ? 0 : thousandths / 1_000;
}

/** Seconds of a call from the wire, exact to the millisecond.
 *  @throws RangeError for a fraction of a millisecond. */
export function fromSeconds(seconds: number): Quantity {
  return quantity(thousandthsOf(seconds));
}

function thousandthsOf(value: number): number {
  const thousandths = Math.round(value * 1_000);
  if (!Number.isSafeInteger(thousandths) || thousandths / 1_000 !== value) {
    throw new RangeError(`more than ${DISPLAY_DECIMALS} decimals: ${value}`);
  }
  return thousandths;
}
