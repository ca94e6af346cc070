import postgres from 'postgres';
import type { AccountId } from '../domain/ids.ts';
import type { Wallet } from '../domain/wallet.ts';
import type { EntryKind, UsageSource } from './schema.ts';

/** One archived entry, in minor units, as a line of the file. */
export type ArchivedEntry = {
  accountId: AccountId;
  wallet: Wallet;
  seq: number;
  kind: EntryKind;
  quantity: number;
  balanceAfter: number;
  cause: string;
  fingerprint: string | null;
  source: UsageSource | null;
  type: string | null;
  occurredAt: string;
  createdAt: string;
};

/** Where entries go before they are removed. */
export type ArchiveFiles = {
  /** Writes a file of its own, and returns only once it is on disk and has been read back whole. */
  write(
    archiveId: string,
    entries: AsyncIterable<readonly ArchivedEntry[]>,
  ): Promise<{ fileName: string; sha256: string; entries: number }>;
  /** Removes a file that turned out to have nothing in it. */
  discard(fileName: string): Promise<void>;
};

export type ArchiveOptions = {
  databaseUrl: string;
  files: ArchiveFiles;
  /** Entries reported or booked within this are kept, whatever became of them. */
  keepMs: number;
  newArchiveId: () => string;
  onArchived?: (archived: { archiveId: string; entries: number }) => void;
};

/** So many at once that a file is worth having, and so few that a transaction stays short. */
const ENTRIES_AT_ONCE = 200_000;
const WALLETS_AT_ONCE = 200;
const ROWS_AT_ONCE = 1_000;
/** Any number that nothing else on the database uses: it keeps two runs apart. */
const ARCHIVE_LOCK = 4_781_220_307;

/** Moves old usage out of the ledger: into files first, then out of the table, up to a checkpoint per wallet from
 *  which the remaining entries carry on. Kept are every entry that is no usage, the wallet's latest campaign use and
 *  its youngest old entry, because what is still wanted or told is read from them. Runs as the owner of the tables,
 *  beside the service; a run that is broken off loses nothing and leaves at most a file that no row names.
 *  @returns how many entries were archived.
 *  @throws when another run is under way, or a file does not read back as it was written. */
export async function archiveLedger(options: ArchiveOptions): Promise<number> {
  const sql = postgres(options.databaseUrl, {
    max: 1,
    onnotice: () => undefined,
    transform: { column: { from: postgres.toCamel } },
    connection: { application_name: 'auto-top-up archive', lock_timeout: 10_000, TimeZone: 'UTC' },
  });
  try {
    const [lock] = await sql<{ held: boolean }[]>`select pg_try_advisory_lock(${ARCHIVE_LOCK}) as held`;
    if (lock?.held !== true) throw new Error('Another run is archiving at this moment.');
    return await archiveAll(sql, options);
  } finally {
    await sql.end();
  }
}

/** The entries of a wallet above its checkpoint, up to `toSeq`. */
type Cut = {
  accountId: AccountId;
  wallet: Wallet;
  fromSeq: number;
  toSeq: number;
  keptSeq: number;
};

type Place = { accountId: AccountId; wallet: Wallet };
/** Those that come next in the order of their key, or those that are named. */
type Choice = { after: Place | null } | { wallets: readonly Place[] };

async function archiveAll(sql: postgres.Sql, options: ArchiveOptions): Promise<number> {
  let archived = 0;
  for (let after: Place | null = null, isLast = false; !isLast; ) {
    const found: Found = await findCuts(sql, { after }, options.keepMs);
    archived += await archiveThrough(sql, found, options);
    after = found.looked.at(-1) ?? null;
    isLast = found.looked.length < WALLETS_AT_ONCE;
  }
  return archived;
}

/** Archives what was found, and goes on with the wallets that had more than one portion. */
async function archiveThrough(sql: postgres.Sql, first: Found, options: ArchiveOptions): Promise<number> {
  let archived = 0;
  for (let found = first; found.cuts.length > 0; ) {
    const moved = await archiveCuts(sql, found.cuts, options);
    archived += moved;
    // Nothing is moved when all of a portion is kept: the same one would be found again.
    if (found.hungry.length === 0 || (moved === 0 && found !== first)) break;
    found = await findCuts(sql, { wallets: found.hungry }, options.keepMs);
  }
  return archived;
}

type Found = {
  looked: readonly Place[];
  cuts: Cut[];
  /** Of which there may be more than was found. */
  hungry: Place[];
};

