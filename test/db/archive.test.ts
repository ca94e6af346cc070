import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import postgres from 'postgres';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readSnapshot } from '../../db/account-snapshot.ts';
import { archiveLedger, type ArchivedEntry, type ArchiveFiles } from '../../db/archive.ts';
import { digestOf, openArchiveFolder } from '../../db/archive-files.ts';
import { checkInvariants } from '../../db/invariants.ts';
import type { AccountId } from '../../domain/ids.ts';
import { quantity } from '../../domain/quantities.ts';
import { eventually } from '../support/eventually.ts';
import { asOwner, choice, grant, newAccount, openStores, usage, type TestStores } from './support.ts';

const DAY_MS = 24 * 60 * 60 * 1_000;
const KEEP_MS = 92 * DAY_MS;

let stores: TestStores;
let folder: string;
let id: AccountId;
beforeAll(async () => {
  stores = await openStores({ coalesceMs: 0 });
});
afterAll(() => stores.close());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'archive-'));
  id = await newAccount(stores);
  return () => rm(folder, { recursive: true });
});

const archive = async (files?: ArchiveFiles) =>
  archiveLedger({
    databaseUrl: stores.url,
    files: files ?? (await openArchiveFolder(folder)),
    keepMs: KEEP_MS,
    newArchiveId: () => randomUUID(),
  });

const archived = async (): Promise<ArchivedEntry[]> => {
  const names = (await readdir(folder)).toSorted();
  const texts = await Promise.all(names.map(async (name) => gunzipSync(await readFile(join(folder, name)))));
  const lines = texts.flatMap((text) => text.toString('utf8').split('\n'));
  return lines
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as ArchivedEntry)
    .filter(({ accountId }) => accountId === id);
};

/** Usage of one each, as if it had been reported this many days ago. */
async function useUp(count: number, daysAgo: number, change: Parameters<typeof usage>[1] = {}) {
  const reported = Array.from({ length: count }, () =>
    usage(id, { quantity: quantity(1), occurredAtMs: Date.now(), ...change }),
  );
  for (let at = 0; at < count; at += 1_000) await stores.ledger.ingest(reported.slice(at, at + 1_000));
  const occurredAtMs = Date.now() - daysAgo * DAY_MS;
  await asOwner(
    stores,
    (sql) => sql`
      update ledger_entries set created_at = ${new Date(occurredAtMs)}, occurred_at = ${new Date(occurredAtMs)}
      where account_id = ${id} and cause = any(${reported.map((event) => `usage:${event.id}`)}::text[])`,
  );
  return reported.map((event) => ({ ...event, occurredAtMs }));
}

/** What the relay does: without it the workflow has not seen the entries, and they stay. */
async function relay() {
  const wakes = await stores.wakes.claim({ limit: 100, leaseMs: 60_000 });
  await stores.wakes.acknowledge(wakes);
}

const seqs = async () => {
  const rows = await stores.db.sql<{ seq: number }[]>`
    select seq from ledger_entries where account_id = ${id} order by wallet, seq`;
  return rows.map(({ seq }) => seq);
};
/** Entries that have been read by anybody but the reader, who waits until it is alone. */
async function entriesRead(reader: postgres.Sql): Promise<number> {
  await eventually(async () => {
    const others = await reader`
      select 1 from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`;
    expect(others).toHaveLength(0);
  });
  const [row] = await reader<{ read: number }[]>`
    select (sum(coalesce(idx_tup_fetch, 0)) + sum(seq_tup_read))::int as read from pg_stat_user_tables
    where relname like 'ledger_entries%'`;
  return row?.read ?? 0;
}
const snapshot = () => readSnapshot(stores.db, stores.policy, id, null);
const brokenInvariants = async () =>
  (await checkInvariants(stores.db, stores.policy)).filter(({ holds }) => !holds);

