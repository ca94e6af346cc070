import { useCallback } from 'react';
import type { Wallet } from '../client/types.gen.ts';
import { useFormats } from '../shared/i18n/use-formats.ts';
import { useMessages } from '../shared/i18n/use-messages.ts';
import { unitMessages } from './units-messages.ts';

export type { Wallet } from '../client/types.gen.ts';

/** Says an amount of a wallet with its unit: "9.5 minutes", "1,285 credits". */
export function useUnits(): (wallet: Wallet, amount: number) => string {
  const t = useMessages(unitMessages);
  const { number } = useFormats();
  return useCallback(
    (wallet, amount) =>
      t(wallet === 'call_minutes' ? 'minutes' : 'credits', { amount: number(amount), count: amount }),
    [t, number],
  );
}
