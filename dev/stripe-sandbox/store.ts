import { DatabaseSync } from 'node:sqlite';
import { noSuchObject } from './errors.ts';
import type { ObjectName, ObjectTypes } from './objects.ts';

const SCHEMA = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  PRAGMA busy_timeout = 5000;
  CREATE TABLE IF NOT EXISTS objects (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT UNIQUE NOT NULL, object TEXT NOT NULL,
    customer TEXT, parent TEXT, json TEXT NOT NULL, hidden TEXT);
  CREATE INDEX IF NOT EXISTS objects_by_customer ON objects (object, customer, seq);
  CREATE INDEX IF NOT EXISTS objects_by_parent ON objects (object, parent, seq);
  CREATE TABLE IF NOT EXISTS idempotent_results (
    key TEXT PRIMARY KEY, path TEXT NOT NULL, fingerprint TEXT NOT NULL,
    status INTEGER NOT NULL, body TEXT NOT NULL, created INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS requests (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL, method TEXT NOT NULL, path TEXT NOT NULL,
    key TEXT, status INTEGER NOT NULL, replayed INTEGER NOT NULL, at INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS deliveries (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, event TEXT NOT NULL, endpoint TEXT NOT NULL, attempts INTEGER NOT NULL,
    next_at_ms INTEGER NOT NULL, state TEXT NOT NULL, last_status INTEGER, options TEXT NOT NULL);
  CREATE INDEX IF NOT EXISTS deliveries_due ON deliveries (state, next_at_ms);
  CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);
`;

/** What to look for; all that is given must match. `fields` are top-level fields of the object. */
export interface Query {
  customer?: string | undefined;
  parent?: string | undefined;
  fields?: Record<string, string | undefined>;
  createdFrom?: number | undefined;
  createdTo?: number | undefined;
  /** Only objects stored before (older than) or after the one with this id. */
  olderThan?: string | undefined;
  newerThan?: string | undefined;
  limit?: number;
}

/** Where an object belongs, for look-ups; and what the sandbox knows of it but never shows. */
export interface Filing {
  customer?: string | null | undefined;
  parent?: string | undefined;
  hidden?: Record<string, string> | undefined;
}

export interface Tombstone {
  id: string;
  object: ObjectName;
  deleted: true;
}

/** Stripe's objects as they go over the wire, references unexpanded, in SQLite. Everything is synchronous, so that a
 *  request is one transaction. Survives SIGKILL when `file` is given (write-ahead log), otherwise lives in memory. */
export class Store {
  readonly db: DatabaseSync;

  constructor(file: string) {
    this.db = new DatabaseSync(file);
    this.db.exec(SCHEMA);
  }

  close(): void {
    this.db.close();
  }

  /** Runs `work` atomically: committed when it returns, rolled back when it throws. */
  transaction<Result>(work: () => Result): Result {
    this.db.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.db.exec('COMMIT');
      return result;
    } catch (error) {
      this.db.exec('ROLLBACK');
      throw error;
    }
  }

  /** Inserts the object, or replaces the one with its id. Filing is kept from the first time unless given again. */
  put<Name extends ObjectName>(
    object: ObjectTypes[Name] & { id: string; object: Name },
    filing: Filing = {},
  ): void {
    this.db
      .prepare(
        `INSERT INTO objects (id, object, customer, parent, json, hidden) VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET json = excluded.json, customer = coalesce(excluded.customer, customer),
           parent = coalesce(excluded.parent, parent), hidden = coalesce(excluded.hidden, hidden)`,
      )
      .run(
        object.id,
        object.object,
        filing.customer ?? null,
        filing.parent ?? null,
        JSON.stringify(object),
        filing.hidden === undefined ? null : JSON.stringify(filing.hidden),
      );
  }

  find<Name extends ObjectName>(object: Name, id: string): ObjectTypes[Name] | undefined {
    const row = this.db.prepare('SELECT json FROM objects WHERE id = ? AND object = ?').get(id, object);
    return row === undefined ? undefined : (JSON.parse(String(row['json'])) as ObjectTypes[Name]);
  }

  /** @throws ApiError `resource_missing`, 404 for an id in the path, 400 when `param` names the parameter it came in. */
  need<Name extends ObjectName>(object: Name, id: string, param?: string): ObjectTypes[Name] {
    const found = this.find(object, id);
    if (found === undefined) throw noSuchObject(object, id, param);
    return found;
  }

  /** Any object by its id, whatever it is. */
  any(id: string): (Record<string, unknown> & { id: string; object: string }) | undefined {
    const row = this.db.prepare('SELECT json FROM objects WHERE id = ?').get(id);
    if (row === undefined) return undefined;
    return JSON.parse(String(row['json'])) as Record<string, unknown> & { id: string; object: string };
  }

  hidden(id: string): Record<string, string> {
    const row = this.db.prepare('SELECT hidden FROM objects WHERE id = ?').get(id);
    const text = row?.['hidden'];
    return typeof text === 'string' ? (JSON.parse(text) as Record<string, string>) : {};
  }

  /** The object this one was filed under: the invoice of a payment intent, the charge of a refund. */
  parentOf(id: string): string | undefined {
    const parent = this.db.prepare('SELECT parent FROM objects WHERE id = ?').get(id)?.['parent'];
    return typeof parent === 'string' ? parent : undefined;
  }

  /** Keeps what the sandbox knows of an object and never shows. */
  setHidden(id: string, hidden: Record<string, string>): void {
    this.db.prepare('UPDATE objects SET hidden = ? WHERE id = ?').run(JSON.stringify(hidden), id);
  }

  /** Deletes the object and leaves Stripe's `{id, object, deleted: true}` in its place. */
  bury(object: ObjectName, id: string): Tombstone {
    const tombstone: Tombstone = { id, object, deleted: true };
    this.db
      .prepare('UPDATE objects SET object = ?, json = ?, hidden = NULL WHERE id = ?')
      .run(`deleted_${object}`, JSON.stringify(tombstone), id);
    return tombstone;
  }

  /** Removes a tombstone, so that its id can be used again. */
  unbury(object: ObjectName, id: string): void {
    this.db.prepare('DELETE FROM objects WHERE id = ? AND object = ?').run(id, `deleted_${object}`);
  }

  buried(object: ObjectName, id: string): Tombstone | undefined {
    const row = this.db
      .prepare('SELECT id FROM objects WHERE id = ? AND object = ?')
      .get(id, `deleted_${object}`);
    return row === undefined ? undefined : { id, object, deleted: true };
  }

  /** Newest first. */
  list<Name extends ObjectName>(object: Name, query: Query = {}): ObjectTypes[Name][] {
    const { where, values } = conditions(object, query);
    const order = query.newerThan === undefined ? 'DESC' : 'ASC';
    const rows = this.db
      .prepare(`SELECT json FROM objects WHERE ${where} ORDER BY seq ${order} LIMIT ?`)
      .all(...values, query.limit ?? -1);
    const found = rows.map((row) => JSON.parse(String(row['json'])) as ObjectTypes[Name]);
    return order === 'ASC' ? found.toReversed() : found;
  }

  setting(name: string): string | undefined {
    const row = this.db.prepare('SELECT value FROM settings WHERE name = ?').get(name);
    return row === undefined ? undefined : String(row['value']);
  }

  setSetting(name: string, value: string): void {
    this.db.prepare('INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)').run(name, value);
  }
}

function conditions(object: string, query: Query): { where: string; values: (string | number)[] } {
  const parts = ['object = ?'];
  const values: (string | number)[] = [object];
  const also = (part: string, value: string | number | undefined): void => {
    if (value === undefined) return;
    parts.push(part);
    values.push(value);
  };
  also('customer = ?', query.customer);
  also('parent = ?', query.parent);
  also("json_extract(json, '$.created') >= ?", query.createdFrom);
  also("json_extract(json, '$.created') <= ?", query.createdTo);
  also('seq < (SELECT seq FROM objects WHERE id = ?)', query.olderThan);
  also('seq > (SELECT seq FROM objects WHERE id = ?)', query.newerThan);
  for (const [field, value] of Object.entries(query.fields ?? {}))
    also(`json_extract(json, '$.${field}') = ?`, value);
  return { where: parts.join(' AND '), values };
}
