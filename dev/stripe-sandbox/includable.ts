import { listOf } from './list.ts';
import type { Scope } from './scope.ts';
import { automaticTaxOf } from './tax.ts';

type Include = (scope: Scope, target: Record<string, unknown>) => unknown;

/** Fields that Stripe sends only when they are expanded, by object and name. */
export const INCLUDABLE: Readonly<Record<string, Include>> = {
  'customer.tax': ({ store }, { id }) => {
    const customer = store.find('customer', String(id));
    return customer === undefined ? undefined : automaticTaxOf(customer);
  },
  'customer.tax_ids': ({ store }, { id }) =>
    listOf(store.list('tax_id', { customer: String(id) }), `/v1/customers/${String(id)}/tax_ids`),
  'customer.invoice_credit_balance': () => ({}),
  'invoice.payments': ({ store }, { id }) =>
    listOf(store.list('invoice_payment', { parent: String(id) }), '/v1/invoice_payments'),
  'invoice.confirmation_secret': ({ store }, { id, status }) => {
    const [payment] = store.list('invoice_payment', { parent: String(id) });
    const intent =
      payment === undefined ? undefined : store.find('payment_intent', payment.payment.payment_intent);
    if (intent === undefined || status !== 'open') return null;
    return { client_secret: intent.client_secret, type: 'payment_intent' };
  },
  'charge.refunds': ({ store }, { id }) =>
    listOf(store.list('refund', { parent: String(id) }), `/v1/charges/${String(id)}/refunds`),
  'checkout.session.line_items': ({ store }, { id }) => {
    const items = JSON.parse(store.hidden(String(id))['line_items'] ?? '[]') as { price: string }[];
    // A line's price is always whole, never an id.
    const data = items.map((item) => ({ ...item, price: store.need('price', item.price) }));
    return listOf(data, `/v1/checkout/sessions/${String(id)}/line_items`);
  },
};
