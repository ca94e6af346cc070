import { Paper, Stack, Switch, Text, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useId } from 'react';
import {
  getEmailPreferencesOptions,
  getEmailPreferencesQueryKey,
  saveEmailPreferencesMutation,
} from '../../client/@tanstack/react-query.gen.ts';
import type { EmailPreferences, SaveEmailPreferencesData } from '../../client/types.gen.ts';
import { useMessages } from '../../shared/i18n/use-messages.ts';
import { useAnnounce } from '../../shared/ui/announcer.tsx';
import { Failed, Loading } from '../../shared/ui/states.tsx';
import { useToast } from '../../shared/ui/use-toast.ts';
import { useProblemText } from '../../shared/use-problem-text.ts';
import { useAccount, useOpenSession } from '../account.ts';
import { emailMessages } from './messages.ts';

type Kind = EmailPreferences['mutable'][number];

const ALWAYS: readonly Kind[] = [
  'balance.depleted',
  'top_up.failed',
  'top_up.action_required',
  'top_up.action_reminder',
  'auto_top_up.suspended',
];

/** Which notifications are mailed; each switch is saved at once. */
export function EmailsSection() {
  const t = useMessages(emailMessages);
  const { accountId } = useOpenSession();
  const { data: account } = useAccount();
  const { data, error, refetch } = useQuery(getEmailPreferencesOptions({ path: { id: accountId } }));
  return (
    <Stack maw={640}>
      <Title order={1} size="h2">
        {t('title')}
      </Title>
      <Text>{t('intro', { email: account?.email ?? '' })}</Text>
      {data !== undefined ? (
        <Preferences preferences={data} />
      ) : error !== null ? (
        <Failed error={error} onRetry={() => void refetch()} />
      ) : (
        <Loading lines={4} height={40} />
      )}
    </Stack>
  );
}

function Preferences({ preferences }: { preferences: EmailPreferences }) {
  const t = useMessages(emailMessages);
  const [chosenId, alwaysId] = [useId(), useId()];
  const save = useSave();
  const toggle = (kind: Kind, isMailed: boolean) => {
    const others = preferences.muted.filter((each) => each !== kind);
    save((isMailed ? others : [...others, kind]) as SaveEmailPreferencesData['body']['muted']);
  };
  return (
    <>
      <Paper component="section" withBorder p="md" aria-labelledby={chosenId}>
        <Stack>
          <Title order={2} size="h4" id={chosenId}>
            {t('choose')}
          </Title>
          {preferences.mutable.map((kind) => (
            <Switch
              key={kind}
              label={t(`kind_${kind}`)}
              description={t(`text_${kind}`)}
              checked={!preferences.muted.includes(kind)}
              onChange={({ currentTarget }) => toggle(kind, currentTarget.checked)}
            />
          ))}
        </Stack>
      </Paper>
      <Paper component="section" withBorder p="md" aria-labelledby={alwaysId}>
        <Stack gap="xs">
          <Title order={2} size="h4" id={alwaysId}>
            {t('always')}
          </Title>
          <Text size="sm" c="dimmed">
            {t('alwaysText')}
          </Text>
          <ul style={{ margin: 0, paddingInlineStart: 20 }}>
            {ALWAYS.filter((kind) => !preferences.mutable.includes(kind)).map((kind) => (
              <li key={kind}>
                <Text span size="sm" fw={600}>
                  {t(`kind_${kind}`)}
                </Text>
                <Text span size="sm">{`: ${t(`text_${kind}`)}`}</Text>
              </li>
            ))}
          </ul>
        </Stack>
      </Paper>
    </>
  );
}

/** Shows the choice at once, and takes it back when it could not be saved. */
function useSave(): (muted: SaveEmailPreferencesData['body']['muted']) => void {
  const t = useMessages(emailMessages);
  const { accountId } = useOpenSession();
  const queries = useQueryClient();
  const announce = useAnnounce();
  const toast = useToast();
  const textOf = useProblemText();
  const path = { id: accountId };
  const key = getEmailPreferencesQueryKey({ path });
  const { mutate } = useMutation({
    ...saveEmailPreferencesMutation(),
    // One after the other, so that the last choice is the one that stays.
    scope: { id: 'email-preferences' },
    onSuccess: () => announce(t('saved')),
    onError: (error) => void toast({ message: textOf(error), tone: 'bad' }),
    onSettled: () => queries.invalidateQueries({ queryKey: key }),
  });
  return (muted) => {
    queries.setQueryData<EmailPreferences>(key, (known) =>
      known === undefined ? known : { ...known, muted },
    );
    mutate({ path, body: { muted } });
  };
}
