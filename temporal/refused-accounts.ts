import type { AccountId } from '../domain/ids.ts';

/** Longer than a round through all of them, one at a time; then another relay has told it, or nobody wants to. */
const REMEMBERED_MS = 600_000;

type Refused = { timesInRow: number; atMs: number; arrivals: number; isAlone: boolean };

/** Remembers which accounts Temporal has refused since each last got through, and tells those that are refused by
 *  themselves, while others get through, from those that may be refused because nobody gets through. */
export function createRefusedAccounts() {
  // In the order of their last try.
  const accounts = new Map<AccountId, Refused>();
  const suspects = new Set<AccountId>();
  let arrivals = 0;

  function forget(nowMs: number): void {
    for (const [accountId, { atMs }] of accounts) {
      if (nowMs - atMs < REMEMBERED_MS) return;
      accounts.delete(accountId);
      suspects.delete(accountId);
    }
  }

  return {
    /** How many have been refused since anybody got through, apart from those that were refused before and after. */
    get suspects() {
      return suspects.size;
    },

    list: (): AccountId[] => [...accounts.keys()],

    timesInRow: (accountId: AccountId): number => accounts.get(accountId)?.timesInRow ?? 0,

    gotThrough(ids: readonly AccountId[]): void {
      if (ids.length === 0) return;
      arrivals += 1;
      suspects.clear();
      for (const id of ids) accounts.delete(id);
    },

    wereRefused(ids: readonly AccountId[], nowMs: number): void {
      for (const id of ids) {
        const before = accounts.get(id);
        const isAlone = before !== undefined && (before.isAlone || before.arrivals < arrivals);
        accounts.delete(id);
        accounts.set(id, { timesInRow: (before?.timesInRow ?? 0) + 1, atMs: nowMs, arrivals, isAlone });
        if (!isAlone) suspects.add(id);
      }
      forget(nowMs);
    },
  };
}
