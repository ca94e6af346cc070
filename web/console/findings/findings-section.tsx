import { Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { listFindings, resolveFinding } from '../../client/sdk.gen.ts';
import type { Finding } from '../../client/types.gen.ts';
import { useFormats } from '../../shared/i18n/use-formats.ts';
import { useMessages } from '../../shared/i18n/use-messages.ts';
import { Empty } from '../../shared/ui/states.tsx';
import { ActDialog } from '../acts/act-dialog.tsx';
import { GoTo } from '../go-to.tsx';
import { Pages } from '../pages.tsx';
import { accountPath, chargePath } from '../paths.ts';
import { useWords } from '../words/use-words.ts';
import { findingMessages } from './messages.ts';

const LOOK_AGAIN_MS = 15_000;

/** What a person has to look at. */
export function FindingsSection() {
  const t = useMessages(findingMessages);
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
      <Pages
        name={['findings']}
        read={async (cursor, signal) =>
          (await listFindings({ query: cursor, signal, throwOnError: true })).data
        }
        lookAgainMs={LOOK_AGAIN_MS}
        empty={<Empty title={t('empty')} />}
      >
        {(findings) => findings.map((finding) => <Card key={finding.id} finding={finding} />)}
      </Pages>
    </Stack>
  );
}

function Card({ finding }: { finding: Finding }) {
  const t = useMessages(findingMessages);
  const words = useWords();
  const formats = useFormats();
  const [isOpen, setOpen] = useState(false);
  const { id, kind, subject, detail, account, topUp, openedAt, seenAt } = finding;
  return (
    <Paper withBorder p="md" component="article" data-finding={kind}>
      <Stack gap={4}>
        <Title order={2} size="h5">
          {words.code('finding', kind)}
        </Title>
        <Text size="sm" lang="en" style={{ overflowWrap: 'anywhere' }}>
          {detail}
        </Text>
        <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          {subject}
        </Text>
        <Group justify="space-between" gap="xs">
          <Text size="xs" c="dimmed">
            {t('opened', { when: formats.dateTime(openedAt), seen: formats.relative(seenAt) })}
          </Text>
          <Group gap="md">
            <Button variant="default" size="xs" onClick={() => setOpen(true)}>
              {t('resolve')}
            </Button>
            {topUp !== null && <GoTo path={chargePath(topUp)}>{t('charge')}</GoTo>}
            {account !== null && <GoTo path={accountPath(account)}>{t('account')}</GoTo>}
          </Group>
        </Group>
      </Stack>
      {isOpen && <ResolveDialog id={id} onClose={() => setOpen(false)} />}
    </Paper>
  );
}

function ResolveDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const t = useMessages(findingMessages);
  return (
    <ActDialog
      title={t('resolveTitle')}
      explanation={t('resolveText')}
      confirm={t('resolve').replace(/ …$/, '')}
      onClose={onClose}
      act={async ({ reason, headers }) => {
        await resolveFinding({ path: { finding: id }, body: { reason }, headers, throwOnError: true });
        return t('resolved');
      }}
    />
  );
}
