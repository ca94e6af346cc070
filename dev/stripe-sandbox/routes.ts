import { checkoutSessionRoutes } from './resources/checkout-sessions.ts';
import { creditNoteRoutes } from './resources/credit-notes.ts';
import { customerRoutes } from './resources/customers.ts';
import { disputeRoutes } from './resources/disputes.ts';
import { invoiceActionRoutes } from './resources/invoice-actions.ts';
import { invoiceItemRoutes } from './resources/invoice-items.ts';
import { invoiceRoutes } from './resources/invoices.ts';
import { paymentIntentRoutes } from './resources/payment-intents.ts';
import { paymentMethodRoutes } from './resources/payment-methods.ts';
import { portalSessionRoutes } from './resources/portal-sessions.ts';
import { readOnlyRoutes } from './resources/read-only.ts';
import { refundRoutes } from './resources/refunds.ts';
import { setupIntentRoutes } from './resources/setup-intents.ts';
import { taxIdRoutes } from './resources/tax-ids.ts';
import { webhookEndpointRoutes } from './resources/webhook-endpoints.ts';
import type { Route } from './scope.ts';

/** Everything the sandbox answers under /v1. */
export const ROUTES: readonly Route[] = [
  ...customerRoutes,
  ...taxIdRoutes,
  ...paymentMethodRoutes,
  ...setupIntentRoutes,
  ...invoiceRoutes,
  ...invoiceActionRoutes,
  ...invoiceItemRoutes,
  ...paymentIntentRoutes,
  ...refundRoutes,
  ...creditNoteRoutes,
  ...disputeRoutes,
  ...checkoutSessionRoutes,
  ...portalSessionRoutes,
  ...webhookEndpointRoutes,
  ...readOnlyRoutes,
];
