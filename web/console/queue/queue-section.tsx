import { Alert, Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { countOperatorTopUps, listOperatorTopUps } from '../../client/sdk.gen.ts';
import { useMessages } from '../../shared/i18n/use-messages.ts';
import { Empty, Failed, Loading } from '../../shared/ui/states.tsx';
import { useGoTo, useSearchTexts } from '../go-to.tsx';
import { consoleMessages } from '../messages.ts';
import { Stale } from '../stale.tsx';
import { BulkRetry } from './bulk-retry.tsx';
import { ChargeList } from './charge-list.tsx';
import { faultsOf, filtersOf, queryOf, searchOf, statesOf, type Filters } from './filters.ts';
import { queueMessages } from './messages.ts';
import { QueueFilters } from './queue-filters.tsx';
import { ViewsBar } from './views-bar.tsx';

const PAGE = 50;
/** As many as the API previews at once. */
const MOST_AT_ONCE = 100;
const LOOK_AGAIN_MS = 5_000;

/** The charges that need a hand, and trying many of them again. */
export function QueueSection() {
  const t = useMessages(queueMessages);
  const goTo = useGoTo();
  const search = useSearchTexts();
  const filters = useMemo(() => filtersOf(search), [search]);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [retrying, setRetrying] = useState<readonly string[] | null>(null);
  const isFaulty = faultsOf(filters).length > 0;
  const { data: counts } = useCounts(filters, !isFaulty);
  const charges = useCharges(filters, !isFaulty);
  const items = isFaulty ? [] : (charges.data?.pages.flatMap((page) => page.items) ?? []);
  const shown = items.filter(({ id }) => chosen.has(id)).map(({ id }) => id);
  const change = (next: Filters) => goTo(searchOf(next), { replace: true });
  return (
    <Stack gap="md">
      <Group justify="space-between" align="flex-end">
        <div>
          <Title order={1} size="h2">
            {t('title')}
          </Title>
          <Text c="dimmed" size="sm">
            {t('intro')}
          </Text>
        </div>
        <ViewsBar filters={filters} onChange={change} />
      </Group>
      <QueueFilters filters={filters} counts={counts} onChange={change} />
      {shown.length > 0 && (
        <ChosenBar ids={shown} onRetry={() => setRetrying(shown)} onClear={() => setChosen(new Set())} />
      )}
      {!isFaulty && <Stale query={charges} />}
      {isFaulty ? (
        <Empty title={t('faulty')}>{t('faultyText')}</Empty>
      ) : charges.data === undefined && charges.error !== null ? (
        <Failed error={charges.error} onRetry={() => void charges.refetch()} />
      ) : charges.data === undefined ? (
        <Loading lines={6} height={32} />
      ) : items.length === 0 ? (
        <Empty title={t('empty')}>{t('emptyText')}</Empty>
      ) : (
        <ChargeList charges={items} chosen={chosen} onChoose={setChosen} />
      )}
      {!isFaulty && <ShowMore query={charges} />}
      {retrying !== null && (
        <BulkRetry
          ids={retrying}
          onClose={() => {
            setRetrying(null);
            setChosen(new Set());
          }}
        />
      )}
    </Stack>
  );
}

/** Each look counts an age from its own time, so that what grows older comes in and what is no longer new goes. */
function useCharges(filters: Filters, enabled: boolean) {
  return useInfiniteQuery({
    queryKey: ['charges', filters],
    enabled,
    initialPageParam: '',
    queryFn: async ({ pageParam, signal }) => {
      const cursor = pageParam === '' ? {} : { cursor: pageParam };
      const narrowed = { ...queryOf(filters, Date.now()), state: statesOf(filters).join(',') };
      const asked = { ...narrowed, ...cursor, limit: PAGE };
      return (await listOperatorTopUps({ query: asked, signal, throwOnError: true })).data;
    },
    getNextPageParam: ({ next }) => next,
    placeholderData: keepPreviousData,
    refetchInterval: LOOK_AGAIN_MS,
  });
}

/** How many there are of each state and reason under the other filters. */
function useCounts(filters: Filters, enabled: boolean) {
  const { state: _every, ...narrowing } = filters;
  return useQuery({
    queryKey: ['charges', 'counts', narrowing],
    enabled,
    queryFn: async ({ signal }) => {
      const query = queryOf(narrowing, Date.now());
      return (await countOperatorTopUps({ query, signal, throwOnError: true })).data;
    },
    placeholderData: keepPreviousData,
    refetchInterval: LOOK_AGAIN_MS,
  });
}

function ShowMore({ query }: { query: ReturnType<typeof useCharges> }) {
  const t = useMessages(consoleMessages);
  if (!query.hasNextPage) return null;
  return (
    <Group justify="center">
      <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
        {t('showMore')}
      </Button>
    </Group>
  );
}

type ChosenBarProps = { ids: readonly string[]; onRetry: () => void; onClear: () => void };

function ChosenBar({ ids, onRetry, onClear }: ChosenBarProps) {
  const t = useMessages(queueMessages);
  const isTooMany = ids.length > MOST_AT_ONCE;
  return (
    <Paper withBorder p="sm" pos="sticky" top={72} style={{ zIndex: 2 }} shadow="sm">
      <Group justify="space-between" gap="sm">
        <Text fw={600} size="sm" role="status">
          {t('selected', { count: ids.length })}
        </Text>
        <Group gap="xs">
          <Button variant="default" size="sm" onClick={onClear}>
            {t('clear')}
          </Button>
          <Button size="sm" disabled={isTooMany} onClick={onRetry}>
            {t('retrySelected')}
          </Button>
        </Group>
      </Group>
      {isTooMany && (
        <Alert color="blue" mt="sm">
          {t('atMost', { count: MOST_AT_ONCE })}
        </Alert>
      )}
    </Paper>
  );
}
