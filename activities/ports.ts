import type { AccountSnapshot, BlockReason, ChargeOutcome, Closing } from '../domain/account-state.ts';
import type { NoticeRequest } from '../domain/commands.ts';
import type { FailureReason } from '../domain/failures.ts';
import type { AccountId, TopUpId } from '../domain/ids.ts';
import type { Cents } from '../domain/money.ts';
import type { Notice } from '../domain/notices.ts';
import type { Quantity } from '../domain/quantities.ts';
import type {
  LedgerPayment,
  LedgerReversal,
  PaymentVerdict,
  ProviderPayment,
  ProviderReversal,
} from '../domain/reconciling.ts';
import type { ReversalNews, ReversalsReading } from '../domain/reversals.ts';
import type { TopUp, TopUpOrder } from '../domain/top-up.ts';
import type { Wallet } from '../domain/wallet.ts';
import type { WebhookAnswer, WebhookMessage } from '../domain/webhooks.ts';

/** Who an account is: needed to write to the customer and to make the provider's customer. Never in a
 *  workflow's history. */
export type AccountProfile = {
  accountId: AccountId;
  name: string;
  email: string;
  locale: 'de' | 'en';
  timeZone: string;
  country: string;
  customerId: string | null;
};

/** The card on file, as shown to the customer. `fingerprint` is the same for the same card attached twice. */
export type Card = {
  paymentMethodId: string;
  fingerprint: string | null;
  brand: string;
  last4: string;
  expMonth: number;
  expYear: number;
};

export type Accounts = {
  /** Reads the account for the workflow, the ledger up to the last slice that the relay has cut.
   *  @param since the entries already watched; null at a workflow's first read. */
  readSnapshot(accountId: AccountId, since: Record<Wallet, number> | null): Promise<AccountSnapshot>;
  readProfile(accountId: AccountId): Promise<AccountProfile>;
  saveCustomer(accountId: AccountId, customerId: string): Promise<void>;
  /** Stores why the customer cannot be charged now, for the API to say; null when nothing is in the way. */
  saveBlock(accountId: AccountId, reason: BlockReason | null): Promise<void>;
  /** Stores the card shown to the customer; a card other than the one that caused a suspension lifts it. */
  saveCard(accountId: AccountId, card: Card | null): Promise<{ suspensionLifted: boolean }>;
};

export type TopUps = {
  /** Writes the intent if the warrant still holds, under the wallet's lock; finds it again when it was written
   *  before. Guards and balance are read inside the same transaction. */
  recordIntent(
    order: TopUpOrder,
  ): Promise<{ status: 'recorded'; topUp: TopUp } | Extract<ChargeOutcome, { status: 'not_needed' }>>;
  read(topUpId: TopUpId): Promise<TopUp | null>;
  /** Stores the provider's customer that is going to be charged, before the first call. */
  saveCustomer(topUpId: TopUpId, customerId: string, paymentMethodId: string): Promise<void>;
  /** Keeps what an open invoice is going to collect: told before it is paid. Of a paid one the figures stay. */
  saveFigures(topUpId: TopUpId, invoice: InvoiceReading): Promise<void>;
  /** Stores its invoice and, once there is one, what collects it: by that refunds and disputes name the payment. */
  saveInvoice(
    topUpId: TopUpId,
    invoice: { invoiceId: string; paymentIntentId?: string | null },
  ): Promise<void>;
  /** Commits `charging` and the attempt's number before the payment is asked for. Once the attempt has an
   *  outcome, that is returned and nothing changes; `recovered` when an automatic charge is not needed any more. */
  beginAttempt(topUpId: TopUpId, attempt: number, paymentMethodId: string): Promise<ChargeOutcome | null>;
  /** Stores how an attempt ended and the state that follows from it. */
  finishAttempt(topUpId: TopUpId, attempt: number, outcome: ChargeOutcome): Promise<void>;
  /** The outcome of the running attempt is not established: it may only be looked up. */
  markUnknown(topUpId: TopUpId): Promise<void>;
  /** Marks it paid and keeps the invoice's numbers; a later state is left as it is. */
  markPaid(topUpId: TopUpId, invoice: InvoiceReading): Promise<void>;
  /** Stores what a top-up waits for and until when; one that is paid or closed by then is left as it is. */
  markWaiting(
    topUpId: TopUpId,
    waiting: {
      state: 'retrying' | 'action_required' | 'unknown';
      nextAttemptAtMs: number;
      failure: FailureReason | null;
    },
  ): Promise<void>;
  /** Ends it unpaid, and suspends automatic top-ups in the same transaction when `closing.suspend` says so (a
   *  suspension that stands keeps its reason); one that is paid or closed by then is left as it is.
   *  @param known the fingerprint of the card that was charged, which a suspension is about, and the payment page that
   *  has been closed: a top-up that has got another one since stays open. */
  close(
    topUpId: TopUpId,
    closing: Closing,
    known?: { fingerprint?: string | null; checkoutSessionId?: string | null },
  ): Promise<TopUp>;
};

