import { Paper, Stack, Switch, Text, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import {
  getEmailPreferencesOptions,
  getEmailPreferencesQueryKey,
} from '../../client/@tanstack/react-query.gen.ts';
import { saveEmailPreferences } from '../../client/sdk.gen.ts';
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
  const { choices, choose } = useChoices();
  const muted = choices.reduce(mutedWith, preferences.muted);
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
              checked={!muted.includes(kind)}
              onChange={({ currentTarget }) => choose({ kind, isMailed: currentTarget.checked })}
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

type Choice = { kind: Kind; isMailed: boolean };

/** What has been chosen and is not saved yet: shown at once, and no longer when it could not be saved. Choices are saved one
 *  after the other, each on top of what the API has answered last, so that none undoes another. */
function useChoices() {
  const t = useMessages(emailMessages);
  const { accountId } = useOpenSession();
  const queries = useQueryClient();
  const announce = useAnnounce();
  const toast = useToast();
  const textOf = useProblemText();
  const [choices, setChoices] = useState<readonly Choice[]>([]);
  const path = { id: accountId };
  const queryKey = getEmailPreferencesQueryKey({ path });
  const { mutate } = useMutation({
    scope: { id: 'email-preferences' },
    mutationFn: async (choice: Choice) => {
      const saved = queries.getQueryData<EmailPreferences>(queryKey)?.muted ?? [];
      const muted = mutedWith(saved, choice) as SaveEmailPreferencesData['body']['muted'];
      return (await saveEmailPreferences({ path, body: { muted }, throwOnError: true })).data;
    },
    onSuccess(preferences) {
      queries.setQueryData(queryKey, preferences);
      announce(t('saved'));
    },
    onError: (error) => void toast({ message: textOf(error), tone: 'bad' }),
    onSettled: (_saved, _error, choice) => setChoices((known) => known.filter((each) => each !== choice)),
  });
  return {
    choices,
    choose: (choice: Choice) => {
      setChoices((known) => [...known, choice]);
      mutate(choice);
    },
  };
}

function mutedWith(muted: readonly Kind[], { kind, isMailed }: Choice): Kind[] {
  const others = muted.filter((each) => each !== kind);
  return isMailed ? others : [...others, kind];
}
