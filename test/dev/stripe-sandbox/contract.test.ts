import { Stripe } from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startStripeMock, type StripeMock } from '../../../dev/stripe-mock.ts';
import { startStripeSandbox, type StripeSandbox } from '../../../dev/stripe-sandbox/server.ts';
import { checker, checkerIsMissing, needChecker } from './checker.ts';
import { contractSuite } from './contract-suite.ts';
import { distinct, StripeSchemas } from './openapi.ts';
import { type Exchange, recordingClient } from './recorder.ts';

const realKey = process.env['STRIPE_SECRET_KEY'] ?? '';

describe('the sandbox', () => {
  const exchanges: Exchange[] = [];
  let sandbox: StripeSandbox;

  beforeAll(async () => {
    sandbox = await startStripeSandbox({ port: 0 });
  });
  afterAll(() => sandbox.stop());

  contractSuite(() => recordingClient(sandbox, exchanges));

  it.skipIf(checkerIsMissing)('Stripe’s checker and its document are there', () => {
    expect(needChecker(checker).spec).toContain('spec3.json');
  });

  describe.skipIf(checkerIsMissing)('held against what Stripe publishes', () => {
    let schemas: StripeSchemas;
    let mock: StripeMock | undefined;

    beforeAll(async () => {
      schemas = new StripeSchemas(needChecker(checker).spec);
      mock = await startStripeMock();
    });
    afterAll(() => mock?.stop());

    it('every answer to the suite is what Stripe’s OpenAPI document allows', () => {
      expect(exchanges.length).toBeGreaterThan(150);
      const problems = exchanges.flatMap((one) =>
        schemas
          .problems(one.answer)
          .map((problem) => `${one.method} ${pattern(one.path)} → ${one.status}: ${problem}`),
      );
      expect(distinct(problems)).toEqual([]);
    });

    it('every event of the suite is what Stripe’s OpenAPI document allows', async () => {
      const stripe = recordingClient(sandbox, []);
      const events: unknown[] = [];
      for await (const event of stripe.events.list({ limit: 100 })) events.push(event);
      expect(events.length).toBeGreaterThan(100);
      expect(distinct(events.flatMap((event) => schemas.problems(event)))).toEqual([]);
    });

    it('an answer that is not Stripe’s would be noticed', () => {
      const invoice = exchanges.find(
        (one) => one.path.startsWith('/v1/invoices/') && one.status === 200,
      )?.answer;
      const { total: _total, ...incomplete } = invoice as Record<string, unknown>;
      expect(schemas.problems(invoice)).toEqual([]);
      expect(schemas.problems(incomplete)).not.toEqual([]);
      expect(schemas.problems({ ...incomplete, total: '5950' })).not.toEqual([]);
      expect(schemas.problems({ ...incomplete, total: 5950, paid: true })).not.toEqual([]);
      expect(schemas.problems({ ...incomplete, total: 5950, status: 'settled' })).not.toEqual([]);
    });

    it('every request that the sandbox took is taken by stripe-mock too', async () => {
      const taken = exchanges.filter((exchange) => exchange.status === 200);
      const refused: string[] = [];
      const excepted: Exchange[] = [];
      for (const one of taken) {
        const refusal = await refusalOf(mock!, one);
        if (refusal === undefined) continue;
        // Checkout took `payment_method_types` in the version that stripe-mock knows; its new name is right since.
        const isRenamed =
          one.path === '/v1/checkout/sessions' && one.body.includes('allowed_payment_method_types');
        if (isRenamed) excepted.push(one);
        else refused.push(`${one.method} ${one.path} ${one.body}: ${refusal}`);
      }
      expect(taken.length).toBeGreaterThan(120);
      expect(refused).toEqual([]);
      expect(excepted).not.toEqual([]);
      for (const one of excepted) {
        // Under its old name the rest of the request still has to be right.
        const body = one.body.replaceAll('allowed_payment_method_types', 'payment_method_types');
        expect(await refusalOf(mock!, { ...one, body })).toBeUndefined();
      }
    });
  });
});

/** Stripe itself, when a key of its test mode is given. */
const realKeys = realKey.startsWith('sk_test_') ? [realKey] : [];

describe.each(realKeys)('Stripe’s test mode', { timeout: 60_000 }, (key) => {
  contractSuite(() => new Stripe(key, { telemetry: false, maxNetworkRetries: 2 }));
});

it('the same suite is run against Stripe itself when there is a key', (context) => {
  context.skip(realKeys.length === 0, 'STRIPE_SECRET_KEY=sk_test_… is not set');
  expect(realKeys).toHaveLength(1);
});

async function refusalOf(mock: StripeMock, one: Exchange): Promise<string | undefined> {
  const response = await fetch(mock.url + one.path, {
    method: one.method,
    headers: { authorization: 'Bearer sk_test_123', 'content-type': 'application/x-www-form-urlencoded' },
    ...(one.body === '' ? {} : { body: one.body }),
  });
  const text = await response.text();
  return response.ok ? undefined : text;
}

/** The path without ids, so that one mistake is told once. */
function pattern(path: string): string {
  return path.replaceAll(/\b[a-z]+_\w{10,}/g, ':id').replace(/\?.*/, '');
}
