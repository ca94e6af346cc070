import { Alert, Button, Paper, PasswordInput, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { OperatorSession } from '../client/types.gen.ts';
import { apiBase } from '../shared/api/connect.ts';
import { ApiError } from '../shared/api/problem.ts';
import { useMessages } from '../shared/i18n/use-messages.ts';
import { Preferences } from '../shared/ui/preferences.tsx';
import { Standstill } from '../shared/ui/states.tsx';
import { useProblemText } from '../shared/use-problem-text.ts';
import { consoleMessages } from './messages.ts';
import { oidcRefusal, signIn } from './session.ts';

type SignInProps = { session: OperatorSession & { codeFailed?: boolean; isOver?: boolean } };

/** By a key, or by the identity provider when there is one. */
export function SignIn({ session }: SignInProps) {
  const t = useMessages(consoleMessages);
  const problemText = useProblemText();
  const queries = useQueryClient();
  const [key, setKey] = useState('');
  const attempt = useMutation({ mutationFn: () => signIn(queries, key.trim()) });
  useEffect(() => {
    document.title = t('signInTitle');
  }, [t]);
  const { error } = attempt;
  const errorText =
    error instanceof ApiError && (error.status === 401 || error.status === 422)
      ? t('wrongKey')
      : error instanceof ApiError && error.status === 429
        ? t('tooManyKeys')
        : error === null
          ? null
          : problemText(error);
  const note = noteOf(session);
  return (
    <Standstill title={t('signInTitle')}>
      {note !== null && (
        <Alert color="blue" role="status" w="100%">
          {t(note)}
        </Alert>
      )}
      <Text c="dimmed">{t('signInText')}</Text>
      <Paper
        component="form"
        withBorder
        p="lg"
        w="100%"
        maw={420}
        ta="start"
        onSubmit={(event) => {
          event.preventDefault();
          attempt.mutate();
        }}
      >
        <Stack>
          <PasswordInput
            label={t('key')}
            name="key"
            autoComplete="current-password"
            required
            withAsterisk={false}
            value={key}
            onChange={(event) => setKey(event.currentTarget.value)}
            error={errorText}
            visibilityToggleButtonProps={{ 'aria-hidden': true, style: { display: 'none' } }}
          />
          <Button type="submit" loading={attempt.isPending} disabled={key.trim() === ''}>
            {t('signIn')}
          </Button>
        </Stack>
      </Paper>
      {session.oidc && (
        <Button component="a" variant="default" href={`${apiBase()}/v1/operator/session/oidc`}>
          {t('signInOidc')}
        </Button>
      )}
      <Preferences />
    </Standstill>
  );
}

function noteOf({ codeFailed, isOver }: SignInProps['session']) {
  const refusal = oidcRefusal();
  if (codeFailed === true) return 'codeFailed';
  if (isOver === true) return 'sessionOver';
  return refusal === null ? null : (`oidc_${refusal}` as const);
}
