import { invalidRequest, missingParameter } from '../errors.ts';
import { newId } from '../ids.ts';
import { recalculate } from '../invoicing.ts';
import { listPage } from '../list.ts';
import { type InvoiceItem, newInvoiceItem, type Price } from '../objects/pricing.ts';
import type { Params } from '../params.ts';
import { oneOffPrice, readPriceData, readTaxBehavior } from '../pricing.ts';
import { readCurrency } from '../read-params.ts';
import { type Call, get, ok, pathId, post, type Reply, remove, type Route, type Scope } from '../scope.ts';
import { assertDraft } from './invoices.ts';

export const invoiceItemRoutes: readonly Route[] = [
  post('/v1/invoiceitems', create),
  get('/v1/invoiceitems', list),
  get('/v1/invoiceitems/:id', retrieve),
  post('/v1/invoiceitems/:id', update),
  remove('/v1/invoiceitems/:id', destroy),
];

/** Adds an item to a draft, or leaves it pending for the customer's next invoice. */
export function addItem(scope: Scope, facts: ItemFacts): InvoiceItem {
  const { price, quantity } = facts;
  const amount = (price.unit_amount ?? 0) * quantity;
  const blank = newInvoiceItem(newId('ii'), scope.now(), facts.customer, price.currency, amount);
  const item: InvoiceItem = {
    ...blank,
    description: facts.description,
    invoice: facts.invoice,
    metadata: facts.metadata,
    pricing: {
      price_details: { price: price.id, product: price.product },
      type: 'price_details',
      unit_amount_decimal: price.unit_amount_decimal,
    },
    quantity,
    quantity_decimal: String(quantity),
  };
  scope.store.put(item, { customer: facts.customer, parent: facts.invoice ?? undefined });
  scope.events.emit('invoiceitem.created', item);
  refreshInvoice(scope, item.invoice);
  return item;
}

export interface ItemFacts {
  customer: string;
  invoice: string | null;
  price: Price;
  quantity: number;
  description: string | null;
  metadata: Record<string, string>;
}

function create({ scope, params }: Call): Reply {
  params.ignore('discountable', 'period', 'tax_rates');
  const invoiceId = params.text('invoice') ?? null;
  const invoice = invoiceId === null ? undefined : scope.store.need('invoice', invoiceId, 'invoice');
  if (invoice !== undefined) assertDraft(invoice);
  const customer = params.text('customer') ?? invoice?.customer;
  if (customer === undefined || customer === null) throw missingParameter('customer');
  scope.store.need('customer', customer, 'customer');
  const description = params.text('description') ?? null;
  const price = readPrice(scope, params, description);
  if (invoice !== undefined && invoice.currency !== price.currency) {
    throw invalidRequest(
      `The currency of the invoice item (${price.currency}) does not match the currency of the invoice (${invoice.currency}).`,
      { param: 'currency' },
    );
  }
  const quantity = params.integer('quantity') ?? 1;
  const facts = { customer, invoice: invoiceId, price, quantity, description, metadata: params.metadata() };
  return ok(addItem(scope, facts));
}

function readPrice(scope: Scope, params: Params, description: string | null): Price {
  const data = params.hash('price_data');
  const pricing = params.hash('pricing');
  const known = pricing?.text('price');
  if (typeof known === 'string') return scope.store.need('price', known, 'pricing[price]');
  if (data !== undefined && data !== null) return readPriceData(scope, data);
  const unitAmount = params.integer('amount') ?? params.integer('unit_amount_decimal');
  if (unitAmount === undefined) throw missingParameter('amount');
  const currency = readCurrency(params);
  if (currency === undefined) throw missingParameter('currency');
  return oneOffPrice(scope, {
    name: description ?? 'Invoice item',
    currency,
    unitAmount,
    taxBehavior: readTaxBehavior(params),
    taxCode: params.text('tax_code') ?? null,
  });
}

function retrieve(call: Call): Reply {
  return ok(call.scope.store.need('invoiceitem', pathId(call)));
}

function update(call: Call): Reply {
  const { scope, params } = call;
  const before = scope.store.need('invoiceitem', pathId(call));
  if (before.invoice !== null) assertDraft(scope.store.need('invoice', before.invoice));
  const amount = params.integer('amount') ?? before.amount;
  const after: InvoiceItem = {
    ...before,
    amount,
    net_amount: amount,
    description: params.text('description') ?? before.description,
    metadata: params.metadata(before.metadata),
    pricing: { ...before.pricing, unit_amount_decimal: String(amount / before.quantity) },
  };
  scope.store.put(after);
  refreshInvoice(scope, after.invoice);
  return ok(after);
}

function destroy(call: Call): Reply {
  const { scope } = call;
  const item = scope.store.need('invoiceitem', pathId(call));
  if (item.invoice !== null) assertDraft(scope.store.need('invoice', item.invoice));
  scope.events.emit('invoiceitem.deleted', item);
  const tombstone = scope.store.bury('invoiceitem', item.id);
  refreshInvoice(scope, item.invoice);
  return ok(tombstone);
}

function list({ scope, params }: Call): Reply {
  const customer = params.text('customer') ?? undefined;
  const invoice = params.text('invoice') ?? undefined;
  const pending = params.boolean('pending');
  if (pending === true) {
    const found = scope.store.list('invoiceitem', { customer }).filter((item) => item.invoice === null);
    params.ignore('limit', 'starting_after', 'ending_before', 'created');
    return ok({ object: 'list', data: found, has_more: false, url: '/v1/invoiceitems' });
  }
  return ok(listPage(scope.store, 'invoiceitem', '/v1/invoiceitems', params, { customer, parent: invoice }));
}

function refreshInvoice(scope: Scope, id: string | null): void {
  if (id === null) return;
  const before = scope.store.need('invoice', id);
  const after = recalculate(scope, before);
  scope.store.put(after);
  scope.events.emit('invoice.updated', after, { total: before.total, amount_due: before.amount_due });
}
