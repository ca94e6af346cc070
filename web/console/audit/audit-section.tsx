import { Code, Group, NativeSelect, Paper, SimpleGrid, Stack, Text, TextInput, Title } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { listAudit } from '../../client/sdk.gen.ts';
import type { AuditEntry, ListAuditData } from '../../client/types.gen.ts';
import { useFormats } from '../../shared/i18n/use-formats.ts';
import { useMessages } from '../../shared/i18n/use-messages.ts';
import { Empty } from '../../shared/ui/states.tsx';
import { GoTo, useSearchTexts } from '../go-to.tsx';
import { Pages } from '../pages.tsx';
import { accountPath, chargePath } from '../paths.ts';
import { auditMessages } from './messages.ts';

const LOOK_AGAIN_MS = 10_000;
const TYPING_MS = 300;
const DAY_MS = 86_400_000;

const ACTIONS = [
  'top_up.retry',
  'top_up.cancel',
  'top_up.refund',
  'account.suspend',
  'account.resume',
  'account.adjust',
  'account.test_alert',
  'webhook.replay',
  'mail.replay',
  'finding.resolve',
  'grant',
] as const;

/** As ids of top-ups begin. */
const TOP_UP_ID = /^tu_(call|chat)_[\w-]+$/;

type Asked = { text: string; action: string; account: string; from: string; to: string };

/** Who did what to whom and why. */
export function AuditSection() {
  const t = useMessages(auditMessages);
  const search = useSearchTexts();
  const [asked, setAsked] = useState<Asked>(() => ({
    text: search.get('text') ?? '',
    action: '',
    account: search.get('account') ?? '',
    from: '',
    to: '',
  }));
  const [settled] = useDebouncedValue(asked, TYPING_MS);
  const query = queryOf(settled);
  return (
    <Stack gap="md">
      <div>
        <Title order={1} size="h2">
          {t('title')}
        </Title>
        <Text size="sm" c="dimmed">
          {t('intro')}
        </Text>
      </div>
      <Search asked={asked} onChange={setAsked} />
      <Pages
        name={['audit', query]}
        read={async (cursor, signal) =>
          (await listAudit({ query: { ...query, ...cursor }, signal, throwOnError: true })).data
        }
        lookAgainMs={LOOK_AGAIN_MS}
        empty={<Empty title={t('empty')} />}
      >
        {(entries) => entries.map((entry) => <Entry key={entry.id} entry={entry} />)}
      </Pages>
    </Stack>
  );
}

function queryOf({ text, action, account, from, to }: Asked): NonNullable<ListAuditData['query']> {
  const [fromMs, toMs] = [startOf(from), startOf(to)];
  return {
    ...(text.trim() === '' ? {} : { text: text.trim() }),
    ...(action === '' ? {} : { action }),
    ...(/^[A-Za-z0-9][\w.-]{0,63}$/.test(account.trim()) ? { account: account.trim() } : {}),
    ...(fromMs === null ? {} : { from: new Date(fromMs).toISOString() }),
    // The day that is named belongs to it.
    ...(toMs === null ? {} : { to: new Date(toMs + DAY_MS).toISOString() }),
  };
}

/** The start of a day here; null for none, or one that is half written. */
function startOf(day: string): number | null {
  const atMs = Date.parse(`${day}T00:00`);
  return Number.isNaN(atMs) ? null : atMs;
}

function Search({ asked, onChange }: { asked: Asked; onChange: (asked: Asked) => void }) {
  const t = useMessages(auditMessages);
  const actionText = useActionText();
  return (
    <Paper withBorder p="md" component="search">
      <SimpleGrid cols={{ base: 1, sm: 2, lg: 5 }} spacing="sm">
        <TextInput
          type="search"
          label={t('search')}
          maxLength={100}
          value={asked.text}
          onChange={(event) => onChange({ ...asked, text: event.currentTarget.value })}
        />
        <NativeSelect
          label={t('action')}
          value={asked.action}
          onChange={(event) => onChange({ ...asked, action: event.currentTarget.value })}
          data={[
            { value: '', label: t('anyAction') },
            ...ACTIONS.map((action) => ({ value: action, label: actionText(action) })),
          ]}
        />
        <TextInput
          label={t('account')}
          value={asked.account}
          onChange={(event) => onChange({ ...asked, account: event.currentTarget.value })}
        />
        <TextInput
          type="date"
          label={t('from')}
          value={asked.from}
          onChange={(event) => onChange({ ...asked, from: event.currentTarget.value })}
        />
        <TextInput
          type="date"
          label={t('to')}
          value={asked.to}
          onChange={(event) => onChange({ ...asked, to: event.currentTarget.value })}
        />
      </SimpleGrid>
    </Paper>
  );
}

function Entry({ entry }: { entry: AuditEntry }) {
  const t = useMessages(auditMessages);
  const actionText = useActionText();
  const formats = useFormats();
  const { at, actor, action, account, target, reason, before, after } = entry;
  return (
    <Paper withBorder p="md" component="article" data-action={action}>
      <Stack gap={4}>
        <Group justify="space-between" gap="xs">
          <Text fw={600}>{actionText(action)}</Text>
          <Text size="xs" c="dimmed">
            {formats.dateTime(at)}
          </Text>
        </Group>
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
          {reason ?? t('noReason')}
        </Text>
        <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          {[actor, target].filter((text) => text !== null).join(' · ')}
        </Text>
        <Group gap="md">
          {target !== null && TOP_UP_ID.test(target) && (
            <GoTo path={chargePath(target)}>{t('openCharge')}</GoTo>
          )}
          {account !== null && <GoTo path={accountPath(account)}>{t('openAccount', { account })}</GoTo>}
        </Group>
        <details>
          <summary style={{ cursor: 'pointer', fontSize: 'var(--mantine-font-size-sm)' }}>
            {t('change')}
          </summary>
          <SimpleGrid cols={{ base: 1, md: 2 }} spacing="sm" mt="xs">
            <Stored title={t('before')} value={before} />
            <Stored title={t('after')} value={after} />
          </SimpleGrid>
        </details>
      </Stack>
    </Paper>
  );
}

function Stored({ title, value }: { title: string; value: unknown }) {
  return (
    <div>
      <Text size="xs" fw={600}>
        {title}
      </Text>
      <Code block style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
        {JSON.stringify(value, null, 2)}
      </Code>
    </div>
  );
}

/** What was done in words; the code itself for what is done without people. */
function useActionText(): (action: string) => string {
  const t = useMessages(auditMessages);
  return (action) => {
    const key = `action_${action.replaceAll('.', '_')}`;
    return key in auditMessages.en ? t(key as keyof (typeof auditMessages)['en']) : action;
  };
}
