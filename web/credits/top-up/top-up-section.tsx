import { SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { useBlocker } from '@tanstack/react-router';
import { useCallback, useState } from 'react';
import { useMessages } from '../../shared/i18n/use-messages.ts';
import { lazyPart } from '../../shared/ui/lazy-part.tsx';
import { useAccount } from '../account.ts';
import { frameMessages } from '../messages.ts';
import { Banners } from './banners.tsx';
import { PaymentMethod } from './payment-method.tsx';
import { WALLETS, type Wallet } from './settings-types.ts';
import { useAnnouncedBalances } from './use-announced-balances.ts';
import { WalletCard } from './wallet-card.tsx';
import { walletMessages } from './wallet-messages.ts';

const LeaveDialog = lazyPart(async () => (await import('./leave-dialog.tsx')).LeaveDialog, {
  onFailure: 'focus',
});

/** Balances, settings of both wallets, and the card that pays. */
export function TopUpSection() {
  const t = useMessages(walletMessages);
  const frame = useMessages(frameMessages);
  const { data: account } = useAccount();
  const [dirty, setDirty] = useState<Readonly<Record<Wallet, boolean>>>({
    call_minutes: false,
    chat_credits: false,
  });
  const onDirty = useCallback(
    (wallet: Wallet, isDirty: boolean) =>
      setDirty((known) => (known[wallet] === isDirty ? known : { ...known, [wallet]: isDirty })),
    [],
  );
  const isDirty = dirty.call_minutes || dirty.chat_credits;
  const blocker = useBlocker({
    shouldBlockFn: useCallback(() => isDirty, [isDirty]),
    enableBeforeUnload: isDirty,
    withResolver: true,
  });
  useAnnouncedBalances(account);
  if (account === undefined) return null;
  return (
    <Stack gap="lg" maw={1120}>
      <div>
        <Title order={1} size="h2">
          {frame('navTopUp')}
        </Title>
        <Text c="dimmed" maw={720} mt={4}>
          {t('intro')}
        </Text>
      </div>
      <Banners account={account} />
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg" verticalSpacing="lg">
        {WALLETS.map((wallet) => (
          <WalletCard key={wallet} wallet={wallet} account={account} onDirty={onDirty} />
        ))}
      </SimpleGrid>
      <PaymentMethod account={account} />
      {blocker.status === 'blocked' && <LeaveDialog onStay={blocker.reset} onLeave={blocker.proceed} />}
    </Stack>
  );
}
