import { QueryCache, QueryClient, MutationCache } from '@tanstack/react-query';
import { client } from '../../client/client.gen.ts';
import { ApiError, asApiError } from './problem.ts';

const RETRIES = 2;
const STALE_MS = 10_000;

export type Connection = {
  /** The credential of every call; null for none, such as when a cookie carries it. */
  readonly token: () => string | null;
  /** The API no longer takes the credential. */
  readonly onUnauthenticated: () => void;
};

/** The address below which the API answers, without a slash at its end. */
export function apiBase(): string {
  return new URL('.', document.baseURI).href.replace(/\/$/, '');
}

/** Points the generated client at the API that served the page, and makes the cache of its answers.
 *  Every failure is an `ApiError`. */
export function connectApi({ token, onUnauthenticated }: Connection): QueryClient {
  client.setConfig({ baseUrl: apiBase(), cache: 'no-store' });
  client.interceptors.request.use((request) => {
    const credential = token();
    if (credential !== null) request.headers.set('authorization', `Bearer ${credential}`);
    return request;
  });
  client.interceptors.error.use((error, response: Response | undefined) => asApiError(error, response));
  const onError = (error: unknown) => {
    if (error instanceof ApiError && error.status === 401) onUnauthenticated();
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        staleTime: STALE_MS,
        retry: (count, error) => count < RETRIES && error instanceof ApiError && error.isPassing,
      },
      // Without a connection a person is told at once, instead of a button that waits.
      mutations: { retry: false, networkMode: 'always' },
    },
  });
}
