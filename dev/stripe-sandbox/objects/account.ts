/** The seller: a company in Germany, registered for VAT there and for the one-stop shop. */
export const ACCOUNT = {
  id: 'acct_1SandboxAutoTopUp',
  name: 'Auto Top-up Sandbox GmbH',
  country: 'DE',
} as const;

export const API_VERSION = '2026-10-28.endive';

export interface Address {
  city: string | null;
  country: string | null;
  line1: string | null;
  line2: string | null;
  postal_code: string | null;
  state: string | null;
}

export type Metadata = Record<string, string>;

export const SELF = { type: 'self' } as const;
