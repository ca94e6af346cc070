import { Alert } from '@mantine/core';
import { IconClock } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useFormats } from '../shared/i18n/use-formats.ts';
import { useMessages } from '../shared/i18n/use-messages.ts';
import { useOpenSession } from './account.ts';
import { frameMessages } from './messages.ts';

/** Long enough to finish what was begun. */
const WARNED_BEFORE_MS = 5 * 60 * 1_000;

/** Warns before the session ends, and what has not been saved is gone with it. */
export function EndingSoon() {
  const t = useMessages(frameMessages);
  const { time } = useFormats();
  const { endsAtMs } = useOpenSession();
  const [warnedOf, setWarnedOf] = useState<number | null>(null);
  useEffect(() => {
    const timer = setTimeout(() => setWarnedOf(endsAtMs), endsAtMs - WARNED_BEFORE_MS - Date.now());
    return () => clearTimeout(timer);
  }, [endsAtMs]);
  if (warnedOf !== endsAtMs) return null;
  return (
    <Alert
      color="yellow"
      role="alert"
      mb="md"
      title={t('endingTitle', { time: time(endsAtMs) })}
      icon={<IconClock aria-hidden />}
      data-testid="ending"
    >
      {t('endingText')}
    </Alert>
  );
}
