import { Alert, Divider, List, Paper, Skeleton, Stack, Text, Title } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useId, type ReactNode } from 'react';
import type { SettingsPreview } from '../client/types.gen.ts';
import { useFormats } from '../shared/i18n/use-formats.ts';
import { useMessages } from '../shared/i18n/use-messages.ts';
import { previewMessages } from './preview-messages.ts';
import { PreviewPast } from './preview-past.tsx';
import { useUnits, type Wallet } from './units.ts';
import { usePreview, type PreviewSettings, type PreviewState } from './use-preview.ts';

type PreviewProps = {
  wallet: Wallet;
  /** The settings as they would be saved; null while they cannot be, such as when a field is empty. */
  settings: PreviewSettings | null;
};

/** Says what settings would do: now, to the bill, and in the last 30 days. It follows what is typed, and asks for it
 *  once nobody has typed for a moment. */
export function PreviewPanel({ wallet, settings }: PreviewProps) {
  const t = useMessages(previewMessages);
  const titleId = useId();
  const state = usePreview(wallet, settings);
  return (
    <Paper
      role="group"
      aria-labelledby={titleId}
      aria-busy={state.status === 'calculating'}
      withBorder
      p="md"
      data-testid={`preview-${wallet}`}
      data-status={state.status}
    >
      <Stack gap="sm">
        <Title order={3} size="h5" id={titleId}>
          {t('title')}
        </Title>
        <PreviewBody wallet={wallet} state={state} />
      </Stack>
    </Paper>
  );
}

function PreviewBody({ wallet, state }: { wallet: Wallet; state: PreviewState }) {
  const t = useMessages(previewMessages);
  switch (state.status) {
    case 'current':
      return (
        <InPlace>
          <PreviewContent wallet={wallet} preview={state.preview} />
        </InPlace>
      );
    case 'failed':
      return <Text size="sm">{t('failed')}</Text>;
    case 'calculating':
    case 'incomplete': {
      const { before, status } = state;
      if (before === undefined)
        return status === 'calculating' ? <Lines /> : <Text size="sm">{t(status)}</Text>;
      return (
        <InPlace instead={t(status)}>
          <PreviewContent wallet={wallet} preview={before} />
        </InPlace>
      );
    }
  }
}

/** Keeps the place of what is not true any more, so that the page does not jump at every keystroke, and says so in its
 *  stead: hidden like this, it can neither be seen nor heard nor reached. */
function InPlace({ instead, children }: { instead?: string; children: ReactNode }) {
  return (
    <div style={{ position: 'relative' }}>
      <div style={instead === undefined ? undefined : { visibility: 'hidden' }}>{children}</div>
      {instead !== undefined && (
        <Text size="sm" c="dimmed" style={{ position: 'absolute', insetBlockStart: 0 }}>
          {instead}
        </Text>
      )}
    </div>
  );
}

function Lines() {
  return (
    <Stack gap="xs">
      <Skeleton height={16} />
      <Skeleton height={16} width="70%" />
    </Stack>
  );
}

function PreviewContent({ wallet, preview }: { wallet: Wallet; preview: SettingsPreview }) {
  const t = useMessages(previewMessages);
  return (
    <Stack gap="sm">
      {preview.warnings.length > 0 && <Warnings wallet={wallet} preview={preview} />}
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
function Warnings({
  wallet,
  preview: { warnings, usualHold },
}: {
  wallet: Wallet;
  preview: SettingsPreview;
}) {
  const t = useMessages(previewMessages);
  const units = useUnits();
  const textOf = ({ code, detail }: SettingsPreview['warnings'][number]) => {
    const key = `warning_${code}`;
    return isKey(key) ? t(key, { hold: units(wallet, usualHold ?? 0) }) : detail;
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
  const effect = useEffectText();
  return now.alert ? `${effect(wallet, now)} ${t('alertNow')}` : effect(wallet, now);
}

function useEffectText(): (wallet: Wallet, now: SettingsPreview['now']) => string {
  const t = useMessages(previewMessages);
  const { euros, dateTime } = useFormats();
  const units = useUnits();
  return (wallet, now) => {
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
    if (now.effect !== 'blocked') return t('none_other');
    return now.until === null ? t('blocked_other') : t('blocked_until', { until });
  };
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
