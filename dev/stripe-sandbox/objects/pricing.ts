import type { Metadata } from './account.ts';

export type InvoiceItem = ReturnType<typeof newInvoiceItem>;
export type Price = ReturnType<typeof newPrice>;
export type Product = ReturnType<typeof newProduct>;
export type TaxRate = ReturnType<typeof newTaxRate>;
export type TaxBehavior = 'exclusive' | 'inclusive' | 'unspecified';

export function newInvoiceItem(
  id: string,
  created: number,
  customer: string,
  currency: string,
  amount: number,
) {
  return {
    id,
    object: 'invoiceitem' as const,
    amount,
    currency,
    customer,
    customer_account: null,
    date: created,
    description: null as string | null,
    discountable: true,
    discounts: [],
    invoice: null as string | null,
    livemode: false,
    metadata: {} as Metadata,
    net_amount: amount,
    parent: null,
    period: { end: created, start: created },
    pricing: {
      price_details: { price: '', product: '' },
      type: 'price_details' as const,
      unit_amount_decimal: String(amount),
    },
    proration: false,
    quantity: 1,
    quantity_decimal: '1',
    tax_rates: [],
    test_clock: null,
  };
}

export function newPrice(id: string, created: number, product: string, currency: string, unitAmount: number) {
  return {
    id,
    object: 'price' as const,
    active: false,
    billing_scheme: 'per_unit' as const,
    created,
    currency,
    custom_unit_amount: null,
    livemode: false,
    lookup_key: null,
    metadata: {} as Metadata,
    nickname: null,
    product,
    recurring: null,
    tax_behavior: 'unspecified' as TaxBehavior,
    tiers_mode: null,
    transform_quantity: null,
    type: 'one_time' as const,
    unit_amount: unitAmount,
    unit_amount_decimal: String(unitAmount),
  };
}

export function newProduct(id: string, created: number, name: string) {
  return {
    id,
    object: 'product' as const,
    active: false,
    created,
    default_price: null,
    description: null as string | null,
    images: [] as string[],
    livemode: false,
    marketing_features: [],
    metadata: {} as Metadata,
    name,
    package_dimensions: null,
    shippable: null,
    statement_descriptor: null,
    tax_code: null as string | null,
    unit_label: null,
    updated: created,
    url: null,
  };
}

export function newTaxRate(id: string, created: number, country: string, percentage: number) {
  return {
    id,
    object: 'tax_rate' as const,
    active: false,
    country,
    created,
    description: null,
    display_name: 'VAT',
    effective_percentage: percentage,
    flat_amount: null,
    inclusive: false,
    jurisdiction: country,
    jurisdiction_level: 'country' as const,
    livemode: false,
    metadata: {} as Metadata,
    percentage,
    rate_type: 'percentage' as const,
    state: null,
    tax_type: 'vat' as const,
  };
}
