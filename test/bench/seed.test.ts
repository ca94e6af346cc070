import { expect, test } from 'vitest';
import { nthAccount, seedAccounts } from '../../bench/support/seed.ts';
import { connect } from '../../db/connect.ts';
import { checkInvariants } from '../../db/invariants.ts';
import { createLedger } from '../../db/ledger.ts';
import { POLICY } from '../../domain/policy.ts';
import { createEventMaker } from '../../bench/support/load/events.ts';
import { writeToDatabase } from '../../bench/support/load/database.ts';
import { createTestDatabase } from '../support/database.ts';

test('seeded accounts, and what the bare statement writes to them in parallel, keep every invariant', async () => {
  const database = await createTestDatabase();
  const db = connect(database.url, { max: 4, applicationName: 'test', log: { warn: () => undefined } });
  try {
    const accounts = await seedAccounts(database.url, { accounts: 5, entries: 50 });
    const [row] = await db.sql<{ entries: number }[]>`
      select count(*)::bigint as entries from ledger_entries`;
    expect(row?.entries).toBe(50);
    const job = { databaseUrl: database.url, accounts, connections: 4, seconds: 0.3 } as const;
    const written = await writeToDatabase({ kind: 'statement', batch: 20, ...job });
    expect(written.events).toBeGreaterThan(0);
    // The service goes on where the statement has stopped.
    const events = createEventMaker().events([0, 4, 0].map((number) => nthAccount(accounts, number)));
    const results = await createLedger(db, POLICY).ingest(events);
    expect(results.map(({ status }) => status)).toEqual(['accepted', 'accepted', 'accepted']);
    const broken = (await checkInvariants(db, POLICY)).filter(({ holds }) => !holds);
    expect(broken).toEqual([]);
  } finally {
    await db.end();
    await database.drop();
  }
});
