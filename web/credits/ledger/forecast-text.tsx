import { Text } from '@mantine/core';
import type { BalanceHistory } from '../../client/types.gen.ts';
import { useFormats } from '../../shared/i18n/use-formats.ts';
import { useMessages } from '../../shared/i18n/use-messages.ts';
import { useUnits } from '../units.ts';
import { ledgerMessages } from './messages.ts';

/** Where a balance leads, in words. */
export function ForecastText({ history }: { history: BalanceHistory }) {
  const t = useMessages(ledgerMessages);
  const { relative } = useFormats();
  const units = useUnits();
  const { burnPerDay, forecast, wallet } = history;
  if (burnPerDay === null || forecast === null) {
    return (
      <Text size="sm" data-testid="forecast">
        {t('noForecast')}
      </Text>
    );
  }
  const { alertAt, topUpAt, emptyAt } = forecast;
  const isFar =
    alertAt === null && topUpAt === null && emptyAt === null && (history.points.at(-1)?.balance ?? 0) > 0;
  const sentences = [
    t('burn', { amount: units(wallet, rounded(burnPerDay)) }),
    alertAt === null ? '' : t('forecastAlert', { when: relative(alertAt) }),
    topUpAt === null
      ? ''
      : t(wallet === 'call_minutes' ? 'forecastTopUpOfCalls' : 'forecastTopUp', { when: relative(topUpAt) }),
    // What a top-up keeps from happening is not foretold.
    emptyAt === null || (topUpAt !== null && topUpAt <= emptyAt)
      ? ''
      : t('forecastEmpty', { when: relative(emptyAt) }),
    isFar ? t('farAway') : '',
  ];
  return (
    <Text size="sm" data-testid="forecast">
      {sentences.filter((sentence) => sentence !== '').join(' ')}
    </Text>
  );
}

/** An estimate has no decimals that mean something, unless it is small. */
function rounded(amount: number): number {
  return amount >= 10 ? Math.round(amount) : Math.round(amount * 10) / 10;
}
