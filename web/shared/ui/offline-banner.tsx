import { Alert } from '@mantine/core';
import { useNetwork } from '@mantine/hooks';
import { IconWifiOff } from '@tabler/icons-react';
import { useMessages } from '../i18n/use-messages.ts';
import { sharedMessages } from '../messages.ts';

/** Tells while the browser has no connection. */
export function OfflineBanner() {
  const t = useMessages(sharedMessages);
  const { online } = useNetwork();
  if (online) return null;
  return (
    <Alert
      color="yellow"
      role="alert"
      mb="md"
      title={t('offlineTitle')}
      icon={<IconWifiOff aria-hidden />}
      data-testid="offline"
    >
      {t('offlineText')}
    </Alert>
  );
}
