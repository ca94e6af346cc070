import { Badge, Box, Divider, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { IconMessageCircle, IconPhone } from '@tabler/icons-react';
import type { Account, AutoTopUp } from '../../client/types.gen.ts';
import { useFormats } from '../../shared/i18n/use-formats.ts';
import { useMessages } from '../../shared/i18n/use-messages.ts';
import { settingsMessages } from './messages.ts';
import { SettingsForm } from './settings-form.tsx';
import type { Wallet } from './settings-types.ts';
import { stateMessages } from './state-messages.ts';
import { useReasonText } from './use-reason-text.ts';
import { walletMessages } from './wallet-messages.ts';

const ICONS = { call_minutes: IconPhone, chat_credits: IconMessageCircle };

/** One wallet: its balance, what automatic top-up is doing, and the settings. */
export function WalletCard({
  wallet,
  account,
  onDirty,
}: {
  wallet: Wallet;
  account: Account;
  onDirty: (wallet: Wallet, dirty: boolean) => void;
}) {
  const t = useMessages(settingsMessages);
  const { balance, held, available, autoTopUp } = account.wallets[wallet];
  const Icon = ICONS[wallet];
  return (
    <Paper
      component="section"
      className="wallet-card"
      withBorder
      p={{ base: 'md', sm: 'lg' }}
      aria-labelledby={`wallet-${wallet}`}
      data-testid={`wallet-${wallet}`}
    >
      <Stack gap="md">
        <Group gap="xs" wrap="nowrap">
          <Icon size={22} aria-hidden />
          <Title order={2} size="h3" id={`wallet-${wallet}`}>
            {t(wallet)}
          </Title>
        </Group>
        <Balance wallet={wallet} balance={balance} held={held} available={available} />
        <State autoTopUp={autoTopUp} />
        <Text size="sm" c="dimmed">
          {t(wallet === 'call_minutes' ? 'campaignOnly' : 'usedFor')}
        </Text>
      </Stack>
      <Stack gap="md">
        <Divider />
        <SettingsForm wallet={wallet} onDirty={onDirty} />
      </Stack>
    </Paper>
  );
}

function Balance({
  wallet,
  balance,
  held,
  available,
}: {
  wallet: Wallet;
  balance: number;
  held: number;
  available: number;
}) {
  const t = useMessages(walletMessages);
  const { number } = useFormats();
  const unit = wallet === 'call_minutes' ? 'minutes' : 'credits';
  return (
    <Box>
      <Text size="sm" c="dimmed">
        {t('balance')}
      </Text>
      <Text
        fz={32}
        fw={700}
        lh={1.15}
        c={balance < 0 ? 'var(--mantine-color-error)' : undefined}
        data-testid={`balance-${wallet}`}
      >
        {t(unit, { balance: number(balance) })}
      </Text>
      {held > 0 && (
        <Text size="sm" c="dimmed">
          {t('held', {
            held: t(unit, { balance: number(held) }),
            available: t(unit, { balance: number(available) }),
          })}
        </Text>
      )}
    </Box>
  );
}

const COLOURS = {
  off: 'gray',
  armed: 'green',
  charging: 'blue',
  action_required: 'orange',
  retrying: 'yellow',
  unknown: 'yellow',
  suspended: 'red',
  blocked: 'red',
} as const satisfies Record<AutoTopUp['state'], string>;

/** What automatic top-up is doing, why, and when something happens next. */
function State({ autoTopUp: { state, reason, nextWakeAt } }: { autoTopUp: AutoTopUp }) {
  const t = useMessages(stateMessages);
  const labels = useMessages(walletMessages);
  const reasonText = useReasonText();
  const { dateTime } = useFormats();
  const when = nextWakeAt === null ? null : dateTime(nextWakeAt);
  return (
    <Stack gap={4} align="flex-start" data-testid="state" data-state={state}>
      <Group gap="xs">
        <Text size="sm" fw={600}>
          {labels('status')}
        </Text>
        <Badge variant="light" color={COLOURS[state]} tt="none">
          {t(`state_${state}`)}
        </Badge>
      </Group>
      <Text size="sm">
        {reason === null ? '' : reasonText(reason)}
        {when !== null && ` ${t(state === 'action_required' ? 'actionUntil' : 'nextAt', { when })}`}
      </Text>
    </Stack>
  );
}
