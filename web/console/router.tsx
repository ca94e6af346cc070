import { Stack, Title } from '@mantine/core';
import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { Crashed } from '../shared/ui/error-boundary.tsx';
import { Loading } from '../shared/ui/states.tsx';
import { useMessages } from '../shared/i18n/use-messages.ts';
import { ConsoleFrame } from './console-frame.tsx';
import { GoTo } from './go-to.tsx';
import { consoleMessages } from './messages.ts';
import { BASE } from './paths.ts';
import { QueueSection } from './queue/queue-section.tsx';

const root = createRootRoute({ component: ConsoleFrame, notFoundComponent: NotFound });
const parent = { getParentRoute: () => root };

const routes = [
  createRoute({ ...parent, path: '/', component: QueueSection }),
  createRoute({
    ...parent,
    path: '/charges/$id',
    component: lazyRouteComponent(() => import('./charge/charge-section.tsx'), 'ChargeSection'),
  }),
  createRoute({
    ...parent,
    path: '/accounts',
    component: lazyRouteComponent(() => import('./accounts/search-section.tsx'), 'SearchSection'),
  }),
  createRoute({
    ...parent,
    path: '/accounts/$id',
    component: lazyRouteComponent(() => import('./accounts/account-section.tsx'), 'AccountSection'),
  }),
  createRoute({
    ...parent,
    path: '/health',
    component: lazyRouteComponent(() => import('./health/health-section.tsx'), 'HealthSection'),
  }),
  createRoute({
    ...parent,
    path: '/findings',
    component: lazyRouteComponent(() => import('./findings/findings-section.tsx'), 'FindingsSection'),
  }),
  createRoute({
    ...parent,
    path: '/letters',
    component: lazyRouteComponent(() => import('./letters/letters-section.tsx'), 'LettersSection'),
  }),
  createRoute({
    ...parent,
    path: '/audit',
    component: lazyRouteComponent(() => import('./audit/audit-section.tsx'), 'AuditSection'),
  }),
];

/** Filters stand in the address as they are: a number there is a text. */
export const router = createRouter({
  routeTree: root.addChildren(routes),
  basepath: BASE,
  parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch: (search) => {
    const text = new URLSearchParams(search as Record<string, string>).toString();
    return text === '' ? '' : `?${text}`;
  },
  defaultPendingComponent: Loading,
  defaultErrorComponent: Crashed,
  scrollRestoration: true,
});

function NotFound() {
  const t = useMessages(consoleMessages);
  return (
    <Stack align="flex-start">
      <Title order={1} size="h2">
        {t('notFound')}
      </Title>
      <GoTo path="/">{t('notFoundLink')}</GoTo>
    </Stack>
  );
}
