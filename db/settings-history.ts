import type { AccountId } from '../domain/ids.ts';
import type { Settings } from '../domain/settings.ts';
import type { Wallet } from '../domain/wallet.ts';
import type { Runner } from './connect.ts';

export type SavedSettings = Settings & { wallet: Wallet; savedAtMs: number };

/** What was saved of both wallets, newest first. */
export async function listSettingsHistory(
  sql: Runner,
  accountId: AccountId,
  limit: number,
): Promise<SavedSettings[]> {
  return sql<SavedSettings[]>`
    ${selectSaved(sql)}
    where account_id = ${accountId}
    order by saved_at desc, wallet, version desc
    limit ${limit}`;
}

/** One version; null when it was never saved. */
export async function readSavedSettings(
  sql: Runner,
  { accountId, wallet, version }: { accountId: AccountId; wallet: Wallet; version: number },
): Promise<SavedSettings | null> {
  const [saved] = await sql<SavedSettings[]>`
    ${selectSaved(sql)}
    where account_id = ${accountId} and wallet = ${wallet} and version = ${version}`;
  return saved ?? null;
}

function selectSaved(sql: Runner) {
  return sql`
    select wallet, enabled, alert_below, top_up_below, amount_cents, monthly_cap_cents, top_up_on_refusal, version,
      alert_version, saved_at as saved_at_ms
    from settings_history`;
}
