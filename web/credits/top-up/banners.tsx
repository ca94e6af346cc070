import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { IconAlertTriangle, IconCreditCard, IconShieldLock } from '@tabler/icons-react';
import { useEffect, type ReactNode } from 'react';
import { getAccountQueryKey, listTopUpsOptions } from '../../client/@tanstack/react-query.gen.ts';
import { resumeAutoTopUp } from '../../client/sdk.gen.ts';
import type { Account, TopUp } from '../../client/types.gen.ts';
import { useFormats } from '../../shared/i18n/use-formats.ts';
import { useMessages } from '../../shared/i18n/use-messages.ts';
import { useToast } from '../../shared/ui/use-toast.ts';
import { useProblemText } from '../../shared/use-problem-text.ts';
import { expiryOf, expiryState, useOpenPage } from './payment-method.tsx';
import { settingsMessages } from './messages.ts';
import { useReasonText } from './use-reason-text.ts';
import { walletMessages } from './wallet-messages.ts';
import { LINK_OUT } from '../leave-to.ts';

/** What the customer has to know or to do, most urgent first. */
export function Banners({ account }: { account: Account }) {
  return (
    <Stack gap="sm" className="stack-if-any">
      <ActionsRequired account={account} />
      <Suspended account={account} />
      <CardExpiry account={account} />
    </Stack>
  );
}

/** Payments that wait for the customer; read again whenever something has changed. */
function ActionsRequired({ account }: { account: Account }) {
  const { data, refetch } = useQuery({
    ...listTopUpsOptions({ path: { id: account.id }, query: { state: 'action_required', limit: 10 } }),
  });
  const changes = JSON.stringify([
    account.wallets.call_minutes.autoTopUp,
    account.wallets.chat_credits.autoTopUp,
  ]);
  useEffect(() => void refetch(), [changes, account.wallets, refetch]);
  return data?.items.map((topUp) => <ActionRequired key={topUp.id} topUp={topUp} />);
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
  const problemText = useProblemText();
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
  const failure = resume.error ?? open.error;
  const text = `${reasonText(suspension.reason)} ${t(canResume ? 'suspendedMend' : 'suspendedSupport')}`;
  return (
    <Banner colour="red" icon={<IconAlertTriangle aria-hidden />} title={t('suspendedTitle')} text={text}>
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
      {failure !== null && <Text size="sm">{problemText(failure)}</Text>}
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
    >
      <Button loading={open.isPending} onClick={() => open.mutate('card')}>
        {t('replaceCard')}
      </Button>
    </Banner>
  );
}

function Banner({
  colour,
  icon,
  title,
  text,
  children,
}: {
  colour: string;
  icon: ReactNode;
  title: string;
  text: string;
  children: ReactNode;
}) {
  return (
    <Alert color={colour} role="alert" title={title} icon={icon}>
      <Stack gap="sm" align="flex-start">
        <Text size="sm">{text}</Text>
        <Group gap="sm">{children}</Group>
      </Stack>
    </Alert>
  );
}
