import { Badge, Divider, Group, NavLink, Stack, Text } from '@mantine/core';
import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useLocale } from '../shared/i18n/locale.tsx';
import { useMessages } from '../shared/i18n/use-messages.ts';
import { PageFrame } from '../shared/ui/page-frame.tsx';
import { Failed, Loading } from '../shared/ui/states.tsx';
import { useAccount, useLiveAccount, type Liveness } from './account.ts';
import { frameMessages } from './messages.ts';
import { Bell } from './notifications/bell.tsx';
import { SECTIONS, type Section } from './sections.tsx';

/** Header, sidebar and whichever section is open. */
export function CreditsFrame() {
  const t = useMessages(frameMessages);
  const { follow } = useLocale();
  const { data: account, error, refetch } = useAccount();
  const liveness = useLiveAccount();
  useEffect(() => {
    document.title = account === undefined ? t('title') : `${t('title')} · ${account.name}`;
    if (account !== undefined) follow(account);
  }, [account, follow, t]);
  return (
    <PageFrame
      title={t('title')}
      status={<LiveMark liveness={liveness} />}
      tools={<Bell />}
      sidebar={(close) => <Sidebar plan={account?.plan} onNavigate={close} />}
    >
      {account === undefined && error !== null ? (
        <Failed error={error} onRetry={() => void refetch()} />
      ) : account === undefined ? (
        <Loading lines={6} height={28} />
      ) : (
        <Outlet />
      )}
    </PageFrame>
  );
}

function LiveMark({ liveness }: { liveness: Liveness }) {
  const t = useMessages(frameMessages);
  const isLive = liveness === 'live';
  return (
    <Badge
      variant={isLive ? 'light' : 'default'}
      color={isLive ? 'green' : 'gray'}
      size="sm"
      visibleFrom="xs"
      data-testid="liveness"
      data-live={isLive}
    >
      {t(isLive ? 'live' : 'connecting')}
    </Badge>
  );
}

function Sidebar({ plan, onNavigate }: { plan: string | undefined; onNavigate: () => void }) {
  const t = useMessages(frameMessages);
  return (
    <Stack gap="md" h="100%">
      <Stack gap="xs">
        {plan !== undefined && (
          <Group gap="xs" justify="space-between">
            <Text size="sm" c="dimmed">
              {t('plan')}
            </Text>
            <Badge variant="default" tt="capitalize">
              {plan}
            </Badge>
          </Group>
        )}
      </Stack>
      <Divider />
      <Stack gap={4}>
        {SECTIONS.map((section) => (
          <NavItem key={section.path} section={section} onNavigate={onNavigate} />
        ))}
      </Stack>
    </Stack>
  );
}

function NavItem({ section, onNavigate }: { section: Section; onNavigate: () => void }) {
  const t = useMessages(frameMessages);
  const here = useRouterState({ select: (state) => state.location.pathname });
  const isHere = withoutSlash(here) === withoutSlash(section.path);
  const Icon = section.icon;
  return (
    <NavLink
      component={Link}
      to={section.path}
      label={t(section.label)}
      leftSection={<Icon size={18} aria-hidden />}
      active={isHere}
      variant="filled"
      aria-current={isHere ? 'page' : undefined}
      onClick={onNavigate}
    />
  );
}

function withoutSlash(path: string): string {
  return path.replace(/\/$/, '');
}
