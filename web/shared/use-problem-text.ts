import { useCallback } from 'react';
import { ApiError } from './api/problem.ts';
import { useMessages } from './i18n/use-messages.ts';
import { sharedMessages } from './messages.ts';

type Key = keyof (typeof sharedMessages)['en'];

/** Says in the page's language why a call failed, by the code of the problem and never by its English detail. */
export function useProblemText(): (error: unknown) => string {
  const t = useMessages(sharedMessages);
  return useCallback(
    (error) => {
      const code = error instanceof ApiError ? error.code : 'internal';
      const key = `problem_${code}`;
      return key in sharedMessages.en ? t(key as Key) : t('problem_other', { code });
    },
    [t],
  );
}
