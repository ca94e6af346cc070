import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Door } from '../dispatch.ts';
import type { PortalSession } from '../objects/checkout.ts';
import { saveCustomer } from '../resources/customers.ts';
import { detachMethod } from '../resources/payment-methods.ts';
import { completeSetup, createSetupIntent } from '../resources/setup-intents.ts';
import { saveTaxId } from '../resources/tax-ids.ts';
import { createMethod, testCard } from '../saving-cards.ts';
import type { Scope } from '../scope.ts';
import { saveDefaultMethod } from './default-method.ts';
import { addressFields, addressOf, cardFields, expiryOf, type Fields, readFields } from './forms.ts';
import { alert, badge, type Html, html, money, sendPage } from './layout.ts';
import { act, notFound, type Outcome } from './visit.ts';

const tokenParams = z.object({ token: z.string(), act: z.string().optional() });

type Act = (scope: Scope, customer: string, token: string, fields: Fields) => Outcome;

const ACTS: Readonly<Record<string, Act>> = {
  card: addCard,
  default: chooseDefault,
  remove: removeCard,
  profile: saveProfile,
  'tax-id': addTaxId,
  'remove-tax-id': removeTaxId,
};

/** The customer portal: cards, billing profile and invoices of one customer. */
export function portalPages(app: FastifyInstance, door: Door): void {
  app.get('/portal/:token', (request, reply) => {
    const session = findSession(door, tokenParams.parse(request.params).token);
    if (session === undefined) return notFound(reply, 'portal');
    return sendPage(reply, 'Billing', portalPage(door, session, null));
  });
  app.post('/portal/:token/:act', (request, reply) => {
    const { token, act: name = '' } = tokenParams.parse(request.params);
    const session = findSession(door, token);
    const perform = ACTS[name];
    if (session === undefined || perform === undefined) return notFound(reply, 'portal');
    const outcome = act(door, (scope) => perform(scope, session.customer, token, readFields(request.body)));
    if ('failed' in outcome)
      return sendPage(reply, 'Billing', portalPage(door, session, outcome.failed), 402);
    return reply.redirect(outcome.goTo === '' ? afterFlow(session, name, token) : outcome.goTo, 303);
  });
}

function findSession({ store }: Door, token: string): PortalSession | undefined {
  return store.list('billing_portal.session', { parent: token })[0];
}

/** A session that was opened for one purpose goes back when it is served. */
function afterFlow(session: PortalSession, name: string, token: string): string {
  const target = session.flow?.after_completion.redirect?.return_url;
  const served =
    (session.flow?.type === 'payment_method_update' && (name === 'card' || name === 'default')) ||
    (session.flow?.type === 'customer_update' && name === 'profile');
  return served && target !== undefined ? target : `/portal/${token}`;
}

function portalPage({ store }: Door, session: PortalSession, failed: string | null): Html {
  const customer = store.need('customer', session.customer);
  const base = `/portal/${session.url.split('/').at(-1) ?? ''}`;
  const methods = store.list('payment_method', { customer: customer.id, fields: { customer: customer.id } });
  const taxIds = store.list('tax_id', { customer: customer.id });
  const invoices = store
    .list('invoice', { customer: customer.id })
    .filter((invoice) => invoice.status !== 'draft');
  const back =
    session.return_url === null
      ? html``
      : html`<p><a id="return" href="${session.return_url}">← Back</a></p>`;
  const button = (name: string, value: string, text: string): Html =>
    html`<form method="post" action="${base}/${name}"><input type="hidden" name="id" value="${value}"><button class="plain">${text}</button></form>`;
  const cards = methods.map((method) => {
    const isDefault = method.id === customer.invoice_settings.default_payment_method;
    const choose = isDefault ? badge('default') : button('default', method.id, 'Use this card');
    return html`<tr><td>${method.card.brand} ending in ${method.card.last4}</td><td>${choose}</td><td>${button('remove', method.id, 'Remove')}</td></tr>`;
  });
  return html`${back}<h1>Billing</h1>${alert(failed)}
<section><h2>Cards</h2><table><tbody>${cards}</tbody></table>
<form method="post" action="${base}/card">${cardFields()}<button id="add-card">Add card</button></form></section>
<section><h2>Billing profile</h2><form method="post" action="${base}/profile">
<label for="name">Name or company</label><input id="name" name="name" value="${customer.name}">
<label for="email">Email</label><input id="email" name="email" type="email" value="${customer.email}">
${addressFields(customer.address)}<button id="save-profile">Save</button></form></section>
<section><h2>VAT ID</h2><table><tbody>${taxIds.map((one) => html`<tr><td>${one.value}</td><td>${badge(one.verification.status)}</td><td>${button('remove-tax-id', one.id, 'Remove')}</td></tr>`)}</tbody></table>
<form method="post" action="${base}/tax-id"><label for="tax_id">VAT ID</label><input id="tax_id" name="tax_id" placeholder="ATU12345678"><button id="add-tax-id">Add</button></form></section>
<section><h2>Invoices</h2><table><tbody>${invoices.map((invoice) => html`<tr><td><a href="/invoices/${invoice.id}">${invoice.number}</a></td><td>${badge(invoice.status)}</td><td class="num">${money(invoice.total, invoice.currency)}</td></tr>`)}</tbody></table></section>`;
}

/** A new card becomes the default, as in Stripe's portal. */
function addCard(scope: Scope, customer: string, token: string, fields: Fields): Outcome {
  const method = createMethod(scope, testCard(fields['number'] ?? ''), undefined, expiryOf(fields));
  const setup = createSetupIntent(scope, { customer, description: null, metadata: {}, usage: 'off_session' });
  scope.store.setHidden(setup.id, { portal: token });
  const done = completeSetup(scope, setup, method, { authenticated: false, returnUrl: null });
  if (done.status === 'requires_action') return { goTo: `/3d-secure/${setup.id}` };
  saveDefaultMethod(scope, customer, method.id);
  return { goTo: '' };
}

function chooseDefault(scope: Scope, customer: string, _token: string, fields: Fields): Outcome {
  saveDefaultMethod(scope, customer, ownMethod(scope, customer, fields).id);
  return { goTo: '' };
}

function removeCard(scope: Scope, customer: string, _token: string, fields: Fields): Outcome {
  detachMethod(scope, ownMethod(scope, customer, fields));
  return { goTo: '' };
}

function ownMethod(scope: Scope, customer: string, fields: Fields) {
  const method = scope.store.need('payment_method', fields['id'] ?? '');
  if (method.customer === customer) return method;
  return scope.store.need('payment_method', '');
}

function saveProfile(scope: Scope, customer: string, _token: string, fields: Fields): Outcome {
  const before = scope.store.need('customer', customer);
  saveCustomer(scope, before, {
    ...before,
    address: addressOf(fields),
    email: fields['email'] ?? null,
    name: fields['name'] ?? null,
  });
  return { goTo: '' };
}

function addTaxId(scope: Scope, customer: string, _token: string, fields: Fields): Outcome {
  if (fields['tax_id'] === undefined) return { failed: 'Please enter a VAT ID.' };
  saveTaxId(scope, customer, 'eu_vat', fields['tax_id']);
  return { goTo: '' };
}

function removeTaxId(scope: Scope, customer: string, _token: string, fields: Fields): Outcome {
  const taxId = scope.store.need('tax_id', fields['id'] ?? '');
  if (taxId.customer !== customer) return { failed: 'This VAT ID belongs to someone else.' };
  scope.events.emit('customer.tax_id.deleted', taxId);
  scope.store.bury('tax_id', taxId.id);
  return { goTo: '' };
}
