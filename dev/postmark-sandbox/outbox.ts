import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type { Mailbox, ValidMessage } from './validate-message.ts';

/** A mail that was accepted. */
export type StoredMessage = ValidMessage & {
  MessageID: string;
  SubmittedAt: string;
  /** Addresses that the mail goes to: those given, without the inactive ones. */
  Recipients: string[];
};

export type MessageEvent = { Recipient: string; Type: string; ReceivedAt: string; Details: object };

export type MessageFilter = {
  recipient?: string | undefined;
  tag?: string | undefined;
  fromEmail?: string | undefined;
  subject?: string | undefined;
  metadata: Record<string, string>;
};

export type Outbox = {
  add(message: StoredMessage): void;
  addEvent(messageId: string, event: MessageEvent): void;
  find(messageId: string): StoredMessage | null;
  events(messageId: string): MessageEvent[];
  /** Newest first, submitted at `submittedBeforeMs` or earlier. */
  search(filter: MessageFilter, submittedBeforeMs: number): StoredMessage[];
};

/** Keeps accepted mails and what became of them. */
export function createOutbox(database: DatabaseSync): Outbox {
  const insert = database.prepare(
    'INSERT INTO messages (message_id, submitted_at_ms, content) VALUES (?, ?, ?)',
  );
  const insertRecipient = database.prepare('INSERT OR IGNORE INTO message_recipients VALUES (?, ?)');
  const insertMetadata = database.prepare('INSERT INTO message_metadata VALUES (?, ?, ?)');
  const insertEvent = database.prepare('INSERT INTO message_events (message_id, content) VALUES (?, ?)');
  const selectOne = database.prepare('SELECT content FROM messages WHERE message_id = ?');
  const selectEvents = database.prepare(
    'SELECT content FROM message_events WHERE message_id = ? ORDER BY id',
  );
  return {
    add(message) {
      insert.run(message.MessageID, Date.parse(message.SubmittedAt), JSON.stringify(message));
      for (const { Email } of allMailboxes(message))
        insertRecipient.run(message.MessageID, Email.toLowerCase());
      for (const [key, value] of Object.entries(message.Metadata)) {
        insertMetadata.run(message.MessageID, key.toLowerCase(), value);
      }
    },
    addEvent(messageId, event) {
      insertEvent.run(messageId, JSON.stringify(event));
    },
    find(messageId) {
      const row = selectOne.get(messageId);
      return row === undefined ? null : (JSON.parse(String(row['content'])) as StoredMessage);
    },
    events: (messageId) =>
      selectEvents.all(messageId).map((row) => JSON.parse(String(row['content'])) as MessageEvent),
    search(filter, submittedBeforeMs) {
      const { where, values } = conditions(filter);
      return database
        .prepare(
          `SELECT content FROM messages WHERE submitted_at_ms <= ? ${where} ORDER BY submitted_at_ms DESC, position DESC`,
        )
        .all(submittedBeforeMs, ...values)
        .map((row) => JSON.parse(String(row['content'])) as StoredMessage);
    },
  };
}

export function allMailboxes(message: ValidMessage): Mailbox[] {
  return [...message.To, ...message.Cc, ...message.Bcc];
}

function conditions(filter: MessageFilter): { where: string; values: SQLInputValue[] } {
  const clauses: string[] = [];
  const values: SQLInputValue[] = [];
  const add = (clause: string, ...parameters: SQLInputValue[]) => {
    clauses.push(`AND ${clause}`);
    values.push(...parameters);
  };
  if (filter.recipient !== undefined) {
    add(
      'message_id IN (SELECT message_id FROM message_recipients WHERE address = ?)',
      filter.recipient.toLowerCase(),
    );
  }
  if (filter.tag !== undefined) add("json_extract(content, '$.Tag') = ?", filter.tag);
  if (filter.fromEmail !== undefined) add("instr(json_extract(content, '$.From'), ?) > 0", filter.fromEmail);
  if (filter.subject !== undefined) add("instr(json_extract(content, '$.Subject'), ?) > 0", filter.subject);
  for (const [key, value] of Object.entries(filter.metadata)) {
    add(
      'message_id IN (SELECT message_id FROM message_metadata WHERE key = ? AND value = ?)',
      key.toLowerCase(),
      value,
    );
  }
  return { where: clauses.join(' '), values };
}
