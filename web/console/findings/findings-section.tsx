import { Group, Paper, Stack, Text, Title } from '@mantine/core';
import { listFindings } from '../../client/sdk.gen.ts';
import type { Finding } from '../../client/types.gen.ts';
import { useFormats } from '../../shared/i18n/use-formats.ts';
import { useMessages } from '../../shared/i18n/use-messages.ts';
import { Empty } from '../../shared/ui/states.tsx';
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
  const { kind, subject, detail, account, topUp, openedAt, seenAt } = finding;
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
            {topUp !== null && <GoTo path={chargePath(topUp)}>{t('charge')}</GoTo>}
            {account !== null && <GoTo path={accountPath(account)}>{t('account')}</GoTo>}
          </Group>
        </Group>
      </Stack>
    </Paper>
  );
}
