import { noSuchObject } from '../errors.ts';
import { previousAttributes } from '../events.ts';
import { newId, newInvoicePrefix } from '../ids.ts';
import { listPage } from '../list.ts';
import { type Customer, newCustomer } from '../objects/customer.ts';
import type { Params } from '../params.ts';
import { readAddress, readText } from '../read-params.ts';
import { type Call, get, ok, pathId, post, type Reply, remove, type Route, type Scope } from '../scope.ts';
import { attachMethod } from '../saving-cards.ts';
import { addTaxId } from './tax-ids.ts';

export const customerRoutes: readonly Route[] = [
  post('/v1/customers', create),
  get('/v1/customers', list),
  get('/v1/customers/:id', retrieve),
  post('/v1/customers/:id', update),
  remove('/v1/customers/:id', destroy),
];

/** Stores a changed customer and tells what changed. */
export function saveCustomer(scope: Scope, before: Customer, after: Customer): void {
  const previous = previousAttributes(before, after);
  if (Object.keys(previous).length === 0) return;
  scope.store.put(after);
  scope.events.emit('customer.updated', after, previous);
}

function create({ scope, params }: Call): Reply {
  const blank = newCustomer(newId('cus', 14), scope.now(), newInvoicePrefix());
  const customer = readCustomer(params, blank);
  const method = params.text('payment_method');
  scope.store.put(customer, { customer: customer.id });
  scope.events.emit('customer.created', customer);
  for (const taxId of params.hashes('tax_id_data') ?? []) addTaxId(scope, customer.id, taxId);
  if (typeof method === 'string') attachMethod(scope, method, customer.id);
  return ok(withDefaultMethod(scope, customer));
}

function retrieve(call: Call): Reply {
  const id = pathId(call);
  const { store } = call.scope;
  return ok(store.find('customer', id) ?? store.buried('customer', id) ?? missing(id));
}

function update(call: Call): Reply {
  const { scope, params } = call;
  const before = scope.store.need('customer', pathId(call));
  const after = withDefaultMethod(scope, readCustomer(params, before));
  saveCustomer(scope, before, after);
  return ok(after);
}

function destroy(call: Call): Reply {
  const { scope } = call;
  const customer = scope.store.need('customer', pathId(call));
  for (const method of scope.store.list('payment_method', {
    customer: customer.id,
    fields: { customer: customer.id },
  })) {
    scope.store.put({ ...method, customer: null });
    scope.events.emit('payment_method.detached', { ...method, customer: null }, { customer: customer.id });
  }
  scope.events.emit('customer.deleted', customer);
  return ok(scope.store.bury('customer', customer.id));
}

function list({ scope, params }: Call): Reply {
  const email = params.text('email') ?? undefined;
  return ok(listPage(scope.store, 'customer', '/v1/customers', params, { fields: { email } }));
}

function missing(id: string): never {
  throw noSuchObject('customer', id);
}

function readCustomer(params: Params, current: Customer): Customer {
  params.ignore('tax', 'source', 'test_clock');
  return {
    ...current,
    address: readAddress(params.hash('address'), current.address),
    balance: params.integer('balance') ?? current.balance,
    description: readText(params, 'description', current.description),
    email: readText(params, 'email', current.email),
    invoice_prefix: params.text('invoice_prefix') ?? current.invoice_prefix,
    invoice_settings: readInvoiceSettings(params.hash('invoice_settings'), current),
    metadata: params.metadata(current.metadata),
    name: readText(params, 'name', current.name),
    next_invoice_sequence: params.integer('next_invoice_sequence') ?? current.next_invoice_sequence,
    phone: readText(params, 'phone', current.phone),
    preferred_locales: params.list('preferred_locales') ?? current.preferred_locales,
    shipping: readShipping(params.hash('shipping'), current),
    tax_exempt: params.choice('tax_exempt', ['none', 'exempt', 'reverse']) ?? current.tax_exempt,
  };
}

function readInvoiceSettings(
  params: Params | null | undefined,
  current: Customer,
): Customer['invoice_settings'] {
  const before = current.invoice_settings;
  if (params === undefined || params === null) return before;
  return {
    ...before,
    default_payment_method: readText(params, 'default_payment_method', before.default_payment_method),
    footer: readText(params, 'footer', before.footer),
  };
}

function readShipping(params: Params | null | undefined, current: Customer): Customer['shipping'] {
  if (params === undefined) return current.shipping;
  if (params === null) return null;
  const address = readAddress(params.hash('address'), null);
  if (address === null) return current.shipping;
  return { address, name: params.text('name') ?? null, phone: params.text('phone') ?? null };
}

/** The default payment method must be one of the customer's. */
function withDefaultMethod(scope: Scope, customer: Customer): Customer {
  const id = customer.invoice_settings.default_payment_method;
  if (id === null || scope.store.find('payment_method', id)?.customer === customer.id) return customer;
  throw noSuchObject('PaymentMethod', id, 'invoice_settings[default_payment_method]');
}
