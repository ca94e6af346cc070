import { NativeSelect, Stack, Text, Title } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { listTopUpsInfiniteOptions } from '../../client/@tanstack/react-query.gen.ts';
import { useMessages } from '../../shared/i18n/use-messages.ts';
import { Empty, Failed, Loading } from '../../shared/ui/states.tsx';
import { useAccount, useOpenSession } from '../account.ts';
import { MoreButton, nextPage } from '../more-button.tsx';
import { useRefresh } from '../use-refresh.ts';
import type { Wallet } from '../units.ts';
import { unitMessages } from '../units-messages.ts';
import { historyMessages } from './messages.ts';
import { TopUpCard } from './top-up-card.tsx';

type Shown = Wallet | 'both';

/** Every purchase with its invoice, newest first. */
export function HistorySection() {
  const t = useMessages(historyMessages);
  const nameOf = useMessages(unitMessages);
  const [shown, setShown] = useState<Shown>('both');
  return (
    <Stack maw={800}>
      <Title order={1} size="h2">
        {t('title')}
      </Title>
      <NativeSelect
        label={t('wallet')}
        value={shown}
        onChange={({ currentTarget }) => setShown(currentTarget.value as Shown)}
        maw={280}
        data={[
          { value: 'both', label: t('both') },
          { value: 'call_minutes', label: nameOf('call_minutes') },
          { value: 'chat_credits', label: nameOf('chat_credits') },
        ]}
      />
      <TopUpList shown={shown} />
    </Stack>
  );
}

function TopUpList({ shown }: { shown: Shown }) {
  const t = useMessages(historyMessages);
  const { accountId } = useOpenSession();
  const list = useInfiniteQuery({
    ...listTopUpsInfiniteOptions({
      path: { id: accountId },
      query: shown === 'both' ? {} : { wallet: shown },
    }),
    initialPageParam: { path: { id: accountId } },
    getNextPageParam: nextPage,
  });
  const { data: account } = useAccount();
  // The stream sends the account at each change of a top-up.
  const state = account === undefined ? undefined : JSON.stringify(account.wallets);
  useRefresh(state, () => list.refetch({ cancelRefetch: false }));
  if (list.data === undefined) {
    return list.error === null ? (
      <Loading lines={4} height={80} />
    ) : (
      <Failed error={list.error} onRetry={() => void list.refetch()} />
    );
  }
  const items = list.data.pages.flatMap((page) => page.items);
  if (items.length === 0) return <Empty title={t('empty')}>{t('emptyText')}</Empty>;
  return (
    <Stack gap="sm" component="ul" p={0} m={0} style={{ listStyle: 'none' }}>
      {items.map((item) => (
        <TopUpCard key={item.id} item={item} />
      ))}
      {list.hasNextPage && (
        <Text component="li">
          <MoreButton list={list}>{t('more')}</MoreButton>
        </Text>
      )}
    </Stack>
  );
}
