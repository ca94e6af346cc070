import { Anchor, Badge, Button, Group, Paper, Stack, Text } from '@mantine/core';
import { IconFileInvoice } from '@tabler/icons-react';
import type { TopUp } from '../../client/types.gen.ts';
import { useFormats } from '../../shared/i18n/use-formats.ts';
import { useMessages } from '../../shared/i18n/use-messages.ts';
import { useUnits } from '../units.ts';
import { historyMessages } from './messages.ts';

const COLOURS = {
  pending: 'blue',
  charging: 'blue',
  paid: 'blue',
  credited: 'green',
  action_required: 'orange',
  retrying: 'orange',
  unknown: 'orange',
  failed: 'red',
  canceled: 'gray',
  refunded: 'gray',
  disputed: 'red',
} as const satisfies Record<TopUp['state'], string>;

const WAITING: ReadonlySet<TopUp['state']> = new Set(['action_required', 'retrying']);

/** One purchase: for what, how it stands, what it cost, and its invoice. */
export function TopUpCard({ item }: { item: TopUp }) {
  const t = useMessages(historyMessages);
  const { euros, dateTime } = useFormats();
  const units = useUnits();
  return (
    <Paper component="li" withBorder p="md" data-testid="top-up" data-state={item.state}>
      <Stack gap={6}>
        <Group justify="space-between" align="flex-start" gap="xs">
          <Text fw={600} style={{ flex: '1 1 200px' }}>
            {t('bought', { amount: euros(item.amount), units: units(item.wallet, item.units) })}
          </Text>
          <Badge
            color={COLOURS[item.state]}
            variant="dot"
            tt="none"
            styles={{ label: { whiteSpace: 'normal' } }}
            h="auto"
          >
            {t(`state_${item.state}`)}
          </Badge>
        </Group>
        <Text size="sm" c="dimmed">
          <time dateTime={item.createdAt}>{dateTime(item.createdAt)}</time>
          {` · ${t(`trigger_${item.trigger}`)}`}
          {item.attempts > 1 && ` · ${t('attempts', { count: item.attempts })}`}
        </Text>
        <Sum item={item} />
        {WAITING.has(item.state) || item.state === 'failed' ? <Failure item={item} /> : null}
        <Links item={item} />
      </Stack>
    </Paper>
  );
}

function Sum({ item: { amount, vat, total } }: { item: TopUp }) {
  const t = useMessages(historyMessages);
  const { euros } = useFormats();
  if (vat === null || total === null) return null;
  const text =
    vat === 0
      ? t('sumWithoutVat', { total: euros(total) })
      : t('sum', { net: euros(amount), vat: euros(vat), total: euros(total) });
  return <Text size="sm">{text}</Text>;
}

function Failure({ item: { failure } }: { item: TopUp }) {
  const t = useMessages(historyMessages);
  if (failure === null) return null;
  const key = `failure_${failure}`;
  // A newer service may know reasons that this page does not.
  return <Text size="sm">{t(isKey(key) ? key : 'failure_unknown')}</Text>;
}

function isKey(key: string): key is keyof (typeof historyMessages)['en'] {
  return Object.hasOwn(historyMessages.en, key);
}

function Links({ item }: { item: TopUp }) {
  const t = useMessages(historyMessages);
  const isWaiting = WAITING.has(item.state) && item.actionUrl !== null;
  if (item.invoicePdf === null && !isWaiting) return null;
  const number = item.invoiceNumber ?? '';
  return (
    <Group gap="md">
      {isWaiting && item.actionUrl !== null && (
        <Button component="a" href={item.actionUrl} target="_top" size="compact-md">
          {t(item.state === 'retrying' ? 'payNow' : 'confirm')}
        </Button>
      )}
      {item.invoicePdf !== null && (
        <Anchor
          href={item.invoicePdf}
          target="_blank"
          rel="noreferrer"
          size="sm"
          aria-label={t('invoiceNew', { number })}
        >
          <Group gap={4} component="span" wrap="nowrap">
            <IconFileInvoice size={16} aria-hidden />
            {t('invoice', { number })}
          </Group>
        </Anchor>
      )}
    </Group>
  );
}
