import { Stack, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { quote } from '../../client/sdk.gen.ts';
import { ApiError } from '../../shared/api/problem.ts';
import { useFormats } from '../../shared/i18n/use-formats.ts';
import { useMessages } from '../../shared/i18n/use-messages.ts';
import { useAccount, useOpenSession } from '../account.ts';
import { faultOfAmount, faultsIn } from './field-errors.ts';
import { numberIn } from './settings-values.ts';
import { settingsMessages } from './messages.ts';
import type { Wallet } from './settings-types.ts';
import { useFaultTexts } from './use-fault-text.ts';

/** Long enough to leave out what is typed over at once, short enough to seem immediate. */
const PAUSE_MS = 120;

/** What an amount buys, by the API's own quote. An answer for another amount than the one in the field, or by the rates
 *  of another plan, is never shown. */
function useQuote(wallet: Wallet, value: number | string) {
  const { accountId } = useOpenSession();
  const { data: account } = useAccount();
  const amount = faultOfAmount(value) === null ? numberIn(value) : null;
  const [asked] = useDebouncedValue(amount, PAUSE_MS);
  const isAsked = asked !== null;
  const query = useQuery({
    queryKey: ['quote', accountId, account?.plan, wallet, asked],
    queryFn: async ({ signal }) => {
      const { data } = await quote({
        path: { id: accountId },
        query: { wallet, amount: asked ?? 0 },
        signal,
        throwOnError: true,
      });
      return data;
    },
    enabled: isAsked,
    staleTime: Infinity,
  });
  const fits = asked === amount && isAsked;
  return {
    quote: fits ? query.data : undefined,
    error: fits && query.error instanceof ApiError ? query.error : null,
  };
}

/** The equivalent of an amount. */
export function AmountQuote({ wallet, amount: value }: { wallet: Wallet; amount: number | string }) {
  const t = useMessages(settingsMessages);
  const faultTexts = useFaultTexts();
  const { euros, number } = useFormats();
  const amount = numberIn(value);
  const { quote: bought, error } = useQuote(wallet, value);
  const text = () => {
    if (amount === null || faultOfAmount(value) !== null) return t('quoteNone');
    if (bought !== undefined) {
      return t(`quote_${wallet}`, { amount: euros(bought.amount), units: number(bought.units) });
    }
    if (error === null) return t('quotePending', { amount: euros(amount) });
    return error.status === 422 ? (faultTexts(faultsIn(error)).amount ?? t('quoteNone')) : t('quoteFailed');
  };
  return (
    <Stack gap={2}>
      <Text fw={600} aria-live="polite" data-testid={`quote-${wallet}`}>
        {text()}
      </Text>
      <Text size="xs" c="dimmed">
        {t('exclVat')}
      </Text>
    </Stack>
  );
}
