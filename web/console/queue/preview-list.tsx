import { Group, Paper, Stack, Text } from '@mantine/core';
import { useFormats } from '../../shared/i18n/use-formats.ts';
import { useMessages } from '../../shared/i18n/use-messages.ts';
import { StateMark } from '../words/mark.tsx';
import { useWords } from '../words/use-words.ts';
import { bulkMessages } from './bulk-messages.ts';
import type { PreviewItem } from './retry-all.ts';

/** What a retry of each would do. */
export function PreviewList({ items }: { items: readonly PreviewItem[] }) {
  return (
    <Stack gap="xs" mah={320} style={{ overflowY: 'auto' }} tabIndex={0} role="list">
      {items.map((item) => (
        <Preview key={item.id} item={item} />
      ))}
    </Stack>
  );
}

function Preview({ item }: { item: PreviewItem }) {
  const t = useMessages(bulkMessages);
  const effect = useEffectText();
  const formats = useFormats();
  const { id, topUp } = item;
  return (
    <Paper withBorder p="xs" role="listitem">
      <Group justify="space-between" gap="xs">
        <Text size="sm" fw={600} style={{ overflowWrap: 'anywhere' }}>
          {topUp === null ? id : t('of', { name: topUp.accountName, amount: formats.euros(topUp.amount) })}
        </Text>
        {topUp !== null && <StateMark state={topUp.state} />}
      </Group>
      <Text size="sm" data-effect={item.effect ?? item.refusal}>
        {effect(item)}
      </Text>
    </Paper>
  );
}

function useEffectText(): (item: PreviewItem) => string {
  const t = useMessages(bulkMessages);
  const words = useWords();
  const formats = useFormats();
  return ({ effect, refusal, topUp, card }) => {
    if (effect === null) return t('effect_refused', { why: words.code('refused', refusal ?? '') });
    if (effect === 'looked_up' || effect === 'none') return t(`effect_${effect}`);
    const amount = formats.euros(topUp?.amount ?? 0);
    return t(`effect_${effect}`, { amount, card: card === null ? t('noCard') : t('card', card) });
  };
}
