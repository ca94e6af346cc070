import type { Address } from '../objects/account.ts';
import { decodeForm } from '../form-body.ts';
import { type Html, html } from './layout.ts';

/** What a person typed, by field; empty fields are left out. */
export type Fields = Readonly<Record<string, string>>;

export function readFields(body: unknown): Fields {
  const decoded = typeof body === 'string' ? decodeForm(body) : {};
  const texts = Object.entries(decoded).flatMap(([name, value]) =>
    typeof value === 'string' && value.trim() !== '' ? [[name, value.trim()] as const] : [],
  );
  return Object.fromEntries(texts);
}

/** Card number, expiry and security code. */
export function cardFields(): Html {
  return html`
<label for="number">Card number</label>
<input id="number" name="number" inputmode="numeric" autocomplete="cc-number" placeholder="4242 4242 4242 4242">
<div class="row">
  <div><label for="expiry">Expiry</label><input id="expiry" name="expiry" autocomplete="cc-exp" placeholder="12 / 34"></div>
  <div><label for="cvc">CVC</label><input id="cvc" name="cvc" inputmode="numeric" autocomplete="cc-csc" placeholder="123"></div>
</div>
<p class="soft">Test cards: 4242… pays, 4000 0000 0000 0002 is declined, 4000 0027 6000 3184 asks for 3-D Secure.</p>`;
}

export function addressFields(address: Address | null): Html {
  return html`
<label for="line1">Street and number</label>
<input id="line1" name="line1" autocomplete="address-line1" value="${address?.line1}">
<div class="row">
  <div><label for="postal_code">Postal code</label><input id="postal_code" name="postal_code" autocomplete="postal-code" value="${address?.postal_code}"></div>
  <div><label for="city">City</label><input id="city" name="city" autocomplete="address-level2" value="${address?.city}"></div>
</div>
<label for="country">Country (two letters)</label>
<input id="country" name="country" autocomplete="country" maxlength="2" required value="${address?.country}">`;
}

export function addressOf(fields: Fields): Address {
  return {
    city: fields['city'] ?? null,
    country: fields['country']?.toUpperCase() ?? null,
    line1: fields['line1'] ?? null,
    line2: fields['line2'] ?? null,
    postal_code: fields['postal_code'] ?? null,
    state: fields['state'] ?? null,
  };
}

/** `12 / 34` as month and year; far in the future when it was left empty. */
export function expiryOf(fields: Fields): { month: number; year: number } {
  const [, month, year] = /^(\d{1,2})\s*\/?\s*(\d{2,4})$/.exec(fields['expiry'] ?? '') ?? [];
  if (month === undefined || year === undefined) return { month: 12, year: 2034 };
  return { month: Number(month), year: Number(year) < 100 ? 2000 + Number(year) : Number(year) };
}
