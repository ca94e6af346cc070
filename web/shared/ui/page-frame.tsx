import { AppShell, Burger, Group, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useRef, type ReactNode } from 'react';
import { useMessages } from '../i18n/use-messages.ts';
import { sharedMessages } from '../messages.ts';
import { ErrorBoundary } from './error-boundary.tsx';
import { ConnectionBanner } from './connection-banner.tsx';
import { Preferences } from './preferences.tsx';

type PageFrameProps = {
  title: string;
  /** Beside the title, such as a mark that the page is live. */
  status?: ReactNode;
  /** Before the switches of language and colours, such as a bell. */
  tools?: ReactNode;
  /** Is told how to close the menu that it becomes on a small screen. */
  sidebar: (close: () => void) => ReactNode;
  /** The service does not answer, so that what is shown may be old. */
  isUnreachable?: boolean;
  children: ReactNode;
};

/** Header, sidebar and content; on a small screen the sidebar is a menu. */
export function PageFrame({
  title,
  status,
  tools,
  sidebar,
  isUnreachable = false,
  children,
}: PageFrameProps) {
  const t = useMessages(sharedMessages);
  const [opened, { toggle, close }] = useDisclosure(false);
  const burger = useRef<HTMLButtonElement>(null);
  const closeMenu = () => {
    if (!opened) return;
    close();
    // What was chosen is hidden with the menu, and would take the focus along.
    burger.current?.focus();
  };
  return (
    <AppShell
      header={{ height: 60 }}
      navbar={{ width: 260, breakpoint: 'md', collapsed: { mobile: !opened } }}
      padding={{ base: 'md', sm: 'lg' }}
    >
      <a className="skip-link" href="#content" onClick={focusContent}>
        {t('skip')}
      </a>
      <AppShell.Header>
        <Group h="100%" px={{ base: 'sm', sm: 'lg' }} justify="space-between" wrap="nowrap" gap="xs">
          <Group gap="sm" wrap="nowrap" miw={0}>
            <Burger
              ref={burger}
              opened={opened}
              onClick={toggle}
              hiddenFrom="md"
              size="sm"
              aria-label={opened ? t('menuClose') : t('menuOpen')}
              aria-expanded={opened}
            />
            <Text fw={700} size="lg" truncate>
              {title}
            </Text>
            {status}
          </Group>
          <Group gap={4} wrap="nowrap">
            {tools}
            <Preferences />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="md" aria-label={t('navigation')} mod={{ closed: !opened }}>
        {sidebar(closeMenu)}
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1}>
        <ConnectionBanner isUnreachable={isUnreachable} />
        <ErrorBoundary>{children}</ErrorBoundary>
      </AppShell.Main>
    </AppShell>
  );
}

/** Without a change of the address, which the router would take for a navigation. */
function focusContent(event: { preventDefault(): void }): void {
  event.preventDefault();
  document.getElementById('content')?.focus();
}
