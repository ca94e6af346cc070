import { Stripe } from 'stripe';
import {
  WebhookSignatureError,
  type StripeWebhooks,
  type VerifiedStripeEvent,
} from '../../domain/provider-events.ts';

/** How old a signature may be, in seconds; Stripe signs every delivery anew, retries too. */
const TOLERANCE_SECONDS = 300;

/** Verifies by any of the secrets, so that an endpoint's secret can be rotated without losing an event.
 *  @throws RangeError without a secret, or for a tolerance that would not bound the age. */
export function createStripeWebhookVerifier(
  secrets: readonly string[],
  toleranceSeconds: number = TOLERANCE_SECONDS,
): StripeWebhooks {
  if (secrets.length === 0) throw new RangeError('no webhook secret');
  // The SDK takes 0 for "any age".
  if (!(toleranceSeconds > 0)) throw new RangeError(`not a tolerance: ${toleranceSeconds}`);
  return {
    verify(payload, signature) {
      return readEvent(verified(payload, signature ?? '', secrets, toleranceSeconds));
    },
  };
}

function verified(
  payload: Uint8Array,
  signature: string,
  secrets: readonly string[],
  toleranceSeconds: number,
): unknown {
  let reason = '';
  for (const secret of secrets) {
    try {
      return Stripe.webhooks.constructEvent(Buffer.from(payload), signature, secret, toleranceSeconds);
    } catch (error) {
      reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    }
  }
  // Without the SDK's error as a cause: it carries the whole payload, which nobody vouches for, into the logs.
  throw new WebhookSignatureError(`Stripe webhook refused: ${reason}`);
}

function readEvent(event: unknown): VerifiedStripeEvent {
  const { id, type, created, data } = asRecord(event);
  if (typeof id !== 'string' || typeof type !== 'string' || typeof created !== 'number') {
    throw new WebhookSignatureError('Stripe webhook refused: the payload is no event');
  }
  const { object, previous_attributes: previous } = asRecord(data);
  const subject = asRecord(object);
  const metadata = asRecord(subject['metadata']);
  return {
    eventId: id,
    type,
    createdAtMs: created * 1_000,
    accountId: textOf(metadata['account_id']),
    // A detached card names its customer only among the attributes that it had before.
    customerId: idOf(subject, 'customer') ?? idOf(asRecord(previous), 'customer'),
    topUpId: textOf(metadata['top_up_id']),
    invoiceId: idOf(subject, 'invoice') ?? invoiceOfOrder(subject),
    paymentIntentId: idOf(subject, 'payment_intent'),
  };
}

/** The id of the subject itself when it is a `kind`, otherwise of the `kind` that it names, expanded or not. */
function idOf(
  subject: Record<string, unknown>,
  kind: 'customer' | 'invoice' | 'payment_intent',
): string | null {
  if (subject['object'] === kind) return textOf(subject['id']);
  const named = subject[kind];
  return textOf(named) ?? textOf(asRecord(named)['id']);
}

/** A payment intent no longer names its invoice, unless as the order that it pays. */
function invoiceOfOrder(subject: Record<string, unknown>): string | null {
  const order = textOf(asRecord(subject['payment_details'])['order_reference']);
  return order?.startsWith('in_') === true ? order : null;
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
