import { Title } from '@mantine/core';
import { useMessages } from '../../shared/i18n/use-messages.ts';
import { frameMessages } from '../messages.ts';

/** Balances and settings of both wallets. */
export function TopUpSection() {
  const t = useMessages(frameMessages);
  return <Title order={1}>{t('navTopUp')}</Title>;
}
