import { Button, Paper, Stack, Text, Title } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { listSettingsHistoryOptions } from '../../client/@tanstack/react-query.gen.ts';
import { useFormats } from '../../shared/i18n/use-formats.ts';
import { useMessages } from '../../shared/i18n/use-messages.ts';
import { Failed, Loading } from '../../shared/ui/states.tsx';
import { useWords } from '../words/use-words.ts';
import { consoleMessages } from '../messages.ts';
import { accountMessages } from './messages.ts';

const STEP = 25;
/** As many as the API gives at once. */
const MOST = 100;

/** What was chosen when, newest first. */
export function SettingsHistory({ id }: { id: string }) {
  const t = useMessages(accountMessages);
  const more = useMessages(consoleMessages);
  const words = useWords();
  const formats = useFormats();
  const [limit, setLimit] = useState(STEP);
  const { data, error, refetch, isFetching } = useQuery({
    ...listSettingsHistoryOptions({ path: { id }, query: { limit } }),
    placeholderData: keepPreviousData,
  });
  return (
    <Paper withBorder p="md" component="section">
      <Title order={2} size="h4" mb="sm">
        {t('history')}
      </Title>
      {data === undefined && error !== null ? (
        <Failed error={error} onRetry={() => void refetch()} />
      ) : data === undefined ? (
        <Loading />
      ) : data.items.length === 0 ? (
        <Text size="sm">{t('noHistory')}</Text>
      ) : (
        <Stack gap="sm">
          {data.items.map((saved) => (
            <div key={`${saved.wallet} ${saved.version}`}>
              <Text size="sm" fw={600}>
                {t('historyVersion', { version: saved.version, wallet: words.wallet(saved.wallet) })}
              </Text>
              <Text size="sm">
                {t('settingsText', {
                  state: t(saved.enabled ? 'on' : 'off'),
                  below: words.units(saved.wallet, saved.topUpBelow),
                  amount: formats.euros(saved.amount),
                  alert: words.units(saved.wallet, saved.alertBelow),
                  cap: saved.monthlyCap === null ? t('noCap') : formats.euros(saved.monthlyCap),
                })}
                {saved.wallet === 'call_minutes' && saved.topUpOnRefusal && `; ${t('refusalOn')}`}
              </Text>
              <Text size="xs" c="dimmed">
                {formats.dateTime(saved.savedAt)}
              </Text>
            </div>
          ))}
          {data.items.length === limit && limit < MOST && (
            <Button variant="default" loading={isFetching} onClick={() => setLimit(MOST)}>
              {more('showMore')}
            </Button>
          )}
          {data.items.length === MOST && (
            <Text size="xs" c="dimmed">
              {t('historyLatest', { count: MOST })}
            </Text>
          )}
        </Stack>
      )}
    </Paper>
  );
}