export type Ledger = {
  /** Credits a paid top-up to its wallet, once however often and from wherever it is called, and marks the
   *  account for a wake.
   *  @throws LedgerError `top_up_unknown`, `top_up_unpaid` (no succeeded payment is recorded). */
  creditTopUp(topUpId: TopUpId): Promise<{ seq: number; balance: Quantity; alreadyCredited: boolean }>;
};

/** Money that went back. */
export type Reversals = {
  /** What there is to do for a top-up; null while no succeeded payment is recorded. */
  read(topUpId: TopUpId): Promise<{
    mark: number;
    invoiceId: string | null;
    paymentIntentId: string | null;
    requests: { refundRequestId: string; amountCents: Cents }[];
  } | null>;
  finishRequest(refundRequestId: string, outcome: RefundOutcome): Promise<void>;
  /** Books the difference between what has been taken back and the reading, with all that follows, once however often
   *  it is called. @param mark what was read before the provider was asked. */
  book(topUpId: TopUpId, mark: number, reading: ReversalsReading): Promise<ReversalNews>;
};

export type EmailDelivery = {
  deliveryId: string;
  status: 'pending' | 'sending' | 'sent' | 'rejected' | 'dead' | 'muted';
  attempts: number;
  /** Age of the last hand-over, by the database's clock; null before the first. */
  sendingForMs: number | null;
};

export type Notifications = {
  /** Completes a request into the notice that people read, from the top-up and the settings. */
  compose(accountId: AccountId, request: NoticeRequest): Promise<Notice>;
  /** Records the dashboard notification, its email and its webhook, once per crossing or outcome.
   *  @returns the delivery to send, or null when this crossing has been told already under another entry. */
  record(
    accountId: AccountId,
    request: NoticeRequest,
    notice: Notice,
    text: { title: string; body: string; webhook?: WebhookMessage | null },
  ): Promise<{ deliveryId: string } | null>;
  readDelivery(
    deliveryId: string,
  ): Promise<(EmailDelivery & { accountId: AccountId; notice: Notice; to: string }) | null>;
  /** Commits `sending` before the mail is handed over.
   *  @param attempt one more than the attempts that were read.
   *  @returns false when somebody else has begun this attempt. */
  beginSending(deliveryId: string, attempt: number): Promise<boolean>;
  /** Back to `pending`: this attempt certainly sent nothing. */
  notSent(deliveryId: string, attempt: number): Promise<void>;
  finishSending(
    deliveryId: string,
    result:
      | { status: 'sent'; messageId: string; ambiguous: boolean }
      | { status: 'rejected' | 'dead'; detail: string },
  ): Promise<void>;
};

/** What the provider says of a customer, read right before a charge. */
export type CustomerStanding = {
  card: Card | null;
  taxLocationKnown: boolean;
  balanceCents: Cents;
};

/** An invoice as read from the provider. */
export type InvoiceReading = {
  invoiceId: string;
  status: 'draft' | 'open' | 'paid' | 'void' | 'uncollectible';
  topUpId: TopUpId | null;
  lineCount: number;
  netCents: Cents;
  vatCents: Cents;
  totalCents: Cents;
  amountDueCents: Cents;
  /** Percentage as a decimal text such as "19.0"; null when no VAT was charged. */
  vatRate: string | null;
  reverseCharge: boolean;
  taxComplete: boolean;
  number: string | null;
  hostedUrl: string | null;
  pdfUrl: string | null;
  paymentIntentId: string | null;
  paymentProcessing: boolean;
  authenticationPending: boolean;
};

