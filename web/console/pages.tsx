import { Button, Group } from '@mantine/core';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useMessages } from '../shared/i18n/use-messages.ts';
import { Failed, Loading } from '../shared/ui/states.tsx';
import { consoleMessages } from './messages.ts';
import { Stale } from './stale.tsx';

type Page<Item> = { items: Item[]; next: string | null };

type PagesProps<Item> = {
  /** What makes the list another one. */
  name: readonly unknown[];
  /** @param cursor empty for the first page. */
  read: (cursor: { cursor?: string }, signal: AbortSignal) => Promise<Page<Item>>;
  lookAgainMs: number;
  empty: ReactNode;
  children: (items: readonly Item[]) => ReactNode;
};

/** A list of the API, page by page, that looks again by itself. */
export function Pages<Item>({ name, read, lookAgainMs, empty, children }: PagesProps<Item>) {
  const t = useMessages(consoleMessages);
  const query = useInfiniteQuery({
    queryKey: name,
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) => read(pageParam === '' ? {} : { cursor: pageParam }, signal),
    getNextPageParam: ({ next }) => next,
    placeholderData: keepPreviousData,
    refetchInterval: lookAgainMs,
  });
  if (query.data === undefined) {
    return query.error === null ? (
      <Loading lines={5} height={28} />
    ) : (
      <Failed error={query.error} onRetry={() => void query.refetch()} />
    );
  }
  const items = query.data.pages.flatMap((page) => page.items);
  return (
    <>
      <Stale query={query} />
      {items.length === 0 ? empty : children(items)}
      {query.hasNextPage && (
        <Group justify="center">
          <Button
            variant="default"
            loading={query.isFetchingNextPage}
            onClick={() => void query.fetchNextPage()}
          >
            {t('showMore')}
          </Button>
        </Group>
      )}
    </>
  );
}
