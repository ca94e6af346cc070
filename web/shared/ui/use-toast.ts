import { useCallback } from 'react';
import { useMessages } from '../i18n/use-messages.ts';
import { sharedMessages } from '../messages.ts';

export type Toast = { title?: string; message: string; tone: 'good' | 'bad' | 'note' };

const COLOURS = { good: 'green', bad: 'red', note: 'blue' } as const;
const STAYS_MS = { good: 6_000, bad: 15_000, note: 8_000 } as const;

/** Shows a short message in the corner; screen readers read it out, and its close button has a name. */
export function useToast(): (toast: Toast) => Promise<void> {
  const t = useMessages(sharedMessages);
  return useCallback(
    async ({ title, message, tone }) => {
      const { notifications } = await import('@mantine/notifications');
      notifications.show({
        title,
        message,
        color: COLOURS[tone],
        autoClose: STAYS_MS[tone],
        role: tone === 'bad' ? 'alert' : 'status',
        closeButtonProps: { 'aria-label': t('close') },
      });
    },
    [t],
  );
}
