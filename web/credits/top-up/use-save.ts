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
import type { SettingsValues } from './settings-values.ts';

/** What is saved, and what it rests on. */
type Save = {
  values: SettingsValues;
  body: PreviewableSettings;
  base: Settings;
};

type Outcomes = {
  onSaved: (settings: Settings, save: Save) => void;
  /** Somebody else has saved since; these are theirs. */
  onStale: (theirs: Settings, save: Save) => void;
  /** The API does not take some of the values. */
  onRejected: (error: ApiError) => void;
};

/** Saves settings over the version that they rest on, and over no other. It fails as well when somebody else has saved
 *  and what they saved cannot be read. */
export function useSave(wallet: Wallet, { onSaved, onStale, onRejected }: Outcomes) {
  const { accountId } = useOpenSession();
  const queries = useQueryClient();
  const toast = useToast();
  const t = useMessages(settingsMessages);
  const path = { id: accountId, wallet };
  return useMutation({
    mutationFn: async ({ body, base }: Save) => {
      try {
        const headers = { 'if-match': `"${base.version}"` };
        const { data } = await saveSettings({ path, body, headers, throwOnError: true });
        return { isStale: false, settings: data };
      } catch (error) {
        if (!(error instanceof ApiError) || error.code !== 'stale_version') throw error;
        const { data } = await getSettings({ path, throwOnError: true });
        return { isStale: true, settings: data };
      }
    },
    onSuccess: async ({ isStale, settings }, save) => {
      queries.setQueryData(getSettingsQueryKey({ path }), settings);
      if (isStale) {
        onStale(settings, save);
        return;
      }
      onSaved(settings, save);
      await Promise.all([
        queries.invalidateQueries({ queryKey: getAccountQueryKey({ path: { id: accountId } }) }),
        toast({ tone: 'good', title: t(wallet), message: t('saved') }),
      ]);
    },
    onError: (error) => {
      if (error instanceof ApiError && error.code === 'invalid_request') onRejected(error);
    },
  });
}
