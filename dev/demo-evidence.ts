import type Stripe from 'stripe';
import type { Wallet } from '../domain/wallet.ts';
import type { AccountAnswer, DemoApi, LedgerItem, NotificationItem, TopUpItem } from './demo-api.ts';

/** An invoice as Stripe has it. */
export type InvoiceEvidence = {
  readonly topUpId: string | undefined;
  readonly number: string | null;
  readonly status: string | null;
  readonly netCents: number | null;
  readonly totalCents: number;
  readonly currency: string;
  /** Payments of it that succeeded. */
  readonly succeededPayments: number;
};

/** A mail as the outbox has it. */
export type MailEvidence = {
  readonly id: string;
  readonly kind: string;
  readonly subject: string;
  readonly to: string;
};

/** Everything that the ledger, Stripe and the outbox say about one account. */
export type Evidence = {
  readonly account: AccountAnswer;
  readonly ledger: Readonly<Record<Wallet, readonly LedgerItem[]>>;
  readonly topUps: readonly TopUpItem[];
  readonly notifications: readonly NotificationItem[];
  readonly invoices: readonly InvoiceEvidence[];
  readonly mails: readonly MailEvidence[];
};

export type Witnesses = { readonly api: DemoApi; readonly stripe: Stripe; readonly outboxUrl: string };

type OutboxItem = {
  readonly MessageID: string;
  readonly Tag: string | null;
  readonly Subject: string;
  readonly To: string;
};

/** Asks the ledger and the lists of the API, Stripe, and the outbox; each says what it knows itself. */
export async function collectEvidence(
  { api, stripe, outboxUrl }: Witnesses,
  accountId: string,
  email: string,
): Promise<Evidence> {
  const path = `/v1/accounts/${accountId}`;
  const [account, ledger, topUps, notifications, mails] = await Promise.all([
    api.call<AccountAnswer>('GET', path),
    api.list<LedgerItem>(`${path}/ledger`),
    api.list<TopUpItem>(`${path}/top-ups`),
    api.list<NotificationItem>(`${path}/notifications`),
    readOutbox(outboxUrl, email),
  ]);
  const customer = account.stripeCustomerId;
  const invoices = customer === null ? [] : await readInvoices(stripe, customer);
  return { account, ledger: byWallet(ledger), topUps, notifications, invoices, mails };
}

function byWallet(items: readonly LedgerItem[]): Record<Wallet, readonly LedgerItem[]> {
  const inOrder = items.toSorted((a, b) => a.seq - b.seq);
  return {
    call_minutes: inOrder.filter((item) => item.wallet === 'call_minutes'),
    chat_credits: inOrder.filter((item) => item.wallet === 'chat_credits'),
  };
}

async function readInvoices(stripe: Stripe, customer: string): Promise<readonly InvoiceEvidence[]> {
  const invoices = await stripe.invoices.list({ customer, limit: 100 });
  return Promise.all(
    invoices.data.map(async (invoice) => {
      const payments = await stripe.invoicePayments.list({ invoice: invoice.id, limit: 100 });
      return {
        topUpId: invoice.metadata?.['top_up_id'],
        number: invoice.number,
        status: invoice.status,
        netCents: invoice.total_excluding_tax,
        totalCents: invoice.total,
        currency: invoice.currency,
        succeededPayments: payments.data.filter((payment) => payment.status === 'paid').length,
      };
    }),
  );
}

async function readOutbox(outboxUrl: string, email: string): Promise<readonly MailEvidence[]> {
  const response = await fetch(`${outboxUrl}/outbox.json?to=${encodeURIComponent(email)}`, {
    signal: AbortSignal.timeout(10_000),
  });
  if (!response.ok) throw new Error(`The outbox answered ${response.status}.`);
  const items = (await response.json()) as readonly OutboxItem[];
  return items.map(({ MessageID, Tag, Subject, To }) => ({
    id: MessageID,
    kind: Tag ?? '',
    subject: Subject,
    to: To,
  }));
}
