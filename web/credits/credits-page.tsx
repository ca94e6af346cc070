import { Text } from '@mantine/core';
import { RouterProvider } from '@tanstack/react-router';
import { useMessages } from '../shared/i18n/use-messages.ts';
import { Preferences } from '../shared/ui/preferences.tsx';
import { Standstill } from '../shared/ui/states.tsx';
import { frameMessages } from './messages.ts';
import { router } from './router.tsx';
import { useSession } from './session.ts';

/** The page of one account, or why it cannot be shown. */
export function CreditsPage() {
  const t = useMessages(frameMessages);
  const session = useSession();
  if (session.status === 'open') {
    // Another account begins with a page of its own.
    return <RouterProvider key={session.accountId} router={router} />;
  }
  const isExpired = session.status === 'expired';
  return (
    <Standstill title={t(isExpired ? 'expiredTitle' : 'noneTitle')}>
      <Text c="dimmed">{t(isExpired ? 'expiredText' : 'noneText')}</Text>
      <Preferences />
    </Standstill>
  );
}
