import { Alert } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import { useMessages } from '../../shared/i18n/use-messages.ts';
import { sharedMessages } from '../../shared/messages.ts';
import { putAside, useReturned } from '../returned.ts';
import { walletMessages } from './wallet-messages.ts';

/** What has just been finished on a page of the payment provider; its news may take a moment longer. */
export function ReturnedNotice() {
  const t = useMessages(walletMessages);
  const shared = useMessages(sharedMessages);
  const returned = useReturned();
  if (returned === null) return null;
  return (
    <Alert
      color="green"
      role="status"
      icon={<IconCircleCheck aria-hidden />}
      withCloseButton
      closeButtonLabel={shared('close')}
      onClose={putAside}
      data-testid="returned"
    >
      {t(`back_${returned.what}`)}
    </Alert>
  );
}
