import { Alert, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { cancelTopUp, previewRetries, refundTopUp, retryTopUp } from '../../client/sdk.gen.ts';
import type { OperatorTopUp } from '../../client/types.gen.ts';
import { useFormats } from '../../shared/i18n/use-formats.ts';
import { useMessages } from '../../shared/i18n/use-messages.ts';
import { ActDialog } from '../acts/act-dialog.tsx';
import { chargePath } from '../paths.ts';
import { useGoTo } from '../go-to.tsx';
import { useNeedLines } from '../words/use-need-lines.ts';
import { chargeMessages } from './messages.ts';

type ActProps = { charge: OperatorTopUp; onClose: () => void };

export function RetryDialog({ charge, onClose }: ActProps) {
  const t = useMessages(chargeMessages);
  const formats = useFormats();
  const goTo = useGoTo();
  const { id, state, nextAttemptAt } = charge;
  const isEnded = state === 'failed' || state === 'canceled';
  const explanation =
    state === 'retrying'
      ? t('retry_retrying', { next: nextAttemptAt === null ? '' : formats.relative(nextAttemptAt) })
      : t(isEnded ? 'retry_ended' : 'retry_looked');
  return (
    <ActDialog
      title={t('retryTitle')}
      explanation={explanation}
      confirm={t('retry').replace(/ …$/, '')}
      onClose={onClose}
      act={async ({ reason, headers }) => {
        const { data } = await retryTopUp({ path: { id }, body: { reason }, headers, throwOnError: true });
        // The charge that goes on is another one: its page shows live what becomes of it.
        if (data.topUp.id !== id) goTo(chargePath(data.topUp.id));
        return t(`did_${data.effect}`);
      }}
    >
      <Need id={id} />
    </ActDialog>
  );
}

/** Whether it is still needed, asked when the dialog opens. */
function Need({ id }: { id: string }) {
  const needLines = useNeedLines();
  const { data } = useQuery({
    queryKey: ['retry preview', [id]],
    queryFn: async ({ signal }) =>
      (await previewRetries({ body: { ids: [id] }, signal, throwOnError: true })).data.items,
    gcTime: 0,
    staleTime: 0,
  });
  const lines = (data ?? []).flatMap(needLines);
  if (lines.length === 0) return null;
  const isGone = data?.some(({ need }) => need !== null && need.goneBy !== null) === true;
  return (
    <Alert color={isGone ? 'yellow' : 'blue'} data-need={isGone ? 'gone' : 'there'}>
      {lines.join(' ')}
    </Alert>
  );
}

export function CancelDialog({ charge: { id }, onClose }: ActProps) {
  const t = useMessages(chargeMessages);
  return (
    <ActDialog
      title={t('cancelTitle')}
      explanation={t('cancelText')}
      confirm={t('cancel').replace(/ …$/, '')}
      isDangerous
      onClose={onClose}
      act={async ({ reason, headers }) => {
        const { data } = await cancelTopUp({ path: { id }, body: { reason }, headers, throwOnError: true });
        return t(`did_${data.effect}`);
      }}
    />
  );
}

export function RefundDialog({ charge: { id }, onClose }: ActProps) {
  const t = useMessages(chargeMessages);
  const [amount, setAmount] = useState('');
  const euros = amount.trim().replace(',', '.');
  const isAmount = /^\d{1,6}(\.\d{1,2})?$/.test(euros) && Number(euros) > 0;
  return (
    <ActDialog
      title={t('refundTitle')}
      explanation={t('refundText')}
      confirm={t('refund').replace(/ …$/, '')}
      isDangerous
      isReady={euros === '' || isAmount}
      onClose={onClose}
      act={async ({ reason, headers }) => {
        const body = { reason, ...(euros === '' ? {} : { amount: Number(euros) }) };
        await refundTopUp({ path: { id }, body, headers, throwOnError: true });
        return t('didRefund');
      }}
    >
      <TextInput
        label={t('refundAmount')}
        inputMode="decimal"
        value={amount}
        onChange={(event) => setAmount(event.currentTarget.value)}
      />
    </ActDialog>
  );
}
