import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { IconAlertTriangle, IconInfoCircle } from '@tabler/icons-react';
import { Suspense, useEffect, useRef, useState } from 'react';
import { getSettingsOptions } from '../../client/@tanstack/react-query.gen.ts';
import type { Settings } from '../../client/types.gen.ts';
import { ApiError } from '../../shared/api/problem.ts';
import { useMessages } from '../../shared/i18n/use-messages.ts';
import { lazyPart } from '../../shared/ui/lazy-part.tsx';
import { Failed, Loading } from '../../shared/ui/states.tsx';
import { useProblemText } from '../../shared/use-problem-text.ts';
import { useAccount, useOpenSession } from '../account.ts';
import { AmountQuote } from './amount-quote.tsx';
import { faultsIn, faultsOf, type FieldFaults } from './field-errors.ts';
import { settingsMessages } from './messages.ts';
import { SettingsFields } from './settings-fields.tsx';
import type { Wallet } from './settings-types.ts';
import { isSame, toBody, toValues, type SettingsValues } from './settings-values.ts';
import { useFaultTexts } from './use-fault-text.ts';
import { useSave } from './use-save.ts';
import { useSettingsValues } from './use-settings-values.ts';

// Neither is there when the page opens: one waits for its answer, the other for a save that came too late.
const PreviewPanel = lazyPart(async () => (await import('../preview.tsx')).PreviewPanel, {
  isPatient: true,
});
const MergePanel = lazyPart(async () => (await import('./merge-panel.tsx')).MergePanel);

type Props = { wallet: Wallet; onDirty: (wallet: Wallet, dirty: boolean) => void };

/** The settings of one wallet, once they are loaded. */
export function SettingsForm(props: Props) {
  const { accountId } = useOpenSession();
  const { data: account } = useAccount();
  const options = getSettingsOptions({ path: { id: accountId, wallet: props.wallet } });
  const { data: settings, error, refetch } = useQuery({ ...options, refetchOnWindowFocus: true });
  // The stream tells that they were saved elsewhere.
  const told = account?.wallets[props.wallet].settings?.version ?? 0;
  const known = settings?.version ?? told;
  useEffect(() => {
    if (told > known) void refetch();
  }, [told, known, refetch]);
  if (settings !== undefined) return <LoadedForm {...props} settings={settings} />;
  return error === null ? (
    <Loading lines={6} height={36} />
  ) : (
    <Failed error={error} onRetry={() => void refetch()} />
  );
}

function LoadedForm({ wallet, onDirty, settings }: Props & { settings: Settings }) {
  const t = useMessages(settingsMessages);
  const textOfProblem = useProblemText();
  const textsOfFaults = useFaultTexts();
  /** What the form rests on: as it was loaded, or last saved. */
  const [base, setBase] = useState(settings);
  const [theirs, setTheirs] = useState<Settings | null>(null);
  const form = useSettingsValues(toValues(settings));
  const element = useRef<HTMLFormElement>(null);
  const dirty = !isSame(form.values, toValues(base));
  const adopt = (next: Settings) => {
    setBase(next);
    setTheirs(null);
    form.setValues(toValues(next));
  };
  usePreviewAfresh(wallet);
  const isNewer = settings.version > base.version;
  useEffect(() => {
    if (isNewer && !dirty) adopt(settings);
  });
  useEffect(() => {
    onDirty(wallet, dirty);
    return () => onDirty(wallet, false);
  }, [wallet, dirty, onDirty]);
  const [rejections, setRejections] = useState(0);
  const showFaults = (faults: FieldFaults) => {
    form.setErrors(textsOfFaults(faults));
    setRejections((count) => count + 1);
  };
  // Once the fields are marked on the page, which an effect of the same change comes after.
  useEffect(() => {
    if (rejections > 0) element.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [rejections]);
  const save = useSave(wallet, {
    onSaved: adopt,
    onStale: setTheirs,
    onRejected: (error) => showFaults(faultsIn(error)),
  });
  const submit = (values: SettingsValues, version: number) => {
    const faults = faultsOf(values);
    const body = toBody(wallet, values);
    if (body === null || Object.keys(faults).length > 0) showFaults(faults);
    else save.mutate({ body, version });
  };
  return (
    <form
      ref={element}
      noValidate
      aria-label={t(wallet)}
      onSubmit={(event) => {
        event.preventDefault();
        submit(form.values, base.version);
      }}
    >
      <Stack gap="md">
        <SettingsFields wallet={wallet} form={form}>
          <AmountQuote wallet={wallet} amount={form.values.amount} />
        </SettingsFields>
        <Suspense>
          <PreviewPanel wallet={wallet} settings={toBody(wallet, form.values)} />
        </Suspense>
        {theirs === null && dirty && isNewer && (
          <Alert color="yellow" role="status" icon={<IconInfoCircle aria-hidden />}>
            {t('changedElsewhere')}
          </Alert>
        )}
        {theirs !== null && (
          <Suspense>
            <MergePanel
              key={theirs.version}
              wallet={wallet}
              base={toValues(base)}
              theirs={toValues(theirs)}
              yours={form.values}
              saving={save.isPending}
              onSave={(values) => {
                form.setValues(values);
                submit(values, theirs.version);
              }}
              onDiscard={() => adopt(theirs)}
            />
          </Suspense>
        )}
        {save.error instanceof ApiError && save.error.code !== 'stale_version' && (
          <Alert color="red" role="alert" title={t('notSaved')} icon={<IconAlertTriangle aria-hidden />}>
            {textOfProblem(save.error)}
          </Alert>
        )}
        {theirs === null && (
          <SaveBar
            wallet={wallet}
            saving={save.isPending}
            dirty={dirty}
            isNew={base.version === 0}
            onDiscard={() => adopt(isNewer ? settings : base)}
          />
        )}
      </Stack>
    </form>
  );
}

/** Saves, or takes back what was changed; a proposal may be saved as it is. */
function SaveBar({
  wallet,
  saving,
  dirty,
  isNew,
  onDiscard,
}: {
  wallet: Wallet;
  saving: boolean;
  dirty: boolean;
  isNew: boolean;
  onDiscard: () => void;
}) {
  const t = useMessages(settingsMessages);
  return (
    <Group gap="sm">
      <Button type="submit" loading={saving} disabled={!dirty && !isNew}>
        {t(`save_${wallet}`)}
      </Button>
      {dirty && (
        <>
          <Button variant="subtle" onClick={onDiscard}>
            {t('discard')}
          </Button>
          <Text size="sm" c="dimmed">
            {t('unsaved')}
          </Text>
        </>
      )}
    </Group>
  );
}

/** What saving would do depends on what automatic top-up is doing, too. */
function usePreviewAfresh(wallet: Wallet): void {
  const queries = useQueryClient();
  const { accountId } = useOpenSession();
  const { data: account } = useAccount();
  const doing = JSON.stringify([account?.wallets[wallet].autoTopUp, account?.paymentMethod]);
  useEffect(() => {
    void queries.invalidateQueries({ queryKey: ['preview', accountId, wallet] });
  }, [queries, accountId, wallet, doing]);
}
