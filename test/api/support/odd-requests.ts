import * as fc from 'fast-check';
import type { InjectOptions } from 'fastify';
import type { Operation } from './operations.ts';
import { ACME, OPERATOR_KEY } from './test-api.ts';

export type OddRequest = InjectOptions & { url: string };

/** Requests for one operation: mostly what it expects, so that its handler is reached, with wrong types, foreign
 *  ids and plain nonsense in any place. */
export function oddRequests(path: string, method: string, operation: Operation): fc.Arbitrary<OddRequest> {
  const names = namesIn(path);
  const queries = (operation.parameters ?? []).filter((each) => each.in === 'query').map(({ name }) => name);
  const { query } = wellFormed(operation);
  return fc
    .record({
      path: fc.tuple(...names.map((name) => mostly(fc.constant(GOOD_PARAMETERS[name] ?? ''), parameters))),
      query: mostly(
        fc.constant(query),
        fc.dictionary(fc.constantFrom('limit', 'cursor', 'x', ...queries), strings, { maxKeys: 3 }),
      ),
      headers: mostly(
        fc.string().map((key) => ({ 'idempotency-key': `k${key.length}`, 'sec-fetch-site': 'same-origin' })),
        headers,
      ),
      body: mostly(bodies(operation), fc.constant(undefined)),
    })
    .map(({ path: chosen, query, headers, body }) =>
      requestOf(path, method, { chosen, query, headers, body }),
    );
}

/** The request that the operation is made for. */
export function goodRequest(path: string, method: string, operation: Operation): OddRequest {
  const { query, body } = wellFormed(operation);
  const chosen = namesIn(path).map((name) => GOOD_PARAMETERS[name] ?? '');
  const headers = { 'idempotency-key': operation.operationId, 'sec-fetch-site': 'same-origin' };
  return requestOf(path, method, { chosen, query, headers, body });
}

const GOOD_PARAMETERS: Record<string, string> = {
  id: 'acme',
  wallet: 'call_minutes',
  hold: 'hold_1',
  notification: '019a0000-0000-7000-8000-000000000000',
  mail: '019a0000-0000-7000-8000-000000000000',
  message: 'msg_019a0000-0000-7000-8000-000000000000',
};

const EVENT = {
  id: 'e1',
  account: 'acme',
  type: 'call',
  source: 'campaign',
  seconds: 1,
  occurredAt: '2026-11-22T10:00:00Z',
};

const BODIES: Record<string, Record<string, unknown>> = {
  putAccount: ACME,
  reportUsage: { events: [EVENT] },
  placeHold: { wallet: 'call_minutes', source: 'campaign', seconds: 600, expiresInSeconds: 900 },
  grantUnits: { id: 'g1', wallet: 'call_minutes', units: 30, reason: 'plan minutes' },
  refundTopUp: { reason: 'charged by mistake', amount: 1 },
  saveSettings: { enabled: true, alertBelow: 10, topUpBelow: 5, amount: 50, monthlyCap: 100 },
  previewSettings: { enabled: true, alertBelow: 10, topUpBelow: 5, amount: 50, monthlyCap: 100 },
  saveEmailPreferences: { muted: ['balance.alert'] },
  retryTopUp: { reason: 'the card works again' },
  cancelTopUp: { reason: 'asked for by the customer' },
  suspendAccount: { reason: 'looks like fraud' },
  resumeAccount: { reason: 'it was none' },
  adjustBalance: { wallet: 'call_minutes', units: -1, reason: 'booked twice' },
  signInOperator: { key: OPERATOR_KEY },
  previewRetries: { ids: ['tu_call_1'] },
  sendTestAlert: { wallet: 'call_minutes', reason: 'no alerts arrive' },
  replayMail: { reason: 'the address works again' },
  replayWebhookDelivery: { reason: 'the endpoint is back' },
  buyTopUp: { wallet: 'call_minutes', amount: 50, method: 'checkout' },
  openPaymentMethodPage: { for: 'card' },
  postmarkWebhook: { RecordType: 'Bounce', Metadata: { delivery_id: 'd1' } },
};

const QUERIES: Record<string, Record<string, string>> = {
  quote: { wallet: 'call_minutes', amount: '50' },
  getBalanceHistory: { wallet: 'call_minutes', days: '30' },
  listLedger: { kind: 'usage', source: 'campaign', from: '2026-11-01T00:00:00Z', to: '2026-12-01T00:00:00Z' },
  searchAccounts: { text: 'acme' },
};

function wellFormed({ operationId }: Operation): { query: Record<string, string>; body: unknown } {
  return { query: QUERIES[operationId] ?? {}, body: BODIES[operationId] };
}

const NASTY = [
  '',
  '..',
  '../acme',
  '%00',
  '\u0000',
  "' or 1=1 --",
  '__proto__',
  '🦀',
  'NaN',
  '1e400',
  'null',
];
const strings = fc.oneof(fc.string({ unit: 'binary', maxLength: 40 }), fc.constantFrom(...NASTY));
const parameters = fc.oneof(fc.constantFrom('victim', 'nobody', 'chat_credits'), strings);
const headers = fc.dictionary(
  fc.constantFrom('idempotency-key', 'if-match', 'stripe-signature', 'x-request-id'),
  fc.string({ unit: 'grapheme-ascii', maxLength: 30 }),
);

/** Values of every type, most of them wrong wherever they are put. */
const values = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  strings,
  fc.double(),
  fc.constantFrom(Number.MAX_SAFE_INTEGER, 1e308, -0, 0.1 + 0.2, true, null, [], {}),
);

/** A body that is right but for some fields, or that is wrong altogether. */
function bodies({ operationId }: Operation): fc.Arbitrary<unknown> {
  if (operationId !== 'reportUsage') return mostly(changed(BODIES[operationId] ?? {}), values);
  const events = fc.array(mostly(changed(EVENT), values), { maxLength: 5 });
  return mostly(
    events.map((chosen) => ({ events: chosen })),
    values,
  );
}

function changed(example: Record<string, unknown>): fc.Arbitrary<unknown> {
  const fields = fc.oneof(fc.constantFrom(...Object.keys(example), 'extra'), strings);
  return fc.dictionary(fields, values, { maxKeys: 3 }).map((changes) => ({ ...example, ...changes }));
}

type Parts = {
  chosen: readonly string[];
  query: Record<string, string>;
  headers: Record<string, string>;
  body: unknown;
};

function requestOf(path: string, method: string, { chosen, query, headers, body }: Parts): OddRequest {
  const url = namesIn(path).reduce(
    (address, name, at) =>
      address.replace(`{${name}}`, encodeURIComponent((chosen[at] ?? '').toWellFormed())),
    path,
  );
  if (body === undefined || method === 'get') return { method: method.toUpperCase(), url, query, headers };
  return {
    method: method.toUpperCase(),
    url,
    query,
    headers: { ...headers, 'content-type': 'application/json' },
    payload: JSON.stringify(body),
  };
}

function namesIn(path: string): string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
}

function mostly<T>(usual: fc.Arbitrary<T>, odd: fc.Arbitrary<T>): fc.Arbitrary<T> {
  return fc.oneof({ arbitrary: usual, weight: 3 }, { arbitrary: odd, weight: 1 });
}
