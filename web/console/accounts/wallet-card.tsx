import { Group, Paper, Stack, Text, Title } from '@mantine/core';
import type { Account, Wallet } from '../../client/types.gen.ts';
import { useFormats } from '../../shared/i18n/use-formats.ts';
import { useMessages } from '../../shared/i18n/use-messages.ts';
import { Fact } from '../fact.tsx';
import { Mark, type Tone } from '../words/mark.tsx';
import { useWords } from '../words/use-words.ts';
import { accountMessages } from './messages.ts';

type Standing = Account['wallets'][Wallet];

const TONES: Record<Standing['autoTopUp']['state'], Tone> = {
  off: 'neutral',
  armed: 'good',
  charging: 'waiting',
  action_required: 'waiting',
  retrying: 'waiting',
  unknown: 'bad',
  suspended: 'bad',
  blocked: 'bad',
};

/** One balance with its settings and what automatic top-up is doing for it. */
export function WalletCard({ wallet, standing }: { wallet: Wallet; standing: Standing }) {
  const t = useMessages(accountMessages);
  const words = useWords();
  const formats = useFormats();
  const { balance, available, settings } = standing;
  const { state, reason, nextWakeAt } = standing.autoTopUp;
  return (
    <Paper withBorder p="md" component="section" data-wallet={wallet}>
      <Stack gap="xs">
        <Title order={2} size="h4">
          {words.wallet(wallet)}
        </Title>
        <Group gap="lg">
          <Text size="xl" fw={700} data-testid={`balance-${wallet}`}>
            {words.units(wallet, balance)}
          </Text>
          <Mark tone={TONES[state]}>{words.code('auto', state)}</Mark>
        </Group>
        {available !== balance && <Fact label={t('available')}>{words.units(wallet, available)}</Fact>}
        {reason !== null && <Fact label={t('because')}>{words.code('why', reason)}</Fact>}
        {nextWakeAt !== null && <Fact label={t('nextWake')}>{formats.relative(nextWakeAt)}</Fact>}
        {settings === null ? (
          <Text size="sm" c="dimmed">
            {t('noSettings')}
          </Text>
        ) : (
          <div>
            <Text size="sm" c="dimmed">
              {t('settings', { version: settings.version })}
            </Text>
            <Text size="sm">
              {t('settingsText', {
                state: t(settings.enabled ? 'on' : 'off'),
                below: words.units(wallet, settings.topUpBelow),
                amount: formats.euros(settings.amount),
                alert: words.units(wallet, settings.alertBelow),
                cap: settings.monthlyCap === null ? t('noCap') : formats.euros(settings.monthlyCap),
              })}
            </Text>
          </div>
        )}
      </Stack>
    </Paper>
  );
}
