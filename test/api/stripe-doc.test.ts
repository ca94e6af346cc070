import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { HANDLED_STRIPE_EVENTS } from '../../api/routes/stripe-webhook.ts';

const ROOT = new URL('../../', import.meta.url);
const doc = readFileSync(new URL('docs/stripe.md', ROOT), 'utf8');

it.each([...HANDLED_STRIPE_EVENTS])('whoever sets up Stripe is told to subscribe to %s', (type) => {
  expect(doc).toContain(`\`${type}\``);
});

it('every test that is named as a proof exists', () => {
  const named = [...doc.matchAll(/`(test\/[\w/-]+\.test\.ts)`/g)].map((match) => match[1] ?? '');
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter((path) => !existsSync(new URL(path, ROOT)))).toEqual([]);
});
