import { Button } from '@mantine/core';
import type { ReactNode } from 'react';

type Growing = { isFetchingNextPage: boolean; fetchNextPage: () => Promise<unknown> };

/** Loads the next page of a list. */
export function MoreButton({ list, children }: { list: Growing; children: ReactNode }) {
  return (
    <Button variant="default" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
      {children}
    </Button>
  );
}

/** Where a list goes on, as TanStack Query asks for it. */
export function nextPage({ next }: { next: string | null }): string | undefined {
  return next ?? undefined;
}
