import { Button, Stack } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { IconAlertTriangle, IconCreditCard, IconShieldLock } from '@tabler/icons-react';
import { useEffect } from 'react';
import { getAccountQueryKey } from '../../client/@tanstack/react-query.gen.ts';
import { resumeAutoTopUp } from '../../client/sdk.gen.ts';
import type { Account, TopUp } from '../../client/types.gen.ts';
import { useFormats } from '../../shared/i18n/use-formats.ts';
import { useMessages } from '../../shared/i18n/use-messages.ts';
import { useToast } from '../../shared/ui/use-toast.ts';
import { waitingTopUpsOptions } from '../first-view.ts';
import { useReturned } from '../returned.ts';
import { Banner } from './banner.tsx';
import { Blocked } from './blocked.tsx';
import { expiryOf, expiryState, useOpenPage } from './payment-method.tsx';
import { settingsMessages } from './messages.ts';
import { ReturnedNotice } from './returned-notice.tsx';
import { useReasonText } from './use-reason-text.ts';
import { walletMessages } from './wallet-messages.ts';
import { LINK_OUT } from '../leave-to.ts';

/** What the customer has to know or to do, most urgent first. */
export function Banners({ account }: { account: Account }) {
  return (
    <Stack gap="sm" className="stack-if-any">
      <ReturnedNotice />
      <ActionsRequired account={account} />
      <Suspended account={account} />
      <Blocked account={account} />
      <CardExpiry account={account} />
    </Stack>
  );
}

/** Payments that wait for the customer; read again whenever something has changed. */
function ActionsRequired({ account }: { account: Account }) {
  const { data, refetch } = useQuery(waitingTopUpsOptions(account.id));
  const returned = useReturned();
  const changes = JSON.stringify([
    account.wallets.call_minutes.autoTopUp,
    account.wallets.chat_credits.autoTopUp,
  ]);
  useEffect(() => void refetch(), [changes, account.wallets, refetch]);
  // Paid a moment ago, although the news of it has not arrived: nobody is asked to pay twice.
  const unpaid = data?.items.filter(({ id }) => id !== returned?.topUpId);
  return unpaid?.map((topUp) => <ActionRequired key={topUp.id} topUp={topUp} />);
}

function ActionRequired({ topUp: { wallet, trigger, amount, total, actionUrl } }: { topUp: TopUp }) {
  const t = useMessages(walletMessages);
  const names = useMessages(settingsMessages);
  const { euros } = useFormats();
  if (actionUrl === null) return null;
  const isPage = trigger === 'manual' && total === null;
  return (
    <Banner
      colour={isPage ? 'blue' : 'orange'}
      icon={isPage ? <IconCreditCard aria-hidden /> : <IconShieldLock aria-hidden />}
      title={t(isPage ? 'pageTitle' : 'actionTitle')}
      text={t(isPage ? 'pageText' : 'actionText', { amount: euros(total ?? amount), wallet: names(wallet) })}
    >
      <Button component="a" href={actionUrl} {...LINK_OUT}>
        {t(isPage ? 'pageButton' : 'actionButton')}
      </Button>
    </Banner>
  );
}

function Suspended({ account: { id, suspension } }: { account: Account }) {
  const t = useMessages(walletMessages);
  const reasonText = useReasonText();
  const toast = useToast();
  const queries = useQueryClient();
  const open = useOpenPage(id);
  const resume = useMutation({
    mutationFn: () => resumeAutoTopUp({ path: { id }, body: {}, throwOnError: true }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: getAccountQueryKey({ path: { id } }) });
      await toast({ tone: 'good', message: t('resumed') });
    },
  });
  if (suspension === null) return null;
  const canResume = suspension.reason === 'repeated_failures' || suspension.reason === 'hard_decline';
  const text = `${reasonText(suspension.reason)} ${t(canResume ? 'suspendedMend' : 'suspendedSupport')}`;
  return (
    <Banner
      colour="red"
      icon={<IconAlertTriangle aria-hidden />}
      title={t('suspendedTitle')}
      text={text}
      error={resume.error ?? open.error}
    >
      {canResume && (
        <>
          <Button loading={open.isPending} onClick={() => open.mutate('card')}>
            {t('replaceCard')}
          </Button>
          <Button variant="default" loading={resume.isPending} onClick={() => resume.mutate()}>
            {t('resume')}
          </Button>
        </>
      )}
    </Banner>
  );
}

function CardExpiry({ account: { id, paymentMethod: card } }: { account: Account }) {
  const t = useMessages(walletMessages);
  const open = useOpenPage(id);
  const state = card === null ? null : expiryState(card);
  if (card === null || state === null) return null;
  const isExpired = state === 'expired';
  return (
    <Banner
      colour={isExpired ? 'red' : 'yellow'}
      icon={<IconCreditCard aria-hidden />}
      title={t(isExpired ? 'expiredTitle' : 'expiresSoonTitle')}
      text={isExpired ? t('expiredText') : t('expiresSoonText', expiryOf(card))}
      error={open.error}
    >
      <Button loading={open.isPending} onClick={() => open.mutate('card')}>
        {t('replaceCard')}
      </Button>
    </Banner>
  );
}
