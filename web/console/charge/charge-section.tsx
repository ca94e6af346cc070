import { Alert, Button, Group, Paper, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { getOperatorTopUpOptions, getTopUpStoryOptions } from '../../client/@tanstack/react-query.gen.ts';
import type { OperatorTopUp } from '../../client/types.gen.ts';
import { useFormats } from '../../shared/i18n/use-formats.ts';
import { useMessages } from '../../shared/i18n/use-messages.ts';
import { Failed, Loading } from '../../shared/ui/states.tsx';
import { GoTo, Outside, useIdInPath } from '../go-to.tsx';
import { accountPath, chargePath } from '../paths.ts';
import { useDeclineWords } from '../words/declines.ts';
import { StateMark } from '../words/mark.tsx';
import { useWords } from '../words/use-words.ts';
import { CancelDialog, RefundDialog, RetryDialog } from './charge-acts.tsx';
import { ChargeTimeline } from './charge-timeline.tsx';
import { Fact } from '../fact.tsx';
import { Stale } from '../stale.tsx';
import { chargeMessages } from './messages.ts';
import { Entries, Why } from './why.tsx';

const LOOK_AGAIN_MS = 2_000;

/** One charge: what happened, why, what to do, and doing it. */
export function ChargeSection() {
  const t = useMessages(chargeMessages);
  const id = useIdInPath();
  const charge = useQuery({ ...getOperatorTopUpOptions({ path: { id } }), refetchInterval: LOOK_AGAIN_MS });
  const story = useQuery({ ...getTopUpStoryOptions({ path: { id } }), refetchInterval: LOOK_AGAIN_MS });
  if (charge.data === undefined) {
    return (
      <Stack>
        <Title order={1} size="h2">
          {t('timeline')}
        </Title>
        {charge.error === null ? (
          <Loading lines={6} height={28} />
        ) : (
          <Failed error={charge.error} onRetry={() => void charge.refetch()} />
        )}
      </Stack>
    );
  }
  const topUp = charge.data;
  return (
    <Stack gap="md">
      <Stale query={charge} />
      <Head charge={topUp} />
      <Advice charge={topUp} />
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md" style={{ alignItems: 'start' }}>
        <Paper withBorder p="md" component="section">
          <Title order={2} size="h4" mb="md">
            {t('timeline')}
          </Title>
          <ChargeTimeline charge={topUp} notices={story.data?.notices ?? []} />
          <Text size="xs" c="dimmed" mt="md">
            {t('live')}
          </Text>
        </Paper>
        <Stack gap="md">
          <Facts charge={topUp} />
          {story.data === undefined && story.error !== null ? (
            <Failed error={story.error} onRetry={() => void story.refetch()} />
          ) : story.data === undefined ? (
            <Loading />
          ) : (
            <>
              <Why wallet={topUp.wallet} why={story.data.why} />
              <Entries entries={story.data.entries} />
            </>
          )}
        </Stack>
      </SimpleGrid>
    </Stack>
  );
}

const ENDED: readonly OperatorTopUp['state'][] = ['credited', 'refunded', 'disputed'];

function Head({ charge }: { charge: OperatorTopUp }) {
  const t = useMessages(chargeMessages);
  const words = useWords();
  const formats = useFormats();
  const [open, setOpen] = useState<'retry' | 'cancel' | 'refund' | null>(null);
  const isPaid = charge.paidAt !== null;
  const isClosed = charge.closedAt !== null;
  const mayRetry =
    !ENDED.includes(charge.state) && charge.retriedBy === null && charge.cancelRequestedAt === null;
  const close = () => setOpen(null);
  return (
    <Stack gap="xs">
      <GoTo path="/">{t('back')}</GoTo>
      <Group justify="space-between" gap="sm">
        <Group gap="sm">
          <Title order={1} size="h2">
            {t('heading', {
              amount: formats.euros(charge.amount),
              units: words.units(charge.wallet, charge.units),
            })}
          </Title>
          <StateMark state={charge.state} />
        </Group>
        <Group gap="xs">
          {mayRetry && <Button onClick={() => setOpen('retry')}>{t('retry')}</Button>}
          {!isPaid && !isClosed && charge.cancelRequestedAt === null && (
            <Button variant="default" onClick={() => setOpen('cancel')}>
              {t('cancel')}
            </Button>
          )}
          {isPaid && (
            <Button variant="default" onClick={() => setOpen('refund')}>
              {t('refund')}
            </Button>
          )}
        </Group>
      </Group>
      {open === 'retry' && <RetryDialog charge={charge} onClose={close} />}
      {open === 'cancel' && <CancelDialog charge={charge} onClose={close} />}
      {open === 'refund' && <RefundDialog charge={charge} onClose={close} />}
    </Stack>
  );
}

/** What the last failure means and what to do, while the charge needs it. */
function Advice({ charge }: { charge: OperatorTopUp }) {
  const t = useMessages(chargeMessages);
  const declineWords = useDeclineWords();
  const { state, failure, attemptLog } = charge;
  const needsHelp =
    state === 'failed' || state === 'retrying' || state === 'action_required' || state === 'unknown';
  if (!needsHelp) return null;
  const reason =
    failure ??
    (state === 'action_required'
      ? 'authentication_required'
      : state === 'unknown'
        ? 'provider_unavailable'
        : null);
  const { means, todo } = declineWords(reason, attemptLog.at(-1)?.declineCode ?? null, state === 'failed');
  return (
    <Alert color="blue" title={t('whatNow')}>
      <Text size="sm">{means}</Text>
      <Text size="sm" fw={600} mt={4}>
        {todo}
      </Text>
    </Alert>
  );
}

function Facts({ charge }: { charge: OperatorTopUp }) {
  const t = useMessages(chargeMessages);
  const words = useWords();
  const formats = useFormats();
  const { links, retryOf, retriedBy, nextAttemptAt } = charge;
  return (
    <Paper withBorder p="md">
      <Stack gap="xs">
        <Fact label={t('account')}>
          <GoTo path={accountPath(charge.account)}>{charge.accountName}</GoTo>
        </Fact>
        <Fact label={t('wallet')}>{words.wallet(charge.wallet)}</Fact>
        <Fact label={t('trigger')}>{words.code('trigger', charge.trigger)}</Fact>
        {charge.total !== null && <Fact label={t('total')}>{formats.euros(charge.total)}</Fact>}
        {charge.invoiceNumber !== null && <Fact label={t('invoice')}>{charge.invoiceNumber}</Fact>}
        {retryOf !== null && (
          <Fact label={t('retryOf')}>
            <GoTo path={chargePath(retryOf)}>{t('theOther')}</GoTo>
          </Fact>
        )}
        {retriedBy !== null && (
          <Fact label={t('retriedBy')}>
            <GoTo path={chargePath(retriedBy)}>{t('theOther')}</GoTo>
          </Fact>
        )}
        {nextAttemptAt !== null && (
          <Text size="sm">
            {t('next', { when: formats.relative(nextAttemptAt), at: formats.dateTime(nextAttemptAt) })}
          </Text>
        )}
        <Group gap="md" role="group" aria-label={t('links')}>
          {links.stripeInvoice !== null && <Outside url={links.stripeInvoice}>{t('stripeInvoice')}</Outside>}
          {links.stripePayment !== null && <Outside url={links.stripePayment}>{t('stripePayment')}</Outside>}
          {links.stripeCustomer !== null && (
            <Outside url={links.stripeCustomer}>{t('stripeCustomer')}</Outside>
          )}
          {links.workflow !== null && <Outside url={links.workflow}>{t('workflow')}</Outside>}
          <GoTo path={`/audit?text=${encodeURIComponent(charge.id)}`}>{t('audit')}</GoTo>
        </Group>
      </Stack>
    </Paper>
  );
}
