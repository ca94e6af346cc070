import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createStripePayments } from '../../../activities/adapters/stripe-payments.ts';
import { ProviderError } from '../../../activities/payment-errors.ts';
import type { Payments } from '../../../activities/ports.ts';
import { topUp } from './stripe-stage.ts';
import {
  answering,
  dripping,
  reset,
  silent,
  startWire,
  truncated,
  type Script,
  type Wire,
} from './stripe-wire.ts';

const TIMEOUT_MS = 300;

let wire: Wire;
let payments: Payments;

beforeEach(async () => {
  wire = await startWire();
  payments = createStripePayments({ secretKey: 'sk_test_faults', apiBase: wire.url, timeoutMs: TIMEOUT_MS });
});

afterEach(() => wire.close());

describe('an answer that does not say how the call ended is ambiguous', () => {
  test.each<[string, Script, { requestId: string | null; statusCode: number | null }]>([
    ['a reset', reset, { requestId: null, statusCode: null }],
    ['a time-out', silent, { requestId: null, statusCode: null }],
    ['a truncated 200', truncated, { requestId: 'req_scripted', statusCode: null }],
    ['a body that never ends', dripping, { requestId: 'req_scripted', statusCode: null }],
    ['a 200 without a body', answering(200, ''), { requestId: 'req_scripted', statusCode: null }],
    [
      'a 200 of another kind',
      answering(200, '{"object":"charge"}'),
      { requestId: 'req_scripted', statusCode: 200 },
    ],
    ['a 200 that is no object', answering(200, '"ok"'), { requestId: 'req_scripted', statusCode: null }],
    ['a 200 that is null', answering(200, 'null'), { requestId: 'req_scripted', statusCode: null }],
    ['a 404 without an error', answering(404, '{}'), { requestId: 'req_scripted', statusCode: 404 }],
    [
      'a 502 page',
      answering(502, '<html>Bad Gateway</html>'),
      { requestId: 'req_scripted', statusCode: null },
    ],
    ['a redirect', answering(302, '', { location: '/elsewhere' }), { requestId: null, statusCode: null }],
    ['a 500', answering(500, errorBody('api_error')), { requestId: 'req_scripted', statusCode: 500 }],
    ['a 503', answering(503, errorBody('api_error')), { requestId: 'req_scripted', statusCode: 503 }],
  ])('%s', async (_name, script, details) => {
    wire.script(/pay/, script);
    const fault = await faultOf(pay());
    expect(fault.kind).toBe('ambiguous');
    expect(fault.details).toMatchObject({ call: 'invoices.pay', ...details });
    expect(fault.message).toContain(details.requestId ?? 'invoices.pay');
  });

  test('the stored answer of an earlier 500 is told from a fresh one', async () => {
    wire.script(/pay/, answering(500, errorBody('api_error'), { 'idempotent-replayed': 'true' }));
    expect((await faultOf(pay())).details.replayed).toBe(true);
  });
});

describe('a request that took no effect is busy', () => {
  test('a 429 tells how long to wait', async () => {
    wire.script(
      /pay/,
      answering(429, errorBody('invalid_request_error', 'rate_limit'), { 'retry-after': '7' }),
    );
    const fault = await faultOf(pay());
    expect(fault).toMatchObject({ kind: 'busy', retryAfterMs: 7_000 });
    expect(fault.details).toMatchObject({ statusCode: 429, code: 'rate_limit', requestId: 'req_scripted' });
  });

  test('a 429 without a time names none', async () => {
    wire.script(/pay/, answering(429, errorBody('invalid_request_error', 'lock_timeout')));
    expect(await faultOf(pay())).toMatchObject({ kind: 'busy', retryAfterMs: null });
  });

  test('a key in use by an earlier request', async () => {
    wire.script(/pay/, answering(409, errorBody('idempotency_error', 'idempotency_key_in_use')));
    const fault = await faultOf(pay());
    expect(fault.kind).toBe('busy');
    expect(fault.details.code).toBe('idempotency_key_in_use');
  });

  test('a connection that was never made', async () => {
    await wire.close();
    const fault = await faultOf(pay());
    expect(fault.kind).toBe('busy');
    expect(fault.details.code).toBe('ECONNREFUSED');
    wire = await startWire();
  });
});

describe('a refusal is rejected', () => {
  test.each([
    ['a wrong key', 401, 'invalid_request_error', undefined],
    ['a missing right', 403, 'invalid_request_error', undefined],
    ['an unknown customer', 404, 'invalid_request_error', 'resource_missing'],
    ['an unknown parameter', 400, 'invalid_request_error', 'parameter_unknown'],
    ['a key that was used with other parameters', 400, 'idempotency_error', undefined],
  ])('%s', async (_name, status, type, code) => {
    wire.script(/invoices$/, answering(status, errorBody(type, code)));
    const fault = await faultOf(payments.createInvoice(topUp(), 'cus_1'));
    expect(fault.kind).toBe('rejected');
    expect(fault.details).toMatchObject({
      call: 'invoices.create',
      requestId: 'req_scripted',
      statusCode: status,
    });
  });
});

test('a call is one request, even after a reset, so that no later answer hides an unknown outcome', async () => {
  wire.script(/pay/, reset);
  wire.script(/pay/, answering(429, errorBody('invalid_request_error', 'rate_limit')));
  expect((await faultOf(pay())).kind).toBe('ambiguous');
  expect(wire.seen).toHaveLength(1);
});

test('a slow body cannot hold a call beyond its deadline', async () => {
  wire.script(/pay/, dripping);
  const startedAtMs = performance.now();
  await faultOf(pay());
  expect(performance.now() - startedAtMs).toBeLessThan(TIMEOUT_MS * 5);
});

test('the secret key is in no error', async () => {
  wire.script(/pay/, reset);
  const fault = await faultOf(pay());
  expect(JSON.stringify([fault.message, fault.stack, fault.details])).not.toContain('sk_test_faults');
});

function pay() {
  return payments.payInvoice(topUp(), 'in_1', 1, 'pm_1');
}

async function faultOf(call: Promise<unknown>): Promise<ProviderError> {
  const error: unknown = await call.then(
    (value) => expect.fail(`resolved with ${JSON.stringify(value)}`),
    (error: unknown) => error,
  );
  if (!(error instanceof ProviderError)) throw error;
  return error;
}

function errorBody(type: string, code?: string): string {
  return JSON.stringify({ error: { type, code, message: 'As scripted.' } });
}
