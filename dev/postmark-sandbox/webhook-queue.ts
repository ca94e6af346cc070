import type { DatabaseSync } from 'node:sqlite';

export type QueuedWebhook = { id: number; body: string; attempts: number };

export type WebhookQueue = {
  add(payload: object, dueAtMs: number): void;
  /** The pending ones whose time has come, oldest first. */
  due(nowMs: number): QueuedWebhook[];
  /** When the next pending one is due; null when none is pending. */
  nextDueAtMs(): number | null;
  settle(id: number, state: 'delivered' | 'given_up'): void;
  retryAt(id: number, dueAtMs: number): void;
};

/** Keeps webhooks until they are taken, across a restart too. */
export function createWebhookQueue(database: DatabaseSync): WebhookQueue {
  const insert = database.prepare('INSERT INTO webhooks (body, due_at_ms) VALUES (?, ?)');
  const selectDue = database.prepare(
    "SELECT id, body, attempts FROM webhooks WHERE state = 'pending' AND due_at_ms <= ? ORDER BY due_at_ms, id",
  );
  const selectNext = database.prepare(
    "SELECT min(due_at_ms) AS due_at_ms FROM webhooks WHERE state = 'pending'",
  );
  const settle = database.prepare('UPDATE webhooks SET state = ?, attempts = attempts + 1 WHERE id = ?');
  const postpone = database.prepare(
    'UPDATE webhooks SET due_at_ms = ?, attempts = attempts + 1 WHERE id = ?',
  );
  return {
    add(payload, dueAtMs) {
      insert.run(JSON.stringify(payload), dueAtMs);
    },
    due: (nowMs) =>
      selectDue.all(nowMs).map((row) => ({
        id: Number(row['id']),
        body: String(row['body']),
        attempts: Number(row['attempts']),
      })),
    nextDueAtMs() {
      const dueAtMs = selectNext.get()?.['due_at_ms'];
      return typeof dueAtMs === 'number' ? dueAtMs : null;
    },
    settle(id, state) {
      settle.run(state, id);
    },
    retryAt(id, dueAtMs) {
      postpone.run(dueAtMs, id);
    },
  };
}
