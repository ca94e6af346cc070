import { Alert, Button, Stack, Text } from '@mantine/core';
import { Component, type ReactNode } from 'react';
import { useMessages } from '../i18n/use-messages.ts';
import { sharedMessages } from '../messages.ts';

/** Keeps a fault in one part of the page from emptying all of it. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override render() {
    return this.state.failed ? <Crashed /> : this.props.children;
  }
}

/** Instead of a part that broke. */
export function Crashed() {
  const t = useMessages(sharedMessages);
  return (
    <Alert color="red" role="alert" title={t('crashedTitle')}>
      <Stack align="flex-start">
        <Text size="sm">{t('crashedText')}</Text>
        <Button variant="default" onClick={() => location.reload()}>
          {t('reload')}
        </Button>
      </Stack>
    </Alert>
  );
}
