import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { complete, completePayment, intentOfSession, itemsOf, planOf, priced } from '../checking-out.ts';
import type { Door } from '../dispatch.ts';
import { newId, newInvoicePrefix } from '../ids.ts';
import type { CheckoutSession } from '../objects/checkout.ts';
import { newCustomer } from '../objects/customer.ts';
import { saveCustomer } from '../resources/customers.ts';
import { collectIntent } from '../resources/payment-intents.ts';
import { completeSetup } from '../resources/setup-intents.ts';
import { saveTaxId } from '../resources/tax-ids.ts';
import { createMethod, testCard } from '../saving-cards.ts';
import type { Scope } from '../scope.ts';
import { locate } from '../tax.ts';
import { addressFields, addressOf, cardFields, expiryOf, type Fields, readFields } from './forms.ts';
import { alert, type Html, html, money, sendPage } from './layout.ts';
import { act, message, notFound, type Outcome, scopeOf } from './visit.ts';

const idParams = z.object({ id: z.string() });

/** The page where a person pays, or saves a card, in a Checkout session. */
export function checkoutPages(app: FastifyInstance, door: Door): void {
  app.get('/checkout/:id', (request, reply) => {
    const session = door.store.find('checkout.session', idParams.parse(request.params).id);
    if (session === undefined) return notFound(reply, 'checkout');
    if (session.status === 'open')
      return sendPage(reply, 'Checkout', checkoutPage(scopeOf(door), session, failureOf(door, session)));
    if (session.status === 'complete' && session.success_url !== null)
      return reply.redirect(successUrl(session), 303);
    return message(
      reply,
      session.status === 'complete' ? 'Thank you' : 'This page has expired',
      'You can close this page.',
    );
  });
  app.post('/checkout/:id', (request, reply) => {
    const { id } = idParams.parse(request.params);
    const fields = readFields(request.body);
    const outcome = act(door, (scope) => submit(scope, id, fields));
    if ('goTo' in outcome) return reply.redirect(outcome.goTo, 303);
    const session = door.store.find('checkout.session', id);
    if (session === undefined) return notFound(reply, 'checkout');
    return sendPage(reply, 'Checkout', checkoutPage(scopeOf(door), session, outcome.failed), 402);
  });
}

function checkoutPage(scope: Scope, session: CheckoutSession, failed: string | null): Html {
  const customer = session.customer === null ? undefined : scope.store.find('customer', session.customer);
  const pays = session.mode === 'payment';
  const back =
    session.cancel_url === null
      ? html``
      : html`<p><a id="cancel" href="${session.cancel_url}">← Back</a></p>`;
  const taxId = html`<label for="tax_id">VAT ID (for businesses)</label><input id="tax_id" name="tax_id" placeholder="ATU12345678">`;
  const methods =
    pays && customer !== undefined
      ? scope.store.list('payment_method', { customer: customer.id, fields: { customer: customer.id } })
      : [];
  return html`<div class="narrow">${back}<section>
<h1>${pays ? 'Pay' : 'Save a card'}</h1>${alert(failed)}
${pays ? summary(scope, session) : html`<p class="soft">Your card is not charged now.</p>`}
<form method="post">
<label for="email">Email</label><input id="email" name="email" type="email" autocomplete="email" value="${customer?.email ?? session.customer_email}">
<label for="name">Name or company</label><input id="name" name="name" autocomplete="name" value="${customer?.name}">
${addressFields(customer?.address ?? null)}
${session.tax_id_collection.enabled ? taxId : html``}
${methods.map((method) => html`<label><input type="radio" name="method" value="${method.id}"> ${method.card.brand} ending in ${method.card.last4}</label>`)}
${cardFields()}
<button class="wide" id="submit">${pays ? `Pay ${money(session.amount_total ?? 0, session.currency ?? 'eur')}` : 'Save card'}</button>
</form></section></div>`;
}

function summary(scope: Scope, session: CheckoutSession): Html {
  const currency = session.currency ?? 'eur';
  const rows = itemsOf(scope, session).map(
    (item) =>
      html`<tr><td>${item.description}</td><td class="num">${money(item.amount_subtotal, currency)}</td></tr>`,
  );
  const isKnown = !session.automatic_tax.enabled || session.automatic_tax.status === 'complete';
  const tax = isKnown ? money(session.total_details?.amount_tax ?? 0, currency) : 'by your address';
  return html`<div class="scroll"><table><tbody>${rows}<tr><td>VAT</td><td class="num" id="vat">${tax}</td></tr></tbody>
<tfoot><tr><td>Total</td><td class="num" id="total">${money(session.amount_total ?? 0, currency)}</td></tr></tfoot></table></div>`;
}

