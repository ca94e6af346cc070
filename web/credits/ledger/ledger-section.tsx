import { SegmentedControl, Stack, Title } from '@mantine/core';
import { useState } from 'react';
import { useMessages } from '../../shared/i18n/use-messages.ts';
import type { Wallet } from '../units.ts';
import { unitMessages } from '../units-messages.ts';
import { BalanceCard } from './balance-card.tsx';
import { LedgerEntries } from './ledger-entries.tsx';
import { ledgerMessages } from './messages.ts';

/** How one balance went, where it leads, and every entry behind it. */
export function LedgerSection() {
  const t = useMessages(ledgerMessages);
  const nameOf = useMessages(unitMessages);
  const [wallet, setWallet] = useState<Wallet>('call_minutes');
  return (
    <Stack maw={1000}>
      <Title order={1} size="h2">
        {t('title')}
      </Title>
      <SegmentedControl<Wallet>
        aria-label={t('wallet')}
        value={wallet}
        onChange={setWallet}
        style={{ alignSelf: 'flex-start' }}
        data={[
          { value: 'call_minutes', label: nameOf('call_minutes') },
          { value: 'chat_credits', label: nameOf('chat_credits') },
        ]}
      />
      <BalanceCard wallet={wallet} />
      <LedgerEntries key={wallet} wallet={wallet} />
    </Stack>
  );
}