describe('archiving', () => {
  test('moves old usage into a file, and the balance stays explained', async () => {
    await grant(stores, id, 1_000);
    const old = await useUp(5, 100);
    await useUp(2, 1);
    await relay();
    const before = await stores.db.sql`
      select * from wallets where account_id = ${id} order by wallet`;
    // The grant (1) is no usage; the youngest old entry (6) and what is young (7, 8) are kept.
    await archive();
    expect(await seqs()).toEqual([1, 6, 7, 8]);
    const entries = await archived();
    expect(entries.map(({ seq, cause, balanceAfter }) => [seq, cause, balanceAfter])).toEqual(
      old.slice(0, 4).map((event, at) => [at + 2, `usage:${event.id}`, 999 - at]),
    );
    expect(entries[0]).toMatchObject({ accountId: id, kind: 'usage', quantity: -1, type: 'call' });
    expect(Date.parse(entries[0]?.occurredAt ?? '')).toBe(old[0]?.occurredAtMs);
    expect(await stores.db.sql`select * from wallets where account_id = ${id} order by wallet`).toEqual(
      before,
    );
    expect(await brokenInvariants()).toEqual([]);
    expect(await archive()).toBe(0);
  });

  test('goes on from the checkpoint, in portions, however long the ledger is', async () => {
    await grant(stores, id, 100_000);
    await useUp(4_500, 100);
    await relay();
    await archive();
    expect(await archived()).toHaveLength(4_499);
    await useUp(3, 95);
    await relay();
    await archive();
    expect(await archived()).toHaveLength(4_502);
    expect(await brokenInvariants()).toEqual([]);
    const [file] = await stores.db.sql<{ fileName: string; sha256: string }[]>`
      select file_name, sha256 from archives order by created_at desc limit 1`;
    expect(await digestOf(folder, file?.fileName ?? '')).toBe(file?.sha256);
  });

  test('goes on with the wallet that has more alone, in few files', async () => {
    await grant(stores, id, 100_000);
    await useUp(9_000, 100);
    await relay();
    await archive();
    expect(await archived()).toHaveLength(8_999);
    expect(await readdir(folder)).toHaveLength(2);
  });

  test('reads no more than the oldest entries of a wallet that has nothing old', async () => {
    const shared = stores;
    stores = await openStores({ coalesceMs: 0 });
    const reader = postgres(stores.url, { max: 1, onnotice: () => undefined });
    try {
      id = await newAccount(stores);
      await grant(stores, id, 100_000);
      await useUp(3_000, 1);
      await relay();
      // What a connection has read is counted at the latest when it ends.
      await Promise.all([stores.db.end(), stores.owner.end()]);
      await reader`analyze ledger_entries`;
      const before = await entriesRead(reader);
      await archive();
      expect((await entriesRead(reader)) - before).toBeLessThan(100);
    } finally {
      await reader.end();
      await stores.close();
      stores = shared;
    }
  });

  test('never lets an event be booked twice that is reported again meanwhile', async () => {
    await grant(stores, id, 1_000_000);
    const old = await useUp(4_000, 100);
    await relay();
    const { balance } = (await stores.accounts.overview(id))!.wallets.call_minutes;
    const answers = new Set<string>();
    const over = { is: false };
    const resend = async (from: number): Promise<void> => {
      for (let at = from; !over.is; at += 997) {
        const start = at % (old.length - 10);
        const results = await stores.ledger.ingest(old.slice(start, start + 10));
        for (const result of results) {
          answers.add(result.status === 'rejected' ? result.reason : result.status);
        }
      }
    };
    const resending = Promise.all([0, 400, 800, 1_200].map(resend));
    await eventually(() => expect(answers).toContain('duplicate'));
    await archive();
    await eventually(() => expect(answers).toContain('too_old'));
    over.is = true;
    await resending;
    expect(answers).toEqual(new Set(['duplicate', 'too_old']));
    expect(await archived()).toHaveLength(3_999);
    expect((await stores.accounts.overview(id))!.wallets.call_minutes.balance).toBe(balance);
    expect(await brokenInvariants()).toEqual([]);
  });

  test('keeps what the workflow has not been told', async () => {
    await grant(stores, id, 1_000);
    await useUp(5, 100);
    await archive();
    expect(await seqs()).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test('keeps the campaign use that still asks for a top-up', async () => {
    await stores.settings.save(id, 'call_minutes', choice(), { ifVersion: null });
    await grant(stores, id, 60);
    await useUp(20, 100, { source: 'campaign' });
    await useUp(5, 99);
    await relay();
    const before = await snapshot();
    await archive();
    expect(await archived()).toHaveLength(23);
    expect(await snapshot()).toEqual(before);
    expect(before.wallets.call_minutes.campaignLowest).toBe(40);
    expect(await brokenInvariants()).toEqual([]);
  });

  test('rejects an event that may have been booked and archived, and nothing else', async () => {
    await grant(stores, id, 1_000);
    const old = await useUp(5, 100);
    const another = usage(id, { occurredAtMs: Date.now() - 100 * DAY_MS });
    const unseen = await newAccount(stores);
    const elsewhere = usage(unseen, { occurredAtMs: Date.now() - 100 * DAY_MS });
    await relay();
    await archive();
    const statuses = async (...events: Parameters<typeof stores.ledger.ingest>[0]) =>
      (await stores.ledger.ingest(events)).map((result) =>
        result.status === 'rejected' ? result.reason : result.status,
      );
    expect(await statuses(...old)).toEqual(['too_old', 'too_old', 'too_old', 'too_old', 'duplicate']);
    expect(await statuses(another)).toEqual(['too_old']);
    expect(await statuses(elsewhere)).toEqual(['accepted']);
    expect(await statuses(usage(id, { occurredAtMs: Date.now() - 80 * DAY_MS }))).toEqual(['accepted']);
    expect(await brokenInvariants()).toEqual([]);
  });

  test('removes nothing when the file has other entries than the ledger', async () => {
    await grant(stores, id, 1_000);
    await useUp(5, 100);
    await relay();
    const files = await openArchiveFolder(folder);
    const damaged: ArchiveFiles = {
      ...files,
      async write(archiveId, entries) {
        const file = await files.write(archiveId, entries);
        return { ...file, entries: file.entries - 1 };
      },
    };
    await expect(archive(damaged)).rejects.toThrow('would have been removed');
    await writeFile(join(folder, 'ledger-x.jsonl.gz.part'), 'left by a crash');
    expect(await seqs()).toEqual([1, 2, 3, 4, 5, 6]);
    expect(await stores.db.sql`select 1 from ledger_checkpoints where account_id = ${id}`).toHaveLength(0);
    await expect(files.write('x', noEntries())).rejects.toThrow('EEXIST');
  });

  test('is not for the service, and not for what no checkpoint covers', async () => {
    await grant(stores, id, 1_000);
    await useUp(5, 100);
    await relay();
    await expect(stores.db.sql`delete from ledger_entries`).rejects.toMatchObject({ code: '42501' });
    await expect(
      stores.db.sql`insert into ledger_checkpoints values (${id}, 'call_minutes', 9, 0, 'x')`,
    ).rejects.toMatchObject({ code: '42501' });
    await expect(stores.owner`delete from ledger_entries where account_id = ${id}`).rejects.toMatchObject({
      code: '23001',
    });
    await archive();
    await expect(
      stores.owner`delete from ledger_entries where account_id = ${id} and kind = 'grant'`,
    ).rejects.toMatchObject({ code: '23001' });
  });
});

async function* noEntries(): AsyncGenerator<ArchivedEntry[]> {
  yield [];
}
