import {
  keepPreviousData,
  useInfiniteQuery,
  useQueryClient,
  type InfiniteData,
  type QueryClient,
} from '@tanstack/react-query';
import {
  listLedgerInfiniteOptions,
  listLedgerInfiniteQueryKey,
  listLedgerOptions,
} from '../../client/@tanstack/react-query.gen.ts';
import type { ListLedgerData, ListLedgerResponse } from '../../client/types.gen.ts';
import { useAccount, useOpenSession } from '../account.ts';
import { nextPage } from '../more-button.tsx';
import { useRefresh } from '../use-refresh.ts';

export type EntriesQuery = Omit<NonNullable<ListLedgerData['query']>, 'cursor' | 'limit'>;
type Options = { path: { id: string }; query: EntriesQuery };

/** The entries that fit filters, newest first and page by page; new ones appear as they are booked. */
export function useEntries(query: EntriesQuery) {
  const { accountId } = useOpenSession();
  const { data: account } = useAccount();
  const queries = useQueryClient();
  const options = { path: { id: accountId }, query };
  const list = useInfiniteQuery({
    ...listLedgerInfiniteOptions(options),
    initialPageParam: { path: { id: accountId } },
    getNextPageParam: nextPage,
    placeholderData: keepPreviousData,
  });
  const balance = query.wallet === undefined ? undefined : account?.wallets[query.wallet].balance;
  useRefresh(balance?.toString(), () =>
    list.data === undefined || list.isPlaceholderData
      ? list.refetch({ cancelRefetch: false })
      : readNewest(queries, options),
  );
  return list;
}

/** Entries never change, so the first page alone has what is new. Without a connection the next change brings it. */
async function readNewest(queries: QueryClient, options: Options): Promise<void> {
  const fresh = await queries
    .fetchQuery({ ...listLedgerOptions(options), staleTime: 0 })
    .catch(() => undefined);
  if (fresh === undefined) return;
  queries.setQueryData<InfiniteData<ListLedgerResponse>>(listLedgerInfiniteQueryKey(options), (known) =>
    known === undefined ? undefined : withNewest(known, fresh),
  );
}

function withNewest(
  known: InfiniteData<ListLedgerResponse>,
  fresh: ListLedgerResponse,
): InfiniteData<ListLedgerResponse> {
  const [first, ...older] = known.pages;
  const newest = first?.items[0]?.seq ?? 0;
  const added = fresh.items.filter(({ seq }) => seq > newest);
  const isGap = added.length === fresh.items.length && fresh.next !== null;
  if (first === undefined || older.length === 0 || isGap) {
    return { pages: [fresh], pageParams: known.pageParams.slice(0, 1) };
  }
  return { ...known, pages: [{ ...first, items: [...added, ...first.items] }, ...older] };
}
