import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startStripeSandbox, type StripeSandbox } from '../../../dev/stripe-sandbox/server.ts';
import { checker, checkerIsMissing, needChecker } from './checker.ts';
import { distinct, StripeSchemas } from './openapi.ts';
import { plainClient } from './recorder.ts';

const CLI = fileURLToPath(new URL('../../../node_modules/@stripe/cli/bin/shim.js', import.meta.url));

/** What Stripe's own command line can bring about, with the requests it makes by itself. */
const EVENTS = [
  'payment_intent.succeeded',
  'invoice.paid',
  'invoice.payment_failed',
  'invoice.payment_action_required',
  'invoice.voided',
  'charge.dispute.created',
  'charge.refunded',
  'setup_intent.succeeded',
] as const;

describe('stripe trigger, a client that nobody here wrote', () => {
  let sandbox: StripeSandbox;

  beforeAll(async () => {
    sandbox = await startStripeSandbox({ port: 0 });
  });
  afterAll(() => sandbox.stop());

  it.each(EVENTS)('%s happens when the command line triggers it', { timeout: 60_000 }, async (type) => {
    const flags = ['--api-key', 'sk_test_123456789012', '--api-base', sandbox.url];
    const before = await count(sandbox, type);
    await execa(process.execPath, [CLI, 'trigger', type, ...flags]);
    expect(await count(sandbox, type)).toBe(before + 1);
  });

  it.skipIf(checkerIsMissing)(
    'every event that came of it is what Stripe’s OpenAPI document allows',
    async () => {
      const schemas = new StripeSchemas(needChecker(checker).spec);
      const events: unknown[] = [];
      for await (const event of plainClient(sandbox).events.list({ limit: 100 })) events.push(event);
      expect(events.length).toBeGreaterThan(30);
      expect(distinct(events.flatMap((event) => schemas.problems(event)))).toEqual([]);
    },
  );
});

async function count(sandbox: StripeSandbox, type: string): Promise<number> {
  return (await plainClient(sandbox).events.list({ type, limit: 100 })).data.length;
}
