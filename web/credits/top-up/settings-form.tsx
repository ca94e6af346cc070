import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconAlertTriangle, IconInfoCircle } from '@tabler/icons-react';
import { Suspense, useEffect } from 'react';
import { getSettingsOptions } from '../../client/@tanstack/react-query.gen.ts';
import type { Settings } from '../../client/types.gen.ts';
import { useMessages } from '../../shared/i18n/use-messages.ts';
import { lazyPart } from '../../shared/ui/lazy-part.tsx';
import { Failed, Loading } from '../../shared/ui/states.tsx';
import { useProblemText } from '../../shared/use-problem-text.ts';
import { useAccount, useOpenSession } from '../account.ts';
import { AmountQuote } from './amount-quote.tsx';
import { settingsMessages } from './messages.ts';
import { SettingsFields } from './settings-fields.tsx';
import type { Wallet } from './settings-types.ts';
import { toValues } from './settings-values.ts';
import { useSettingsForm } from './use-settings-form.ts';

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
  const loaded = useSettingsForm(wallet, settings);
  const { form, base, theirs, isDirty, isNewer, isSaving, submit, adopt } = loaded;
  useEffect(() => {
    onDirty(wallet, isDirty);
    return () => onDirty(wallet, false);
  }, [wallet, isDirty, onDirty]);
  return (
    <form
      ref={loaded.element}
      noValidate
      aria-label={t(wallet)}
      onSubmit={(event) => {
        event.preventDefault();
        submit(form.values, base);
      }}
    >
      <Stack gap="md">
        <SettingsFields wallet={wallet} form={form}>
          <AmountQuote wallet={wallet} amount={form.values.amount} />
        </SettingsFields>
        <Suspense>
          <PreviewPanel wallet={wallet} settings={loaded.body} />
        </Suspense>
        {theirs === null && isDirty && isNewer && (
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
              saving={isSaving}
              onSave={(values) => {
                form.setValues(values);
                submit(values, theirs);
              }}
              onDiscard={() => adopt(theirs)}
            />
          </Suspense>
        )}
        <NotSaved error={loaded.error} />
        {theirs === null && (
          <SaveBar
            wallet={wallet}
            saving={isSaving}
            dirty={isDirty}
            isNew={base.version === 0}
            onDiscard={() => adopt(isNewer ? settings : base)}
          />
        )}
      </Stack>
    </form>
  );
}

function NotSaved({ error }: { error: Error | null }) {
  const t = useMessages(settingsMessages);
  const textOf = useProblemText();
  if (error === null) return null;
  return (
    <Alert color="red" role="alert" title={t('notSaved')} icon={<IconAlertTriangle aria-hidden />}>
      {textOf(error)}
    </Alert>
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
