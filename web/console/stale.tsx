import { Alert } from '@mantine/core';
import { useFormats } from '../shared/i18n/use-formats.ts';
import { useMessages } from '../shared/i18n/use-messages.ts';
import { consoleMessages } from './messages.ts';

type Look = { readonly isRefetchError: boolean; readonly dataUpdatedAt: number };

/** Says that what is shown is old, while looking again fails: whoever acts on it must not take it for the present. */
export function Stale({ query }: { query: Look }) {
  const t = useMessages(consoleMessages);
  const formats = useFormats();
  if (!query.isRefetchError) return null;
  return (
    <Alert color="yellow" role="alert" title={t('staleTitle')}>
      {t('stale', { at: formats.dateTime(new Date(query.dataUpdatedAt).toISOString()) })}
    </Alert>
  );
}
