import { Group, Paper, Stack, Text } from '@mantine/core';
import { useQueries } from '@tanstack/react-query';
import { getOperatorTopUpOptions } from '../../client/@tanstack/react-query.gen.ts';
import type { OperatorTopUp } from '../../client/types.gen.ts';
import { useFormats } from '../../shared/i18n/use-formats.ts';
import { useMessages } from '../../shared/i18n/use-messages.ts';
import { GoTo } from '../go-to.tsx';
import { chargePath } from '../paths.ts';
import { StateMark } from '../words/mark.tsx';
import { useWords } from '../words/use-words.ts';
import { bulkMessages } from './bulk-messages.ts';
import type { Outcome, PreviewItem } from './retry-all.ts';

const LOOK_AGAIN_MS = 1_500;
/** Of each one more, so that many together stay far below what one operator may ask for. */
const PER_CHARGE_MS = 150;
const ENDED: readonly OperatorTopUp['state'][] = ['credited', 'failed', 'canceled', 'refunded', 'disputed'];

/** What has become of each by now: the charge that goes on may be another one than was tried again. */
export function Fates({
  items,
  outcomes,
}: {
  items: readonly PreviewItem[];
  outcomes: ReadonlyMap<string, Outcome>;
}) {
  const t = useMessages(bulkMessages);
  const followed = items.flatMap(({ id }) => {
    const outcome = outcomes.get(id);
    return outcome !== undefined && 'done' in outcome ? [{ id, topUp: outcome.done.topUp }] : [];
  });
  const looks = useQueries({
    queries: followed.map(({ topUp }) => ({
      ...getOperatorTopUpOptions({ path: { id: topUp.id } }),
      initialData: topUp,
      initialDataUpdatedAt: 0,
      refetchInterval: (query: { state: { data?: OperatorTopUp | undefined } }) =>
        hasEnded(query.state.data) ? false : Math.max(LOOK_AGAIN_MS, followed.length * PER_CHARGE_MS),
    })),
  });
  const current = new Map(followed.map(({ id, topUp }, at) => [id, looks[at]?.data ?? topUp]));
  const ended = [...current.values()].filter(hasEnded).length;
  return (
    <Stack gap="xs">
      <Text size="sm" c="dimmed" role="status">
        {t('settled', { count: ended })}
      </Text>
      <Stack gap="xs" mah={320} style={{ overflowY: 'auto' }} tabIndex={0} role="list" aria-label={t('list')}>
        {items.map((item) => (
          <Fate key={item.id} item={item} outcome={outcomes.get(item.id)} topUp={current.get(item.id)} />
        ))}
      </Stack>
    </Stack>
  );
}

function hasEnded(topUp: OperatorTopUp | undefined): boolean {
  return topUp !== undefined && ENDED.includes(topUp.state);
}

type FateProps = { item: PreviewItem; outcome: Outcome | undefined; topUp: OperatorTopUp | undefined };

function Fate({ item, outcome, topUp }: FateProps) {
  const t = useMessages(bulkMessages);
  const words = useWords();
  const formats = useFormats();
  const name = item.topUp?.accountName ?? item.id;
  return (
    <Paper withBorder p="xs" role="listitem" data-fate={topUp?.state ?? 'none'}>
      <Group justify="space-between" gap="xs">
        <GoTo path={chargePath(topUp?.id ?? item.id)}>
          {t('of', { name, amount: formats.euros(item.topUp?.amount ?? 0) })}
        </GoTo>
        {topUp !== undefined && <StateMark state={topUp.state} />}
      </Group>
      {topUp === undefined && (
        <Text size="sm">
          {outcome !== undefined && 'error' in outcome
            ? t('failedOne', { why: words.problem(outcome.error) })
            : t('waiting')}
        </Text>
      )}
      {typeof topUp?.failure === 'string' && (
        <Text size="xs" c="dimmed">
          {words.failure(topUp.failure)}
        </Text>
      )}
    </Paper>
  );
}
