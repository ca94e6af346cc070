import type { AccountId } from '../domain/ids.ts';
import type { Quantity } from '../domain/quantities.ts';
import { alertVersionAfter, type Settings, type SettingsChoice } from '../domain/settings.ts';
import type { Wallet } from '../domain/wallet.ts';
import type { Database, Runner, Transaction } from './connect.ts';
import { lockAccountWallets } from './lock-wallets.ts';
import { markWakes } from './mark-wakes.ts';

export type SaveSettingsResult =
  | { status: 'saved'; settings: Settings }
  | { status: 'stale'; current: Settings | null }
  | { status: 'unknown_account' };

export type SettingsStore = ReturnType<typeof createSettings>;

/** What the customer chose for each wallet; null until the first save. */
export function createSettings(db: Database) {
  return {
    read: (accountId: AccountId, wallet: Wallet) => readSettings(db.sql, accountId, wallet),

    /** Saves a choice as the next version, keeps it in the history, and marks the account.
     *  @param condition `ifVersion` is the version that the choice was made upon, 0 for none yet; null saves in
     *  any case. */
    save: (
      accountId: AccountId,
      wallet: Wallet,
      choice: SettingsChoice,
      condition: { ifVersion: number | null },
    ) =>
      db.transaction((transaction) =>
        saveSettings(transaction, accountId, wallet, choice, condition.ifVersion),
      ),
  };
}

/** @returns null when none were saved yet. */
export async function readSettings(
  sql: Runner,
  accountId: AccountId,
  wallet: Wallet,
): Promise<Settings | null> {
  const [settings] = await sql<Settings[]>`
    select enabled, alert_below, top_up_below, amount_cents, monthly_cap_cents, top_up_on_refusal,
      version, alert_version
    from settings
    where account_id = ${accountId} and wallet = ${wallet}`;
  return settings ?? null;
}

/** The settings as they were when the ledger had come to an entry: those saved later are not held against it.
 *  @returns null when none were saved by then. */
export async function readSettingsAsOf(
  sql: Runner,
  accountId: AccountId,
  wallet: Wallet,
  seq: number,
): Promise<Settings | null> {
  const [settings] = await sql<Settings[]>`
    select enabled, alert_below, top_up_below, amount_cents, monthly_cap_cents, top_up_on_refusal,
      version, alert_version
    from settings_history
    where account_id = ${accountId} and wallet = ${wallet} and saved_seq <= ${seq}
    order by version desc
    limit 1`;
  return settings ?? null;
}

/** The alert value of a version of the settings, which may have been replaced since.
 *  @throws when there never was such a version. */
export async function readAlertValue(
  sql: Runner,
  accountId: AccountId,
  wallet: Wallet,
  version: number,
): Promise<Quantity> {
  const [saved] = await sql<{ alertBelow: Quantity }[]>`
    select alert_below from settings_history
    where account_id = ${accountId} and wallet = ${wallet} and version = ${version}`;
  if (saved === undefined) throw new Error(`${accountId} never had settings ${version} for ${wallet}`);
  return saved.alertBelow;
}

async function saveSettings(
  transaction: Transaction,
  accountId: AccountId,
  wallet: Wallet,
  choice: SettingsChoice,
  ifVersion: number | null,
): Promise<SaveSettingsResult> {
  const locked = await lockAccountWallets(transaction, accountId);
  if (locked === null) return { status: 'unknown_account' };
  const current = await readSettings(transaction, accountId, wallet);
  const currentVersion = current?.version ?? 0;
  if (ifVersion !== null && ifVersion !== currentVersion) return { status: 'stale', current };
  const version = currentVersion + 1;
  const { enabled, alertBelow, topUpBelow, amountCents, monthlyCapCents, topUpOnRefusal } = choice;
  const alertVersion = alertVersionAfter(current, choice, version);
  await transaction`
    with saved as (
      insert into settings as settings
        (account_id, wallet, enabled, alert_below, top_up_below, amount_cents, monthly_cap_cents,
        top_up_on_refusal, version, alert_version, saved_seq)
      values (${accountId}, ${wallet}, ${enabled}, ${alertBelow}, ${topUpBelow}, ${amountCents},
        ${monthlyCapCents}, ${topUpOnRefusal}, ${version}, ${alertVersion}, ${locked[wallet].seq})
      on conflict (account_id, wallet) do update set
        enabled = excluded.enabled, alert_below = excluded.alert_below, top_up_below = excluded.top_up_below,
        amount_cents = excluded.amount_cents, monthly_cap_cents = excluded.monthly_cap_cents,
        top_up_on_refusal = excluded.top_up_on_refusal, version = excluded.version,
        alert_version = excluded.alert_version, saved_seq = excluded.saved_seq, updated_at = now()
      returning *
    )
    insert into settings_history
      (account_id, wallet, enabled, alert_below, top_up_below, amount_cents, monthly_cap_cents,
      top_up_on_refusal, version, alert_version, saved_seq)
    select account_id, wallet, enabled, alert_below, top_up_below, amount_cents, monthly_cap_cents,
      top_up_on_refusal, version, alert_version, saved_seq
    from saved`;
  await markWakes(transaction, [{ accountId, refresh: 'settings', delayMs: 0 }]);
  const settings: Settings = {
    enabled,
    alertBelow,
    topUpBelow,
    amountCents,
    monthlyCapCents,
    topUpOnRefusal,
    version,
    alertVersion,
  };
  return { status: 'saved', settings };
}
