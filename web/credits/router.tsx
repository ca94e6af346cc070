import { Anchor, Stack, Title } from '@mantine/core';
import { createRootRoute, createRoute, createRouter, Link } from '@tanstack/react-router';
import { Crashed } from '../shared/ui/error-boundary.tsx';
import { Loading } from '../shared/ui/states.tsx';
import { useMessages } from '../shared/i18n/use-messages.ts';
import { CreditsFrame } from './credits-frame.tsx';
import { frameMessages } from './messages.ts';
import { SECTIONS } from './sections.tsx';

const root = createRootRoute({ component: CreditsFrame, notFoundComponent: NotFound });

const sections = SECTIONS.map(({ path, component }) =>
  createRoute({ getParentRoute: () => root, path, component }),
);

export const router = createRouter({
  routeTree: root.addChildren(sections),
  basepath: new URL('credits', document.baseURI).pathname,
  defaultPreload: 'intent',
  defaultPendingComponent: Loading,
  defaultErrorComponent: Crashed,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}

function NotFound() {
  const t = useMessages(frameMessages);
  return (
    <Stack align="flex-start">
      <Title order={1} size="h2">
        {t('notFoundTitle')}
      </Title>
      <Anchor component={Link} to="/">
        {t('notFoundLink')}
      </Anchor>
    </Stack>
  );
}
