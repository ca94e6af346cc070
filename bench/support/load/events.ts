import { randomBytes } from 'node:crypto';
import { fromSeconds } from '../../../domain/quantities.ts';
import type { UsageEvent } from '../../../db/book-usage.ts';
import { nthAccount, type SeededAccounts } from '../seed.ts';
import type { Acknowledged } from './jobs.ts';

const SECONDS = 1;
/** As long as a real one; what it says is not compared with anything, because every id is new. */
const FINGERPRINT = 'f'.repeat(64);

export type EventMaker = ReturnType<typeof createEventMaker>;

/** Makes events that no other maker makes again. They are put together as text, because the generator shares the
 *  processors with what it measures. */
export function createEventMaker() {
  const run = randomBytes(8).toString('hex');
  let made = 0;
  const nextId = () => `${run}-${(made += 1)}`;
  let stretches: [number, number][] = [];
  return {
    /** Notes that a batch was acknowledged, by the id of its first event. */
    acknowledge(firstId: string, events: number): void {
      const first = Number(firstId.slice(run.length + 1));
      stretches.push([first, first + events - 1]);
    },

    /** What was acknowledged, however the batches' answers followed each other. */
    acknowledged(): Acknowledged {
      stretches.sort(([one], [other]) => one - other);
      const merged: [number, number][] = [];
      for (const [first, last] of stretches) {
        const before = merged.at(-1);
        if (before !== undefined && before[1] === first - 1) before[1] = last;
        else merged.push([first, last]);
      }
      stretches = merged;
      return { run, stretches };
    },

    /** The body of a request with one event for each account. */
    body(accounts: readonly string[]): string {
      const occurredAt = new Date().toISOString();
      const events = accounts.map(
        (account) =>
          `{"id":"${nextId()}","account":"${account}","type":"call","source":"inbound","seconds":${SECONDS},"occurredAt":"${occurredAt}"}`,
      );
      return `{"events":[${events.join(',')}]}`;
    },

    /** The same events as the ledger takes them. */
    events(accounts: readonly UsageEvent['accountId'][]): UsageEvent[] {
      const occurredAtMs = Date.now();
      return accounts.map((accountId) => ({
        id: nextId(),
        accountId,
        wallet: 'call_minutes',
        quantity: fromSeconds(SECONDS),
        source: 'inbound',
        type: 'call',
        occurredAtMs,
        fingerprint: FINGERPRINT,
      }));
    },
  };
}

/** As many accounts as events, each picked at random: neighbours in a batch are no neighbours on disk. */
export function pick(accounts: SeededAccounts, events: number): UsageEvent['accountId'][] {
  return Array.from({ length: events }, () =>
    nthAccount(accounts, Math.floor(Math.random() * accounts.count)),
  );
}
