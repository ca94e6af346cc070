/** What a verified webhook of Stripe says it is about. Only ids: the objects are read again from Stripe, so that
 *  late, doubled and reordered events all lead to the same state. */
export type VerifiedStripeEvent = {
  eventId: string;
  /** Stripe's type, such as `invoice.paid`; types that nobody here knows pass as well. */
  type: string;
  createdAtMs: number;
  /** From our own metadata, and therefore not checked against any account yet. */
  accountId: string | null;
  customerId: string | null;
  topUpId: string | null;
  invoiceId: string | null;
  /** Refunds, disputes and charges name the payment intent rather than the invoice. */
  paymentIntentId: string | null;
};

/** Checks the signature of Stripe's webhooks. */
export type StripeWebhooks = {
  /** @param payload the request's body, byte for byte as it arrived.
   *  @param signature the header `Stripe-Signature`.
   *  @throws WebhookSignatureError when no secret verifies it, it is too old, or it is no event. */
  verify(payload: Uint8Array, signature: string | undefined): VerifiedStripeEvent;
};

/** The request did not come from Stripe, or came too late to be believed; nothing of it may be used. */
export class WebhookSignatureError extends Error {
  override readonly name = 'WebhookSignatureError';
}
