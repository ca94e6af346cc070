import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Opens the sandbox's file, or one in memory, with its folder and tables in place.
 *  Every statement is on disk before it returns, so an answered request survives a kill. */
export function openDatabase(dataFile: string | null): DatabaseSync {
  if (dataFile !== null) mkdirSync(dirname(dataFile), { recursive: true });
  const database = new DatabaseSync(dataFile ?? ':memory:');
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;');
  database.exec(SCHEMA);
  return database;
}

/** Runs `work` as one transaction: all of its writes, or none. */
export function inTransaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS messages (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    message_id TEXT NOT NULL UNIQUE,
    submitted_at_ms INTEGER NOT NULL,
    content TEXT NOT NULL
  );
  CREATE TABLE IF NOT EXISTS message_recipients (
    message_id TEXT NOT NULL REFERENCES messages (message_id),
    address TEXT NOT NULL,
    PRIMARY KEY (message_id, address)
  );
  CREATE INDEX IF NOT EXISTS message_recipients_by_address ON message_recipients (address);
  CREATE TABLE IF NOT EXISTS message_metadata (
    message_id TEXT NOT NULL REFERENCES messages (message_id),
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (message_id, key)
  );
  CREATE INDEX IF NOT EXISTS message_metadata_by_value ON message_metadata (key, value);
  CREATE TABLE IF NOT EXISTS message_events (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    message_id TEXT NOT NULL REFERENCES messages (message_id),
    content TEXT NOT NULL
  );
  CREATE INDEX IF NOT EXISTS message_events_by_message ON message_events (message_id);
  CREATE TABLE IF NOT EXISTS bounces (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    message_id TEXT NOT NULL REFERENCES messages (message_id),
    email TEXT NOT NULL,
    type TEXT NOT NULL,
    inactive INTEGER NOT NULL,
    content TEXT NOT NULL
  );
  CREATE TABLE IF NOT EXISTS suppressions (
    email TEXT PRIMARY KEY,
    bounce_id INTEGER NOT NULL REFERENCES bounces (id)
  );
  CREATE TABLE IF NOT EXISTS webhooks (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    body TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'delivered', 'given_up')),
    attempts INTEGER NOT NULL DEFAULT 0,
    due_at_ms INTEGER NOT NULL
  );
  CREATE INDEX IF NOT EXISTS webhooks_due ON webhooks (state, due_at_ms);
`;
