import { invalidRequest } from '../errors.ts';
import { newId } from '../ids.ts';
import { listPage } from '../list.ts';
import { newTaxId, type TaxId, type Verification } from '../objects/customer.ts';
import type { Params } from '../params.ts';
import { type Call, get, ok, pathId, post, type Reply, remove, type Route, type Scope } from '../scope.ts';
import { countryOfVatId } from '../vat-rates.ts';

export const taxIdRoutes: readonly Route[] = [
  post('/v1/customers/:id/tax_ids', create),
  get('/v1/customers/:id/tax_ids', list),
  get('/v1/customers/:id/tax_ids/:id', retrieve),
  remove('/v1/customers/:id/tax_ids/:id', destroy),
];

/** Adds a VAT id or other tax id to a customer. An EU VAT id must have the shape of some member state's.
 *  Its verification is told by a second event, as Stripe tells it later.
 *  @throws ApiError `tax_id_invalid`. */
export function addTaxId(scope: Scope, customer: string, params: Params): TaxId {
  return saveTaxId(scope, customer, params.required('type'), params.required('value'));
}

export function saveTaxId(scope: Scope, customer: string, type: string, given: string): TaxId {
  const value = given.replaceAll(/[\s.-]/g, '').toUpperCase();
  if (type === 'eu_vat' && countryOfVatId(value) === undefined) {
    throw invalidRequest(`Invalid value for ${type}.`, { code: 'tax_id_invalid', param: 'value' });
  }
  const created = newTaxId(newId('txi'), scope.now(), customer, type, value);
  scope.events.emit('customer.tax_id.created', created);
  const status = verificationOf(value);
  const name =
    status === 'verified' ? (scope.store.find('customer', customer)?.name ?? 'Verified Ltd') : null;
  const verified: TaxId = {
    ...created,
    country: type === 'eu_vat' ? (countryOfVatId(value) ?? null) : created.country,
    verification: { status, verified_address: null, verified_name: name },
  };
  scope.store.put(verified, { customer });
  if (status !== 'pending') {
    scope.events.emit('customer.tax_id.updated', verified, { verification: created.verification });
  }
  return verified;
}

/** Stripe's magic numbers for test mode: …000000000 verifies, …111111111 does not, …222222222 stays pending.
 *  Any other well-formed number counts as verified here. */
function verificationOf(value: string): Verification {
  if (value.includes('111111111')) return 'unverified';
  return value.includes('222222222') ? 'pending' : 'verified';
}

function create(call: Call): Reply {
  const { scope, params } = call;
  const customer = scope.store.need('customer', pathId(call));
  return ok(addTaxId(scope, customer.id, params));
}

function list(call: Call): Reply {
  const { scope, params } = call;
  const customer = scope.store.need('customer', pathId(call)).id;
  return ok(listPage(scope.store, 'tax_id', `/v1/customers/${customer}/tax_ids`, params, { customer }));
}

function retrieve(call: Call): Reply {
  return ok(call.scope.store.need('tax_id', pathId(call, 1)));
}

function destroy(call: Call): Reply {
  const { scope } = call;
  const taxId = scope.store.need('tax_id', pathId(call, 1));
  scope.events.emit('customer.tax_id.deleted', taxId);
  return ok(scope.store.bury('tax_id', taxId.id));
}
