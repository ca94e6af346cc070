import { Group, Paper, SegmentedControl, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useIntersection } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useId, useState, type ReactNode } from 'react';
import { getBalanceHistoryOptions } from '../../client/@tanstack/react-query.gen.ts';
import type { Account, BalanceHistory } from '../../client/types.gen.ts';
import { useMessages } from '../../shared/i18n/use-messages.ts';
import { lazyPart } from '../../shared/ui/lazy-part.tsx';
import { Failed } from '../../shared/ui/states.tsx';
import { useAccount, useOpenSession } from '../account.ts';
import { useUnits, type Wallet } from '../units.ts';
import { unitMessages } from '../units-messages.ts';
import { useRefresh } from '../use-refresh.ts';
import { BalanceTable } from './balance-table.tsx';
import { CHART_HEIGHT, CHART_COLOURS } from './chart-look.ts';
import { ForecastText } from './forecast-text.tsx';
import { ledgerMessages } from './messages.ts';

const DAYS = 30;
/** What can be looked at, and how it is asked for. A campaign is seen going in the shorter ones only. */
const SPANS = { days: { days: DAYS }, day: { hours: 24 }, hour: { hours: 1 } } as const;
type Span = keyof typeof SPANS;

/** Its library loads when the chart comes into view. */
const BalanceChart = lazyPart(async () => (await import('./balance-chart.tsx')).BalanceChart, {
  waiting: <Skeleton height={CHART_HEIGHT} />,
  onlyWhenShown: true,
});

type Settings = Account['wallets'][Wallet]['settings'];

/** How a balance went lately, as a picture, in words and as a table. */
export function BalanceCard({ wallet }: { wallet: Wallet }) {
  const t = useMessages(ledgerMessages);
  const titleId = useId();
  const { data: account } = useAccount();
  const [chosen, choose] = useState<Span | null>(null);
  const { data, error, refetch } = useHistory(wallet, 'days', account);
  const span = chosen ?? (data !== undefined && isNew(data) ? 'hour' : 'days');
  const shown = useHistory(wallet, span, account).data;
  const settings = account?.wallets[wallet].settings ?? null;
  return (
    <Paper component="section" aria-labelledby={titleId} withBorder p="md" data-testid="balance-card">
      <Stack gap="sm">
        <Group justify="space-between">
          <Title order={2} size="h4" id={titleId}>
            {t('chartTitle')}
          </Title>
          <SegmentedControl<Span>
            aria-label={t('span')}
            size="xs"
            value={span}
            onChange={choose}
            data={SPAN_NAMES.map((value) => ({ value, label: t(`span_${value}`) }))}
          />
        </Group>
        {error !== null && data === undefined ? (
          <Failed error={error} onRetry={() => void refetch()} />
        ) : data === undefined || data.wallet !== wallet ? (
          <Skeleton height={CHART_HEIGHT} />
        ) : (
          <>
            <ForecastText history={data} />
            {shown?.wallet === wallet ? (
              <>
                <Picture history={shown} span={span} settings={settings} />
                <Legend history={shown} settings={settings} />
              </>
            ) : (
              <Skeleton height={CHART_HEIGHT} />
            )}
            <BalanceTable history={data} timeZone={account?.timeZone ?? 'UTC'} />
          </>
        )}
      </Stack>
    </Paper>
  );
}

const SPAN_NAMES = ['days', 'day', 'hour'] as const satisfies readonly Span[];

const HOUR_MS = 3_600_000;

/** Whether all that ever happened is in the newest buckets: in 30 days it would be a line at the right edge. */
function isNew({ balanceBefore, points, to }: BalanceHistory): boolean {
  const [first] = points;
  return balanceBefore === 0 && first !== undefined && Date.parse(to) - Date.parse(first.at) < HOUR_MS;
}

/** Reads it again when something about the wallet has changed, its warnings included. */
function useHistory(wallet: Wallet, span: Span, account: Account | undefined) {
  const { accountId } = useOpenSession();
  const query = useQuery({
    ...getBalanceHistoryOptions({ path: { id: accountId }, query: { wallet, ...SPANS[span] } }),
    placeholderData: keepPreviousData,
  });
  const state =
    account === undefined
      ? undefined
      : JSON.stringify([account.wallets[wallet], account.unreadNotifications]);
  useRefresh(state, () => query.refetch({ cancelRefetch: false }));
  return query;
}

type PictureProps = { history: BalanceHistory; span: Span; settings: Settings };

function Picture({ history, span, settings }: PictureProps) {
  const t = useMessages(ledgerMessages);
  const nameOf = useMessages(unitMessages);
  const units = useUnits();
  const { ref, entry } = useIntersection();
  const [wasSeen, setSeen] = useState(false);
  if (entry?.isIntersecting === true && !wasSeen) setSeen(true);
  const { wallet, points, marks, balanceBefore } = history;
  const label = t('chartLabel', {
    name: nameOf(wallet),
    span: t(`span_${span}`),
    now: units(wallet, points.at(-1)?.balance ?? balanceBefore),
    lowest: units(wallet, Math.min(balanceBefore, ...points.map(({ lowest }) => lowest))),
    topUps: marks.filter(({ kind }) => kind === 'top_up').length,
    alerts: marks.filter(({ kind }) => kind === 'balance.alert').length,
  });
  return (
    <div
      ref={ref}
      role="img"
      aria-label={label}
      style={{ minHeight: CHART_HEIGHT }}
      data-testid="balance-chart"
    >
      {wasSeen && <BalanceChart history={history} settings={settings} />}
    </div>
  );
}

function Legend({ history, settings }: { history: BalanceHistory; settings: Settings }) {
  const t = useMessages(ledgerMessages);
  const units = useUnits();
  const { wallet, marks } = history;
  const has = (kind: BalanceHistory['marks'][number]['kind']) => marks.some((mark) => mark.kind === kind);
  return (
    <Group gap="md" style={{ rowGap: 2 }} aria-hidden>
      {settings?.enabled === true && (
        <>
          <Key colour={CHART_COLOURS.alert}>
            {t('legendAlert', { amount: units(wallet, settings.alertBelow) })}
          </Key>
          <Key colour={CHART_COLOURS.topUp}>
            {t('legendTopUp', { amount: units(wallet, settings.topUpBelow) })}
          </Key>
        </>
      )}
      {has('top_up') && (
        <Key colour={CHART_COLOURS.topUpMark} shape="▲">
          {t('legendMarkTopUp')}
        </Key>
      )}
      {has('balance.alert') && (
        <Key colour={CHART_COLOURS.alert} shape="◆">
          {t('legendMarkAlert')}
        </Key>
      )}
      {has('balance.depleted') && (
        <Key colour={CHART_COLOURS.depleted} shape="●">
          {t('legendMarkDepleted')}
        </Key>
      )}
    </Group>
  );
}

/** @param shape how a mark looks; without one it is a line. */
function Key({ colour, shape, children }: { colour: string; shape?: string; children: ReactNode }) {
  return (
    <Group gap={6} wrap="nowrap">
      {shape === undefined ? (
        <span style={{ width: 18, borderTop: `3px dashed ${colour}` }} />
      ) : (
        <span style={{ color: colour }}>{shape}</span>
      )}
      <Text size="xs">{children}</Text>
    </Group>
  );
}
