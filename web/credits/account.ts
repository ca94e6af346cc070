import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { getAccountOptions, getAccountQueryKey } from '../client/@tanstack/react-query.gen.ts';
import type { Account } from '../client/types.gen.ts';
import { apiBase } from '../shared/api/connect.ts';
import { listen } from '../shared/api/event-stream.ts';
import { NOTIFICATION_LISTS, tellNews, type Notification } from './news.ts';
import { endSession, useSession } from './session.ts';

/** The account that the page was opened for, as the stream or the last request left it. */
export function useAccount() {
  const { accountId } = useOpenSession();
  return useQuery(getAccountOptions({ path: { id: accountId } }));
}

export function useOpenSession() {
  const session = useSession();
  if (session.status !== 'open') throw new Error('no session is open');
  return session;
}

export type Liveness = 'connecting' | 'live' | 'waiting';

/** How long the stream may be away before it is worth a word: most breaks are mended sooner. */
const PATIENCE_MS = 5_000;

/** Keeps the account up to date from the stream of its changes.
 *  Notifications on it are told to whoever hears the news. */
export function useLiveAccount(): Liveness {
  const { accountId, token } = useOpenSession();
  const queries = useQueryClient();
  const [liveness, setLiveness] = useState<Liveness>('connecting');
  useEffect(() => {
    const stop = new AbortController();
    void listen({
      url: `${apiBase()}/v1/accounts/${encodeURIComponent(accountId)}/stream`,
      token,
      signal: stop.signal,
      onState(state) {
        setLiveness(state);
        // Told while nobody listened.
        if (state === 'live') void queries.invalidateQueries({ queryKey: NOTIFICATION_LISTS });
      },
      onUnauthenticated: endSession,
      onEvent({ event, data }) {
        if (event === 'account') {
          queries.setQueryData(getAccountQueryKey({ path: { id: accountId } }), JSON.parse(data) as Account);
        } else if (event === 'notification') {
          tellNews(JSON.parse(data) as Notification);
        }
      },
    });
    return () => stop.abort();
  }, [accountId, token, queries]);
  return liveness;
}

/** Whether the stream has been away for so long that what is shown may be old. */
export function useIsUnreachable(liveness: Liveness): boolean {
  const isLive = liveness === 'live';
  const [isLate, setLate] = useState(false);
  useEffect(() => {
    if (isLive) return undefined;
    const timer = setTimeout(() => setLate(true), PATIENCE_MS);
    return () => {
      clearTimeout(timer);
      setLate(false);
    };
  }, [isLive]);
  return isLate;
}
