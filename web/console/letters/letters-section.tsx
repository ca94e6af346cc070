import { Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import {
  listLostMails,
  listWebhookDeliveries,
  replayMail,
  replayWebhookDelivery,
} from '../../client/sdk.gen.ts';
import type { OperatorMail, WebhookDelivery } from '../../client/types.gen.ts';
import { useFormats } from '../../shared/i18n/use-formats.ts';
import { useMessages } from '../../shared/i18n/use-messages.ts';
import { Empty } from '../../shared/ui/states.tsx';
import { ActDialog, type Order } from '../acts/act-dialog.tsx';
import { GoTo } from '../go-to.tsx';
import { Pages } from '../pages.tsx';
import { accountPath } from '../paths.ts';
import { useWords } from '../words/use-words.ts';
import { letterMessages } from './messages.ts';

const LOOK_AGAIN_MS = 5_000;

/** Mails and webhooks that nobody took, and sending them again. */
export function LettersSection() {
  const t = useMessages(letterMessages);
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
      <Stack gap="sm" component="section" aria-label={t('mails')}>
        <Title order={2} size="h4">
          {t('mails')}
        </Title>
        <Pages
          name={['letters', 'mails']}
          read={async (cursor, signal) =>
            (await listLostMails({ query: cursor, signal, throwOnError: true })).data
          }
          lookAgainMs={LOOK_AGAIN_MS}
          empty={<Empty title={t('noMails')} />}
        >
          {(mails) => mails.map((mail) => <Mail key={mail.id} mail={mail} />)}
        </Pages>
      </Stack>
      <Stack gap="sm" component="section" aria-label={t('webhooks')}>
        <Title order={2} size="h4">
          {t('webhooks')}
        </Title>
        <Pages
          name={['letters', 'webhooks']}
          read={async (cursor, signal) => {
            const query = { ...cursor, status: 'dead' as const };
            return (await listWebhookDeliveries({ query, signal, throwOnError: true })).data;
          }}
          lookAgainMs={LOOK_AGAIN_MS}
          empty={<Empty title={t('noWebhooks')} />}
        >
          {(webhooks) => webhooks.map((webhook) => <Webhook key={webhook.id} webhook={webhook} />)}
        </Pages>
      </Stack>
    </Stack>
  );
}

function Mail({ mail }: { mail: OperatorMail }) {
  const t = useMessages(letterMessages);
  const words = useWords();
  const { id, title, account, status, detail, attempts, updatedAt } = mail;
  const fate = words.code('mail', status);
  return (
    <Letter
      what={title}
      account={account}
      why={detail === null ? fate : `${fate}: ${detail}`}
      attempts={attempts}
      at={updatedAt}
      dialog={{ title: t('replayMailTitle'), explanation: t('replayMailText') }}
      replay={async ({ reason, headers }) => {
        await replayMail({ path: { mail: id }, body: { reason }, headers, throwOnError: true });
      }}
    />
  );
}

function Webhook({ webhook }: { webhook: WebhookDelivery }) {
  const t = useMessages(letterMessages);
  const { id, type, account, responseStatus, detail, attempts, updatedAt } = webhook;
  const answer = responseStatus === null ? '' : t('answered', { status: String(responseStatus) });
  return (
    <Letter
      what={type}
      account={account}
      why={[detail, answer].filter((text) => text !== null && text !== '').join(', ')}
      attempts={attempts}
      at={updatedAt}
      dialog={{ title: t('replayWebhookTitle'), explanation: t('replayWebhookText') }}
      replay={async ({ reason, headers }) => {
        await replayWebhookDelivery({ path: { message: id }, body: { reason }, headers, throwOnError: true });
      }}
    />
  );
}

type LetterProps = {
  what: string;
  account: string;
  why: string;
  attempts: number;
  at: string;
  dialog: { title: string; explanation: string };
  replay: (order: Order) => Promise<void>;
};

function Letter({ what, account, why, attempts, at, dialog, replay }: LetterProps) {
  const t = useMessages(letterMessages);
  const formats = useFormats();
  const [isOpen, setOpen] = useState(false);
  return (
    <Paper withBorder p="md" component="article">
      <Group justify="space-between" gap="sm" align="flex-start">
        <Stack gap={2} style={{ flex: '1 1 240px', minWidth: 0 }}>
          <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
            {what}
          </Text>
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
            {why}
          </Text>
          <Text size="xs" c="dimmed">
            {t('attempts', { count: attempts })} · {formats.dateTime(at)}
          </Text>
          <GoTo path={accountPath(account)}>
            {t('account')} {account}
          </GoTo>
        </Stack>
        <Button variant="default" aria-label={t('replayOf', { what })} onClick={() => setOpen(true)}>
          {t('replay')}
        </Button>
      </Group>
      {isOpen && (
        <ActDialog
          {...dialog}
          confirm={t('send')}
          onClose={() => setOpen(false)}
          act={async (order) => {
            await replay(order);
            return t('queued');
          }}
        />
      )}
    </Paper>
  );
}
