import { Alert } from '@mantine/core';
import { useNetwork } from '@mantine/hooks';
import { IconWifiOff } from '@tabler/icons-react';
import { useMessages } from '../i18n/use-messages.ts';
import { sharedMessages } from '../messages.ts';

/** Tells while the browser has no connection, or has one and the service does not answer. */
export function ConnectionBanner({ isUnreachable }: { isUnreachable: boolean }) {
  const t = useMessages(sharedMessages);
  const { online } = useNetwork();
  if (online && !isUnreachable) return null;
  return (
    <Alert
      color="yellow"
      role="alert"
      mb="md"
      title={t(online ? 'unreachableTitle' : 'offlineTitle')}
      icon={<IconWifiOff aria-hidden />}
      data-testid={online ? 'unreachable' : 'offline'}
    >
      {t('offlineText')}
    </Alert>
  );
}
