import { useMemo } from 'react';
import type { OperatorTopUp, Wallet } from '../../client/types.gen.ts';
import { ApiError } from '../../shared/api/problem.ts';
import { useFormats } from '../../shared/i18n/use-formats.ts';
import { useMessages } from '../../shared/i18n/use-messages.ts';
import { useProblemText } from '../../shared/use-problem-text.ts';
import { wordMessages } from './messages.ts';

type Key = keyof (typeof wordMessages)['en'];

export type Words = {
  readonly wallet: (wallet: Wallet) => string;
  readonly units: (wallet: Wallet, units: number) => string;
  readonly state: (state: OperatorTopUp['state']) => string;
  readonly failure: (failure: string | null) => string;
  /** The word for a code of a family, such as `mail_sent`; the code itself when there is none. */
  readonly code: (family: string, code: string) => string;
  /** Why an act was refused, or failed. */
  readonly problem: (error: unknown) => string;
};

/** The service's codes in the words of people. */
export function useWords(): Words {
  const t = useMessages(wordMessages);
  const formats = useFormats();
  const problemText = useProblemText();
  return useMemo(() => {
    const code = (family: string, one: string) => {
      const key = `${family}_${one}`;
      return key in wordMessages.en ? t(key as Key) : one;
    };
    return {
      wallet: (wallet) => t(wallet),
      units: (wallet, units) => t(`units_${wallet}`, { units: formats.number(units, 3) }),
      state: (state) => t(`state_${state}`),
      failure: (failure) => code('failure', failure ?? 'none'),
      code,
      problem: (error) => {
        const isRefusal = error instanceof ApiError && `refused_${error.code}` in wordMessages.en;
        return isRefusal ? code('refused', error.code) : problemText(error);
      },
    };
  }, [t, formats, problemText]);
}
