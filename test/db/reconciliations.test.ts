import { afterAll, beforeAll, expect, test } from 'vitest';
import { listFindings } from '../../db/findings.ts';
import { createReconciliations } from '../../db/reconciliations.ts';
import type { TopUpId } from '../../domain/ids.ts';
import { asOwner, choice, grant, newAccount, openStores, paidTopUp, type TestStores } from './support.ts';

const NOTHING = { compared: 0, repaired: 0, reported: 0 };

let stores: TestStores;
let runs: ReturnType<typeof createReconciliations>;
beforeAll(async () => {
  stores = await openStores();
  runs = createReconciliations(stores.db, stores.policy);
});
afterAll(() => stores.close());

test('every paid top-up of the window is listed once, page by page, oldest first', async () => {
  const paid: TopUpId[] = [];
  for (let count = 0; count < 5; count += 1) {
    const id = await newAccount(stores);
    await stores.settings.save(id, 'call_minutes', choice(), { ifVersion: null });
    paid.push((await paidTopUp(stores, id)).topUpId);
  }
  const [old] = paid;
  await stores.db.sql`update top_ups set paid_at = now() - interval '3 days' where top_up_id = ${old!}`;
  // Three of them at one instant: the id decides then.
  await stores.db.sql`update top_ups set created_at = now() where top_up_id = any(${paid.slice(2)}::text[])`;
  const listed: TopUpId[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof runs.listPaid>> = await runs.listPaid({
      sinceMs: Date.now() - 2 * 86_400_000,
      limit: 2,
      cursor,
    });
    listed.push(...page.items.map(({ topUpId }) => topUpId));
    cursor = page.next;
  } while (cursor !== null);
  expect(listed).toHaveLength(4);
  expect(new Set(listed)).toEqual(new Set(paid.slice(1)));
  expect(listed[0]).toBe(paid[1]);
  await asOwner(stores, (sql) => sql`truncate top_ups, charge_attempts`);
});

test('a broken invariant is a finding, told once, and resolved by the run that sees it hold', async () => {
  await grant(stores, await newAccount(stores), 100);
  const nightly = async (runId: string) => {
    await runs.begin(runId, 'nightly');
    return runs.finish(runId, 'nightly', NOTHING);
  };
  const open = async () =>
    (await listFindings(stores.db.sql, { limit: 10 })).items.map(({ kind, subject }) => ({ kind, subject }));
  expect(await nightly('before')).toEqual({ broken: 0 });
  expect(await open()).toEqual([]);
  await asOwner(stores, (sql) => sql`update wallets set balance = balance + 1 where seq > 0`);
  expect(await nightly('broken')).toEqual({ broken: 1 });
  expect(await nightly('still broken')).toEqual({ broken: 1 });
  expect(await open()).toEqual([{ kind: 'invariant_broken', subject: 'invariant 1' }]);
  expect((await runs.standing()).invariants).toContainEqual({
    number: 1,
    name: 'conservation',
    holds: false,
  });
  await asOwner(stores, (sql) => sql`update wallets set balance = balance - 1 where seq > 0`);
  await nightly('mended');
  expect(await open()).toEqual([]);
  expect((await runs.standing()).invariants).toContainEqual({ number: 1, name: 'conservation', holds: true });
});

test('a recent run judges no invariants, and leaves what the nightly one found', async () => {
  await asOwner(stores, (sql) => sql`update wallets set balance = balance + 1 where seq > 0`);
  await runs.begin('recent', 'recent');
  expect(await runs.finish('recent', 'recent', { compared: 1, repaired: 2, reported: 3 })).toEqual({
    broken: 0,
  });
  expect(await runs.list({ limit: 1 })).toMatchObject([
    { runId: 'recent', compared: 1, repaired: 2, reported: 3, invariants: null },
  ]);
  expect((await runs.standing()).invariants).toContainEqual({ number: 1, name: 'conservation', holds: true });
});
