import { useMutation, useQueryClient } from '@tanstack/react-query';
import { getAccountQueryKey, getSettingsQueryKey } from '../../client/@tanstack/react-query.gen.ts';
import { getSettings, saveSettings } from '../../client/sdk.gen.ts';
import type { Settings } from '../../client/types.gen.ts';
import { ApiError } from '../../shared/api/problem.ts';
import { useMessages } from '../../shared/i18n/use-messages.ts';
import { useToast } from '../../shared/ui/use-toast.ts';
import { useOpenSession } from '../account.ts';
import { settingsMessages } from './messages.ts';
import type { PreviewableSettings, Wallet } from './settings-types.ts';

type Outcomes = {
  onSaved: (settings: Settings) => void;
  /** Somebody else has saved since; these are theirs. */
  onStale: (theirs: Settings) => void;
  /** The API does not take some of the values. */
  onRejected: (error: ApiError) => void;
};

/** Saves settings over the version that they rest on, and over no other. */
export function useSave(wallet: Wallet, { onSaved, onStale, onRejected }: Outcomes) {
  const { accountId } = useOpenSession();
  const queries = useQueryClient();
  const toast = useToast();
  const t = useMessages(settingsMessages);
  const path = { id: accountId, wallet };
  return useMutation({
    mutationFn: async ({ body, version }: { body: PreviewableSettings; version: number }) => {
      const { data } = await saveSettings({
        path,
        body,
        headers: { 'if-match': `"${version}"` },
        throwOnError: true,
      });
      return data;
    },
    onSuccess: async (settings) => {
      queries.setQueryData(getSettingsQueryKey({ path }), settings);
      onSaved(settings);
      await Promise.all([
        queries.invalidateQueries({ queryKey: getAccountQueryKey({ path: { id: accountId } }) }),
        toast({ tone: 'good', title: t(wallet), message: t('saved') }),
      ]);
    },
    onError: async (error) => {
      if (!(error instanceof ApiError)) return;
      if (error.code === 'invalid_request') onRejected(error);
      if (error.code !== 'stale_version') return;
      const { data: theirs } = await getSettings({ path, throwOnError: true });
      queries.setQueryData(getSettingsQueryKey({ path }), theirs);
      onStale(theirs);
    },
  });
}
