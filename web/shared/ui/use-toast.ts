import { createElement, useCallback } from 'react';
import type { Locale } from '../i18n/catalogue.ts';
import { useMessages } from '../i18n/use-messages.ts';
import { sharedMessages } from '../messages.ts';
import { Toasts } from './toasts.tsx';

export type Toast = {
  title?: string;
  message: string;
  tone: 'good' | 'bad' | 'note';
  /** Of the texts, when it is not the page's. */
  lang?: Locale | undefined;
};

const COLOURS = { good: 'green', bad: 'red', note: 'blue' } as const;
const STAYS_MS = { good: 6_000, bad: 15_000, note: 8_000 } as const;

/** Shows a short message in the corner; screen readers read it out, and its close button has a name. Never fails: what it
 *  tells of has happened, whether it can be told or not. */
export function useToast(): (toast: Toast) => Promise<void> {
  const t = useMessages(sharedMessages);
  return useCallback(
    async ({ title, message, tone, lang }) => {
      await Toasts.preload();
      const toasts = await import('@mantine/notifications').catch(() => null);
      toasts?.notifications.show({
        title: title === undefined ? undefined : createElement('span', { lang }, title),
        message: createElement('span', { lang }, message),
        color: COLOURS[tone],
        autoClose: STAYS_MS[tone],
        role: tone === 'bad' ? 'alert' : 'status',
        closeButtonProps: { 'aria-label': t('close') },
      });
    },
    [t],
  );
}
