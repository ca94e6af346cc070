import { List, Text } from '@mantine/core';
import type { Replay } from '../client/types.gen.ts';
import { useFormats } from '../shared/i18n/use-formats.ts';
import { useMessages } from '../shared/i18n/use-messages.ts';
import { previewMessages } from './preview-messages.ts';
import { useUnits, type Wallet } from './units.ts';

const HOURS_A_DAY = 24;

/** What the last 30 days would have been, in words. */
export function PreviewPast({ wallet, replay }: { wallet: Wallet; replay: Replay | null }) {
  const t = useMessages(previewMessages);
  const { euros } = useFormats();
  const warned = useWarned();
  if (replay === null) return <Text size="sm">{t('pastUnknown')}</Text>;
  const { topUps, amount, alerts, depletions, events } = replay;
  const sentences = [
    t('pastTopUps', { topUps, amount: euros(amount) }),
    t('pastAlerts', { alerts }),
    topUps > 0 ? warned(replay) : '',
    depletions > 0 ? t('depleted', { count: depletions }) : t('neverDepleted'),
  ];
  return (
    <>
      <Text size="sm" data-testid="preview-past">
        {sentences.filter((sentence) => sentence !== '').join(' ')}
      </Text>
      {events.length > 0 && (
        <details>
          <Text component="summary" size="sm" c="dimmed" style={{ cursor: 'pointer' }}>
            {t('events')}
          </Text>
          <Events wallet={wallet} events={events} />
        </details>
      )}
    </>
  );
}

function useWarned(): (replay: Replay) => string {
  const t = useMessages(previewMessages);
  return ({ firstWarningBeforeTopUpHours: hours }) => {
    if (hours === null) return t('neverWarned');
    if (hours < 0.5) return t('warnedLate');
    if (hours < HOURS_A_DAY * 1.5) return t('warnedHours', { count: Math.max(1, Math.round(hours)) });
    return t('warnedDays', { count: Math.round(hours / HOURS_A_DAY) });
  };
}

function Events({ wallet, events }: { wallet: Wallet; events: Replay['events'] }) {
  const t = useMessages(previewMessages);
  const { euros, dateTime } = useFormats();
  const units = useUnits();
  const textOf = ({ kind, amount, balance, units: bought }: Replay['events'][number]) => {
    if (kind === 'top_up') {
      return t('event_top_up', { amount: euros(amount ?? 0), units: units(wallet, bought ?? 0) });
    }
    if (kind === 'balance.depleted') return t('event_balance_depleted');
    return t('event_balance_alert', { units: units(wallet, balance ?? 0) });
  };
  return (
    <List size="sm" mt="xs" mah={240} tabIndex={0} style={{ overflowY: 'auto' }}>
      {events.map((event, at) => (
        <List.Item key={at}>
          {dateTime(event.at)}: {textOf(event)}
        </List.Item>
      ))}
    </List>
  );
}
