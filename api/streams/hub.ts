import type { FastifyBaseLogger } from 'fastify';
import type { AccountId } from '../../domain/ids.ts';
import type { ApiDeps, Limits } from '../deps.ts';
import type { AccountOverview } from '../../db/account-overview.ts';
import type { NotificationItem } from '../../db/notifications.ts';
import type { ChangeMark } from '../ports.ts';

const POLL_MS = 1_000;
/** Notifications read at each change; older ones are found in the list. */
const RECENT_NOTIFICATIONS = 20;
/** Accounts read side by side: few, because usage needs the connections more. */
const READ_AT_ONCE = 3;

export type AccountNews = { overview: AccountOverview; notifications: readonly NotificationItem[] };

type Watched = {
  readonly accountId: AccountId;
  readonly listeners: Set<(news: AccountNews) => void>;
  mark: string | null;
  /** Notifications already told, with whether they were read and what had become of their mail then; null before the first look. */
  told: ReadonlySet<string> | null;
};

export type StreamHub = {
  /** Watches an account: the listener hears of it at once, and again at each change.
   *  @returns how to stop, or null when the account or this instance has as many streams as it may. */
  watch(accountId: AccountId, listener: (news: AccountNews) => void): (() => void) | null;
  /** Stops polling, for good. */
  close(): Promise<void>;
};

type Deps = Pick<ApiDeps, 'changes' | 'accounts' | 'notifications'> & {
  limits: Pick<Limits, 'streams' | 'streamsPerAccount'>;
  log: FastifyBaseLogger;
};

/** Finds changes for all open streams with one query a second, and reads an account only when it has changed,
 *  once for all that watch it. While nobody watches, nothing is asked. */
export function createStreamHub(deps: Deps): StreamHub {
  const watched = new Map<AccountId, Watched>();
  let open = 0;
  let timer: NodeJS.Timeout | undefined;
  let polling: Promise<void> | null = null;
  let closed = false;

  function wake(delayMs: number): void {
    if (closed || polling !== null || watched.size === 0) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      polling = poll(watched, deps).finally(() => {
        polling = null;
        wake(POLL_MS);
      });
    }, delayMs);
  }

  return {
    watch(accountId, listener) {
      const entry = watched.get(accountId) ?? newlyWatched(accountId);
      if (closed || open >= deps.limits.streams) return null;
      if (entry.listeners.size >= deps.limits.streamsPerAccount) return null;
      watched.set(accountId, entry);
      entry.listeners.add(listener);
      // Another reader begins with the whole state as well.
      entry.mark = null;
      open += 1;
      wake(0);
      return () => {
        if (!entry.listeners.delete(listener)) return;
        open -= 1;
        if (entry.listeners.size === 0) watched.delete(accountId);
      };
    },
    async close() {
      closed = true;
      clearTimeout(timer);
      await polling;
    },
  };
}

function newlyWatched(accountId: AccountId): Watched {
  return { accountId, listeners: new Set(), mark: null, told: null };
}

async function poll(watched: ReadonlyMap<AccountId, Watched>, deps: Deps): Promise<void> {
  try {
    const marks = await deps.changes.read([...watched.keys()]);
    const changed = marks.filter(({ accountId, mark }) => watched.get(accountId)?.mark !== mark);
    for (let at = 0; at < changed.length; at += READ_AT_ONCE) {
      await Promise.all(changed.slice(at, at + READ_AT_ONCE).map((change) => tell(change, watched, deps)));
    }
  } catch (error) {
    // Streams outlive a database that is away for a moment.
    deps.log.warn({ err: error }, 'the changes for open streams could not be read');
  }
}

/** A fault with one account leaves it to the next poll and holds up no other. */
async function tell(
  { accountId, mark }: ChangeMark,
  watched: ReadonlyMap<AccountId, Watched>,
  deps: Deps,
): Promise<void> {
  const entry = watched.get(accountId);
  if (entry === undefined) return;
  try {
    const news = await readNews(entry, deps);
    if (news === null) return;
    entry.mark = mark;
    for (const listener of entry.listeners) listener(news);
  } catch (error) {
    deps.log.warn({ err: error, accountId }, 'an account could not be read for its streams');
  }
}

async function readNews(entry: Watched, deps: Deps): Promise<AccountNews | null> {
  const [overview, { items }] = await Promise.all([
    deps.accounts.overview(entry.accountId),
    deps.notifications.list(entry.accountId, { limit: RECENT_NOTIFICATIONS }),
  ]);
  if (overview === null) return null;
  const { told } = entry;
  const fresh = told === null ? [] : items.filter((item) => !told.has(tellingOf(item)));
  entry.told = new Set(items.map(tellingOf));
  return { overview, notifications: fresh.toReversed() };
}

function tellingOf({ notificationId, readAtMs, email }: NotificationItem): string {
  return `${notificationId} ${readAtMs ?? 'unread'} ${email?.status}`;
}
