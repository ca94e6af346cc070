import { Alert, Button, Group, Progress, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { previewRetries } from '../../client/sdk.gen.ts';
import { useFormats } from '../../shared/i18n/use-formats.ts';
import { useMessages } from '../../shared/i18n/use-messages.ts';
import { useAnnounce } from '../../shared/ui/announcer.tsx';
import { Failed, Loading } from '../../shared/ui/states.tsx';
import { Dialog } from '../acts/dialog.tsx';
import { actMessages } from '../acts/messages.ts';
import { bulkMessages } from './bulk-messages.ts';
import { Fates } from './fates.tsx';
import { PreviewList } from './preview-list.tsx';
import {
  chosenAtFirst,
  isCharging,
  retryAll,
  worthTrying,
  type Outcome,
  type PreviewItem,
} from './retry-all.ts';

type BulkRetryProps = { ids: readonly string[]; onClose: () => void };

/** First what it would do, then a bar that shows how far it is, then live what becomes of each. */
export function BulkRetry({ ids, onClose }: BulkRetryProps) {
  const t = useMessages(bulkMessages);
  const [isRunning, setRunning] = useState(false);
  // Looked at once: what is decided upon must not change under the reader's eyes.
  const preview = useQuery({
    queryKey: ['retry preview', ids],
    queryFn: async ({ signal }) =>
      (await previewRetries({ body: { ids: [...ids] }, signal, throwOnError: true })).data.items,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnWindowFocus: false,
  });
  return (
    <Dialog onClose={onClose} size="lg" title={t('title')} isLight={false} isBusy={isRunning}>
      {preview.data === undefined && preview.error !== null ? (
        <Failed error={preview.error} onRetry={() => void preview.refetch()} />
      ) : preview.data === undefined ? (
        <Loading lines={Math.min(ids.length, 5)} />
      ) : (
        <Retries items={preview.data} onRunning={setRunning} onClose={onClose} />
      )}
    </Dialog>
  );
}

type RetriesProps = {
  items: readonly PreviewItem[];
  /** Told while orders are being sent: the window stays open for as long. */
  onRunning: (isRunning: boolean) => void;
  onClose: () => void;
};

function Retries({ items, onRunning, onClose }: RetriesProps) {
  const t = useMessages(bulkMessages);
  const acts = useMessages(actMessages);
  const queries = useQueryClient();
  const announce = useAnnounce();
  const [reason, setReason] = useState('');
  const [run] = useState(() => crypto.randomUUID());
  const [outcomes, setOutcomes] = useState<ReadonlyMap<string, Outcome>>(new Map());
  const [chosen, setChosen] = useState<ReadonlySet<string>>(() => chosenAtFirst(items));
  const tried = worthTrying(items).filter(({ id }) => chosen.has(id));
  const isLeft = ({ id }: PreviewItem) => !('done' in (outcomes.get(id) ?? {}));
  const doing = useMutation({
    mutationFn: () =>
      retryAll(tried.filter(isLeft), { reason: reason.trim(), run }, (id, outcome) =>
        setOutcomes((known) => new Map(known).set(id, outcome)),
      ),
    onMutate: () => onRunning(true),
    onSettled: () => onRunning(false),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['charges'] }),
  });
  const left = tried.filter(isLeft).length;
  const ending =
    doing.isPending || doing.isIdle ? null : left === 0 ? t('finished') : t('stopped', { count: left });
  useEffect(() => {
    if (ending !== null) announce(ending);
  }, [ending, announce]);
  if (!doing.isIdle) {
    return (
      <Stack>
        <OrderedBar done={tried.length - left} all={tried.length} />
        {ending !== null && <Alert color={left === 0 ? 'blue' : 'red'}>{ending}</Alert>}
        <Fates items={tried} outcomes={outcomes} />
        <Group justify="flex-end">
          {!doing.isPending && left > 0 && (
            <Button variant="default" onClick={() => doing.mutate()}>
              {t('again')}
            </Button>
          )}
          <Button onClick={onClose} disabled={doing.isPending}>
            {t('close')}
          </Button>
        </Group>
      </Stack>
    );
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        doing.mutate();
      }}
    >
      <Stack>
        <Sum items={items} chosen={tried} />
        <PreviewList items={items} chosen={chosen} onChoose={setChosen} />
        <Judgement items={items} />
        <TextInput
          label={acts('reason')}
          description={acts('reasonHint')}
          maxLength={200}
          data-autofocus
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {acts('cancel')}
          </Button>
          <Button type="submit" disabled={reason.trim() === '' || tried.length === 0}>
            {t('start', { count: tried.length })}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function OrderedBar({ done, all }: { done: number; all: number }) {
  const t = useMessages(bulkMessages);
  return (
    <div>
      <Text size="sm" fw={600} mb={4}>
        {t('progress', { done, all })}
      </Text>
      <Progress value={(done / Math.max(1, all)) * 100} aria-label={t('ordered')} size="lg" />
    </div>
  );
}

/** When the need is judged again, and when not. */
function Judgement({ items }: { items: readonly PreviewItem[] }) {
  const t = useMessages(bulkMessages);
  const isJudged = items.some(({ effect, topUp }) => effect === 'hastened' && topUp?.trigger === 'auto');
  const isAnew = items.some(({ effect }) => effect === 'new_top_up');
  return [...(isJudged ? [t('judged')] : []), ...(isAnew ? [t('notJudged')] : [])].map((text) => (
    <Text key={text} size="xs" c="dimmed">
      {text}
    </Text>
  ));
}

function Sum({ items, chosen }: { items: readonly PreviewItem[]; chosen: readonly PreviewItem[] }) {
  const t = useMessages(bulkMessages);
  const formats = useFormats();
  const charging = chosen.filter(isCharging);
  const amount = charging.reduce((sum, { topUp }) => sum + (topUp?.amount ?? 0), 0);
  const lookedUp = chosen.filter(({ effect }) => effect === 'looked_up').length;
  const canceled = chosen.filter((item) => item.effect === 'hastened' && !isCharging(item)).length;
  const refused = items.length - chosen.length;
  return (
    <Alert color="blue">
      {t('sum', { charged: charging.length, amount: formats.euros(amount) })}{' '}
      {t('sumLookedUp', { count: lookedUp })} {t('sumCanceled', { count: canceled })}{' '}
      {t('sumRefused', { count: refused })}
    </Alert>
  );
}
