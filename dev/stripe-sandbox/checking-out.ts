import { newId, randomText } from './ids.ts';
import { finalizeWith, recalculate } from './invoicing.ts';
import { SELF } from './objects/account.ts';
import type { CheckoutSession } from './objects/checkout.ts';
import type { Customer } from './objects/customer.ts';
import { type Invoice, newInvoice } from './objects/invoice.ts';
import { newPaymentIntent, type PaymentIntent } from './objects/payment.ts';
import type { TaxBehavior } from './objects/pricing.ts';
import { addItem } from './resources/invoice-items.ts';
import type { Scope } from './scope.ts';
import { buyerOf, locate, ruleFor, taxOn } from './tax.ts';

/** What is bought: kept beside the session, shown when `line_items` is expanded. */
export interface CheckoutItem {
  id: string;
  object: 'item';
  amount_discount: number;
  amount_subtotal: number;
  amount_tax: number;
  amount_total: number;
  currency: string;
  description: string;
  metadata: Record<string, string>;
  price: string;
  quantity: number;
}

/** What the session will do on completion, which Stripe keeps to itself. */
export interface CheckoutPlan {
  futureUsage: 'on_session' | 'off_session' | null;
  intentMetadata: Record<string, string>;
  intentDescription: string | null;
  updatesAddress: boolean;
  updatesName: boolean;
}

export function itemsOf(scope: Scope, session: CheckoutSession): CheckoutItem[] {
  return JSON.parse(scope.store.hidden(session.id)['line_items'] ?? '[]') as CheckoutItem[];
}

export function planOf(scope: Scope, session: CheckoutSession): CheckoutPlan {
  const plan = scope.store.hidden(session.id)['plan'];
  if (plan === undefined) throw new Error(`session ${session.id} has no plan`);
  return JSON.parse(plan) as CheckoutPlan;
}

/** The session with its amounts for the customer as they are now: tax is known when the address is. */
export function priced(scope: Scope, session: CheckoutSession, items: CheckoutItem[]): CheckoutSession {
  const customer = session.customer === null ? undefined : scope.store.find('customer', session.customer);
  const located = customer !== undefined && locate(customer.address) !== 'unrecognized_location';
  const taxed = items.map((item) =>
    taxedItem(scope, item, session.automatic_tax.enabled && located ? customer : undefined),
  );
  keepItems(scope, session, taxed);
  const subtotal = sum(taxed.map((item) => item.amount_subtotal));
  const total = sum(taxed.map((item) => item.amount_total));
  const tax = sum(taxed.map((item) => item.amount_tax));
  const status = located ? 'complete' : 'requires_location_inputs';
  return {
    ...session,
    amount_subtotal: subtotal,
    amount_total: total,
    automatic_tax: session.automatic_tax.enabled
      ? { enabled: true, liability: SELF, provider: 'stripe', status }
      : session.automatic_tax,
    total_details: { amount_discount: 0, amount_shipping: 0, amount_tax: tax },
  };
}

/** The intent that collects this session's total; made when someone first pays. */
export function intentOfSession(scope: Scope, session: CheckoutSession, customer: string): PaymentIntent {
  const existing =
    session.payment_intent === null ? undefined : scope.store.find('payment_intent', session.payment_intent);
  const plan = planOf(scope, session);
  const id = existing?.id ?? newId('pi');
  const money = { amount: session.amount_total ?? 0, currency: session.currency ?? 'eur' };
  const intent: PaymentIntent = {
    ...(existing ?? newPaymentIntent(id, scope.now(), money, `${id}_secret_${randomText(25)}`)),
    amount: money.amount,
    customer,
    description: plan.intentDescription,
    metadata: plan.intentMetadata,
    setup_future_usage: plan.futureUsage,
  };
  scope.store.put(intent, { customer, parent: session.id });
  if (existing === undefined) scope.events.emit('payment_intent.created', intent);
  return intent;
}

