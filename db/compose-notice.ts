import type { NoticeRequest } from '../domain/commands.ts';
import { guardInTheWay } from '../domain/guards.ts';
import { entryCauses, type AccountId, type TopUpId } from '../domain/ids.ts';
import { CURRENCY, NO_CENTS, type Cents, type Currency } from '../domain/money.ts';
import type { AutoTopUpOutlook, Figures, Notice, NoticeCard } from '../domain/notices.ts';
import type { Policy } from '../domain/policy.ts';
import type { Quantity } from '../domain/quantities.ts';
import type { TopUpTrigger } from '../domain/top-up.ts';
import type { Wallet } from '../domain/wallet.ts';
import { AccountError } from './account-error.ts';
import { readOverview } from './account-overview.ts';
import { composeRefund } from './compose-refund.ts';
import type { Database } from './connect.ts';
import { LedgerError } from './ledger-error.ts';
import { readAlertValue } from './settings.ts';

/** Completes a request into the notice that people read, from the top-up and the settings of now.
 *  @throws LedgerError `top_up_unknown`; AccountError `account_unknown`. */
export async function composeNotice(
  db: Database,
  policy: Policy,
  accountId: AccountId,
  request: NoticeRequest,
): Promise<Notice> {
  switch (request.kind) {
    case 'balance.alert': {
      const { kind, wallet, balance, alertVersion } = request;
      const alertBelow = await readAlertValue(db.sql, accountId, wallet, alertVersion);
      const autoTopUp = await readOutlook(db, policy, accountId, wallet);
      return { kind, wallet, balance, alertBelow, autoTopUp };
    }
    case 'balance.depleted': {
      const { kind, wallet, balance } = request;
      const autoTopUp = await readOutlook(db, policy, accountId, wallet);
      return { kind, wallet, balance, autoTopUp };
    }
    case 'auto_top_up.suspended':
    case 'auto_top_up.resumed':
      return { ...request, wallet: null };
    case 'top_up.succeeded': {
      const { purchase, card, ...facts } = await readFacts(db, accountId, request.topUpId);
      const { balance, paidAtMs, invoiceUrl, invoicePdfUrl } = facts;
      if (balance === null || paidAtMs === null) throw new LedgerError('top_up_unpaid', request.topUpId);
      const figures = figuresOf(purchase, facts);
      return {
        ...purchase,
        ...figures,
        kind: request.kind,
        balance,
        paidAtMs,
        card,
        invoiceUrl,
        invoicePdfUrl,
      };
    }
    case 'top_up.failed': {
      const { purchase, card } = await readFacts(db, accountId, request.topUpId);
      return { ...purchase, ...request, card };
    }
    case 'top_up.action_required':
    case 'top_up.action_reminder': {
      const { purchase, card: _card, ...facts } = await readFacts(db, accountId, request.topUpId);
      const { totalCents, actionUrl } = facts;
      const figures = totalCents === null ? {} : { figures: figuresOf(purchase, facts) };
      return { ...purchase, ...request, totalCents, actionUrl, ...figures };
    }
    case 'top_up.refunded':
      return composeRefund(db, accountId, request);
  }
}

/** What automatic top-up is about to do for a wallet. */
export async function readOutlook(
  db: Database,
  policy: Policy,
  accountId: AccountId,
  wallet: Wallet,
): Promise<AutoTopUpOutlook> {
  const overview = await readOverview(db, policy, accountId);
  if (overview === null) throw new AccountError('account_unknown', accountId);
  const { settings, openTopUp, ...spending } = overview.wallets[wallet];
  if (settings === null || !settings.enabled) return { state: 'off' };
  if (overview.account.suspension !== null) return { state: 'suspended' };
  if (openTopUp !== null) return { state: 'running' };
  const guard = guardInTheWay({ ...settings, ...spending }, overview.readAtMs, policy);
  if (guard !== null) return { state: 'limit_reached', opensAtMs: guard.untilMs };
  const { topUpBelow, amountCents } = settings;
  return { state: 'on', topUpBelow, amountCents, currency: CURRENCY };
}

type Purchase = {
  topUpId: TopUpId;
  wallet: Wallet;
  trigger: TopUpTrigger;
  units: number;
  amountCents: Cents;
  currency: Currency;
};

type Facts = {
  netCents: Cents | null;
  vatCents: Cents | null;
  totalCents: Cents | null;
  vatRate: string | null;
  reverseCharge: boolean | null;
  invoiceNumber: string | null;
  invoiceUrl: string | null;
  invoicePdfUrl: string | null;
  actionUrl: string | null;
  paidAtMs: number | null;
  /** Right after the credit. */
  balance: Quantity | null;
};

async function readFacts(
  db: Database,
  accountId: AccountId,
  topUpId: TopUpId,
): Promise<Facts & { purchase: Purchase; card: NoticeCard | null }> {
  const [row] = await db.sql<(Purchase & Facts & { [K in keyof NoticeCard]: string | null })[]>`
    select top_up.top_up_id, top_up.wallet, top_up.trigger, top_up.units, top_up.amount_cents, top_up.currency,
      top_up.net_cents, top_up.vat_cents, top_up.total_cents, top_up.vat_rate, top_up.reverse_charge,
      top_up.invoice_number, top_up.invoice_url, top_up.invoice_pdf_url, top_up.action_url,
      top_up.paid_at as paid_at_ms, entry.balance_after as balance, card.card_brand as brand,
      card.card_last4 as last4
    from top_ups top_up
    left join accounts card on card.account_id = top_up.account_id
      and card.payment_method_id = top_up.payment_method_id
    left join ledger_entries entry on entry.account_id = top_up.account_id
      and entry.cause = ${entryCauses.topUp(topUpId)}
    where top_up.account_id = ${accountId} and top_up.top_up_id = ${topUpId}`;
  if (row === undefined) throw new LedgerError('top_up_unknown', topUpId);
  const { wallet, trigger, units, amountCents, currency, brand, last4, ...facts } = row;
  return {
    ...facts,
    purchase: { topUpId, wallet, trigger, units, amountCents, currency },
    card: brand === null || last4 === null ? null : { brand, last4 },
  };
}

function figuresOf({ amountCents, currency }: Purchase, facts: Facts): Figures {
  const { vatRate, invoiceNumber } = facts;
  const netCents = facts.netCents ?? amountCents;
  return {
    currency,
    netCents,
    vatCents: facts.vatCents ?? NO_CENTS,
    totalCents: facts.totalCents ?? netCents,
    vatRate,
    reverseCharge: facts.reverseCharge ?? false,
    invoiceNumber,
  };
}
