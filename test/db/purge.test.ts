import { afterAll, beforeAll, expect, test } from 'vitest';
import { purge } from '../../db/purge.ts';
import { asOwner, openStores, type TestStores } from './support.ts';

let stores: TestStores;
beforeAll(async () => {
  stores = await openStores();
});
afterAll(() => stores.close());

test('what is old and done goes; what is young, open or dead stays', async () => {
  await asOwner(stores, async (sql) => {
    for (const [days, status] of [
      [91, 'delivered'],
      [89, 'delivered'],
      [400, 'dead'],
      [400, 'pending'],
    ] as const) {
      await sql`
        insert into webhook_deliveries (account_id, message_id, notification_id, type, payload, status, updated_at)
        values ('a', ${`${status} ${days}`}, ${`${status} ${days}`}, 't', '{}', ${status},
          now() - ${days}::integer * interval '1 day')`;
    }
    await sql`
      insert into idempotent_requests (scope, key, fingerprint, answer, created_at)
      select 's', 'day ' || days, 'f', '{}', now() - days * interval '1 day' from unnest(array[29, 31]) as days`;
    await sql`
      insert into findings (finding_id, kind, subject, detail, resolved_at)
      values ('open', 'k', 'open', 'd', null), ('young', 'k', 'young', 'd', now() - interval '364 days'),
        ('old', 'k', 'old', 'd', now() - interval '366 days')`;
    await sql`
      insert into reconciliations (run_id, scope, started_at, finished_at)
      values ('running', 'recent', now() - interval '91 days', null),
        ('old', 'recent', now() - interval '91 days', now() - interval '91 days'),
        ('young', 'recent', now() - interval '89 days', now() - interval '89 days')`;
  });
  expect(await purge(stores.db)).toBe(4);
  expect(await purge(stores.db)).toBe(0);
  const { sql } = stores.db;
  const left = await sql<{ id: string }[]>`
    select message_id as id from webhook_deliveries union all select key from idempotent_requests
    union all select finding_id from findings union all select run_id from reconciliations
    order by 1`;
  expect(left.map(({ id }) => id)).toEqual(
    ['day 29', 'dead 400', 'delivered 89', 'open', 'pending 400', 'running', 'young', 'young'].toSorted(),
  );
});

test('however much has become old since the last time, all of it goes', async () => {
  await asOwner(
    stores,
    (sql) => sql`
      insert into idempotent_requests (scope, key, fingerprint, answer, created_at)
      select 'many', 'key ' || n, 'f', '{}', now() - interval '31 days' from generate_series(1, 20001) as n`,
  );
  expect(await purge(stores.db)).toBe(20_001);
  expect(await stores.db.sql`select 1 from idempotent_requests where scope = 'many'`).toHaveLength(0);
});
