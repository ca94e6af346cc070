import { Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { Account } from '../../client/types.gen.ts';
import { useMessages } from '../../shared/i18n/use-messages.ts';
import { Banner } from './banner.tsx';
import { useOpenPage } from './payment-method.tsx';
import { WALLETS } from './settings-types.ts';
import { useReasonText } from './use-reason-text.ts';
import { walletMessages } from './wallet-messages.ts';

/** Reasons that the customer mends on a page of the payment provider, and on which. */
const MENDED_ON = { no_payment_method: 'card', tax_location_unknown: 'profile' } as const;
type Mendable = keyof typeof MENDED_ON;

/** That nothing can be charged, for a reason that the customer can mend: one banner for both wallets, because there is
 *  one card and one billing address. */
export function Blocked({ account: { id, wallets } }: { account: Account }) {
  const t = useMessages(walletMessages);
  const reasonText = useReasonText();
  const open = useOpenPage(id);
  const reason = WALLETS.map((wallet) => wallets[wallet].autoTopUp)
    .filter(({ state }) => state === 'blocked')
    .map((autoTopUp) => autoTopUp.reason)
    .find(isMendable);
  if (reason === undefined) return null;
  const page = MENDED_ON[reason];
  return (
    <Banner
      colour="red"
      icon={<IconAlertTriangle aria-hidden />}
      title={t('blockedTitle')}
      text={reasonText(reason)}
      error={open.error}
    >
      <Button loading={open.isPending} onClick={() => open.mutate(page)}>
        {t(page === 'card' ? 'addCard' : 'billingProfile')}
      </Button>
    </Banner>
  );
}

function isMendable(reason: string | null): reason is Mendable {
  return reason !== null && reason in MENDED_ON;
}
