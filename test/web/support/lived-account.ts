import postgres from 'postgres';
import { createExampleAccount, type ExampleAccount } from '../../support/example-account.ts';
import type { Stack } from '../../support/stack.ts';

const MINUTE = 60_000;

type LivedAccountOptions = {
  id?: string;
  profile?: { name?: string };
  /** Whether one top-up waits for its customer. */
  isWaiting?: boolean;
};

/** An account that has been used for 30 days: campaigns on weekdays, a top-up of 454 minutes whenever fewer than five are
 *  left, alerts, and, unless told otherwise, one top-up that waits for its customer. Written by the owner of the tables, because nobody else can
 *  write the past. */
export async function createLivedAccount(
  stack: Stack,
  { isWaiting = true, ...options }: LivedAccountOptions = {},
): Promise<ExampleAccount> {
  const account = await createExampleAccount(stack, { ...options, paymentMethod: null });
  const owner = postgres(stack.databaseUrl, { max: 1, onnotice: () => undefined });
  try {
    await owner.begin(async (sql) => {
      await sql`set local session_replication_role = replica`;
      await writePast(sql, account.id, isWaiting);
    });
  } finally {
    await owner.end();
  }
  // Now that it has a balance: an empty one would be alerted.
  await account.enable('call_minutes', { alertBelow: 60, topUpBelow: 30 });
  return account;
}

/** Writes entries of call minutes into the past of an account that has none. */
export async function writeEntries(
  stack: Stack,
  id: string,
  entries: readonly { kind: 'grant' | 'usage'; minutes: number; atMs: number }[],
): Promise<void> {
  const owner = postgres(stack.databaseUrl, { max: 1, onnotice: () => undefined });
  try {
    await owner.begin(async (sql) => {
      await sql`set local session_replication_role = replica`;
      const book = createBook(sql, id);
      for (const [at, { kind, minutes, atMs }] of entries.entries()) {
        await book(kind, minutes, (Date.now() - atMs) / 3_600_000, `${kind}:test${at}`, null);
      }
    });
  } finally {
    await owner.end();
  }
}

/** Gives an account a card that no worker has read. */
export async function writeCard(stack: Stack, id: string): Promise<void> {
  const owner = postgres(stack.databaseUrl, { max: 1, onnotice: () => undefined });
  try {
    await owner`
      update accounts set payment_method_id = 'pm_test', card_brand = 'visa', card_last4 = '4242', card_exp_month = 12,
        card_exp_year = 2040
      where account_id = ${id}`;
  } finally {
    await owner.end();
  }
}

async function writePast(sql: postgres.TransactionSql, id: string, isWaiting: boolean): Promise<void> {
  await sql`update accounts set created_at = now() - interval '90 days' where account_id = ${id}`;
  const book = createBook(sql, id);
  await book('grant', 200, 30 * 24, 'grant:g1', 'plan minutes');
  for (let day = 29; day >= 0; day -= 1) {
    if (new Date(Date.now() - day * 86_400_000).getUTCDay() % 6 === 0) continue;
    for (const hours of [5, 4, 3, 2, 1]) {
      const used = 14 + ((day * 7 + hours) % 9);
      const balance = await book('usage', -used, day * 24 + hours, `usage:c${day}-${hours}`, null);
      if (balance < 60 && balance + used >= 60) await notify(sql, id, 'balance.alert', day * 24 + hours);
      if (balance >= 30) continue;
      const topUpId = `tu_call_${day}-${hours}`;
      await topUp(sql, id, topUpId, 'credited', day * 24 + hours);
      await book('top_up', 454, day * 24 + hours - 0.1, `top_up:${topUpId}`, null);
      await notify(sql, id, 'top_up.succeeded', day * 24 + hours - 0.1);
    }
  }
  if (!isWaiting) return;
  await topUp(sql, id, 'tu_chat_1', 'action_required', 1);
  await notify(sql, id, 'top_up.action_required', 1);
}

function createBook(sql: postgres.TransactionSql, id: string) {
  let [seq, balance] = [0, 0];
  return async (kind: string, minutes: number, hoursAgo: number, cause: string, reason: string | null) => {
    seq += 1;
    balance += minutes;
    const at = new Date(Date.now() - hoursAgo * 3_600_000);
    await sql`
      insert into ledger_entries (account_id, wallet, seq, kind, quantity, balance_after, cause, source, type, reason,
        occurred_at, created_at)
      values (${id}, 'call_minutes', ${seq}, ${kind}, ${minutes * MINUTE}, ${balance * MINUTE}, ${cause},
        ${kind === 'usage' ? 'campaign' : null}, ${kind === 'usage' ? 'call' : null}, ${reason}, ${at}, ${at})`;
    await sql`
      update wallets set seq = ${seq}, balance = ${balance * MINUTE}
      where account_id = ${id} and wallet = 'call_minutes'`;
    return balance;
  };
}

async function topUp(
  sql: postgres.TransactionSql,
  id: string,
  topUpId: string,
  state: string,
  hoursAgo: number,
) {
  const at = new Date(Date.now() - hoursAgo * 3_600_000);
  const isPaid = state === 'credited';
  const wallet = topUpId.startsWith('tu_chat') ? 'chat_credits' : 'call_minutes';
  const warrant = JSON.stringify({ balance: 0, seq: 0, settingsVersion: 1, target: 0, cause: 'campaign' });
  await sql`
    insert into top_ups (account_id, top_up_id, wallet, trigger, state, amount_cents, currency, units, quantity, warrant,
      attempt, declines, action_url, invoice_id, invoice_number, invoice_pdf_url, net_cents, vat_cents, total_cents,
      vat_rate, reverse_charge, paid_at, credited_at, created_at, updated_at)
    values (${id}, ${topUpId}, ${wallet}, 'auto', ${state}, 5000, 'EUR', 454, ${454 * MINUTE}, ${warrant}::text::jsonb,
      1, 0, ${isPaid ? null : 'https://pay.example/confirm'}, ${`in_${topUpId}`}, ${`ACME-${topUpId.slice(8)}`},
      ${isPaid ? 'https://pay.example/invoice.pdf' : null}, 5000, 950, 5950, '19.0', false, ${isPaid ? at : null},
      ${isPaid ? at : null}, ${at}, ${at})`;
}

const TEXTS: Record<string, string> = {
  'balance.alert': 'Niedriges Guthaben: 58 Gesprächsminuten',
  'top_up.succeeded': '454 Gesprächsminuten gutgeschrieben',
  'top_up.action_required': 'Bitte bestätigen Sie die Zahlung über 59,50 €',
};

/** As a worker would record it, with its mail. */
export async function notify(
  sql: postgres.ISql,
  id: string,
  kind: string,
  hoursAgo: number,
): Promise<string> {
  const notificationId = crypto.randomUUID();
  const at = new Date(Date.now() - hoursAgo * 3_600_000);
  const title = TEXTS[kind] ?? kind;
  await sql`
    insert into notifications (account_id, notification_id, kind, wallet, cause, notice, title, body, created_at, read_at)
    values (${id}, ${notificationId}, ${kind}, 'call_minutes', ${`test:${notificationId}`}, '{}', ${title},
      'Alles Weitere steht auf dieser Seite.', ${at}, ${hoursAgo > 48 ? at : null})`;
  await sql`
    insert into deliveries (account_id, delivery_id, notification_id, channel, status, detail, provider_message_id)
    values (${id}, ${crypto.randomUUID()}, ${notificationId}, 'email', 'sent', 'delivered', 'm1')`;
  return notificationId;
}
