import { Paper, Stack, Text, TextInput, Title } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { searchAccountsOptions } from '../../client/@tanstack/react-query.gen.ts';
import type { FoundAccounts } from '../../client/types.gen.ts';
import { useMessages } from '../../shared/i18n/use-messages.ts';
import { Empty, Failed, Loading } from '../../shared/ui/states.tsx';
import { GoTo } from '../go-to.tsx';
import { accountPath } from '../paths.ts';
import { Mark } from '../words/mark.tsx';
import { useWords } from '../words/use-words.ts';
import { accountMessages } from './messages.ts';

const TYPING_MS = 250;
const LEAST_LETTERS = 2;
/** More are not looked through, but narrowed down. */
const MOST = 25;

/** Finds an account by the beginning of what is known of it. */
export function SearchSection() {
  const t = useMessages(accountMessages);
  const [typed, setTyped] = useState('');
  const [text] = useDebouncedValue(typed.trim(), TYPING_MS);
  const isAsked = text.length >= LEAST_LETTERS;
  const { data, error, refetch } = useQuery({
    ...searchAccountsOptions({ query: { text, limit: MOST } }),
    enabled: isAsked,
    placeholderData: keepPreviousData,
  });
  return (
    <Stack gap="md">
      <Title order={1} size="h2">
        {t('searchTitle')}
      </Title>
      <TextInput
        type="search"
        maw={520}
        label={t('search')}
        description={t('searchHint')}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      {!isAsked ? null : data === undefined && error !== null ? (
        <Failed error={error} onRetry={() => void refetch()} />
      ) : data === undefined ? (
        <Loading />
      ) : data.items.length === 0 ? (
        <Empty title={t('none')} />
      ) : (
        <Stack gap="xs">
          <Text size="sm" c="dimmed" role="status">
            {t(data.items.length < MOST ? 'found' : 'foundMost', { count: data.items.length })}
          </Text>
          {data.items.map((account) => (
            <Found key={account.id} account={account} />
          ))}
        </Stack>
      )}
    </Stack>
  );
}

function Found({ account }: { account: FoundAccounts['items'][number] }) {
  const words = useWords();
  const { id, name, email, plan, suspended } = account;
  return (
    <Paper withBorder p="sm">
      <GoTo path={accountPath(id)} fw={600}>
        {name}
      </GoTo>
      <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
        {id} · {email} · {plan}
      </Text>
      {suspended !== null && <Mark tone="bad">{words.code('suspended', suspended)}</Mark>}
    </Paper>
  );
}
