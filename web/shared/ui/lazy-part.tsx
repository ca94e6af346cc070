import { Alert, Button, Stack, Text } from '@mantine/core';
import { useEffect, useRef, useSyncExternalStore, type ComponentType, type ReactNode } from 'react';
import { useMessages } from '../i18n/use-messages.ts';
import { sharedMessages } from '../messages.ts';
import { ErrorBoundary } from './error-boundary.tsx';

type LazyPartOptions = {
  /** In its place while it loads. */
  waiting?: ReactNode;
  /** What happens where it would stand when it cannot be loaded: it is said; it is said and gets the focus, for what
   *  somebody has just asked for; or nothing, for what nobody misses. */
  onFailure?: 'say' | 'focus' | 'nothing';
  /** Waits, although it is shown, until the page has nothing else to do. */
  isPatient?: boolean;
  /** Loads when it is shown and not before, such as a chart. */
  onlyWhenShown?: boolean;
};

type LazyPart<Props> = ((props: Props) => ReactNode) & {
  /** Loads it before it is shown. Never rejects: whether it failed is said where it would stand. */
  preload: () => Promise<void>;
};

/** What can be loaded ahead, and has not been asked for yet. */
const ahead = new Set<() => Promise<void>>();

/** A part of the page that loads by itself. When it cannot be loaded, because there is no connection or a new version of
 *  the page has replaced it, it says so in its own place and can be tried again: nothing around it is lost, above all
 *  nothing that has been typed. (`React.lazy` keeps a failure for good and takes all up to the next boundary with it.) */
export function lazyPart<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  { waiting = null, onFailure = 'say', isPatient = false, onlyWhenShown = false }: LazyPartOptions = {},
): LazyPart<Props> {
  const part = createLoading(load);
  if (!onlyWhenShown) ahead.add(part.load);
  function Part(props: Props) {
    const state = useSyncExternalStore(part.subscribe, part.state);
    useEffect(() => {
      if (!isPatient) void part.load();
    }, []);
    if (state.status === 'loading') return waiting;
    if (state.status === 'failed') {
      if (onFailure === 'nothing') return null;
      return <NotLoaded hasFocus={onFailure === 'focus'} onRetry={() => void part.load()} />;
    }
    return (
      <ErrorBoundary>
        <state.Component {...props} />
      </ErrorBoundary>
    );
  }
  return Object.assign(Part, { preload: part.load });
}

/** Loads what the page may need later, one part after the other, once it has nothing else to do: from then on it needs
 *  no connection for them, and no file that a new version may have taken away. */
export function loadAheadWhenIdle(): void {
  const loadAll = async () => {
    for (const load of ahead) await load();
  };
  const whenIdle = () => {
    // Safari has none.
    if (typeof requestIdleCallback === 'function')
      requestIdleCallback(() => void loadAll(), { timeout: AHEAD_AFTER_MS });
    else setTimeout(() => void loadAll(), AHEAD_AFTER_MS);
  };
  if (document.readyState === 'complete') whenIdle();
  else window.addEventListener('load', whenIdle, { once: true });
  window.addEventListener('online', whenIdle);
}

const AHEAD_AFTER_MS = 500;

type State<Props> =
  | { readonly status: 'loading' }
  | { readonly status: 'loaded'; readonly Component: ComponentType<Props> }
  | { readonly status: 'failed' };

function createLoading<Props>(load: () => Promise<ComponentType<Props>>) {
  let state: State<Props> = { status: 'loading' };
  let loading: Promise<void> | null = null;
  const listeners = new Set<() => void>();
  const become = (next: State<Props>) => {
    state = next;
    for (const listener of listeners) listener();
  };
  const subscribe = (listener: () => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
  /** Once at a time, and never again once it is there. */
  const begin = (): Promise<void> => {
    if (state.status === 'loaded') return Promise.resolve();
    if (state.status === 'failed') become({ status: 'loading' });
    loading ??= load()
      .then(
        (Component) => become({ status: 'loaded', Component }),
        () => become({ status: 'failed' }),
      )
      .finally(() => {
        loading = null;
      });
    return loading;
  };
  return { state: () => state, subscribe, load: begin };
}

function NotLoaded({ hasFocus, onRetry }: { hasFocus: boolean; onRetry: () => void }) {
  const t = useMessages(sharedMessages);
  const alert = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (hasFocus) alert.current?.focus();
  }, [hasFocus]);
  return (
    <Alert ref={alert} tabIndex={-1} color="yellow" role="alert" title={t('partTitle')}>
      <Stack align="flex-start">
        <Text size="sm">{t('partText')}</Text>
        <Button variant="default" onClick={onRetry}>
          {t('retry')}
        </Button>
      </Stack>
    </Alert>
  );
}
