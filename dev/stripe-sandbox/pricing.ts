import { newId } from './ids.ts';
import { newPrice, newProduct, type Price, type TaxBehavior } from './objects/pricing.ts';
import type { Params } from './params.ts';
import type { Scope } from './scope.ts';

const BEHAVIORS = ['exclusive', 'inclusive', 'unspecified'] as const;

export interface OneOff {
  name: string;
  currency: string;
  unitAmount: number;
  taxBehavior: TaxBehavior;
  taxCode: string | null;
}

/** The product and price that Stripe makes by itself for an amount without a price. */
export function oneOffPrice(scope: Scope, facts: OneOff): Price {
  const product = { ...newProduct(newId('prod', 14), scope.now(), facts.name), tax_code: facts.taxCode };
  const blank = newPrice(newId('price'), scope.now(), product.id, facts.currency, facts.unitAmount);
  const price: Price = { ...blank, tax_behavior: facts.taxBehavior };
  scope.store.put(product);
  scope.store.put(price);
  return price;
}

export function readTaxBehavior(params: Params): TaxBehavior {
  return params.choice('tax_behavior', BEHAVIORS) ?? 'unspecified';
}

/** A price by `price_data`, as invoice items and checkout take it. */
export function readPriceData(scope: Scope, data: Params): Price {
  const product = data.hash('product_data');
  const known = data.text('product') ?? null;
  const existing = known === null ? undefined : scope.store.need('product', known, 'price_data[product]');
  product?.ignore('images', 'metadata', 'unit_label');
  const description = product?.text('description') ?? null;
  const price = oneOffPrice(scope, {
    name: existing?.name ?? product?.required('name') ?? 'Unnamed product',
    currency: data.required('currency').toLowerCase(),
    unitAmount: data.requiredInteger('unit_amount'),
    taxBehavior: readTaxBehavior(data),
    taxCode: product?.text('tax_code') ?? existing?.tax_code ?? null,
  });
  if (existing !== undefined) return price;
  scope.store.put({ ...scope.store.need('product', price.product), active: true, description });
  return price;
}