export type PayOutcome =
  | { status: 'paid' }
  | { status: 'already_paid' }
  | Extract<ChargeOutcome, { status: 'declined' }>
  | { status: 'authentication_required' };

/** A payment page as read from the provider. `processing`: paid or about to be, and the invoice is not there yet. */
export type CheckoutReading = { sessionId: string; url: string | null } & (
  | { status: 'open' | 'expired' | 'processing' }
  | { status: 'paid'; invoice: InvoiceReading }
);

/** Where the provider's pages send the customer afterwards. */
export type ReturnPages = { successUrl: string; cancelUrl: string };

/** The provider's pages, on which customers pay, save cards and complete their billing profile. */
export type PaymentPages = {
  /** Opens the payment page of a top-up until `checkoutExpiresAtMs`. The same call again answers the same page.
   *  @param pages frozen with the request: another one under the top-up's key is refused. */
  createCheckout(topUp: TopUp, customerId: string, pages: ReturnPages): Promise<CheckoutReading>;
  readCheckout(sessionId: string): Promise<CheckoutReading>;
  /** Finds the page of a top-up whose id was lost, by listing the customer's. */
  findCheckout(topUpId: TopUpId, customerId: string, createdAfterMs: number): Promise<CheckoutReading | null>;
  /** Closes a page, so that nobody can pay on it any more.
   *  @returns the page afterwards: expired, or paid when the customer was quicker.
   *  @throws ProviderError `busy` when it is neither, because a payment may be under way. */
  expireCheckout(sessionId: string): Promise<CheckoutReading>;
  /** A page to save a card on without paying. */
  openCardPage(customerId: string, pages: ReturnPages): Promise<{ url: string; expiresAtMs: number }>;
  /** The customer's billing profile, tax ids and cards. */
  openProfilePage(customerId: string, returnUrl: string): Promise<{ url: string }>;
  /** Makes the card that was saved last on a card page the customer's default, once for each page: a default chosen
   *  later stays. */
  preferSavedCard(customerId: string): Promise<void>;
};
export type RefundOutcome = { status: 'refunded' } | { status: 'refused'; detail: string };

/** The payment provider. Outcomes are values; faults are `ProviderError`s (payment-errors.ts). Every writing
 *  call carries its idempotency key from `providerKeys` and frozen parameters. */
export type Payments = PaymentPages & {
  ensureCustomer(profile: AccountProfile): Promise<{ customerId: string }>;
  readCustomer(customerId: string): Promise<CustomerStanding>;
  /** The fingerprint of a saved card, also after the customer has taken it away; null when nobody knows. */
  readFingerprint(paymentMethodId: string): Promise<string | null>;
  createInvoice(topUp: TopUp, customerId: string): Promise<{ invoiceId: string }>;
  addInvoiceItem(topUp: TopUp, customerId: string, invoiceId: string): Promise<void>;
  finalizeInvoice(topUp: TopUp, invoiceId: string): Promise<InvoiceReading>;
  payInvoice(topUp: TopUp, invoiceId: string, attempt: number, paymentMethodId: string): Promise<PayOutcome>;
  readInvoice(invoiceId: string): Promise<InvoiceReading>;
  /** Finds the invoice of a top-up whose id was lost, by listing the customer's invoices. */
  findInvoice(topUpId: TopUpId, customerId: string, createdAfterMs: number): Promise<InvoiceReading | null>;
  /** Ends an unpaid invoice; one that never became more than a draft is deleted.
   *  @returns the invoice afterwards: void, or paid when the payment was quicker. */
  voidInvoice(topUpId: TopUpId, invoiceId: string): Promise<InvoiceReading>;
  /** All refunds and disputes of a payment. */
  readReversals(payment: { invoiceId: string | null; paymentIntentId: string }): Promise<ReversalsReading>;
  /** Refunds a part of a paid invoice by a credit note, once for one request. */
  refundInvoice(refund: {
    topUpId: TopUpId;
    invoiceId: string;
    refundRequestId: string;
    amountCents: Cents;
  }): Promise<RefundOutcome>;
};

