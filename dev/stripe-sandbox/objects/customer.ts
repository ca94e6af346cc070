import type { Address, Metadata } from './account.ts';

export type TaxExempt = 'none' | 'exempt' | 'reverse';
export type Customer = ReturnType<typeof newCustomer>;
export type TaxId = ReturnType<typeof newTaxId>;
export type Verification = 'pending' | 'verified' | 'unverified' | 'unavailable';

export function newCustomer(id: string, created: number, invoicePrefix: string) {
  return {
    id,
    object: 'customer' as const,
    address: null as Address | null,
    balance: 0,
    created,
    currency: null as string | null,
    customer_account: null,
    default_source: null,
    delinquent: false,
    description: null as string | null,
    discount: null,
    email: null as string | null,
    invoice_prefix: invoicePrefix,
    invoice_settings: {
      custom_fields: null,
      default_payment_method: null as string | null,
      footer: null as string | null,
      rendering_options: null,
    },
    livemode: false,
    metadata: {} as Metadata,
    name: null as string | null,
    next_invoice_sequence: 1,
    phone: null as string | null,
    preferred_locales: [] as string[],
    shipping: null as { name: string | null; phone: string | null; address: Address } | null,
    tax_exempt: 'none' as TaxExempt,
    test_clock: null,
  };
}

export function newTaxId(id: string, created: number, customer: string, type: string, value: string) {
  return {
    id,
    object: 'tax_id' as const,
    country: value.slice(0, 2) as string | null,
    created,
    customer,
    customer_account: null,
    livemode: false,
    owner: { type: 'customer' as const, customer, customer_account: null },
    type,
    value,
    verification: {
      status: 'pending' as Verification,
      verified_address: null as string | null,
      verified_name: null as string | null,
    },
  };
}