/** Ends a session whose payment succeeded: makes the paid invoice when one was wanted, and tells. */
export function completePayment(
  scope: Scope,
  session: CheckoutSession,
  intent: PaymentIntent,
): CheckoutSession {
  const invoice = session.invoice_creation?.enabled === true ? invoiceFor(scope, session, intent) : null;
  return complete(scope, {
    ...session,
    invoice: invoice?.id ?? null,
    payment_intent: intent.id,
    payment_status: 'paid',
  });
}

/** Ends a session and tells so. */
export function complete(scope: Scope, session: CheckoutSession): CheckoutSession {
  const done: CheckoutSession = {
    ...session,
    customer_details: detailsOf(scope, session),
    status: 'complete',
    url: null,
  };
  scope.store.put(done, { customer: done.customer });
  scope.events.emit('checkout.session.completed', done);
  return done;
}

export function expire(scope: Scope, session: CheckoutSession): CheckoutSession {
  const expired: CheckoutSession = { ...session, status: 'expired', url: null };
  scope.store.put(expired);
  scope.events.emit('checkout.session.expired', expired);
  return expired;
}

/** Expires every open session whose time is over. */
export function expireOverdue(scope: Scope): void {
  const open = scope.store.list('checkout.session', { fields: { status: 'open' } });
  for (const session of open) if (session.expires_at <= scope.now()) expire(scope, session);
}

function taxedItem(scope: Scope, item: CheckoutItem, customer: Customer | undefined): CheckoutItem {
  const none = { ...item, amount_tax: 0, amount_total: item.amount_subtotal };
  if (customer === undefined) return none;
  const behavior: TaxBehavior = scope.store.need('price', item.price).tax_behavior;
  const inclusive = behavior === 'inclusive';
  const rule = ruleFor(buyerOf(scope.store, customer));
  const tax = taxOn(scope.store, rule, item.amount_subtotal, inclusive ? 'inclusive' : 'exclusive').amount;
  return { ...none, amount_tax: tax, amount_total: item.amount_subtotal + (inclusive ? 0 : tax) };
}

function invoiceFor(scope: Scope, session: CheckoutSession, intent: PaymentIntent): Invoice {
  const data = session.invoice_creation?.invoice_data;
  const blank = newInvoice(newId('in'), scope.now(), session.customer ?? '', intent.currency);
  const draft: Invoice = {
    ...blank,
    automatic_tax: { ...blank.automatic_tax, ...session.automatic_tax, disabled_reason: null },
    description: data?.description ?? null,
    footer: data?.footer ?? null,
    metadata: data?.metadata ?? {},
  };
  scope.store.put(draft, { customer: draft.customer });
  scope.events.emit('invoice.created', draft);
  for (const item of itemsOf(scope, session)) {
    addItem(scope, {
      customer: draft.customer,
      invoice: draft.id,
      price: scope.store.need('price', item.price),
      quantity: item.quantity,
      description: item.description,
      metadata: {},
    });
  }
  return finalizeWith(scope, recalculate(scope, scope.store.need('invoice', draft.id)), intent);
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0);
}

function detailsOf(scope: Scope, session: CheckoutSession): CheckoutSession['customer_details'] {
  const customer = session.customer === null ? undefined : scope.store.find('customer', session.customer);
  if (customer === undefined) return null;
  const taxIds = scope.store.list('tax_id', { customer: customer.id });
  return {
    address: customer.address,
    business_name: null,
    email: customer.email,
    individual_name: null,
    name: customer.name,
    phone: customer.phone,
    tax_exempt: customer.tax_exempt,
    tax_ids: taxIds.map(({ type, value }) => ({ type, value })),
  };
}

function keepItems(scope: Scope, session: CheckoutSession, items: CheckoutItem[]): void {
  const hidden = scope.store.hidden(session.id);
  scope.store.setHidden(session.id, { ...hidden, line_items: JSON.stringify(items) });
}
