import { newId, randomText } from './ids.ts';
import type { Customer } from './objects/customer.ts';
import {
  type Invoice,
  type InvoiceLine,
  newInvoiceLine,
  newInvoicePayment,
  type Tax,
} from './objects/invoice.ts';
import { newPaymentIntent, type PaymentIntent } from './objects/payment.ts';
import type { Scope } from './scope.ts';
import { buyerOf, locate, ruleFor, taxOn } from './tax.ts';

/** The draft with lines from its invoice items, tax by the customer as they are now, and totals. */
export function recalculate(scope: Scope, invoice: Invoice): Invoice {
  const customer = scope.store.need('customer', invoice.customer, 'customer');
  const owner = withCustomer(scope, invoice, customer);
  const status =
    locate(customer.address) === 'unrecognized_location' ? 'requires_location_inputs' : 'complete';
  const automatic = { ...owner.automatic_tax, status: owner.automatic_tax.enabled ? status : null } as const;
  const taxed = automatic.enabled && status === 'complete';
  const lines = scope.store
    .list('invoiceitem', { parent: invoice.id })
    .map((item) => lineFor(scope, owner, item.id, taxed ? customer : undefined))
    .toReversed();
  return withTotals({ ...owner, automatic_tax: automatic, lines: { ...owner.lines, data: lines } });
}

/** Opens a draft: numbers it, freezes it, and makes the payment intent that will collect it. An invoice with nothing
 *  due is paid at once, as Stripe does. Where tax cannot be worked out, automatic tax is switched off with the reason. */
export function finalize(scope: Scope, draft: Invoice): Invoice {
  const ready = withoutImpossibleTax(scope, recalculate(scope, draft));
  const customer = scope.store.need('customer', ready.customer, 'customer');
  const opened = open(scope, withBalanceApplied(scope, numbered(scope, ready, customer), customer));
  if (opened.amount_due === 0) return settle(scope, opened);
  const intent = intentFor(scope, opened);
  scope.store.put(intent, { customer: opened.customer, parent: opened.id });
  linkPayment(scope, opened, intent);
  scope.events.emit('payment_intent.created', intent);
  return opened;
}

/** Finalizes a draft that a payment has already paid, as after Checkout. */
export function finalizeWith(scope: Scope, draft: Invoice, intent: PaymentIntent): Invoice {
  const customer = scope.store.need('customer', draft.customer, 'customer');
  const opened = open(scope, numbered(scope, draft, customer));
  linkPayment(scope, opened, intent);
  return settle(scope, opened);
}

/** Marks an invoice as paid in full and tells so. */
export function settle(scope: Scope, invoice: Invoice, offStripe = false): Invoice {
  const now = scope.now();
  const paid: Invoice = {
    ...invoice,
    amount_paid: invoice.amount_due,
    amount_paid_off_stripe: offStripe ? invoice.amount_due : 0,
    amount_remaining: 0,
    attempted: true,
    auto_advance: false,
    next_payment_attempt: null,
    status: 'paid',
    status_transitions: { ...invoice.status_transitions, paid_at: now },
  };
  scope.store.put(paid);
  for (const payment of scope.store.list('invoice_payment', { parent: invoice.id })) {
    if (payment.status !== 'open') continue;
    const status = offStripe ? 'canceled' : 'paid';
    const at = offStripe ? { canceled_at: now, paid_at: null } : { canceled_at: null, paid_at: now };
    const done = {
      ...payment,
      amount_paid: offStripe ? null : payment.amount_requested,
      status_transitions: at,
    };
    scope.store.put({ ...done, status });
    if (!offStripe) scope.events.emit('invoice_payment.paid', { ...done, status });
  }
  const previous = { status: invoice.status, amount_paid: invoice.amount_paid };
  scope.events.emit('invoice.updated', paid, previous);
  scope.events.emit('invoice.paid', paid);
  scope.events.emit('invoice.payment_succeeded', paid);
  return paid;
}

/** The payment intent that collects this invoice, once it is finalized. */
export function intentOf(scope: Scope, invoice: Invoice): PaymentIntent | undefined {
  const [payment] = scope.store.list('invoice_payment', { parent: invoice.id });
  return payment === undefined
    ? undefined
    : scope.store.find('payment_intent', payment.payment.payment_intent);
}

/** The invoice that a payment intent collects, if it belongs to one. */
export function invoiceOf(scope: Scope, intent: PaymentIntent): Invoice | undefined {
  const invoice = scope.store.parentOf(intent.id);
  return invoice === undefined ? undefined : scope.store.find('invoice', invoice);
}

function open(scope: Scope, invoice: Invoice): Invoice {
  scope.store.put(invoice);
  scope.events.emit('invoice.finalized', invoice, { status: 'draft' });
  return invoice;
}

function linkPayment(scope: Scope, invoice: Invoice, intent: PaymentIntent): void {
  const payment = newInvoicePayment(newId('inpay'), scope.now(), invoice, intent.id);
  scope.store.put(payment, { customer: invoice.customer, parent: invoice.id });
}

function withCustomer(scope: Scope, invoice: Invoice, customer: Customer): Invoice {
  const taxIds = scope.store.list('tax_id', { customer: customer.id });
  return {
    ...invoice,
    customer_address: customer.address,
    customer_email: customer.email,
    customer_name: customer.name,
    customer_phone: customer.phone,
    customer_shipping: customer.shipping,
    customer_tax_exempt: customer.tax_exempt,
    customer_tax_ids: taxIds.map(({ type, value }) => ({ type, value })),
  };
}

