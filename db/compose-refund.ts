import { entryCauses, type AccountId, type TopUpId } from '../domain/ids.ts';
import { cents, NO_CENTS, type Cents, type Currency } from '../domain/money.ts';
import type { TopUpRefunded } from '../domain/notices.ts';
import type { Quantity } from '../domain/quantities.ts';
import type { Wallet } from '../domain/wallet.ts';
import type { Database } from './connect.ts';
import { LedgerError } from './ledger-error.ts';

type Row = {
  wallet: Wallet;
  quantity: Quantity;
  balance: Quantity;
  currency: Currency;
  amountCents: Cents;
  paidCents: Cents;
  paidNetCents: Cents;
  vatRate: string | null;
  reverseCharge: boolean;
  invoiceNumber: string | null;
  creditNoteNumber: string | null;
  creditNotePdfUrl: string | null;
};

/** Completes the notice of a refund. Net and VAT are its share of the invoice's; the credit note is what counts.
 *  @throws LedgerError `top_up_unknown` when the refund has not been booked. */
export async function composeRefund(
  { sql }: Database,
  accountId: AccountId,
  { topUpId, refundId }: { topUpId: TopUpId; refundId: string },
): Promise<TopUpRefunded> {
  const [row] = await sql<Row[]>`
    select top_up.wallet, refund.quantity, coalesce(entry.balance_after, wallets.balance) as balance,
      top_up.currency, refund.amount_cents, coalesce(top_up.total_cents, top_up.amount_cents) as paid_cents,
      coalesce(top_up.net_cents, top_up.amount_cents) as paid_net_cents, top_up.vat_rate,
      coalesce(top_up.reverse_charge, false) as reverse_charge, top_up.invoice_number,
      refund.credit_note_number, refund.credit_note_pdf_url
    from reversals refund
    join top_ups top_up on top_up.account_id = refund.account_id and top_up.top_up_id = refund.top_up_id
    join wallets on wallets.account_id = refund.account_id and wallets.wallet = top_up.wallet
    left join ledger_entries entry on entry.account_id = refund.account_id
      and entry.cause = ${entryCauses.refund(refundId)}
    where refund.account_id = ${accountId} and refund.reversal_id = ${refundId}`;
  if (row === undefined) throw new LedgerError('top_up_unknown', `${topUpId}: ${refundId}`);
  const { amountCents, paidCents, paidNetCents, ...facts } = row;
  const vatCents = vatOf(amountCents, paidCents, paidNetCents);
  return {
    ...facts,
    kind: 'top_up.refunded',
    refundId,
    topUpId,
    netCents: cents(amountCents - vatCents),
    vatCents,
    totalCents: amountCents,
  };
}

function vatOf(amountCents: Cents, paidCents: Cents, paidNetCents: Cents): Cents {
  if (paidCents === paidNetCents) return NO_CENTS;
  return cents(amountCents - Math.round((paidNetCents * amountCents) / paidCents));
}
