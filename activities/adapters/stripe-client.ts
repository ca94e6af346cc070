import { Stripe } from 'stripe';
import { ProviderError } from '../payment-errors.ts';
import { faultOf } from './stripe-faults.ts';

export type StripeOptions = {
  secretKey: string;
  /** `https://api.stripe.com`, or where the sandbox listens. */
  apiBase: string;
  /** For one whole exchange, connecting and reading the body included. */
  timeoutMs?: number;
};

/** The version whose shapes this code reads; an upgrade of the SDK does not change it behind our back. */
const STRIPE_API_VERSION = '2026-10-28.endive';

/** Below the time-out of every activity that calls Stripe, so that the activity learns how its call ended. */
const TIMEOUT_MS = 10_000;

/** A client of which each call is one HTTP request: no retries, no telemetry, and no resending after a reset.
 *  Its fetch transport is chosen for that: the SDK's other one resends once when a connection closes, even with
 *  `maxNetworkRetries: 0`, and then a 429 would hide that the first request may have taken effect. It also
 *  holds one deadline over the whole exchange, where the other one starts anew with every byte. */
export function createStripeClient({ secretKey, apiBase, timeoutMs }: StripeOptions): Stripe {
  const base = new URL(apiBase);
  const isHttps = base.protocol === 'https:';
  return new Stripe(secretKey, {
    apiVersion: STRIPE_API_VERSION,
    host: base.hostname,
    port: base.port === '' ? (isHttps ? 443 : 80) : Number(base.port),
    protocol: isHttps ? 'https' : 'http',
    maxNetworkRetries: 0,
    telemetry: false,
    timeout: timeoutMs ?? TIMEOUT_MS,
    httpClient: Stripe.createFetchHttpClient(exchange),
  });
}

/** Awaits one call and vouches that it was answered by Stripe with the expected object: the SDK resolves an
 *  error page whose JSON has no `error`.
 *  @throws ProviderError for everything else. */
export async function ask<T extends { object: string }>(
  call: string,
  object: T['object'],
  request: Promise<Stripe.Response<T>>,
): Promise<T> {
  let answer: Stripe.Response<T>;
  try {
    answer = await request;
  } catch (error) {
    throw faultOf(call, error);
  }
  const { statusCode, requestId } = answer.lastResponse;
  if (statusCode < 400 && answer.object === object) return answer;
  const details = { call, requestId: requestId ?? null, statusCode, code: null, replayed: false };
  throw new ProviderError('ambiguous', `answered ${statusCode} with no ${object}`, details);
}

/** A redirect is no answer of Stripe's, and following one would turn a POST into a GET. A body that is JSON but
 *  no object is made unreadable, because the SDK would throw where nobody can catch it. */
async function exchange(input: Parameters<typeof fetch>[0], init?: RequestInit): Promise<Response> {
  const response = await fetch(input, { ...init, redirect: 'error' });
  const read = response.text.bind(response);
  const text = async () => {
    const body = await read();
    return body.trimStart().startsWith('{') ? body : `no object: ${body}`;
  };
  return Object.defineProperty(response, 'text', { value: text });
}
