import { Alert, Button, Group, Progress, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
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
import { retryAll, worthTrying, type Outcome, type PreviewItem } from './retry-all.ts';

type BulkRetryProps = { ids: readonly string[]; onClose: () => void };

/** First what it would do, then a bar that shows how far it is, then live what becomes of each. */
export function BulkRetry({ ids, onClose }: BulkRetryProps) {
  const t = useMessages(bulkMessages);
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
    <Dialog onClose={onClose} size="lg" title={t('title')} isLight={false}>
      {preview.data === undefined && preview.error !== null ? (
        <Failed error={preview.error} onRetry={() => void preview.refetch()} />
      ) : preview.data === undefined ? (
        <Loading lines={Math.min(ids.length, 5)} />
      ) : (
        <Retries items={preview.data} onClose={onClose} />
      )}
    </Dialog>
  );
}

function Retries({ items, onClose }: { items: readonly PreviewItem[]; onClose: () => void }) {
  const t = useMessages(bulkMessages);
  const acts = useMessages(actMessages);
  const queries = useQueryClient();
  const announce = useAnnounce();
  const [reason, setReason] = useState('');
  const [run] = useState(() => crypto.randomUUID());
  const [outcomes, setOutcomes] = useState<ReadonlyMap<string, Outcome>>(new Map());
  const tried = worthTrying(items);
  const isLeft = ({ id }: PreviewItem) => !('done' in (outcomes.get(id) ?? {}));
  const doing = useMutation({
    mutationFn: () =>
      retryAll(tried.filter(isLeft), { reason: reason.trim(), run }, (id, outcome) =>
        setOutcomes((known) => new Map(known).set(id, outcome)),
      ),
    onSuccess: async () => {
      announce(t('finished'));
      await queries.invalidateQueries({ queryKey: ['charges'] });
    },
  });
  if (!doing.isIdle) {
    const failed = tried.filter(({ id }) => 'error' in (outcomes.get(id) ?? {})).length;
    return (
      <Stack>
        <OrderedBar done={outcomes.size} all={tried.length} />
        {doing.isSuccess && <Text size="sm">{t('finished')}</Text>}
        <Fates items={tried} outcomes={outcomes} />
        <Group justify="flex-end">
          {doing.isSuccess && failed > 0 && (
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
        <Sum items={items} />
        <PreviewList items={items} />
        <Text size="xs" c="dimmed">
          {t('judged')}
        </Text>
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

function Sum({ items }: { items: readonly PreviewItem[] }) {
  const t = useMessages(bulkMessages);
  const formats = useFormats();
  const charging = items.filter(({ effect }) => effect === 'hastened' || effect === 'new_top_up');
  const amount = charging.reduce((sum, { topUp }) => sum + (topUp?.amount ?? 0), 0);
  const lookedUp = items.filter(({ effect }) => effect === 'looked_up').length;
  const refused = items.filter(({ effect }) => effect === null || effect === 'none').length;
  return (
    <Alert color="blue">
      {t('sum', { charged: charging.length, amount: formats.euros(amount) })}{' '}
      {t('sumLookedUp', { count: lookedUp })} {t('sumRefused', { count: refused })}
    </Alert>
  );
}
