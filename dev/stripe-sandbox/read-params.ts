import type { Address } from './objects/account.ts';
import type { Params } from './params.ts';

/** An address; fields that are not given are kept from `current`. Null when it was unset. */
export function readAddress(params: Params | null | undefined, current: Address | null): Address | null {
  if (params === undefined) return current;
  if (params === null) return null;
  const field = (name: keyof Address): string | null => {
    const given = params.text(name);
    return given === undefined ? (current?.[name] ?? null) : given;
  };
  return {
    city: field('city'),
    country: field('country'),
    line1: field('line1'),
    line2: field('line2'),
    postal_code: field('postal_code'),
    state: field('state'),
  };
}

/** A text that is kept unless it was given. */
export function readText(params: Params, name: string, current: string | null): string | null {
  const given = params.text(name);
  return given === undefined ? current : given;
}

/** A currency code in lower case, as Stripe answers it. */
export function readCurrency(params: Params): string | undefined {
  return params.text('currency')?.toLowerCase();
}
