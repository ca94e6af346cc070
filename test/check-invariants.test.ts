import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startStage, topUp, openInvoice, type Stage } from './activities/adapters/stripe-stage.ts';
import { asOwner, choice, grant, newAccount, openStores, usage, type TestStores } from './db/support.ts';

let stores: TestStores;
let stage: Stage;
beforeAll(async () => {
  [stores, stage] = await Promise.all([openStores(), startStage()]);
  const id = await newAccount(stores);
  await stores.settings.save(id, 'call_minutes', choice({ enabled: false }), { ifVersion: null });
  await grant(stores, id, 200);
  await stores.ledger.ingest([usage(id)]);
});
afterAll(async () => {
  await Promise.all([stores.close(), stage.close()]);
});

type Invariant = { number: number; judgedBy: string; holds?: boolean; violations?: string[] };

async function check(env: Record<string, string>, ...args: string[]) {
  const ran = await execa(process.execPath, ['check-invariants.ts', ...args], {
    env: { DATABASE_URL: stores.url, STRIPE_SECRET_KEY: '', STRIPE_API_BASE: stage.wire.url, ...env },
    reject: false,
  });
  const report =
    ran.stdout === '' ? null : (JSON.parse(ran.stdout) as { holds: boolean; invariants: Invariant[] });
  return { exitCode: ran.exitCode, report, words: ran.stderr };
}

const broken = (report: { invariants: Invariant[] } | null) =>
  report?.invariants.filter(({ holds }) => holds === false).map(({ number, judgedBy }) => [number, judgedBy]);

test('says of each of the twelve invariants who judges it, and exits 0 when all hold', async () => {
  const { exitCode, report } = await check({ STRIPE_SECRET_KEY: 'sk_test_stage' });
  expect({ exitCode, holds: report?.holds }).toEqual({ exitCode: 0, holds: true });
  expect(report?.invariants.map(({ number, judgedBy }) => `${number} ${judgedBy}`)).toEqual([
    ...[1, 2, 3, 3].map((number) => `${number} database`),
    '3 provider',
    ...[4, 5, 6, 7, 8].map((number) => `${number} database`),
    '9 tests',
    '10 database',
    '11 tests',
    '12 tests',
  ]);
  expect(
    report?.invariants
      .filter(({ judgedBy }) => judgedBy === 'tests')
      .every(({ holds }) => holds === undefined),
  ).toBe(true);
});

test('without a Stripe key, Stripe is not asked and nobody claims that it was', async () => {
  const { exitCode, report } = await check({});
  expect(exitCode).toBe(0);
  expect(report?.invariants.some(({ judgedBy }) => judgedBy === 'provider')).toBe(false);
});

test('exits 2 with one sentence when it could not look, never 0', async () => {
  const nowhere = await check({ DATABASE_URL: 'postgres://x@127.0.0.1:1/x' });
  expect(nowhere).toMatchObject({ exitCode: 2, report: null });
  expect(nowhere.words).toMatch(/^The invariants could not be checked: .+$/);
  expect(await check({ DATABASE_URL: '' })).toMatchObject({ exitCode: 2, report: null });
  expect(await check({}, '--days', 'many')).toMatchObject({ exitCode: 2, report: null });
  const noStripe = await check({ STRIPE_SECRET_KEY: 'sk_test_stage', STRIPE_API_BASE: 'http://127.0.0.1:1' });
  expect(noStripe).toMatchObject({ exitCode: 2, report: null });
  // Four processes, of which one waits for its connections to be given up.
}, 90_000);

test('exits 1 and names what Stripe took and nobody credited', async () => {
  const order = topUp();
  const { customerId, paymentMethodId } = await stage.customerWith('pm_card_visa');
  const { invoiceId } = await openInvoice(stage, order, customerId);
  await stage.post(`/invoices/${invoiceId}/pay`, { payment_method: paymentMethodId });
  const { exitCode, report } = await check({
    STRIPE_SECRET_KEY: 'sk_test_stage',
    POLICY: '{"forgottenAfterMs":0}',
  });
  expect({ exitCode, broken: broken(report) }).toEqual({ exitCode: 1, broken: [[3, 'provider']] });
  expect(report?.invariants.flatMap(({ violations = [] }) => violations).join()).toContain(invoiceId);
});

test('exits 1 and names the invariant that the database breaks', async () => {
  await asOwner(stores, (sql) => sql`update wallets set balance = balance + 1 where seq > 0`);
  const { exitCode, report } = await check({});
  expect({ exitCode, broken: broken(report) }).toEqual({ exitCode: 1, broken: [[1, 'database']] });
});
