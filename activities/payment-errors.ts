/** What is known of a call to the payment provider that brought no outcome.
 *  `ambiguous`: it may have taken effect (time-out, reset, truncated or foreign answer, 5xx); only the same key or
 *  a look-up may follow.
 *  `busy`: this request took no effect (429, no connection), or an earlier one with the same key is still being
 *  executed (409); the same key may follow after a pause. It says nothing of earlier requests: an outcome that
 *  was unknown before stays unknown.
 *  `rejected`: refused without effect because of a bug, a wrong key or a wrong state; asking again changes nothing. */
export type ProviderErrorKind = 'ambiguous' | 'busy' | 'rejected';

/** Plain JSON without personal data, so that it can stand in a workflow's history. */
export type ProviderErrorDetails = {
  /** The call in the SDK's words, such as `invoices.pay`. */
  call: string;
  /** Stripe's id of the request, by which their support and dashboard find it. */
  requestId: string | null;
  /** Null when no whole answer arrived. */
  statusCode: number | null;
  /** Stripe's error code, or the system's code of a connection that failed. */
  code: string | null;
  /** The answer is the stored one of an earlier request with the same key. */
  replayed: boolean;
};

/** A fault of the payment provider or on the way to it; outcomes of business are values instead. */
export class ProviderError extends Error {
  override readonly name = 'ProviderError';
  readonly kind: ProviderErrorKind;
  readonly details: ProviderErrorDetails;
  /** How long Stripe asks to wait; null when it named no time. */
  readonly retryAfterMs: number | null;

  constructor(
    kind: ProviderErrorKind,
    message: string,
    details: ProviderErrorDetails,
    options: { retryAfterMs?: number | null; cause?: unknown } = {},
  ) {
    super(`${details.call}: ${message}${requestNote(details)}`, { cause: options.cause });
    this.kind = kind;
    this.details = details;
    this.retryAfterMs = options.retryAfterMs ?? null;
  }

  /** An answer that arrived and does not say how the call ended. */
  static unclear(call: string, message: string): ProviderError {
    const details = { call, requestId: null, statusCode: null, code: null, replayed: false };
    return new ProviderError('ambiguous', message, details);
  }
}

function requestNote({ requestId }: ProviderErrorDetails): string {
  return requestId === null ? '' : ` (request ${requestId})`;
}
