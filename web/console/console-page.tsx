import { Title } from '@mantine/core';
import { useMessages } from '../shared/i18n/use-messages.ts';
import { PageFrame } from '../shared/ui/page-frame.tsx';
import { consoleMessages } from './messages.ts';

/** What operators work with. */
export function ConsolePage() {
  const t = useMessages(consoleMessages);
  return (
    <PageFrame title={t('title')} sidebar={() => null}>
      <Title order={1}>{t('title')}</Title>
    </PageFrame>
  );
}
