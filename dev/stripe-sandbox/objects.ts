import type { CheckoutSession, PortalSession } from './objects/checkout.ts';
import type { Customer, TaxId } from './objects/customer.ts';
import type { Event, WebhookEndpoint } from './objects/event.ts';
import type { Invoice, InvoicePayment } from './objects/invoice.ts';
import type { BalanceTransaction, Charge, PaymentIntent } from './objects/payment.ts';
import type { PaymentMethod, SetupIntent } from './objects/payment-method.ts';
import type { InvoiceItem, Price, Product, TaxRate } from './objects/pricing.ts';
import type { CreditNote, Dispute, Refund } from './objects/reversal.ts';

/** Every object the store keeps, by the name on its `object` field. */
export interface ObjectTypes {
  balance_transaction: BalanceTransaction;
  'billing_portal.session': PortalSession;
  charge: Charge;
  'checkout.session': CheckoutSession;
  credit_note: CreditNote;
  customer: Customer;
  dispute: Dispute;
  event: Event;
  invoice: Invoice;
  invoice_payment: InvoicePayment;
  invoiceitem: InvoiceItem;
  payment_intent: PaymentIntent;
  payment_method: PaymentMethod;
  price: Price;
  product: Product;
  refund: Refund;
  setup_intent: SetupIntent;
  tax_id: TaxId;
  tax_rate: TaxRate;
  webhook_endpoint: WebhookEndpoint;
}

export type ObjectName = keyof ObjectTypes;
