import { Checkbox, Group, Paper, Stack, Text } from '@mantine/core';
import { useFormats } from '../../shared/i18n/use-formats.ts';
import { useMessages } from '../../shared/i18n/use-messages.ts';
import { StateMark } from '../words/mark.tsx';
import { useNeedLines } from '../words/use-need-lines.ts';
import { useWords } from '../words/use-words.ts';
import { bulkMessages } from './bulk-messages.ts';
import { isCharging, worthTrying, type PreviewItem } from './retry-all.ts';

type PreviewListProps = {
  items: readonly PreviewItem[];
  chosen: ReadonlySet<string>;
  onChoose: (chosen: ReadonlySet<string>) => void;
};

/** What a retry of each would do, and which of them are to be retried. */
export function PreviewList({ items, chosen, onChoose }: PreviewListProps) {
  return (
    <Stack gap="xs" mah={320} style={{ overflowY: 'auto' }} tabIndex={0} role="list">
      {items.map((item) => (
        <Preview
          key={item.id}
          item={item}
          isChosen={chosen.has(item.id)}
          onToggle={() => {
            const next = new Set(chosen);
            if (!next.delete(item.id)) next.add(item.id);
            onChoose(next);
          }}
        />
      ))}
    </Stack>
  );
}

type PreviewProps = { item: PreviewItem; isChosen: boolean; onToggle: () => void };

function Preview({ item, isChosen, onToggle }: PreviewProps) {
  const t = useMessages(bulkMessages);
  const effect = useEffectText();
  const needLines = useNeedLines();
  const formats = useFormats();
  const { id, topUp } = item;
  const name =
    topUp === null ? id : t('of', { name: topUp.accountName, amount: formats.euros(topUp.amount) });
  return (
    <Paper withBorder p="xs" role="listitem" data-gone={item.need?.goneBy ?? 'no'}>
      <Group justify="space-between" gap="xs">
        <Group gap="xs" wrap="nowrap" style={{ minWidth: 0 }}>
          <Checkbox
            aria-label={t('choose', { name })}
            checked={isChosen}
            disabled={worthTrying([item]).length === 0}
            onChange={onToggle}
          />
          <Text size="sm" fw={600} style={{ overflowWrap: 'anywhere' }}>
            {name}
          </Text>
        </Group>
        {topUp !== null && <StateMark state={topUp.state} />}
      </Group>
      <Text size="sm" data-effect={item.effect ?? item.refusal}>
        {effect(item)}
      </Text>
      <Text size="xs" c="dimmed">
        {needLines(item).join(' ')}
      </Text>
    </Paper>
  );
}

function useEffectText(): (item: PreviewItem) => string {
  const t = useMessages(bulkMessages);
  const words = useWords();
  const formats = useFormats();
  return (item) => {
    const { effect, refusal, topUp, card } = item;
    if (effect === null) return t('effect_refused', { why: words.code('refused', refusal ?? '') });
    if (effect === 'looked_up' || effect === 'none') return t(`effect_${effect}`);
    if (!isCharging(item)) return t('effect_cancels');
    const amount = formats.euros(topUp?.amount ?? 0);
    return t(`effect_${effect}`, { amount, card: card === null ? t('noCard') : t('card', card) });
  };
}
