import { Anchor, type AnchorProps } from '@mantine/core';
import { IconExternalLink } from '@tabler/icons-react';
import { useParams, useRouter, useRouterState } from '@tanstack/react-router';
import { useCallback, useMemo, type MouseEvent, type ReactNode } from 'react';
import { useMessages } from '../shared/i18n/use-messages.ts';
import { consoleMessages } from './messages.ts';
import { BASE } from './paths.ts';

/** Goes to another part of the console without loading the page again. */
export function useGoTo(): (path: string, options?: { replace?: boolean }) => void {
  const { history } = useRouter();
  return useCallback(
    (path, { replace = false } = {}) => {
      const address = addressOf(path);
      if (replace) history.replace(address);
      else history.push(address);
    },
    [history],
  );
}

/** What a link's click does; a click that opens a new tab is left to the browser. */
export function useLinkTo(path: string): { href: string; onClick: (event: MouseEvent) => void } {
  const goTo = useGoTo();
  return {
    href: addressOf(path),
    onClick: (event) => {
      if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      goTo(path);
    },
  };
}

export function GoTo({ path, children, ...style }: { path: string; children: ReactNode } & AnchorProps) {
  const link = useLinkTo(path);
  return (
    <Anchor size="sm" underline="always" {...style} {...link}>
      {children}
    </Anchor>
  );
}

/** A page outside of the console. */
export function Outside({ url, children }: { url: string; children: string }) {
  const t = useMessages(consoleMessages);
  return (
    <Anchor
      size="sm"
      underline="always"
      href={url}
      target="_blank"
      rel="noreferrer"
      aria-label={t('opensNewTab', { label: children })}
    >
      {children} <IconExternalLink size={14} aria-hidden style={{ verticalAlign: '-2px' }} />
    </Anchor>
  );
}

/** The path of the open section, below the console. */
export function useHere(): string {
  const path = useRouterState({ select: ({ location }) => location.pathname });
  return path === '' ? '/' : path;
}

/** The id in the path of the section that is shown, which on the way to another one is still that of before. */
export function useIdInPath(): string {
  return useParams({ strict: false, select: (params) => (params as { id?: string }).id ?? '' });
}

/** What stands behind the `?` of the address. */
export function useSearchTexts(): URLSearchParams {
  const text = useRouterState({ select: ({ location }) => location.searchStr });
  return useMemo(() => new URLSearchParams(text), [text]);
}

function addressOf(path: string): string {
  return path === '/' || path.startsWith('/?') ? `${BASE}${path.slice(1)}` : `${BASE}${path}`;
}
