import { useQuery } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { Failed, Loading, Standstill } from '../shared/ui/states.tsx';
import { useMessages } from '../shared/i18n/use-messages.ts';
import { consoleMessages } from './messages.ts';
import { router } from './router.tsx';
import { sessionOptions } from './session.ts';
import { SignIn } from './sign-in.tsx';

/** What operators work with, once they have signed in. */
export function ConsolePage() {
  const t = useMessages(consoleMessages);
  const { data: session, error, refetch } = useQuery(sessionOptions);
  if (session === undefined) {
    return (
      <Standstill title={t('title')}>
        {error === null ? <Loading lines={2} /> : <Failed error={error} onRetry={() => void refetch()} />}
      </Standstill>
    );
  }
  if (session.operator === null) return <SignIn session={session} />;
  return <RouterProvider router={router} />;
}