async function findCuts(sql: postgres.Sql, choice: Choice, keepMs: number): Promise<Found> {
  const chosen = 'wallets' in choice ? choice.wallets.length : WALLETS_AT_ONCE;
  const portion = Math.floor(ENTRIES_AT_ONCE / chosen);
  const rows = await sql<Record<keyof Cut | 'portionEnd', string>[]>`
    select wallets.account_id, wallets.wallet, coalesce(checkpoint.seq, 0) as from_seq, portion.end_seq as portion_end,
      least(coalesce(young.seq - 1, portion.end_seq) - 1, wallets.seq - 1, case wallets.wallet
        when 'call_minutes' then wake.signalled_call_seq else wake.signalled_chat_seq end - 1) as to_seq,
      wallets.campaign_seq as kept_seq
    from (${chosenWallets(sql, choice)}) wallets
    left join ledger_checkpoints checkpoint using (account_id, wallet)
    left join account_wakes wake using (account_id)
    -- Above the checkpoint no entry is missing.
    cross join lateral (select least(wallets.seq, coalesce(checkpoint.seq, 0) + ${portion}::bigint) as end_seq) portion
    -- Of a wallet whose oldest entry is young, that one is all that is read.
    left join lateral (
      select seq from ledger_entries entry
      where entry.account_id = wallets.account_id and entry.wallet = wallets.wallet
        and entry.seq > coalesce(checkpoint.seq, 0) and entry.seq <= portion.end_seq
        and kind = 'usage' and greatest(created_at, occurred_at) > now() - ${keepMs}::bigint * interval '1 millisecond'
      order by entry.seq
      limit 1
    ) young on true
    order by wallets.account_id, wallets.wallet`;
  const found = rows.map((row) => ({
    accountId: row.accountId as AccountId,
    wallet: row.wallet as Wallet,
    fromSeq: Number(row.fromSeq),
    // Null before the first wake.
    toSeq: Number(row.toSeq ?? 0),
    keptSeq: Number(row.keptSeq),
    portionEnd: Number(row.portionEnd),
  }));
  return {
    looked: found,
    cuts: found.filter(({ fromSeq, toSeq }) => toSeq > fromSeq),
    hungry: found.filter(
      ({ fromSeq, toSeq, portionEnd }) => toSeq === portionEnd - 1 && portionEnd === fromSeq + portion,
    ),
  };
}

function chosenWallets(sql: postgres.Sql, choice: Choice) {
  if ('wallets' in choice) {
    return sql`
      select wallets.* from wallets
      join unnest(
        ${choice.wallets.map(({ accountId }) => accountId)}::text[],
        ${choice.wallets.map(({ wallet }) => wallet)}::text[]
      ) as chosen (account_id, wallet) using (account_id, wallet)`;
  }
  const { accountId, wallet } = choice.after ?? { accountId: '', wallet: '' };
  return sql`
    select * from wallets
    where (account_id, wallet) > (${accountId}, ${wallet})
    order by account_id, wallet
    limit ${WALLETS_AT_ONCE}`;
}

async function archiveCuts(
  sql: postgres.Sql,
  cuts: readonly Cut[],
  options: ArchiveOptions,
): Promise<number> {
  const { files, newArchiveId, onArchived } = options;
  const archiveId = newArchiveId();
  const file = await files.write(archiveId, readEntries(sql, cuts));
  if (file.entries === 0) {
    await files.discard(file.fileName);
    return 0;
  }
  await sql.begin(async (transaction) => {
    await transaction`
      insert into archives (archive_id, file_name, sha256, entries)
      values (${archiveId}, ${file.fileName}, ${file.sha256}, ${file.entries})`;
    await raiseCheckpoints(transaction, cuts, archiveId);
    const removed = await removeEntries(transaction, cuts);
    if (removed !== file.entries) {
      throw new Error(
        `${file.fileName} has ${file.entries} entries, but ${removed} would have been removed.`,
      );
    }
  });
  onArchived?.({ archiveId, entries: file.entries });
  return file.entries;
}

/** The entries of the cuts, few at a time. They never change, so no snapshot has to hold them. */
function readEntries(sql: postgres.Sql, cuts: readonly Cut[]): AsyncIterable<readonly ArchivedEntry[]> {
  return sql<ArchivedEntry[]>`
    select entry.account_id, entry.wallet, entry.seq::float8 as seq, kind, quantity::float8 as quantity,
      balance_after::float8 as balance_after, cause, fingerprint, source, type,
      to_char(occurred_at, ${ISO}) as occurred_at, to_char(created_at, ${ISO}) as created_at
    from ${cutRows(sql, cuts)}
    join ledger_entries entry on ${isCut(sql)}
    order by entry.account_id, entry.wallet, entry.seq`.cursor(ROWS_AT_ONCE);
}

const ISO = 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"';

async function raiseCheckpoints(
  transaction: postgres.TransactionSql,
  cuts: readonly Cut[],
  archiveId: string,
): Promise<void> {
  await transaction`
    insert into ledger_checkpoints as checkpoint (account_id, wallet, seq, balance_after, archive_id)
    select entry.account_id, entry.wallet, entry.seq, entry.balance_after, ${archiveId}
    from ${cutRows(transaction, cuts)}
    join ledger_entries entry
      on entry.account_id = cut.account_id and entry.wallet = cut.wallet and entry.seq = cut.to_seq
    on conflict (account_id, wallet) do update set
      seq = excluded.seq, balance_after = excluded.balance_after, archive_id = excluded.archive_id`;
}

async function removeEntries(transaction: postgres.TransactionSql, cuts: readonly Cut[]): Promise<number> {
  const { count } = await transaction`
    delete from ledger_entries entry using ${cutRows(transaction, cuts)} where ${isCut(transaction)}`;
  return count;
}

function cutRows(sql: postgres.ISql, cuts: readonly Cut[]) {
  return sql`unnest(
      ${cuts.map((cut) => cut.accountId)}::text[], ${cuts.map((cut) => cut.wallet)}::text[],
      ${cuts.map((cut) => cut.fromSeq)}::bigint[], ${cuts.map((cut) => cut.toSeq)}::bigint[],
      ${cuts.map((cut) => cut.keptSeq)}::bigint[]
    ) as cut (account_id, wallet, from_seq, to_seq, kept_seq)`;
}

function isCut(sql: postgres.ISql) {
  return sql`entry.account_id = cut.account_id and entry.wallet = cut.wallet and entry.kind = 'usage'
      and entry.seq > cut.from_seq and entry.seq <= cut.to_seq and entry.seq <> cut.kept_seq`;
}
