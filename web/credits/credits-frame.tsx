import { Badge, Divider, Group, NavLink, Stack, Text } from '@mantine/core';
import { IconBolt } from '@tabler/icons-react';
import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import { useCallback, useEffect, type ReactNode } from 'react';
import { useLocale } from '../shared/i18n/locale.tsx';
import { useMessages } from '../shared/i18n/use-messages.ts';
import { PageFrame } from '../shared/ui/page-frame.tsx';
import { Failed, Loading } from '../shared/ui/states.tsx';
import { useAccount, useLiveAccount, type Liveness } from './account.ts';
import { frameMessages } from './messages.ts';

/** Header, sidebar and whichever section is open. */
export function CreditsFrame() {
  const t = useMessages(frameMessages);
  const { follow } = useLocale();
  const { data: account, error, refetch } = useAccount();
  const onNotification = useCallback(() => undefined, []);
  const liveness = useLiveAccount(onNotification);
  useEffect(() => {
    document.title = account === undefined ? t('title') : `${t('title')} · ${account.name}`;
    if (account !== undefined) follow(account);
  }, [account, follow, t]);
  return (
    <PageFrame
      title={t('title')}
      status={<LiveMark liveness={liveness} />}
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
        <NavItem to="/" icon={<IconBolt size={18} aria-hidden />} onNavigate={onNavigate}>
          {t('navTopUp')}
        </NavItem>
      </Stack>
    </Stack>
  );
}

function NavItem({
  to,
  icon,
  children,
  onNavigate,
}: {
  to: '/';
  icon: ReactNode;
  children: string;
  onNavigate: () => void;
}) {
  const path = useRouterState({ select: (state) => state.location.pathname });
  const isHere = path.replace(/\/$/, '') === to.replace(/\/$/, '');
  return (
    <NavLink
      component={Link}
      to={to}
      label={children}
      leftSection={icon}
      active={isHere}
      aria-current={isHere ? 'page' : undefined}
      onClick={onNavigate}
    />
  );
}
