import '@mantine/core/styles.layer.css';
import '@mantine/notifications/styles.layer.css';
import './theme.css';
import { MantineProvider } from '@mantine/core';
import { QueryClientProvider, type QueryClient } from '@tanstack/react-query';
import { StrictMode, type ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import { LocaleProvider } from './i18n/locale.tsx';
import { theme } from './theme.ts';
import { Announcer } from './ui/announcer.tsx';
import { ErrorBoundary } from './ui/error-boundary.tsx';
import { loadAheadWhenIdle } from './ui/lazy-part.tsx';
import { Toasts } from './ui/toasts.tsx';

/** Shows a page with all that both pages share: theme, language, cache, toasts and the region that is read out. */
export function showPage(queries: QueryClient, page: ReactNode): void {
  const root = document.getElementById('root');
  if (root === null) throw new Error('the document has no #root');
  createRoot(root).render(
    <StrictMode>
      <MantineProvider theme={theme} defaultColorScheme="auto">
        <LocaleProvider>
          <ErrorBoundary>
            <QueryClientProvider client={queries}>
              <Toasts position="bottom-right" limit={4} />
              <Announcer>{page}</Announcer>
            </QueryClientProvider>
          </ErrorBoundary>
        </LocaleProvider>
      </MantineProvider>
    </StrictMode>,
  );
  loadAheadWhenIdle();
}