export type OutgoingEmail = {
  deliveryId: string;
  to: string;
  subject: string;
  html: string;
  text: string;
  tag: string;
  metadata: Record<string, string>;
};

export type SendOutcome =
  | { status: 'sent'; messageId: string }
  | { status: 'rejected'; reason: 'inactive_recipient' | 'invalid_recipient'; detail: string };

export type Mailer = {
  /** Hands one mail over. @throws MailerError (mailer-errors.ts); ambiguous when it may have been accepted. */
  send(email: OutgoingEmail): Promise<SendOutcome>;
  /** Finds a mail that was accepted, by its delivery's id; the provider's search lags by seconds. */
  find(deliveryId: string): Promise<{ messageId: string } | null>;
};

/** The platform's endpoint for webhooks. */
export type PlatformWebhooks = {
  /** Sends a message once, signed anew. Never rejects: what came of it is the answer. */
  send(message: { messageId: string; payload: string }): Promise<WebhookAnswer>;
};

/** A page of a list of the provider's, newest first. */
export type ProviderPage<Item> = { items: Item[] /** Null after the last one. */; next: string | null };

/** What the provider has on record, for comparing it with the ledger. Reads only. */
export type ProviderRecords = {
  /** Paid invoices that name one of our top-ups, by when they were created. */
  listPayments(range: {
    fromMs: number;
    toMs: number | null;
    cursor: string | null;
  }): Promise<ProviderPage<ProviderPayment>>;
  /** @returns null when the invoice is not there or not paid. */
  readPayment(invoiceId: string): Promise<ProviderPayment | null>;
  listReversals(
    kind: ProviderReversal['kind'],
    range: { fromMs: number; cursor: string | null },
  ): Promise<ProviderPage<ProviderReversal>>;
};

export type ReconciliationScope = 'recent' | 'nightly';
/** How much a run of the reconciler has done. */
export type ReconciliationTotals = { compared: number; repaired: number; reported: number };
/** A payment finding; its subject is the invoice, or the top-up when the provider knows no payment. */
export type PaymentFinding = {
  kind: Extract<PaymentVerdict, { kind: 'report' }>['finding'];
  subject: string;
  accountId: AccountId | null;
  topUpId: TopUpId | null;
  detail: string;
};

/** The ledger's side of a comparison. */
export type Reconciliations = {
  begin(runId: string, scope: ReconciliationScope): Promise<void>;
  /** The top-ups among the ids that there are. */
  paymentsOf(topUpIds: readonly TopUpId[]): Promise<LedgerPayment[]>;
  /** Top-ups that were paid since, oldest first.
   *  @param cursor of the page before. */
  listPaid(page: {
    sinceMs: number;
    limit: number;
    cursor: string | null;
  }): Promise<{ items: (LedgerPayment & { createdAtMs: number })[]; next: string | null }>;
  /** What is known of each reversal of a payment of ours; those of foreign payments are left out. */
  reversalsOf(reversals: readonly ProviderReversal[]): Promise<(LedgerReversal & { reversalId: string })[]>;
  /** Reports what differs, and resolves the findings about the subjects that are right by now. */
  report(findings: readonly PaymentFinding[], rightSubjects: readonly string[]): Promise<void>;
  /** Marks the account so that its workflow looks at its payment. */
  wake(accountId: AccountId): Promise<void>;
  /** Has the account's workflow read a top-up's reversals again; one that stays different although that was done
   *  becomes a finding.
   *  @returns `reported` for the latter. */
  raiseReversal(reversal: ProviderReversal, known: LedgerReversal): Promise<'raised' | 'reported'>;
  resolveReversals(reversalIds: readonly string[]): Promise<void>;
  /** Ends the run; nightly ones judge the invariants, and report what is broken.
   *  @returns how many are broken. */
  finish(
    runId: string,
    scope: ReconciliationScope,
    totals: ReconciliationTotals,
  ): Promise<{ broken: number }>;
};
