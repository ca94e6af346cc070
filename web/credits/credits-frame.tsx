import { Badge, Button, Divider, Group, NavLink, Stack, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useLocale } from '../shared/i18n/locale.tsx';
import { useMessages } from '../shared/i18n/use-messages.ts';
import { lazyPart } from '../shared/ui/lazy-part.tsx';
import { PageFrame } from '../shared/ui/page-frame.tsx';
import { Failed, Loading } from '../shared/ui/states.tsx';
import { useAccount, useIsUnreachable, useLiveAccount, type Liveness } from './account.ts';
import { EndingSoon } from './ending-soon.tsx';
import { frameMessages } from './messages.ts';
import { Bell } from './notifications/bell.tsx';
import { SECTIONS, type Section } from './sections.tsx';

const BuyDialog = lazyPart(async () => (await import('./buy/buy-dialog.tsx')).BuyDialog, {
  onFailure: 'focus',
});

/** Header, sidebar and whichever section is open. */
export function CreditsFrame() {
  const t = useMessages(frameMessages);
  const { follow } = useLocale();
  const { data: account, error, refetch } = useAccount();
  const liveness = useLiveAccount();
  const isUnreachable = useIsUnreachable(liveness);
  const [buying, setBuying] = useState(false);
  useEffect(() => {
    document.title = account === undefined ? t('title') : `${t('title')} · ${account.name}`;
    if (account !== undefined) follow(account);
  }, [account, follow, t]);
  return (
    <PageFrame
      title={t('title')}
      status={<LiveMark liveness={liveness} />}
      tools={<Bell />}
      isUnreachable={isUnreachable}
      sidebar={(close) => (
        <Sidebar
          plan={account?.plan}
          onNavigate={close}
          onBuy={() => {
            close();
            setBuying(true);
          }}
        />
      )}
    >
      <EndingSoon />
      {account === undefined && error !== null ? (
        <Failed error={error} onRetry={() => void refetch()} />
      ) : account === undefined ? (
        <Loading lines={6} height={28} />
      ) : (
        <Outlet />
      )}
      {buying && account !== undefined && <BuyDialog account={account} onClose={() => setBuying(false)} />}
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

function Sidebar({
  plan,
  onNavigate,
  onBuy,
}: {
  plan: string | undefined;
  onNavigate: () => void;
  onBuy: () => void;
}) {
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
        <Button
          leftSection={<IconPlus size={18} aria-hidden />}
          fullWidth
          disabled={plan === undefined}
          onClick={onBuy}
        >
          {t('addCredits')}
        </Button>
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