function submit(scope: Scope, id: string, fields: Fields): Outcome {
  const open = scope.store.need('checkout.session', id);
  if (open.status !== 'open') return { goTo: `/checkout/${id}` };
  if (fields['number'] === undefined && fields['method'] === undefined)
    return { failed: 'Choose a card or enter one.' };
  const session = withCustomer(scope, open, fields);
  const customer = session.customer ?? '';
  const saved = fields['number'] === undefined ? fields['method'] : undefined;
  const billing = {
    address: addressOf(fields),
    email: fields['email'] ?? null,
    name: fields['name'] ?? null,
    phone: null,
    tax_id: null,
  };
  const method = saved ?? createMethod(scope, testCard(fields['number'] ?? ''), billing, expiryOf(fields)).id;
  return session.mode === 'setup' ? saveCard(scope, session, method) : pay(scope, session, customer, method);
}

function pay(scope: Scope, open: CheckoutSession, customer: string, methodId: string): Outcome {
  const session = priced(scope, open, itemsOf(scope, open));
  if (session.automatic_tax.status === 'requires_location_inputs')
    return { failed: 'Please enter a valid address.' };
  const intent = intentOfSession(scope, session, customer);
  const started = { ...session, payment_intent: intent.id };
  scope.store.put(started, { customer });
  const returnUrl = `${scope.publicUrl}/checkout/${session.id}`;
  const how = { offSession: false, whenAsking: 'ask', authenticated: false, returnUrl } as const;
  const result = collectIntent(scope, intent, { methodId, ...how });
  switch (result.status) {
    case 'succeeded':
      return { goTo: successUrl(completePayment(scope, started, result.intent)) };
    case 'processing':
      return { failed: 'Your bank is still working on this payment.' };
    case 'requires_action':
      return { goTo: `/3d-secure/${intent.id}` };
    case 'declined':
      return { failed: result.decline.message };
  }
}

function saveCard(scope: Scope, session: CheckoutSession, methodId: string): Outcome {
  const intent = scope.store.need('setup_intent', session.setup_intent ?? '');
  const method = scope.store.need('payment_method', methodId);
  const owned = { ...intent, customer: session.customer };
  const done = completeSetup(scope, owned, method, {
    authenticated: false,
    returnUrl: `${scope.publicUrl}/checkout/${session.id}`,
  });
  if (done.status === 'requires_action') return { goTo: `/3d-secure/${intent.id}` };
  return { goTo: successUrl(complete(scope, session)) };
}

/** The session with its customer: a new one, or the known one with what they typed, as far as the session may keep it. */
function withCustomer(scope: Scope, session: CheckoutSession, fields: Fields): CheckoutSession {
  const plan = planOf(scope, session);
  const address = addressOf(fields);
  const customerId = session.customer ?? createCustomer(scope, session, fields);
  const customer = scope.store.need('customer', customerId);
  const keepsAddress = session.customer === null || plan.updatesAddress;
  const keepsName = session.customer === null || plan.updatesName;
  const isLocated = locate(address) !== 'unrecognized_location';
  saveCustomer(scope, customer, {
    ...customer,
    address: keepsAddress && isLocated ? address : customer.address,
    name: keepsName ? (fields['name'] ?? customer.name) : customer.name,
  });
  if (session.tax_id_collection.enabled && fields['tax_id'] !== undefined) {
    const known = scope.store
      .list('tax_id', { customer: customerId })
      .some(({ value }) => value === fields['tax_id']);
    if (!known) saveTaxId(scope, customerId, 'eu_vat', fields['tax_id']);
  }
  const owned = { ...session, customer: customerId };
  scope.store.put(owned, { customer: customerId });
  return owned;
}

function createCustomer(scope: Scope, session: CheckoutSession, fields: Fields): string {
  const customer = {
    ...newCustomer(newId('cus', 14), scope.now(), newInvoicePrefix()),
    email: fields['email'] ?? session.customer_email,
  };
  scope.store.put(customer, { customer: customer.id });
  scope.events.emit('customer.created', customer);
  return customer.id;
}

function failureOf(door: Door, session: CheckoutSession): string | null {
  const intent =
    session.payment_intent === null ? undefined : door.store.find('payment_intent', session.payment_intent);
  return intent?.last_payment_error?.message ?? null;
}

function successUrl(session: CheckoutSession): string {
  const url = session.success_url ?? `/checkout/${session.id}`;
  return url.replaceAll('{CHECKOUT_SESSION_ID}', session.id);
}
