import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { connect, type Database } from '../../db/connect.ts';
import { createAccounts } from '../../db/accounts.ts';
import { createLedger } from '../../db/ledger.ts';
import { createSettings } from '../../db/settings.ts';
import { createWakes } from '../../db/wakes.ts';
import { POLICY } from '../../domain/policy.ts';
import { accountId } from '../../domain/ids.ts';
import { quantity } from '../../domain/quantities.ts';
import { cents } from '../../domain/money.ts';

let t: TestDatabase;
let db: Database;
beforeAll(async () => {
  t = await createTestDatabase();
  db = connect(t.url, { max: 5, applicationName: 'x', log: { warn: console.log } });
});
afterAll(async () => {
  await db.end();
  await t.drop();
});
test('smoke', async () => {
  const accounts = createAccounts(db, POLICY);
  const ledger = createLedger(db, POLICY);
  const settings = createSettings(db);
  const wakes = createWakes(db);
  const id = accountId('acc_1');
  console.log(
    await accounts.put({
      accountId: id,
      name: 'A',
      email: 'e',
      locale: 'de',
      timeZone: 'Europe/Berlin',
      country: 'DE',
      plan: 'scale',
    }),
  );
  console.log(
    (
      await accounts.put({
        accountId: id,
        name: 'A',
        email: 'e',
        locale: 'de',
        timeZone: 'Europe/Berlin',
        country: 'DE',
        plan: 'scale',
      })
    ).created,
  );
  await expect(
    accounts.put({
      accountId: id,
      name: 'A',
      email: 'e',
      locale: 'de',
      timeZone: 'Europe/Nowhere',
      country: 'DE',
      plan: 'scale',
    }),
  ).rejects.toThrow('time_zone_unknown');
  console.log(
    await ledger.grant({
      accountId: id,
      grantId: 'g',
      wallet: 'call_minutes',
      quantity: quantity(100),
      reason: 'r',
      actor: 'a',
    }),
  );
  console.log(
    await settings.save(
      id,
      'call_minutes',
      {
        enabled: true,
        alertBelow: quantity(50),
        topUpBelow: quantity(20),
        amountCents: cents(100),
        monthlyCapCents: null,
        topUpOnRefusal: true,
      },
      { ifVersion: 0 },
    ),
  );
  const ev = (n: string, q: number) => ({
    id: n,
    accountId: id,
    wallet: 'call_minutes' as const,
    quantity: quantity(q),
    source: 'campaign' as const,
    type: 'call',
    occurredAtMs: Date.now(),
    fingerprint: n + q,
  });
  console.log(
    await ledger.ingest([
      ev('1', 10),
      ev('2', 20),
      ev('1', 10),
      ev('1', 11),
      { ...ev('3', 1), accountId: accountId('zzz') },
    ]),
  );
  console.log(await ledger.ingest([ev('1', 10), ev('4', 45)]));
  console.log(JSON.stringify(await accounts.overview(id), null, 1));
  const claimed = await wakes.claim({ limit: 10, leaseMs: 1000 });
  console.log(JSON.stringify(claimed));
  console.log(await wakes.backlog());
  await ledger.ingest([ev('5', 5)]);
  await wakes.acknowledge(claimed);
  console.log(
    JSON.stringify(await wakes.claim({ limit: 10, leaseMs: 1000 })),
    await db.sql`select * from account_wakes`,
  );
  console.log(JSON.stringify(await accounts.readSnapshot(id, null), null, 1));
  console.log(await ledger.list(id, { limit: 2 }));
});
