import { Badge, Button, Group, Paper, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { readNotificationMutation } from '../../client/@tanstack/react-query.gen.ts';
import { useFormats } from '../../shared/i18n/use-formats.ts';
import { useMessages } from '../../shared/i18n/use-messages.ts';
import { useToast } from '../../shared/ui/use-toast.ts';
import { useProblemText } from '../../shared/use-problem-text.ts';
import { useAccount, useOpenSession } from '../account.ts';
import type { Notification } from '../news.ts';
import { notificationMessages } from './messages.ts';

const ALARMING: ReadonlySet<string> = new Set(['bounced', 'complained', 'dead']);

/** One notification: what was told, when, what became of its mail, and whether it was read. What was told is in the
 *  account's language, whatever the page's is. */
export function NotificationCard({ item }: { item: Notification }) {
  const t = useMessages(notificationMessages);
  const { dateTime, relative } = useFormats();
  const { data: account } = useAccount();
  const isUnread = item.readAt === null;
  const { card, keepFocus } = useKeptFocus(isUnread);
  return (
    <Paper
      ref={card}
      tabIndex={-1}
      component="li"
      withBorder
      p="md"
      data-testid="notification"
      data-unread={isUnread}
    >
      <Stack gap={6}>
        <Group justify="space-between" align="flex-start" gap="xs">
          <Text fw={isUnread ? 700 : 500} lang={account?.locale} style={{ flex: '1 1 220px' }}>
            {item.title}
          </Text>
          {isUnread && <Badge size="sm">{t('isUnread')}</Badge>}
        </Group>
        <Text size="sm" lang={account?.locale} style={{ whiteSpace: 'pre-line' }}>
          {item.body}
        </Text>
        <Group justify="space-between" gap="xs">
          <Text size="xs" c="dimmed">
            <time dateTime={item.createdAt} title={dateTime(item.createdAt)}>
              {relative(item.createdAt)}
            </time>
            {item.email !== null && ' · '}
            {item.email !== null && (
              <Text
                span
                inherit
                {...(ALARMING.has(item.email.status) ? { c: 'var(--mantine-color-error)' } : {})}
              >
                {t(`email_${item.email.status}`)}
              </Text>
            )}
          </Text>
          {isUnread && <ReadButton item={item} onRead={keepFocus} />}
        </Group>
      </Stack>
    </Paper>
  );
}

/** Keeps the focus near when the button that had it goes: with a card that stays, on the card; else on the one beside it. */
function useKeptFocus(isUnread: boolean) {
  const card = useRef<HTMLLIElement>(null);
  const beside = useRef<Element | null>(null);
  const isKept = useRef(false);
  useEffect(() => {
    if (isUnread || !isKept.current) return;
    isKept.current = false;
    card.current?.focus();
  }, [isUnread]);
  useEffect(
    () => () => {
      if (!isKept.current) return;
      const next = beside.current?.isConnected === true ? beside.current : document.getElementById('content');
      if (next instanceof HTMLElement) next.focus();
    },
    [],
  );
  return {
    card,
    keepFocus: () => {
      isKept.current = true;
      beside.current = card.current?.nextElementSibling ?? card.current?.previousElementSibling ?? null;
    },
  };
}

function ReadButton({ item, onRead }: { item: Notification; onRead: () => void }) {
  const t = useMessages(notificationMessages);
  const { accountId } = useOpenSession();
  const queries = useQueryClient();
  const toast = useToast();
  const textOf = useProblemText();
  const read = useMutation({
    ...readNotificationMutation(),
    onSuccess: () => queries.invalidateQueries(),
    onError: (error) => void toast({ message: textOf(error), tone: 'bad' }),
  });
  return (
    <Button
      variant="subtle"
      size="compact-sm"
      loading={read.isPending}
      aria-label={t('readThis', { title: item.title })}
      onClick={() => {
        onRead();
        read.mutate({ path: { id: accountId, notification: item.id }, body: {} });
      }}
    >
      {t('read')}
    </Button>
  );
}
