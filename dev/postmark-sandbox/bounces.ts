import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type { StoredMessage } from './outbox.ts';
import type { BounceType } from './recipient-fate.ts';
import { BOUNCE_KINDS } from './recipient-fate.ts';

/** A bounce or complaint in the shape of Postmark's bounce API and webhooks. */
type Bounce = {
  RecordType: 'Bounce' | 'SpamComplaint';
  ID: number;
  Type: BounceType;
  TypeCode: number;
  Name: string;
  Tag: string;
  MessageID: string;
  ServerID: number;
  MessageStream: string;
  Description: string;
  Details: string;
  Email: string;
  From: string;
  BouncedAt: string;
  DumpAvailable: boolean;
  Inactive: boolean;
  CanActivate: boolean;
  Subject: string;
};

export const SERVER_ID = 1;

type BounceFilter = {
  type?: string | undefined;
  inactive?: boolean | undefined;
  email?: string | undefined;
  messageId?: string | undefined;
};

export type Bounces = {
  /** Records it and deactivates the address when the bounce is of a kind that does. */
  add(message: StoredMessage, email: string, type: BounceType, atIso: string): Bounce;
  find(id: number): Bounce | null;
  /** Newest first. */
  search(filter: BounceFilter): Bounce[];
  /** Lets mails go to the bounce's address again. */
  activate(id: number): Bounce | null;
  /** Those of the addresses that get no mail any more. */
  inactiveAmong(emails: readonly string[]): string[];
};

/** Keeps bounces and the addresses that they have deactivated. */
export function createBounces(database: DatabaseSync): Bounces {
  const insert = database.prepare(
    'INSERT INTO bounces (message_id, email, type, inactive, content) VALUES (?, ?, ?, ?, ?)',
  );
  const select = database.prepare('SELECT id, inactive, content FROM bounces WHERE id = ?');
  const suppress = database.prepare('INSERT OR IGNORE INTO suppressions VALUES (?, ?)');
  const suppression = database.prepare('SELECT 1 FROM suppressions WHERE email = ?');
  const find = (id: number): Bounce | null => {
    const row = select.get(id);
    return row === undefined ? null : bounceOf(row);
  };
  return {
    find,
    add(message, email, type, atIso) {
      const { deactivates } = BOUNCE_KINDS[type];
      const content = JSON.stringify(describe(message, email, type, atIso));
      const { lastInsertRowid } = insert.run(
        message.MessageID,
        email.toLowerCase(),
        type,
        Number(deactivates),
        content,
      );
      if (deactivates) suppress.run(email.toLowerCase(), lastInsertRowid);
      return bounceOf({ id: Number(lastInsertRowid), inactive: Number(deactivates), content });
    },
    search({ type, inactive, email, messageId }) {
      const filters: [string, SQLInputValue | undefined][] = [
        ['type = ?', type],
        ['inactive = ?', inactive === undefined ? undefined : Number(inactive)],
        ['instr(email, ?) > 0', email?.toLowerCase()],
        ['message_id = ?', messageId],
      ];
      const given = filters.filter((entry): entry is [string, SQLInputValue] => entry[1] !== undefined);
      const where = given.map(([clause]) => `AND ${clause}`).join(' ');
      return database
        .prepare(`SELECT id, inactive, content FROM bounces WHERE true ${where} ORDER BY id DESC`)
        .all(...given.map(([, value]) => value))
        .map(bounceOf);
    },
    activate(id) {
      const bounce = find(id);
      if (bounce === null || !bounce.CanActivate) return bounce;
      database.prepare('DELETE FROM suppressions WHERE email = ?').run(bounce.Email.toLowerCase());
      database.prepare('UPDATE bounces SET inactive = 0 WHERE email = ?').run(bounce.Email.toLowerCase());
      return find(id);
    },
    inactiveAmong: (emails) => emails.filter((email) => suppression.get(email.toLowerCase()) !== undefined),
  };
}

type StoredBounce = Omit<Bounce, 'ID' | 'Inactive' | 'CanActivate'>;

function describe(message: StoredMessage, email: string, type: BounceType, atIso: string): StoredBounce {
  const { typeCode, name, description } = BOUNCE_KINDS[type];
  return {
    RecordType: type === 'SpamComplaint' ? 'SpamComplaint' : 'Bounce',
    Type: type,
    TypeCode: typeCode,
    Name: name,
    Tag: message.Tag,
    MessageID: message.MessageID,
    ServerID: SERVER_ID,
    MessageStream: message.MessageStream,
    Description: description,
    Details: `sandbox: ${name.toLowerCase()} of ${email}`,
    Email: email,
    From: message.From,
    BouncedAt: atIso,
    DumpAvailable: false,
    Subject: message.Subject,
  };
}

function bounceOf(row: Record<string, unknown>): Bounce {
  const stored = JSON.parse(String(row['content'])) as StoredBounce;
  const inactive = row['inactive'] === 1;
  // Postmark never reactivates an address that complained.
  return {
    ...stored,
    ID: Number(row['id']),
    Inactive: inactive,
    CanActivate: inactive && stored.Type !== 'SpamComplaint',
  };
}
