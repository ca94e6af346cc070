import { queryOptions, type QueryClient } from '@tanstack/react-query';
import { getOperatorSession, signInOperator, signOutOperator } from '../client/sdk.gen.ts';
import type { OperatorSession } from '../client/types.gen.ts';

/** Why an identity provider has not let somebody in, as the API says it in the address. */
export type OidcRefusal = 'refused' | 'not_operator' | 'unavailable';

const SESSION_KEY = ['session'] as const;
const REFUSALS: readonly OidcRefusal[] = ['refused', 'not_operator', 'unavailable'];

let code: string | null = null;
let refusal: OidcRefusal | null = null;

/** Takes a sign-in code, or why a provider let nobody in, out of the address, so that neither stays in the history. */
export function takeCode(): void {
  const fragment = new URLSearchParams(location.hash.slice(1));
  code = fragment.get('code');
  refusal = REFUSALS.find((each) => each === fragment.get('sign-in')) ?? null;
  if (location.hash !== '') history.replaceState(history.state, '', location.pathname + location.search);
}

export function oidcRefusal(): OidcRefusal | null {
  return refusal;
}

/** Who is signed in. A code is used first, once; if it is of no use the sign-in says so. */
export const sessionOptions = queryOptions({
  queryKey: SESSION_KEY,
  staleTime: 60_000,
  queryFn: async ({ signal }): Promise<OperatorSession & { codeFailed?: boolean }> => {
    const known = (await getOperatorSession({ signal, throwOnError: true })).data;
    const given = code;
    code = null;
    if (known.operator !== null || given === null) return known;
    try {
      return (await signInOperator({ body: { code: given }, throwOnError: true })).data;
    } catch {
      return { ...known, codeFailed: true };
    }
  },
});

/** @throws ApiError when the key is wrong. */
export async function signIn(queries: QueryClient, key: string): Promise<void> {
  const { data } = await signInOperator({ body: { key }, throwOnError: true });
  queries.setQueryData(SESSION_KEY, data);
}

export async function signOut(queries: QueryClient): Promise<void> {
  const { data } = await signOutOperator({ throwOnError: true });
  queries.setQueryData(SESSION_KEY, data);
  forgetAll(queries);
}

/** The API no longer takes the session: nothing of what was shown stays. */
export function forgetSession(queries: QueryClient): void {
  const known = queries.getQueryData(sessionOptions.queryKey);
  if (known === undefined || known.operator === null) return;
  queries.setQueryData(SESSION_KEY, { operator: null, oidc: known.oidc, isOver: true });
  forgetAll(queries);
}

/** All but who is signed in, which the page goes on showing. */
function forgetAll(queries: QueryClient): void {
  queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== SESSION_KEY[0] });
}
