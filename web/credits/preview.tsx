import { Alert, Divider, List, Paper, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconAlertTriangle } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useId, type ReactNode } from 'react';
import { previewSettings } from '../client/sdk.gen.ts';
import type { SaveSettingsData, SettingsPreview } from '../client/types.gen.ts';
import { useFormats } from '../shared/i18n/use-formats.ts';
import { useMessages } from '../shared/i18n/use-messages.ts';
import { useOpenSession } from './account.ts';
import { previewMessages } from './preview-messages.ts';
import { PreviewPast } from './preview-past.tsx';
import { useUnits, type Wallet } from './units.ts';

const TYPING_MS = 400;

type PreviewProps = {
  wallet: Wallet;
  /** The settings as they would be saved; null while they cannot be, such as when a field is empty. */
  settings: SaveSettingsData['body'] | null;
};

/** Says what settings would do: now, to the bill, and in the last 30 days. It follows what is typed, and asks for it
 *  once nobody has typed for a moment. */
export function PreviewPanel({ wallet, settings }: PreviewProps) {
  const t = useMessages(previewMessages);
  const titleId = useId();
  const { data, isError, isPlaceholderData } = usePreview(wallet, settings);
  if (settings === null && data === undefined) return null;
  return (
    <Paper
      role="group"
      aria-labelledby={titleId}
      aria-busy={isPlaceholderData}
      withBorder
      p="md"
      data-testid={`preview-${wallet}`}
    >
      <Stack gap="sm">
        <Title order={3} size="h5" id={titleId}>
          {t('title')}
        </Title>
        {data !== undefined ? (
          <PreviewContent wallet={wallet} preview={data} />
        ) : isError ? (
          <Text size="sm">{t('failed')}</Text>
        ) : (
          <Stack gap="xs">
            <Skeleton height={16} />
            <Skeleton height={16} width="70%" />
          </Stack>
        )}
      </Stack>
    </Paper>
  );
}

function usePreview(wallet: Wallet, settings: SaveSettingsData['body'] | null) {
  const { accountId } = useOpenSession();
  const [settled] = useDebouncedValue(settings === null ? null : JSON.stringify(settings), TYPING_MS);
  return useQuery({
    queryKey: ['preview', accountId, wallet, settled],
    enabled: settled !== null,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      const body = JSON.parse(settled ?? '{}') as SaveSettingsData['body'];
      const { data } = await previewSettings({
        path: { id: accountId, wallet },
        body,
        signal,
        throwOnError: true,
      });
      return data;
    },
  });
}

function PreviewContent({ wallet, preview }: { wallet: Wallet; preview: SettingsPreview }) {
  const t = useMessages(previewMessages);
  return (
    <Stack gap="sm">
      {preview.warnings.length > 0 && <Warnings warnings={preview.warnings} />}
      <Part title={t('now')}>
        <Text size="sm" fw={preview.now.effect === 'charge' ? 600 : undefined} data-testid="preview-now">
          <Now wallet={wallet} now={preview.now} />
        </Text>
      </Part>
      <Divider />
      <Part title={t('price')}>
        <Vat preview={preview} />
      </Part>
      <Divider />
      <Part title={t('past')}>
        <PreviewPast wallet={wallet} replay={preview.replay} />
      </Part>
    </Stack>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Stack gap={2}>
      <Text size="xs" c="dimmed" fw={600}>
        {title}
      </Text>
      {children}
    </Stack>
  );
}

/** Codes that this page does not know yet are told in the API's English. */
function Warnings({ warnings }: Pick<SettingsPreview, 'warnings'>) {
  const t = useMessages(previewMessages);
  const textOf = ({ code, detail }: SettingsPreview['warnings'][number]) => {
    const key = `warning_${code}`;
    return isKey(key) ? t(key) : detail;
  };
  return (
    <Alert color="yellow" icon={<IconAlertTriangle aria-hidden />} p="xs">
      <List size="sm" listStyleType="none">
        {warnings.map((warning) => (
          <List.Item key={warning.code}>{textOf(warning)}</List.Item>
        ))}
      </List>
    </Alert>
  );
}

function Now({ wallet, now }: { wallet: Wallet; now: SettingsPreview['now'] }) {
  const t = useMessages(previewMessages);
  const { euros, dateTime } = useFormats();
  const units = useUnits();
  if (now.effect === 'charge') {
    const values = { amount: euros(now.amount ?? 0), units: units(wallet, now.units ?? 0) };
    return now.total === null || now.total === now.amount
      ? t('charge', values)
      : t('chargeTotal', { ...values, total: euros(now.total) });
  }
  const until = now.until === null ? '' : dateTime(now.until);
  const exact = `${now.effect}_${now.reason}`;
  if (isKey(exact)) return t(exact, { until });
  if (isKey(now.effect)) return t(now.effect);
  return t(now.effect === 'blocked' ? 'blocked_other' : 'none_other');
}

function Vat({ preview: { vat, quote } }: { preview: SettingsPreview }) {
  const t = useMessages(previewMessages);
  const { euros, percent } = useFormats();
  const net = euros(quote.amount);
  const sum =
    vat.rate === null || vat.total === null
      ? t('vatUnknown', { net })
      : vat.reverseCharge
        ? t('vatReverse', { net })
        : vat.rate === 0
          ? t('vatNone', { net })
          : t('vat', { net, rate: percent(vat.rate / 100), total: euros(vat.total) });
  return (
    <>
      <Text size="sm" data-testid="preview-vat">
        {sum}
      </Text>
      <Text size="xs" c="dimmed">
        {t(vat.certain ? 'vatInvoiced' : 'vatExpected')}
      </Text>
    </>
  );
}

type Key = keyof (typeof previewMessages)['en'];

function isKey(key: string): key is Key {
  return key in previewMessages.en;
}
