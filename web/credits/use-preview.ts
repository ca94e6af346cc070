import { useDebouncedValue, useThrottledValue } from '@mantine/hooks';
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { previewSettings } from '../client/sdk.gen.ts';
import type { SaveSettingsData, SettingsPreview } from '../client/types.gen.ts';
import { ApiError } from '../shared/api/problem.ts';
import { useAccount, useOpenSession } from './account.ts';
import type { Wallet } from './units.ts';

const TYPING_MS = 400;
/** During a campaign the balance falls with each call, and every preview replays 30 days. */
const BALANCE_MS = 3_000;

export type PreviewSettings = SaveSettingsData['body'];

export type PreviewState =
  | { status: 'current'; preview: SettingsPreview }
  /** `before` is what was shown last, of other settings or of another account's state: it promises nothing. */
  | { status: 'calculating'; before: SettingsPreview | undefined }
  /** The fields hold nothing that could be saved. */
  | { status: 'incomplete'; before: SettingsPreview | undefined }
  | { status: 'failed' };

/** What settings would do: of exactly these settings, and of the account as the page knows it now.
 *  @param settings null while they cannot be saved, such as when a field is empty. */
export function usePreview(wallet: Wallet, settings: PreviewSettings | null): PreviewState {
  const { accountId } = useOpenSession();
  const text = settings === null ? null : JSON.stringify(settings);
  const [settled] = useDebouncedValue(text, TYPING_MS);
  const ground = useGround(wallet, settings);
  useFreshBalance(wallet);
  const { data, error, isPlaceholderData } = useQuery({
    queryKey: ['preview', accountId, wallet, settled, ground],
    enabled: settled !== null && settled === text,
    // It only keeps the place: nobody is shown it as an answer.
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      const body = JSON.parse(settled ?? '{}') as PreviewSettings;
      const path = { id: accountId, wallet };
      return (await previewSettings({ path, body, signal, throwOnError: true })).data;
    },
  });
  if (text === null) return { status: 'incomplete', before: data };
  if (settled !== text) return { status: 'calculating', before: data };
  if (error instanceof ApiError && error.status === 422) return { status: 'incomplete', before: data };
  if (error !== null) return { status: 'failed' };
  if (data === undefined || isPlaceholderData) return { status: 'calculating', before: data };
  return { status: 'current', preview: data };
}

/** All of the account that decides whether saving charges, and what: a change makes another question of it. Of the
 *  balance only the side of the top-up value counts, because it changes all the time. */
function useGround(wallet: Wallet, settings: PreviewSettings | null): string {
  const { data: account } = useAccount();
  if (account === undefined) return '';
  const { balance, autoTopUp, settings: saved, spentThisMonth } = account.wallets[wallet];
  const { plan, country, paymentMethod, suspension } = account;
  const sides = settings === null ? null : [balance < settings.topUpBelow, balance < settings.alertBelow];
  return JSON.stringify([
    sides,
    autoTopUp,
    saved?.version,
    spentThisMonth,
    plan,
    country,
    paymentMethod,
    suspension,
  ]);
}

/** Asks again when the balance has changed: how much is charged may depend on it. */
function useFreshBalance(wallet: Wallet): void {
  const { accountId } = useOpenSession();
  const { data: account } = useAccount();
  const queries = useQueryClient();
  const balance = useThrottledValue(account?.wallets[wallet].balance, BALANCE_MS);
  const asked = useRef(balance);
  useEffect(() => {
    if (asked.current === balance) return;
    asked.current = balance;
    void queries.invalidateQueries({ queryKey: ['preview', accountId, wallet] });
  }, [queries, accountId, wallet, balance]);
}
