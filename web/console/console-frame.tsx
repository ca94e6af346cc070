import { Button, Divider, NavLink, Stack, Text } from '@mantine/core';
import {
  IconAlertCircle,
  IconClipboardList,
  IconCreditCard,
  IconHeartbeat,
  IconMailX,
  IconUsers,
} from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Outlet } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useMessages } from '../shared/i18n/use-messages.ts';
import { PageFrame } from '../shared/ui/page-frame.tsx';
import { useHere, useLinkTo } from './go-to.tsx';
import { consoleMessages } from './messages.ts';
import { sessionOptions, signOut } from './session.ts';

const SECTIONS = [
  { path: '/', of: '/charges/', label: 'navQueue', icon: IconCreditCard },
  { path: '/accounts', of: '/accounts/', label: 'navAccounts', icon: IconUsers },
  { path: '/health', of: null, label: 'navHealth', icon: IconHeartbeat },
  { path: '/findings', of: null, label: 'navFindings', icon: IconAlertCircle },
  { path: '/letters', of: null, label: 'navLetters', icon: IconMailX },
  { path: '/audit', of: null, label: 'navAudit', icon: IconClipboardList },
] as const;

/** Header, sidebar and whichever section is open. */
export function ConsoleFrame() {
  const t = useMessages(consoleMessages);
  const here = useHere();
  const open = SECTIONS.find(({ path, of }) => path === here || (of !== null && here.startsWith(of)));
  useEffect(() => {
    document.title = open === undefined ? t('title') : `${t(open.label)} · ${t('title')}`;
  }, [open, t]);
  return (
    <PageFrame title={t('title')} sidebar={(close) => <Sidebar here={open?.path} onNavigate={close} />}>
      <Outlet />
    </PageFrame>
  );
}

function Sidebar({ here, onNavigate }: { here: string | undefined; onNavigate: () => void }) {
  const t = useMessages(consoleMessages);
  const queries = useQueryClient();
  const { data: session } = useQuery(sessionOptions);
  const leave = useMutation({ mutationFn: () => signOut(queries) });
  return (
    <Stack gap="md" h="100%">
      <Stack gap={4}>
        {SECTIONS.map((section) => (
          <NavItem
            key={section.path}
            section={section}
            isHere={section.path === here}
            onNavigate={onNavigate}
          />
        ))}
      </Stack>
      <Divider mt="auto" />
      <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
        {t('signedInAs', { name: session?.operator?.name.replace(/^operator:/, '') ?? '' })}
      </Text>
      <Button variant="default" loading={leave.isPending} onClick={() => leave.mutate()}>
        {t('signOut')}
      </Button>
    </Stack>
  );
}

type NavItemProps = { section: (typeof SECTIONS)[number]; isHere: boolean; onNavigate: () => void };

function NavItem({ section, isHere, onNavigate }: NavItemProps) {
  const t = useMessages(consoleMessages);
  const { href, onClick } = useLinkTo(section.path);
  const Icon = section.icon;
  return (
    <NavLink
      href={href}
      label={t(section.label)}
      leftSection={<Icon size={18} aria-hidden />}
      active={isHere}
      variant="filled"
      aria-current={isHere ? 'page' : undefined}
      onClick={(event) => {
        onClick(event);
        onNavigate();
      }}
    />
  );
}
