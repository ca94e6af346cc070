import { Stripe } from 'stripe';
import { ProviderError, type ProviderErrorDetails, type ProviderErrorKind } from '../payment-errors.ts';

/** Codes of a connection that was never made: no byte of the request left this machine. */
const CONNECT_CODES: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** Says what a failed call means, keeping Stripe's request id. What cannot be told apart counts as ambiguous. */
export function faultOf(call: string, error: unknown): ProviderError {
  if (!(error instanceof Stripe.errors.StripeError)) {
    const details = { call, requestId: null, statusCode: null, code: null, replayed: false };
    return new ProviderError('ambiguous', messageOf(error), details, { cause: error });
  }
  const connectionCode = codeOfConnection(error);
  const details: ProviderErrorDetails = {
    call,
    requestId: error.requestId ?? null,
    statusCode: error.statusCode ?? null,
    code: error.code ?? connectionCode,
    replayed: error.headers?.['idempotent-replayed'] === 'true',
  };
  const kind = kindOf(error.statusCode, connectionCode);
  return new ProviderError(kind, error.message, details, {
    retryAfterMs: kind === 'busy' ? retryAfterMs(error.headers?.['retry-after']) : null,
    cause: error,
  });
}

/** A 409 is `idempotency_key_in_use`: an earlier request with this key is still being executed. */
function kindOf(statusCode: number | undefined, connectionCode: string | null): ProviderErrorKind {
  if (statusCode === undefined) {
    return connectionCode !== null && CONNECT_CODES.has(connectionCode) ? 'busy' : 'ambiguous';
  }
  if (statusCode === 429 || statusCode === 409) return 'busy';
  return statusCode >= 400 && statusCode < 500 ? 'rejected' : 'ambiguous';
}

/** Digs for the system's code in the causes below the SDK's error. */
function codeOfConnection(error: Stripe.errors.StripeError): string | null {
  let inner: unknown = error.detail;
  for (let depth = 0; depth < 5 && typeof inner === 'object' && inner !== null; depth += 1) {
    if ('code' in inner && typeof inner.code === 'string') return inner.code;
    inner = 'cause' in inner ? inner.cause : 'exception' in inner ? inner.exception : null;
  }
  return null;
}

function retryAfterMs(header: string | undefined): number | null {
  const seconds = header === undefined ? Number.NaN : Number(header);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1_000 : null;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
