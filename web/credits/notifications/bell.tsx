import { ActionIcon, Indicator } from '@mantine/core';
import { IconBell } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useCallback, useEffect, useRef } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import type { Locale } from '../../shared/i18n/catalogue.ts';
import { useMessages } from '../../shared/i18n/use-messages.ts';
import { useToast } from '../../shared/ui/use-toast.ts';
import { useAccount } from '../account.ts';
import { NOTIFICATION_LISTS, useNews, type Notification } from '../news.ts';
import { notificationMessages } from './messages.ts';

const MOST_SHOWN = 99;
/** What is older was there before the page, and only its mail has changed. */
const NEW_FOR_MS = 60_000;
const BAD: ReadonlySet<string> = new Set([
  'balance.depleted',
  'top_up.failed',
  'top_up.action_required',
  'top_up.action_reminder',
  'auto_top_up.suspended',
]);

/** Leads to the notifications and says how many are unread; new ones are told in the corner as they come. */
export function Bell() {
  const t = useMessages(notificationMessages);
  const { data: account } = useAccount();
  const count = account?.unreadNotifications ?? 0;
  useToastsOfNews(account?.locale);
  useFreshLists(account?.unreadNotifications);
  const label = t('bell', { count });
  return (
    <Indicator
      label={count > MOST_SHOWN ? `${MOST_SHOWN}+` : count}
      disabled={count === 0}
      size={18}
      offset={5}
      color="red.8"
      data-testid="bell"
      data-count={count}
    >
      <ActionIcon
        renderRoot={(props) => <Link to="/notifications" {...props} />}
        variant="subtle"
        color="gray"
        size="lg"
        c="var(--mantine-color-text)"
        aria-label={label}
        title={label}
      >
        <IconBell size={20} aria-hidden />
      </ActionIcon>
    </Indicator>
  );
}

/** The lists follow the count, which also tells of what was not heard of as news. */
function useFreshLists(count: number | undefined): void {
  const queries = useQueryClient();
  useEffect(() => {
    if (count !== undefined) void queries.invalidateQueries({ queryKey: NOTIFICATION_LISTS });
  }, [queries, count]);
}

/** @param lang of what is told: the account's, whatever the page's is. */
function useToastsOfNews(lang: Locale | undefined): void {
  const toast = useToast();
  const queries = useQueryClient();
  const told = useRef(new Set<string>());
  useNews(
    useCallback(
      (news: Notification) => {
        void queries.invalidateQueries({ queryKey: NOTIFICATION_LISTS });
        const isNew = Date.now() - Date.parse(news.createdAt) < NEW_FOR_MS;
        if (!isNew || news.readAt !== null || told.current.has(news.id)) return;
        told.current.add(news.id);
        const tone = BAD.has(news.kind) ? 'bad' : news.kind === 'top_up.succeeded' ? 'good' : 'note';
        void toast({ title: news.title, message: news.body, tone, lang });
      },
      [queries, toast, lang],
    ),
  );
}
