import { useMessages } from '../../shared/i18n/use-messages.ts';
import { stateMessages } from './state-messages.ts';

type Key = keyof (typeof stateMessages)['en'];

/** Why automatic top-up is in its state, in the page's language. */
export function useReasonText(): (code: string) => string {
  const t = useMessages(stateMessages);
  return (code) => {
    const key = `reason_${code}`;
    return key in stateMessages.en ? t(key as Key) : t('reason_other', { code });
  };
}
