import { saveCustomer } from '../resources/customers.ts';
import type { Scope } from '../scope.ts';

/** Makes a saved card the one that invoices are paid with. */
export function saveDefaultMethod(scope: Scope, customerId: string, method: string): void {
  const customer = scope.store.need('customer', customerId);
  const settings = { ...customer.invoice_settings, default_payment_method: method };
  saveCustomer(scope, customer, { ...customer, invoice_settings: settings });
}
