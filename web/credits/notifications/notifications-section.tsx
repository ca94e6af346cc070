import { Button, Group, SegmentedControl, Stack, Text, Title } from '@mantine/core';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import {
  listNotificationsInfiniteOptions,
  readAllNotificationsMutation,
} from '../../client/@tanstack/react-query.gen.ts';
import { useMessages } from '../../shared/i18n/use-messages.ts';
import { useAnnounce } from '../../shared/ui/announcer.tsx';
import { Empty, Failed, Loading } from '../../shared/ui/states.tsx';
import { useToast } from '../../shared/ui/use-toast.ts';
import { useProblemText } from '../../shared/use-problem-text.ts';
import { useAccount, useOpenSession } from '../account.ts';
import { MoreButton, nextPage } from '../more-button.tsx';
import { notificationMessages } from './messages.ts';
import { NotificationCard } from './notification-card.tsx';

type Shown = 'all' | 'unread';

/** Everything that the account was told, newest first. */
export function NotificationsSection() {
  const t = useMessages(notificationMessages);
  const { data: account } = useAccount();
  const [shown, setShown] = useState<Shown>('all');
  const count = account?.unreadNotifications ?? 0;
  return (
    <Stack maw={800}>
      <Title order={1} size="h2">
        {t('title')}
      </Title>
      <Group justify="space-between">
        <SegmentedControl<Shown>
          aria-label={t('show')}
          value={shown}
          onChange={setShown}
          data={[
            { value: 'all', label: t('all') },
            { value: 'unread', label: t('unread', { count }) },
          ]}
        />
        <ReadAllButton count={count} />
      </Group>
      <NotificationList shown={shown} />
    </Stack>
  );
}

function NotificationList({ shown }: { shown: Shown }) {
  const t = useMessages(notificationMessages);
  const { accountId } = useOpenSession();
  const list = useInfiniteQuery({
    ...listNotificationsInfiniteOptions({
      path: { id: accountId },
      query: shown === 'unread' ? { unread: 'true' } : {},
    }),
    initialPageParam: { path: { id: accountId } },
    getNextPageParam: nextPage,
  });
  if (list.data === undefined) {
    return list.error === null ? (
      <Loading lines={5} height={64} />
    ) : (
      <Failed error={list.error} onRetry={() => void list.refetch()} />
    );
  }
  const items = list.data.pages.flatMap((page) => page.items);
  if (items.length === 0) {
    return shown === 'unread' ? (
      <Empty title={t('emptyUnread')} />
    ) : (
      <Empty title={t('empty')}>{t('emptyText')}</Empty>
    );
  }
  return (
    <Stack gap="sm" component="ul" p={0} m={0} style={{ listStyle: 'none' }}>
      {items.map((item) => (
        <NotificationCard key={item.id} item={item} />
      ))}
      {list.hasNextPage && (
        <Text component="li">
          <MoreButton list={list}>{t('more')}</MoreButton>
        </Text>
      )}
    </Stack>
  );
}

function ReadAllButton({ count }: { count: number }) {
  const t = useMessages(notificationMessages);
  const { accountId } = useOpenSession();
  const queries = useQueryClient();
  const announce = useAnnounce();
  const toast = useToast();
  const textOf = useProblemText();
  const readAll = useMutation({
    ...readAllNotificationsMutation(),
    onSuccess: async ({ read }) => {
      announce(t('readAllDone', { count: read }));
      await queries.invalidateQueries();
    },
    onError: (error) => void toast({ message: textOf(error), tone: 'bad' }),
  });
  return (
    <Button
      variant="default"
      disabled={count === 0}
      loading={readAll.isPending}
      onClick={() => readAll.mutate({ path: { id: accountId }, body: {} })}
    >
      {t('readAll')}
    </Button>
  );
}
