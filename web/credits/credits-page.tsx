import { Text } from '@mantine/core';
import { RouterProvider } from '@tanstack/react-router';
import { useMessages } from '../shared/i18n/use-messages.ts';
import { Preferences } from '../shared/ui/preferences.tsx';
import { Standstill } from '../shared/ui/states.tsx';
import { openedAfter } from './done.ts';
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
  // A tab that a page in another site's frame has opened for the provider has no session of its own.
  const closed = openedAfter === null ? 'none' : (`done_${openedAfter}` as const);
  const why = session.status === 'expired' ? 'expired' : closed;
  return (
    <Standstill title={t(`${why}Title`)}>
      <Text c="dimmed">{t(`${why}Text`)}</Text>
      <Preferences />
    </Standstill>
  );
}
