import { Alert, Group, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useProblemText } from '../../shared/use-problem-text.ts';

/** What the customer has to know, with what there is to do about it.
 *  @param error why the last attempt to do it failed. */
export function Banner({
  colour,
  icon,
  title,
  text,
  error = null,
  children,
}: {
  colour: string;
  icon: ReactNode;
  title: string;
  text: string;
  error?: Error | null;
  children: ReactNode;
}) {
  const textOf = useProblemText();
  return (
    <Alert color={colour} role="alert" title={title} icon={icon}>
      <Stack gap="sm" align="flex-start">
        <Text size="sm">{text}</Text>
        <Group gap="sm">
          {children}
          {error !== null && <Text size="sm">{textOf(error)}</Text>}
        </Group>
      </Stack>
    </Alert>
  );
}
