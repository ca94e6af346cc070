import { Alert, Button, Skeleton, Stack, Text, Title } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useMessages } from '../i18n/use-messages.ts';
import { sharedMessages } from '../messages.ts';
import { useProblemText } from '../use-problem-text.ts';

/** In place of what is being loaded, in about its size. */
export function Loading({ lines = 3, height = 20 }: { lines?: number; height?: number }) {
  const t = useMessages(sharedMessages);
  return (
    <Stack gap="sm" role="status" aria-label={t('loading')}>
      {Array.from({ length: lines }, (_, line) => (
        <Skeleton key={line} height={height} width={line === lines - 1 ? '60%' : '100%'} />
      ))}
    </Stack>
  );
}

/** In place of what could not be loaded. */
export function Failed({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const t = useMessages(sharedMessages);
  const textOf = useProblemText();
  return (
    <Alert color="red" role="alert" title={t('failedTitle')} icon={<IconAlertTriangle aria-hidden />}>
      <Stack align="flex-start">
        <Text size="sm">{textOf(error)}</Text>
        {onRetry !== undefined && (
          <Button variant="default" onClick={onRetry}>
            {t('retry')}
          </Button>
        )}
      </Stack>
    </Alert>
  );
}

/** In place of a list that has nothing in it yet. */
export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <Stack align="center" gap={4} py="xl" ta="center">
      <Text fw={600}>{title}</Text>
      {children !== undefined && (
        <Text size="sm" c="dimmed" maw={480}>
          {children}
        </Text>
      )}
    </Stack>
  );
}

/** A page that has nothing but one thing to say. */
export function Standstill({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Stack
      component="main"
      id="content"
      align="center"
      justify="center"
      mih="100vh"
      p="xl"
      ta="center"
      gap="md"
    >
      <Title order={1} size="h2" maw={560}>
        {title}
      </Title>
      <Stack maw={520} gap="md" align="center">
        {children}
      </Stack>
    </Stack>
  );
}
