import type { RetryPreview } from '../../client/types.gen.ts';
import { useMessages } from '../../shared/i18n/use-messages.ts';
import { needMessages } from './need-messages.ts';
import { useWords } from './use-words.ts';

type PreviewItem = RetryPreview['items'][number];

/** Whether a charge is still needed, in sentences; none for what a retry charges nothing for. */
export function useNeedLines(): (item: PreviewItem) => string[] {
  const t = useMessages(needMessages);
  const words = useWords();
  return ({ effect, need, topUp }) => {
    if (need === null || topUp === null || (effect !== 'new_top_up' && effect !== 'hastened')) return [];
    const { goneBy, suspension, paidLater, wouldCancel } = need;
    const later = paidLater === null || goneBy === 'paid_later' ? [] : [t('paidLater')];
    return [
      t('balance', { balance: words.units(topUp.wallet, need.balance) }),
      goneBy === null ? t('needed') : t('gone', { why: t(`gone_${goneBy}`) }),
      ...(suspension === null ? [] : [t('paused', { why: words.code('suspended', suspension) })]),
      ...later,
      ...(goneBy === null ? [] : [t(wouldCancel ? 'canceledInstead' : 'chargedAnyway')]),
    ];
  };
}
