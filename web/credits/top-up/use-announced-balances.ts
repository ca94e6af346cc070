import { useEffect, useRef } from 'react';
import type { Account } from '../../client/types.gen.ts';
import { useFormats } from '../../shared/i18n/use-formats.ts';
import { useMessages } from '../../shared/i18n/use-messages.ts';
import { useAnnounce } from '../../shared/ui/announcer.tsx';
import { settingsMessages } from './messages.ts';
import { WALLETS } from './settings-types.ts';
import { walletMessages } from './wallet-messages.ts';

/** Tells screen readers of balances that rise: what falls call by call would never let them finish a sentence. */
export function useAnnouncedBalances(account: Account | undefined): void {
  const t = useMessages(walletMessages);
  const names = useMessages(settingsMessages);
  const { number } = useFormats();
  const announce = useAnnounce();
  const last = useRef<Account['wallets'] | undefined>(undefined);
  useEffect(() => {
    const before = last.current;
    last.current = account?.wallets;
    if (account === undefined || before === undefined) return;
    const risen = WALLETS.filter((wallet) => account.wallets[wallet].balance > before[wallet].balance);
    if (risen.length === 0) return;
    announce(
      risen
        .map((wallet) => {
          const unit = wallet === 'call_minutes' ? 'minutes' : 'credits';
          const balance = t(unit, { balance: number(account.wallets[wallet].balance) });
          return t('announceBalance', { wallet: names(wallet), balance });
        })
        .join('. '),
    );
  }, [account, announce, names, number, t]);
}
