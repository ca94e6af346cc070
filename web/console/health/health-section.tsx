import { Group, Paper, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { getOperatorHealthOptions } from '../../client/@tanstack/react-query.gen.ts';
import type { OperatorHealth } from '../../client/types.gen.ts';
import { useFormats } from '../../shared/i18n/use-formats.ts';
import { useMessages } from '../../shared/i18n/use-messages.ts';
import { Failed, Loading } from '../../shared/ui/states.tsx';
import { GoTo } from '../go-to.tsx';
import { Stale } from '../stale.tsx';
import { Mark, type Tone } from '../words/mark.tsx';
import { healthMessages } from './messages.ts';
import { ReconcilerRuns } from './reconciler-runs.tsx';

const LOOK_AGAIN_MS = 5_000;
/** What is told later than this is more than a busy moment. */
const LONG_LAG_SECONDS = 30;
/** As the alerts of docs/operations.md have it: the runs come every ten minutes, and every night. */
const RECENT_WITHIN_MS = 3_600_000;
const NIGHTLY_WITHIN_MS = 25 * 3_600_000;

/** Whether all goes well. */
export function HealthSection() {
  const t = useMessages(healthMessages);
  const query = useQuery({ ...getOperatorHealthOptions(), refetchInterval: LOOK_AGAIN_MS });
  const { data, error, refetch } = query;
  const standing =
    data === undefined ? null : query.isRefetchError ? 'notKnown' : isFine(data) ? 'fine' : 'notFine';
  return (
    <Stack gap="md">
      <Group justify="space-between">
        <Title order={1} size="h2">
          {t('title')}
        </Title>
        {standing !== null && <Mark tone={standing === 'fine' ? 'good' : 'bad'}>{t(standing)}</Mark>}
      </Group>
      {data === undefined && error !== null ? (
        <Failed error={error} onRetry={() => void refetch()} />
      ) : data === undefined ? (
        <Loading lines={6} height={28} />
      ) : (
        <>
          <Stale query={query} />
          <Figures health={data} />
          <Invariants health={data} />
          <ReconcilerRuns runs={data.reconciler.runs} />
        </>
      )}
    </Stack>
  );
}

function isFine(health: OperatorHealth) {
  const { relay, temporal, unknownCharges, deadLetters, openFindings, invariants, reconciler } = health;
  return (
    relay.lagSeconds < LONG_LAG_SECONDS &&
    temporal !== 'unreachable' &&
    unknownCharges.count + deadLetters.mails + deadLetters.webhooks + openFindings.length === 0 &&
    invariants.length > 0 &&
    invariants.every(({ holds }) => holds) &&
    isRecent(reconciler.recentAt, RECENT_WITHIN_MS) &&
    isRecent(reconciler.nightlyAt, NIGHTLY_WITHIN_MS)
  );
}

/** A run that never was, or was too long ago, says nothing of today. */
function isRecent(finishedAt: string | null, withinMs: number): boolean {
  return finishedAt !== null && Date.now() - Date.parse(finishedAt) < withinMs;
}

function Figures({ health }: { health: OperatorHealth }) {
  const t = useMessages(healthMessages);
  const formats = useFormats();
  const { relay, temporal, unknownCharges, deadLetters, openFindings } = health;
  const findings = openFindings.reduce((sum, { count }) => sum + count, 0);
  const isLate = relay.lagSeconds >= LONG_LAG_SECONDS;
  return (
    <SimpleGrid cols={{ base: 1, xs: 2, lg: 3 }} spacing="md">
      <Figure
        label={t('relay')}
        tone={isLate ? 'bad' : 'good'}
        value={t('waiting', { count: relay.waiting })}
      >
        {relay.lagSeconds === 0 ? t('noLag') : t('lag', { seconds: formats.number(relay.lagSeconds, 1) })}
      </Figure>
      <Figure
        label={t('temporal')}
        tone={temporal === 'unreachable' ? 'bad' : 'good'}
        value={t(`temporal_${temporal}`)}
      />
      <Figure
        label={t('unknown')}
        tone={unknownCharges.count === 0 ? 'good' : 'bad'}
        value={formats.number(unknownCharges.count)}
      >
        {unknownCharges.oldestSince !== null && (
          <>
            {t('since', { when: formats.relative(unknownCharges.oldestSince) })}{' '}
            <GoTo path="/?state=unknown">{t('look')}</GoTo>
          </>
        )}
      </Figure>
      <Figure
        label={t('letters')}
        tone={deadLetters.mails + deadLetters.webhooks === 0 ? 'good' : 'bad'}
        value={t('lettersText', deadLetters)}
      >
        {deadLetters.mails + deadLetters.webhooks > 0 && <GoTo path="/letters">{t('look')}</GoTo>}
      </Figure>
      <Figure label={t('findings')} tone={findings === 0 ? 'good' : 'bad'} value={formats.number(findings)}>
        {findings > 0 && <GoTo path="/findings">{t('look')}</GoTo>}
      </Figure>
      <RunFigure label={t('recentRun')} finishedAt={health.reconciler.recentAt} withinMs={RECENT_WITHIN_MS} />
      <RunFigure
        label={t('nightlyRun')}
        finishedAt={health.reconciler.nightlyAt}
        withinMs={NIGHTLY_WITHIN_MS}
      />
    </SimpleGrid>
  );
}

type RunFigureProps = { label: string; finishedAt: string | null; withinMs: number };

function RunFigure({ label, finishedAt, withinMs }: RunFigureProps) {
  const t = useMessages(healthMessages);
  const formats = useFormats();
  return (
    <Figure
      label={label}
      tone={isRecent(finishedAt, withinMs) ? 'good' : 'bad'}
      value={finishedAt === null ? t('neverRan') : formats.relative(finishedAt)}
    />
  );
}

type FigureProps = { label: string; tone: Tone; value: string; children?: ReactNode };

function Figure({ label, tone, value, children }: FigureProps) {
  const t = useMessages(healthMessages);
  const colour = tone === 'bad' ? 'red' : 'green';
  return (
    <Paper withBorder p="md" style={{ borderInlineStart: `4px solid var(--mantine-color-${colour}-6)` }}>
      <Group justify="space-between" gap="xs">
        <Text size="sm" c="dimmed">
          {label}
        </Text>
        <Mark tone={tone}>{t(tone === 'bad' ? 'tileBad' : 'tileGood')}</Mark>
      </Group>
      <Text fw={700} size="lg">
        {value}
      </Text>
      <Text component="div" size="sm">
        {children}
      </Text>
    </Paper>
  );
}

function Invariants({ health: { invariants, reconciler } }: { health: OperatorHealth }) {
  const t = useMessages(healthMessages);
  const formats = useFormats();
  return (
    <Paper withBorder p="md" component="section">
      <Title order={2} size="h4" mb="xs">
        {t('invariants')}
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        {invariants.length === 0 || reconciler.nightlyAt === null
          ? t('invariantsNever')
          : t('invariantsAt', { when: formats.relative(reconciler.nightlyAt) })}
      </Text>
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="xs">
        {invariants.map(({ number, name, holds }) => (
          <Group key={number} gap="xs" wrap="nowrap">
            <Mark tone={holds ? 'good' : 'bad'}>{t(holds ? 'holds' : 'broken')}</Mark>
            <Text size="sm" lang="en">
              {number}. {name}
            </Text>
          </Group>
        ))}
      </SimpleGrid>
    </Paper>
  );
}