function lineFor(scope: Scope, invoice: Invoice, itemId: string, taxed: Customer | undefined): InvoiceLine {
  const item = scope.store.need('invoiceitem', itemId);
  const before = invoice.lines.data.find((line) => line.parent.invoice_item_details.invoice_item === itemId);
  const line = newInvoiceLine(before?.id ?? newId('il'), {
    invoice: invoice.id,
    item: item.id,
    amount: item.amount,
    currency: item.currency,
    description: item.description,
    metadata: item.metadata,
    period: item.period,
    pricing: { ...item.pricing.price_details, unitAmount: item.pricing.unit_amount_decimal },
    quantity: item.quantity,
  });
  if (taxed === undefined) return line;
  const behavior = scope.store.need('price', item.pricing.price_details.price).tax_behavior;
  const rule = ruleFor(buyerOf(scope.store, taxed));
  const tax = taxOn(scope.store, rule, line.amount, behavior === 'inclusive' ? 'inclusive' : 'exclusive');
  return { ...line, taxes: [tax] };
}

function withTotals(invoice: Invoice): Invoice {
  const lines = invoice.lines.data;
  const subtotal = sum(lines.map((line) => line.amount));
  const taxes = lines.flatMap((line) => line.taxes);
  const exclusive = sum(taxes.filter((tax) => tax.tax_behavior === 'exclusive').map((tax) => tax.amount));
  const inclusive = sum(taxes.map((tax) => tax.amount)) - exclusive;
  const total = subtotal + exclusive;
  return {
    ...invoice,
    amount_due: Math.max(total, 0),
    amount_remaining: Math.max(total, 0),
    subtotal,
    subtotal_excluding_tax: subtotal - inclusive,
    total,
    total_excluding_tax: subtotal - inclusive,
    total_taxes: byRate(taxes),
  };
}

/** The taxes of all lines, summed for each rate and reason. */
export function byRate(taxes: readonly Tax[]): Tax[] {
  const sums = new Map<string, Tax>();
  for (const tax of taxes) {
    const key = JSON.stringify([tax.tax_rate_details, tax.taxability_reason, tax.tax_behavior]);
    const before = sums.get(key);
    sums.set(key, {
      ...tax,
      amount: tax.amount + (before?.amount ?? 0),
      taxable_amount: (tax.taxable_amount ?? 0) + (before?.taxable_amount ?? 0),
    });
  }
  return [...sums.values()];
}

function withoutImpossibleTax(scope: Scope, invoice: Invoice): Invoice {
  if (!invoice.automatic_tax.enabled) return invoice;
  const fails =
    scope.switches.take('tax_off', { path: 'finalize', customer: invoice.customer }) !== undefined;
  if (!fails && invoice.automatic_tax.status === 'complete') return invoice;
  const reason = fails ? 'finalization_system_error' : 'finalization_requires_location_inputs';
  const status = fails ? 'failed' : 'requires_location_inputs';
  const off = { ...invoice.automatic_tax, enabled: false, disabled_reason: reason, status } as const;
  const untaxed = invoice.lines.data.map((line) => ({ ...line, taxes: [] }));
  return withTotals({ ...invoice, automatic_tax: off, lines: { ...invoice.lines, data: untaxed } });
}

function numbered(scope: Scope, invoice: Invoice, customer: Customer): Invoice {
  const now = scope.now();
  const number =
    invoice.number ?? `${customer.invoice_prefix}-${String(customer.next_invoice_sequence).padStart(4, '0')}`;
  if (invoice.number === null) {
    scope.store.put({ ...customer, next_invoice_sequence: customer.next_invoice_sequence + 1 });
  }
  const page = `${scope.publicUrl}/invoices/${invoice.id}`;
  return {
    ...invoice,
    effective_at: invoice.effective_at ?? now,
    hosted_invoice_url: page,
    invoice_pdf: `${page}/pdf`,
    number,
    status: 'open',
    status_transitions: { ...invoice.status_transitions, finalized_at: now },
    webhooks_delivered_at: now,
  };
}

/** A credit on the customer's balance (negative) pays part of the invoice, a debt is collected with it. */
function withBalanceApplied(scope: Scope, invoice: Invoice, customer: Customer): Invoice {
  if (customer.balance === 0) return { ...invoice, ending_balance: 0 };
  const due = Math.max(invoice.total + customer.balance, 0);
  const ending = customer.balance + invoice.total - due;
  const latest = scope.store.need('customer', customer.id);
  scope.store.put({ ...latest, balance: ending });
  scope.events.emit('customer.updated', { ...latest, balance: ending }, { balance: customer.balance });
  return {
    ...invoice,
    amount_due: due,
    amount_remaining: due,
    ending_balance: ending,
    starting_balance: customer.balance,
  };
}

function intentFor(scope: Scope, invoice: Invoice): PaymentIntent {
  const id = newId('pi');
  const money = { amount: invoice.amount_due, currency: invoice.currency };
  return {
    ...newPaymentIntent(id, scope.now(), money, `${id}_secret_${randomText(25)}`),
    customer: invoice.customer,
    description: `Payment for Invoice ${invoice.number ?? ''}`.trim(),
    payment_details: { customer_reference: null, order_reference: invoice.number },
    receipt_email: null,
  };
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0);
}
