import { expect, test } from 'vitest';
import { writeToDatabase } from '../../bench/support/load/database.ts';
import { requireBooked } from '../../bench/support/require-booked.ts';
import { nthAccount, seedAccounts } from '../../bench/support/seed.ts';
import { connect } from '../../db/connect.ts';
import { createLedger } from '../../db/ledger.ts';
import { createEventMaker } from '../../bench/support/load/events.ts';
import { POLICY } from '../../domain/policy.ts';
import { createTestDatabase } from '../support/database.ts';

test('a bench fails for one acknowledged event that is not booked, whatever else was booked unanswered', async () => {
  const database = await createTestDatabase();
  const db = connect(database.url, { max: 2, applicationName: 'test', log: { warn: () => undefined } });
  try {
    const accounts = await seedAccounts(database.url, { accounts: 3, entries: 30 });
    const job = { databaseUrl: database.url, accounts, batch: 7, connections: 2, seconds: 0.2 } as const;
    const loads = [
      await writeToDatabase({ kind: 'statement', ...job }),
      await writeToDatabase({ kind: 'ledger', ...job }),
    ];
    await requireBooked(database.url, loads);
    // Booked, and never answered.
    const maker = createEventMaker();
    const ids = [0, 1, 2, 0].map((number) => nthAccount(accounts, number));
    await createLedger(db, POLICY).ingest(maker.events(ids));
    await requireBooked(database.url, loads);
    // Answered, and never booked.
    const [lost] = maker.events(ids.slice(0, 1));
    maker.acknowledge(lost?.id ?? '', 1);
    const more = [...loads, { events: 1, acknowledged: maker.acknowledged() }];
    await expect(requireBooked(database.url, more)).rejects.toThrow('are booked');
  } finally {
    await db.end();
    await database.drop();
  }
});

test('acknowledged events are told apart by their numbers, in whatever order their answers came', () => {
  const maker = createEventMaker();
  const batches = Array.from({ length: 4 }, () =>
    maker.events(Array.from({ length: 3 }, () => nthAccount({ prefix: 'b_', count: 1 }, 0))),
  );
  for (const index of [2, 0, 3]) maker.acknowledge(batches[index]?.[0]?.id ?? '', 3);
  expect(maker.acknowledged().stretches).toEqual([
    [1, 3],
    [7, 12],
  ]);
});
