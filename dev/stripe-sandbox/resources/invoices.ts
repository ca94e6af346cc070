import { invalidRequest } from '../errors.ts';
import { newId } from '../ids.ts';
import { recalculate } from '../invoicing.ts';
import { listPage } from '../list.ts';
import { SELF } from '../objects/account.ts';
import { type Invoice, newInvoice } from '../objects/invoice.ts';
import type { Params } from '../params.ts';
import { readCurrency, readText } from '../read-params.ts';
import { type Call, get, ok, pathId, post, type Reply, remove, type Route, type Scope } from '../scope.ts';

const DEFAULT_CURRENCY = 'eur';
const DAY_SECONDS = 24 * 3600;

export const invoiceRoutes: readonly Route[] = [
  post('/v1/invoices', create),
  get('/v1/invoices', list),
  get('/v1/invoices/:id', retrieve),
  post('/v1/invoices/:id', update),
  remove('/v1/invoices/:id', destroy),
  get('/v1/invoices/:id/lines', lines),
];

/** The invoice must still be a draft.
 *  @throws ApiError `invoice_not_editable`. */
export function assertDraft(invoice: Invoice): void {
  if (invoice.status === 'draft') return;
  throw invalidRequest(`This invoice can no longer be edited. Its status is ${invoice.status}.`, {
    code: 'invoice_not_editable',
  });
}

function create({ scope, params }: Call): Reply {
  params.ignore('account_tax_ids', 'issuer', 'rendering', 'on_behalf_of', 'effective_at');
  return ok(createInvoice(scope, params));
}

/** A new draft for the customer with its pending items when wanted, stored and told. */
function createInvoice(scope: Scope, params: Params): Invoice {
  const customer = scope.store.need('customer', params.required('customer'), 'customer');
  const pending = params.choice('pending_invoice_items_behavior', ['include', 'exclude']) === 'include';
  const items = pending ? scope.store.list('invoiceitem', { customer: customer.id }) : [];
  const waiting = items.filter((item) => item.invoice === null);
  const currency = readCurrency(params) ?? waiting[0]?.currency ?? customer.currency ?? DEFAULT_CURRENCY;
  const blank = newInvoice(newId('in'), scope.now(), customer.id, currency);
  const draft = readInvoice(scope, params, blank);
  for (const item of waiting) scope.store.put({ ...item, invoice: draft.id }, { parent: draft.id });
  const invoice = recalculate(scope, draft);
  scope.store.put(invoice, { customer: customer.id });
  if (customer.currency === null) scope.store.put({ ...customer, currency });
  scope.events.emit('invoice.created', invoice);
  return invoice;
}

function retrieve(call: Call): Reply {
  const { store } = call.scope;
  const id = pathId(call);
  return ok(store.buried('invoice', id) ?? store.need('invoice', id));
}

function update(call: Call): Reply {
  const { scope, params } = call;
  const before = scope.store.need('invoice', pathId(call));
  const onlyMetadata = Object.keys(params.values).every((name) =>
    ['metadata', 'expand', 'auto_advance'].includes(name),
  );
  if (!onlyMetadata) assertDraft(before);
  const read = readInvoice(scope, params, before);
  const after = before.status === 'draft' ? recalculate(scope, read) : read;
  scope.store.put(after);
  scope.events.emit('invoice.updated', after, { metadata: before.metadata });
  return ok(after);
}

function destroy(call: Call): Reply {
  const { scope } = call;
  const invoice = scope.store.need('invoice', pathId(call));
  if (invoice.status !== 'draft') {
    throw invalidRequest(
      'You can only delete draft invoices. To void an open or uncollectible invoice, use the void invoice endpoint instead.',
    );
  }
  scope.events.emit('invoice.deleted', invoice);
  return ok(scope.store.bury('invoice', invoice.id));
}

function list({ scope, params }: Call): Reply {
  const customer = params.text('customer') ?? undefined;
  const status = params.choice('status', ['draft', 'open', 'paid', 'uncollectible', 'void']) ?? undefined;
  const method = params.choice('collection_method', ['charge_automatically', 'send_invoice']) ?? undefined;
  if (customer !== undefined) scope.store.need('customer', customer, 'customer');
  const fields = { status, collection_method: method };
  return ok(listPage(scope.store, 'invoice', '/v1/invoices', params, { customer, fields }));
}

function lines(call: Call): Reply {
  call.params.ignore('limit', 'starting_after', 'ending_before');
  return ok(call.scope.store.need('invoice', pathId(call)).lines);
}

function readInvoice(scope: Scope, params: Params, current: Invoice): Invoice {
  const days = params.integer('days_until_due');
  return {
    ...current,
    auto_advance: params.boolean('auto_advance') ?? current.auto_advance,
    automatic_tax: readAutomaticTax(params.hash('automatic_tax'), current),
    collection_method:
      params.choice('collection_method', ['charge_automatically', 'send_invoice']) ??
      current.collection_method,
    custom_fields: readCustomFields(params) ?? current.custom_fields,
    default_payment_method: readDefaultMethod(scope, params, current),
    description: readText(params, 'description', current.description),
    due_date:
      params.integer('due_date') ??
      (days === undefined ? current.due_date : scope.now() + days * DAY_SECONDS),
    footer: readText(params, 'footer', current.footer),
    metadata: params.metadata(current.metadata),
    number: readText(params, 'number', current.number),
    payment_settings: readPaymentSettings(params.hash('payment_settings'), current),
    statement_descriptor: readText(params, 'statement_descriptor', current.statement_descriptor),
  };
}

function readAutomaticTax(params: Params | null | undefined, current: Invoice): Invoice['automatic_tax'] {
  if (params === undefined || params === null) return current.automatic_tax;
  params.ignore('liability');
  const enabled = params.boolean('enabled') ?? current.automatic_tax.enabled;
  if (!enabled) return { disabled_reason: null, enabled, liability: null, provider: null, status: null };
  return { disabled_reason: null, enabled, liability: SELF, provider: 'stripe', status: null };
}

function readCustomFields(params: Params): { name: string; value: string }[] | undefined {
  const given = params.hashes('custom_fields');
  return given?.map((field) => ({ name: field.required('name'), value: field.required('value') }));
}

function readDefaultMethod(scope: Scope, params: Params, current: Invoice): string | null {
  const id = readText(params, 'default_payment_method', current.default_payment_method);
  return id === null ? null : scope.store.need('payment_method', id, 'default_payment_method').id;
}

function readPaymentSettings(
  params: Params | null | undefined,
  current: Invoice,
): Invoice['payment_settings'] {
  if (params === undefined || params === null) return current.payment_settings;
  params.ignore('default_mandate', 'payment_method_options');
  const types = params.list('payment_method_types') ?? current.payment_settings.payment_method_types;
  return { ...current.payment_settings, payment_method_types: types };
}
