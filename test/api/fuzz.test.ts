import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LIMITS } from '../../api/deps.ts';
import { accountId } from '../../domain/ids.ts';
import { goodRequest, oddRequests, type OddRequest } from './support/odd-requests.ts';
import { operationsOf, type OpenApiDocument } from './support/operations.ts';
import { ACME, OPERATOR_KEY, PLATFORM_KEY, startTestApi, type TestApi } from './support/test-api.ts';

/** Appears in the data of the account that must not be seen, and nowhere else. */
const SECRET = 'belongs to somebody else';
/** For each operation and caller. */
const RUNS = 25;
/** They need a signature, a password, or a notification or top-up that exists. */
const UNREACHABLE = [
  'stripeWebhook',
  'postmarkWebhook',
  'releaseHold',
  'readNotification',
  'getOperatorTopUp',
  'getTopUpStory',
  'replayMail',
  'retryTopUp',
  'cancelTopUp',
  'replayWebhookDelivery',
  'resolveFinding',
  'refundTopUp',
];

describe('whatever is thrown at the routes of the OpenAPI document', () => {
  let api: TestApi;
  let document: OpenApiDocument;
  let callers: Record<string, string>;
  beforeAll(async () => {
    const many = 1e9;
    const limits = { ...LIMITS, customerPerMinute: many, operatorPerMinute: many, failuresPerMinute: many };
    api = await startTestApi({ limits: { ...limits, streamsPerAccount: many, streams: many } });
    await api.platform('PUT', '/v1/accounts/acme', ACME);
    await api.platform('PUT', '/v1/accounts/victim', { ...ACME, name: SECRET });
    const grant = { id: 'g', wallet: 'call_minutes', units: 1, reason: SECRET };
    await api.platform('POST', '/v1/accounts/victim/grants', grant);
    document = (await api.nobody('GET', '/openapi.json')).body;
    const { token } = await api.deps.tokens.issue(accountId('acme'));
    callers = { platform: PLATFORM_KEY, operator: OPERATOR_KEY, customer: token, nobody: 'nobody' };
  });
  afterAll(() => api.close());

  /** Reads the answer unless it is a stream, which would not end. */
  async function send(request: OddRequest, caller: string) {
    const headers = { ...request.headers, authorization: `Bearer ${callers[caller]}` };
    const response = await api.app.inject({ ...request, headers, payloadAsStream: true });
    const { statusCode: status } = response;
    const type = response.headers['content-type'] ?? '';
    const stream = response.stream();
    if (type.startsWith('text/event-stream')) {
      stream.destroy();
      return { status, type, text: '' };
    }
    return { status, type, text: Buffer.concat(await stream.toArray()).toString('utf8') };
  }

  /** What must not be said of any answer, whatever the request was. */
  async function harmOf(request: OddRequest, caller: string) {
    const { status, type, text } = await send(request, caller);
    const account = new URL(request.url, 'http://x').pathname.split('/')[3];
    // The sign-in of the console is open to everybody: a key decides there, not who shows it.
    const isSignIn = request.url.startsWith('/v1/operator/session');
    const isForeign = caller === 'customer' && account !== undefined && account !== 'acme' && !isSignIn;
    return {
      breaks: status >= 500 ? text : false,
      isMuddled: type.startsWith('application/problem+json') !== status >= 400,
      tellsSecret: caller !== 'platform' && caller !== 'operator' && text.includes(SECRET),
      admitsStranger: isForeign && status < 400,
    };
  }

  const HARMLESS = { breaks: false, isMuddled: false, tellsSecret: false, admitsStranger: false };

  // First, because an odd purchase takes the wallet's flight.
  test('the requests that the odd ones are made from are answered well', async () => {
    const refused = [];
    for (const { path, method, operation } of operationsOf(document)) {
      const caller = operation.description?.includes('For: operator') ? 'operator' : 'platform';
      const { status } = await send(goodRequest(path, method, operation), caller);
      if (status >= 400) refused.push(operation.operationId);
    }
    expect(refused.toSorted()).toEqual(UNREACHABLE.toSorted());
  });

  test.each(['platform', 'operator', 'customer', 'nobody'])(
    'as %s, nothing breaks, every refusal is a problem document, and no other account is seen',
    async (caller) => {
      for (const { path, method, operation } of operationsOf(document)) {
        const property = fc.asyncProperty(oddRequests(path, method, operation), async (request) => {
          expect(await harmOf(request, caller)).toEqual(HARMLESS);
        });
        await fc.assert(property, { numRuns: RUNS });
        expect(await harmOf(goodRequest(path, method, operation), caller)).toEqual(HARMLESS);
      }
    },
    120_000,
  );
});
