import { expect } from 'vitest';

export const VISA = { number: '4242 4242 4242 4242', expiry: '12 / 34', cvc: '123' };
export const BERLIN = {
  name: 'Example GmbH',
  line1: 'Ring 1',
  postal_code: '10115',
  city: 'Berlin',
  country: 'DE',
};
export const VIENNA = {
  name: 'Wiener AG',
  line1: 'Ring 1',
  postal_code: '1010',
  city: 'Wien',
  country: 'AT',
};

/** Fills in the form of one of Stripe's pages and sends it, as a person does.
 *  @returns where the page leads to; empty when it stays and says why. */
export async function submitPage(url: string, fields: Record<string, string>): Promise<string> {
  const body = new URLSearchParams(fields);
  const response = await fetch(url, { method: 'POST', body, redirect: 'manual' });
  expect(response.status).toBeLessThan(500);
  return response.headers.get('location') ?? '';
}
