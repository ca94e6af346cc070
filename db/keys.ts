import { createHash } from 'node:crypto';
import { and, eq, isNull, like } from 'drizzle-orm';
import type { Database } from './connect.ts';
import { once } from './idempotent-requests.ts';
import { apiKeys, type KeyRole } from './schema.ts';
import { NOW } from './schema/columns.ts';

/** A key as far as it can be told apart from others; nobody can read the key itself again. */
export type StoredKey = {
  keyId: string;
  role: KeyRole;
  label: string;
  createdAtMs: number;
  revokedAtMs: number | null;
};

export type KeyStore = ReturnType<typeof createKeys>;

/** API keys, at rest by their SHA-256 only. A plain digest is enough, because keys are long and random. */
export function createKeys(db: Database) {
  return {
    /** Admits a key; one that is admitted already keeps its role, or takes the new one. */
    store: async (key: string, role: KeyRole, label: string): Promise<{ keyId: string }> => {
      const keyHash = hashOf(key);
      await db.orm
        .insert(apiKeys)
        .values({ keyHash, role, label })
        .onConflictDoUpdate({ target: apiKeys.keyHash, set: { role, label } });
      return { keyId: idOf(keyHash) };
    },

    /** @returns null for a key that is unknown or revoked. `keyId` names the key in logs and gives nothing away. */
    authenticate: async (key: string): Promise<{ role: KeyRole; keyId: string } | null> => {
      const keyHash = hashOf(key);
      const [found] = await db.orm
        .select({ role: apiKeys.role })
        .from(apiKeys)
        .where(and(eq(apiKeys.keyHash, keyHash), isNull(apiKeys.revokedAtMs)));
      return found === undefined ? null : { role: found.role, keyId: idOf(keyHash) };
    },

    /** Whether the key with this id is an operator's and has not been revoked. */
    isOperator: async (keyId: string): Promise<boolean> => {
      if (!KEY_ID.test(keyId)) return false;
      const [found] = await db.orm
        .select({ role: apiKeys.role })
        .from(apiKeys)
        .where(and(like(apiKeys.keyHash, `${keyId}%`), isNull(apiKeys.revokedAtMs)));
      return found?.role === 'operator';
    },

    /** Takes a sign-in code that may be used once. @returns false when it was used before. */
    useCode: (codeId: string): Promise<boolean> =>
      db.transaction(async (transaction) => {
        const request = { scope: 'operator-sign-in-code', key: codeId, asked: codeId };
        return (await once(transaction, request, async () => true)).status === 'done';
      }),

    /** Ends a session before its time, for every instance. Kept for longer than a session lasts (`db/purge.ts`). */
    endSession: async (sessionId: string): Promise<void> => {
      await db.transaction((transaction) =>
        once(transaction, { scope: ENDED_SESSIONS, key: sessionId, asked: sessionId }, async () => true),
      );
    },

    hasEnded: async (sessionId: string): Promise<boolean> => {
      const ended = await db.sql`
        select 1 from idempotent_requests where scope = ${ENDED_SESSIONS} and key = ${sessionId}`;
      return ended.length > 0;
    },

    /** Every key that was ever admitted, oldest first. */
    list: async (): Promise<StoredKey[]> => {
      const keys = await db.orm.select().from(apiKeys).orderBy(apiKeys.createdAtMs);
      return keys.map(({ keyHash, ...key }) => ({ keyId: idOf(keyHash), ...key }));
    },

    /** Ends a key for good. @returns false when no valid key has that id. */
    revoke: async (keyId: string): Promise<boolean> => {
      if (!KEY_ID.test(keyId)) return false;
      const revoked = await db.orm
        .update(apiKeys)
        .set({ revokedAtMs: NOW })
        .where(and(like(apiKeys.keyHash, `${keyId}%`), isNull(apiKeys.revokedAtMs)))
        .returning({ keyHash: apiKeys.keyHash });
      return revoked.length > 0;
    },
  };
}

const ENDED_SESSIONS = 'operator-session-end';
const KEY_ID_LENGTH = 12;
const KEY_ID = /^[0-9a-f]{12}$/;

function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

function idOf(keyHash: string): string {
  return keyHash.slice(0, KEY_ID_LENGTH);
}
