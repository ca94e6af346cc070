import { Alert, Group, Paper, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getOperatorAccountOptions } from '../../client/@tanstack/react-query.gen.ts';
import type { OperatorAccount } from '../../client/types.gen.ts';
import { useFormats } from '../../shared/i18n/use-formats.ts';
import { useMessages } from '../../shared/i18n/use-messages.ts';
import { Failed, Loading } from '../../shared/ui/states.tsx';
import { Fact } from '../fact.tsx';
import { GoTo, Outside, useIdInPath } from '../go-to.tsx';
import { useWords } from '../words/use-words.ts';
import { SHOWN_STATES } from '../queue/filters.ts';
import { Stale } from '../stale.tsx';
import { AccountActs } from './account-acts.tsx';
import { accountMessages } from './messages.ts';
import { SettingsHistory } from './settings-history.tsx';
import { WalletCard } from './wallet-card.tsx';
import { WorkflowPanel } from './workflow-panel.tsx';

const LOOK_AGAIN_MS = 3_000;

/** One account: what it has, what was chosen, whether workflow and database agree, and what can be done. */
export function AccountSection() {
  const t = useMessages(accountMessages);
  const id = useIdInPath();
  const query = useQuery({
    ...getOperatorAccountOptions({ path: { id } }),
    refetchInterval: LOOK_AGAIN_MS,
  });
  const { data, error, refetch } = query;
  if (data === undefined) {
    return (
      <Stack>
        <Title order={1} size="h2">
          {t('heading')}
        </Title>
        {error === null ? (
          <Loading lines={6} height={28} />
        ) : (
          <Failed error={error} onRetry={() => void refetch()} />
        )}
      </Stack>
    );
  }
  return (
    <Stack gap="md">
      <Stale query={query} />
      <Head account={data} />
      {data.suspension !== null && <Suspended suspension={data.suspension} />}
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
        <WalletCard wallet="call_minutes" standing={data.account.wallets.call_minutes} />
        <WalletCard wallet="chat_credits" standing={data.account.wallets.chat_credits} />
      </SimpleGrid>
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md">
        <Stack gap="md">
          <Profile account={data} />
          <WorkflowPanel id={id} />
        </Stack>
        <SettingsHistory id={id} />
      </SimpleGrid>
    </Stack>
  );
}

function Head({ account }: { account: OperatorAccount }) {
  const t = useMessages(accountMessages);
  return (
    <Stack gap="xs">
      <GoTo path="/accounts">{t('all')}</GoTo>
      <Group justify="space-between" gap="sm">
        <div style={{ minWidth: 0 }}>
          <Title order={1} size="h2" style={{ overflowWrap: 'anywhere' }}>
            {account.account.name}
          </Title>
          <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
            {account.account.id}
          </Text>
        </div>
        <AccountActs account={account} />
      </Group>
    </Stack>
  );
}

function Suspended({ suspension }: { suspension: NonNullable<OperatorAccount['suspension']> }) {
  const t = useMessages(accountMessages);
  const words = useWords();
  const formats = useFormats();
  return (
    <Alert color="red" title={t('suspendedTitle')}>
      {t('suspendedText', {
        reason: words.code('suspended', suspension.reason),
        since: formats.dateTime(suspension.since),
      })}
    </Alert>
  );
}

function Profile({ account: { account, links } }: { account: OperatorAccount }) {
  const t = useMessages(accountMessages);
  const { id, email, plan, country, locale, paymentMethod } = account;
  const card =
    paymentMethod === null
      ? t('noCard')
      : t('cardText', {
          brand: paymentMethod.brand,
          last4: paymentMethod.last4,
          month: String(paymentMethod.expMonth).padStart(2, '0'),
          year: String(paymentMethod.expYear),
        });
  return (
    <Paper withBorder p="md">
      <Stack gap="xs">
        <Fact label={t('card')}>{card}</Fact>
        <Fact label={t('email')}>{email}</Fact>
        <Fact label={t('plan')}>{plan}</Fact>
        <Fact label={t('country')}>{country}</Fact>
        <Fact label={t('language')}>{locale}</Fact>
        <Group gap="md">
          <GoTo path={`/?${chargesOf(id)}`}>{t('charges')}</GoTo>
          <GoTo path={`/audit?account=${encodeURIComponent(id)}`}>{t('audit')}</GoTo>
          {links.stripeCustomer !== null && (
            <Outside url={links.stripeCustomer}>{t('stripeCustomer')}</Outside>
          )}
          {links.workflow !== null && <Outside url={links.workflow}>{t('temporal')}</Outside>}
        </Group>
      </Stack>
    </Paper>
  );
}

/** All that there ever was, also what needs nobody any more. */
function chargesOf(account: string): string {
  return new URLSearchParams({ account, state: SHOWN_STATES.join(','), superseded: 'include' }).toString();
}
