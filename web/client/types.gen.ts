// Made by `npm run generate:client`.

export type ClientOptions = {
    baseUrl: 'http://127.0.0.1:3000' | (string & {});
};

export type Webhooks = PostBalanceAlertWebhookRequest | PostBalanceDepletedWebhookRequest | PostTopUpSucceededWebhookRequest | PostTopUpFailedWebhookRequest | PostTopUpActionRequiredWebhookRequest | PostAutoTopUpSuspendedWebhookRequest | PostAutoTopUpResumedWebhookRequest;

/**
 * One of the two independent balances: minutes of calls, or credits for chat messages.
 */
export type WalletInput = 'call_minutes' | 'chat_credits';

export type AccountProfileInput = {
    name: string;
    email: string;
    locale: 'de' | 'en';
    /**
     * IANA name; its calendar months bound the monthly cap.
     */
    timeZone: string;
    /**
     * ISO 3166-1 alpha-2.
     */
    country: string;
    /**
     * Carries the prices.
     */
    plan: 'flex' | 'starter' | 'business' | 'scale';
};

export type GrantInput = {
    /**
     * The grant's identity when it is sent again.
     */
    id: string;
    wallet: WalletInput;
    /**
     * Minutes or credits to add.
     */
    units: number;
    reason: string;
};

export type HoldRequestInput = {
    wallet: 'call_minutes';
    /**
     * Only `campaign` counts as activity that starts a top-up, granted or refused.
     */
    source: 'campaign' | 'inbound' | 'outbound';
    seconds: number;
    /**
     * When it stops reserving by itself: a little more than what it reserves for can take.
     */
    expiresInSeconds: number;
} | {
    wallet: 'chat_credits';
    credits: number;
    /**
     * When it stops reserving by itself: a little more than what it reserves for can take.
     */
    expiresInSeconds: number;
};

export type OperatorReasonInput = {
    /**
     * Kept in the audit.
     */
    reason: string;
};

export type AdjustmentInput = {
    wallet: WalletInput;
    /**
     * Minutes or credits to add; negative to take.
     */
    units: number;
    /**
     * Kept in the audit.
     */
    reason: string;
};

export type TestAlertRequestInput = {
    wallet: WalletInput;
    /**
     * Kept in the audit.
     */
    reason: string;
};

export type OperatorSignInInput = {
    /**
     * An operator key.
     */
    key?: string;
    /**
     * A sign-in code, which can be used once.
     */
    code?: string;
};

export type RetryPreviewRequestInput = {
    ids: Array<string>;
};

export type RefundInput = {
    /**
     * Why; kept in the audit.
     */
    reason: string;
    /**
     * Euros including VAT; all that is left of the payment when it is missing.
     */
    amount?: number;
};

export type PaymentMethodPageRequestInput = {
    /**
     * `card` saves a card; `profile` shows address, tax ids and cards.
     */
    for?: 'card' | 'profile';
    /**
     * Where Stripe sends the customer afterwards; an address of this service. Default: the credits page. After success it has `done=payment` and `topUp=<id>`, `done=card` or `done=billing` in its query as well, and `done=canceled` when the customer has turned back.
     */
    returnUrl?: string;
};

export type PurchaseInput = {
    wallet: WalletInput;
    /**
     * Euros without VAT.
     */
    amount: number;
    /**
     * The saved card, or Stripe's payment page, which asks for address and tax id.
     */
    method?: 'card' | 'checkout';
    /**
     * Where Stripe sends the customer afterwards; an address of this service. Default: the credits page. After success it has `done=payment` and `topUp=<id>`, `done=card` or `done=billing` in its query as well, and `done=canceled` when the customer has turned back.
     */
    returnUrl?: string;
};

/**
 * One of the two independent balances: minutes of calls, or credits for chat messages.
 */
export type Wallet = 'call_minutes' | 'chat_credits';

export type Quote = {
    amount: number;
    currency: 'EUR';
    /**
     * Whole minutes or credits that the amount buys.
     */
    units: number;
    vatExcluded: true;
};

export type Settings = {
    enabled: boolean;
    alertBelow: number;
    topUpBelow: number;
    amount: number;
    monthlyCap: number | null;
    topUpOnRefusal: boolean;
    /**
     * Rises with each save; 0 when nothing has been saved yet.
     */
    version: number;
    quote: Quote;
    warnings: Array<{
        code: 'alert_not_above_top_up' | 'amount_below_threshold' | 'cap_below_amount' | 'threshold_below_usual_hold';
        field: 'alertBelow' | 'topUpBelow' | 'amount' | 'monthlyCap';
        detail: string;
    }>;
};

export type AutoTopUp = {
    state: 'off' | 'armed' | 'charging' | 'action_required' | 'retrying' | 'unknown' | 'suspended' | 'blocked';
    /**
     * Stable code of why it is in this state:
     * - `never_saved`: No settings have been saved for this wallet.
     * - `disabled`: The customer has switched it off.
     * - `balance_sufficient`: The balance is not below the top-up value.
     * - `waiting_for_campaign`: The balance is below the top-up value; the next campaign activity starts a top-up.
     * - `top_up_due`: The balance is below the top-up value; a top-up is about to start.
     * - `payment_running`: The card is being charged.
     * - `credit_running`: The payment has succeeded; the credit is being booked.
     * - `amount_buys_nothing`: The amount does not buy one whole unit.
     * - `monthly_cap`, `daily_limit`: a limit has no room for one amount before `nextWakeAt`.
     * - `no_payment_method`: no card is on file.
     * - `repeated_failures`, `hard_decline`, `operator`, `dispute`: why it is suspended.
     * - while retrying, why the last attempt, or the last top-up, failed, such as `insufficient_funds`.
     */
    reason: string | null;
    /**
     * When something happens by itself; null when it waits for usage or for a person.
     */
    nextWakeAt: string | null;
};

export type Account = {
    id: string;
    name: string;
    email: string;
    locale: 'de' | 'en';
    timeZone: string;
    country: string;
    plan: 'flex' | 'starter' | 'business' | 'scale';
    /**
     * For platform and operator keys only; null until Stripe has been reached.
     */
    stripeCustomerId?: string | null;
    paymentMethod: {
        brand: string;
        last4: string;
        expMonth: number;
        expYear: number;
    } | null;
    /**
     * Why automatic top-up is suspended for both wallets, and since when.
     */
    suspension: {
        reason: 'repeated_failures' | 'hard_decline' | 'operator' | 'dispute';
        since: string;
    } | null;
    unreadNotifications: number;
    wallets: {
        call_minutes: {
            /**
             * Minutes or credits; may be negative.
             */
            balance: number;
            /**
             * Reserved by holds that run.
             */
            held: number;
            /**
             * `balance` less `held`: what a new hold may take.
             */
            available: number;
            autoTopUp: AutoTopUp;
            /**
             * null when none have been saved yet.
             */
            settings: Settings | null;
            /**
             * Net euros that buy so many minutes or credits.
             */
            price: {
                amount: number;
                units: number;
                currency: 'EUR';
            };
            /**
             * Net euros of automatic top-ups that count towards the monthly cap, those in flight included.
             */
            spentThisMonth: number;
            /**
             * When the cap begins anew.
             */
            monthEndsAt: string;
        };
        chat_credits: {
            /**
             * Minutes or credits; may be negative.
             */
            balance: number;
            /**
             * Reserved by holds that run.
             */
            held: number;
            /**
             * `balance` less `held`: what a new hold may take.
             */
            available: number;
            autoTopUp: AutoTopUp;
            /**
             * null when none have been saved yet.
             */
            settings: Settings | null;
            /**
             * Net euros that buy so many minutes or credits.
             */
            price: {
                amount: number;
                units: number;
                currency: 'EUR';
            };
            /**
             * Net euros of automatic top-ups that count towards the monthly cap, those in flight included.
             */
            spentThisMonth: number;
            /**
             * When the cap begins anew.
             */
            monthEndsAt: string;
        };
    };
};

/**
 * Every error, as RFC 9457 has it.
 */
export type Problem = {
    /**
     * `urn:auto-top-up:problem:` and the code.
     */
    type: string;
    title: string;
    status: number;
    /**
     * Stable; made for programs.
     */
    code: string;
    detail?: string;
    errors?: Array<{
        /**
         * The field, such as `events.3.seconds`; `query.` or `header.` before those of the request.
         */
        path: string;
        detail: string;
    }>;
    requestId: string;
    [key: string]: unknown;
};

export type BalanceHistory = {
    wallet: Wallet;
    from: string;
    to: string;
    /**
     * At most. None lies in two calendar days of the account, and the last one ends now.
     */
    bucketMinutes: number;
    /**
     * At `from`.
     */
    balanceBefore: number;
    /**
     * At most 200, oldest first; where nothing was booked, the balance stays as it was.
     */
    points: Array<{
        /**
         * End of the bucket.
         */
        at: string;
        /**
         * At the end of the bucket.
         */
        balance: number;
        /**
         * In the bucket.
         */
        lowest: number;
        /**
         * In the bucket.
         */
        used: number;
    }>;
    marks: Array<{
        at: string;
        kind: 'top_up' | 'balance.alert' | 'balance.depleted';
        /**
         * Of a top-up.
         */
        units: number | null;
        /**
         * Of a top-up.
         */
        trigger: 'auto' | 'manual' | 'operator' | null;
    }>;
    /**
     * Estimated from the last 14 days: the median of the days with use, times the share of such days. null when fewer than two days had any.
     */
    burnPerDay: number | null;
    /**
     * When the balance comes down to the values if use goes on like that. Each is null when it was passed, is switched off, or lies beyond a year; all of it without an estimate.
     */
    forecast: {
        alertAt: string | null;
        /**
         * An automatic top-up; of call minutes, once a campaign calls. Later than the balance passes the value when a limit opens only then. null also while something else keeps it from happening: a suspension, no card, a payment that waits.
         */
        topUpAt: string | null;
        /**
         * If nothing is added by then.
         */
        emptyAt: string | null;
    } | null;
};

export type EmailPreferences = {
    muted: Array<'balance.alert' | 'balance.depleted' | 'top_up.succeeded' | 'top_up.failed' | 'top_up.action_required' | 'top_up.action_reminder' | 'top_up.refunded' | 'auto_top_up.suspended' | 'auto_top_up.resumed'>;
    /**
     * Kinds that can be muted. What asks for an act or tells of a failure is always mailed.
     */
    mutable: Array<'balance.alert' | 'balance.depleted' | 'top_up.succeeded' | 'top_up.failed' | 'top_up.action_required' | 'top_up.action_reminder' | 'top_up.refunded' | 'auto_top_up.suspended' | 'auto_top_up.resumed'>;
};

export type GrantResult = {
    id: string;
    wallet: Wallet;
    units: number;
    status: 'accepted' | 'duplicate';
    /**
     * The ledger entry.
     */
    seq: number;
    /**
     * Right after that entry.
     */
    balance: number;
};

/**
 * One result for each event, in the order of the events.
 */
export type UsageResults = {
    results: Array<{
        /**
         * null when the event has no usable id.
         */
        id: string | null;
        status: 'accepted' | 'duplicate' | 'conflict' | 'rejected';
        /**
         * Why it was rejected; correct it and send it again. `too_old`: it happened before what is kept of the account, so it can no longer be told whether it was booked.
         */
        reason?: 'invalid_event' | 'unknown_account' | 'too_old';
        detail?: string;
    }>;
};

export type Hold = {
    /**
     * Name it as `hold` in the usage that it was for.
     */
    id: string;
    expiresAt: string;
};

export type TopUp = {
    id: string;
    wallet: Wallet;
    trigger: 'auto' | 'manual' | 'operator';
    state: 'pending' | 'charging' | 'paid' | 'credited' | 'action_required' | 'retrying' | 'unknown' | 'failed' | 'canceled' | 'refunded' | 'disputed';
    /**
     * Net euros.
     */
    amount: number;
    /**
     * null while there is no invoice.
     */
    vat: number | null;
    /**
     * Gross euros; null while there is no invoice.
     */
    total: number | null;
    currency: 'EUR';
    /**
     * Whole minutes or credits bought.
     */
    units: number;
    invoiceNumber: string | null;
    invoicePdf: string | null;
    /**
     * Where the customer confirms the payment.
     */
    actionUrl: string | null;
    attempts: number;
    /**
     * Stable code of why the last attempt failed.
     */
    failure: string | null;
    createdAt: string;
    creditedAt: string | null;
};

export type LedgerEntry = {
    wallet: Wallet;
    /**
     * Numbers the wallet's entries without a gap.
     */
    seq: number;
    kind: 'usage' | 'top_up' | 'grant' | 'refund' | 'dispute' | 'adjustment';
    /**
     * Minutes or credits; negative when they were taken.
     */
    units: number;
    balanceAfter: number;
    /**
     * Id of the event, top-up or grant that caused it.
     */
    reference: string;
    source: 'campaign' | 'inbound' | 'outbound' | null;
    type: string | null;
    reason: string | null;
    occurredAt: string;
    createdAt: string;
};

export type Notification = {
    id: string;
    kind: 'balance.alert' | 'balance.depleted' | 'top_up.succeeded' | 'top_up.failed' | 'top_up.action_required' | 'top_up.action_reminder' | 'top_up.refunded' | 'auto_top_up.suspended' | 'auto_top_up.resumed';
    wallet: Wallet | null;
    title: string;
    body: string;
    createdAt: string;
    readAt: string | null;
    /**
     * What became of its mail.
     */
    email: {
        status: 'pending' | 'sent' | 'delivered' | 'bounced' | 'complained' | 'dead' | 'muted';
        /**
         * Why it bounced, complained or is dead.
         */
        detail: string | null;
    } | null;
};

export type ChargeAttempt = {
    attempt: number;
    startedAt: string;
    finishedAt: string | null;
    /**
     * null while it is not established.
     */
    outcome: string | null;
    /**
     * Stripe's `decline_code`.
     */
    declineCode: string | null;
    /**
     * Why this attempt was declined, as `failure` of the top-up says it.
     */
    failure: string | null;
};

export type OperatorTopUp = {
    id: string;
    wallet: Wallet;
    trigger: 'auto' | 'manual' | 'operator';
    state: 'pending' | 'charging' | 'paid' | 'credited' | 'action_required' | 'retrying' | 'unknown' | 'failed' | 'canceled' | 'refunded' | 'disputed';
    /**
     * Net euros.
     */
    amount: number;
    /**
     * null while there is no invoice.
     */
    vat: number | null;
    /**
     * Gross euros; null while there is no invoice.
     */
    total: number | null;
    currency: 'EUR';
    /**
     * Whole minutes or credits bought.
     */
    units: number;
    invoiceNumber: string | null;
    invoicePdf: string | null;
    /**
     * Where the customer confirms the payment.
     */
    actionUrl: string | null;
    attempts: number;
    /**
     * Stable code of why the last attempt failed.
     */
    failure: string | null;
    createdAt: string;
    creditedAt: string | null;
    account: string;
    accountName: string;
    /**
     * Next charge, look-up, or end of the wait for the customer, by the state.
     */
    nextAttemptAt: string | null;
    unknownSince: string | null;
    paidAt: string | null;
    closedAt: string | null;
    /**
     * The closed top-up that this one tries again.
     */
    retryOf: string | null;
    /**
     * The top-up that tries this one again.
     */
    retriedBy: string | null;
    cancelRequestedAt: string | null;
    /**
     * Every try to pay, oldest first.
     */
    attemptLog: Array<ChargeAttempt>;
    links: {
        stripeInvoice: string | null;
        stripePayment: string | null;
        stripeCustomer: string | null;
        /**
         * The account's workflow in Temporal's web UI.
         */
        workflow: string | null;
    };
};

export type TopUpCounts = {
    counts: {
        [key: string]: number;
    };
    /**
     * By why the last attempt failed, the most first; `failure` does not narrow these, so that another can be chosen.
     */
    reasons: Array<{
        state: 'pending' | 'charging' | 'paid' | 'credited' | 'action_required' | 'retrying' | 'unknown' | 'failed' | 'canceled' | 'refunded' | 'disputed';
        failure: 'insufficient_funds' | 'card_declined' | 'lost_or_stolen_card' | 'expired_card' | 'incorrect_cvc' | 'processing_error' | 'authentication_required' | 'authentication_timeout' | 'no_payment_method' | 'tax_location_unknown' | 'customer_balance_not_zero' | 'invoice_not_as_expected' | 'provider_unavailable' | 'unknown' | null;
        count: number;
    }>;
};

export type TopUpAct = {
    /**
     * `hastened`: the next attempt is due now. `looked_up`: Stripe is asked how it stands; nothing is charged by that. `new_top_up`: `topUp` takes the place of the old one. `none`: nothing is left to do.
     */
    effect: 'hastened' | 'looked_up' | 'new_top_up' | 'cancel_requested' | 'none';
    /**
     * The top-up that goes on.
     */
    topUp: OperatorTopUp;
};

export type SuspensionOfAccount = {
    account: string;
    suspension: {
        reason: 'repeated_failures' | 'hard_decline' | 'operator' | 'dispute';
        since: string;
    } | null;
};

export type AuditEntry = {
    id: string;
    at: string;
    actor: string;
    action: string;
    account: string | null;
    target: string | null;
    reason: string | null;
    /**
     * As it was stored, in minor units and milliseconds.
     */
    before: unknown;
    after: unknown;
};

export type Finding = {
    id: string;
    kind: 'dispute_opened' | 'refund_failed' | 'refund_refused' | 'payment_without_top_up' | 'payment_differs' | 'credit_without_payment' | 'reversal_differs' | 'invariant_broken';
    subject: string;
    account: string | null;
    topUp: string | null;
    detail: string;
    openedAt: string;
    seenAt: string;
    /**
     * null while it is open.
     */
    resolvedAt: string | null;
};

export type AdjustmentResult = {
    account: string;
    wallet: Wallet;
    units: number;
    /**
     * The ledger entry.
     */
    seq: number;
    /**
     * Right after that entry.
     */
    balance: number;
};

export type SavedSettings = {
    wallet: Wallet;
    version: number;
    enabled: boolean;
    alertBelow: number;
    topUpBelow: number;
    /**
     * Net euros.
     */
    amount: number;
    monthlyCap: number | null;
    topUpOnRefusal: boolean;
    savedAt: string;
};

export type FoundAccounts = {
    items: Array<{
        id: string;
        name: string;
        email: string;
        plan: 'flex' | 'starter' | 'business' | 'scale';
        suspended: 'repeated_failures' | 'hard_decline' | 'operator' | 'dispute' | null;
    }>;
};

export type OperatorAccount = {
    account: Account;
    suspension: {
        reason: 'repeated_failures' | 'hard_decline' | 'operator' | 'dispute';
        since: string;
    } | null;
    links: {
        stripeCustomer: string | null;
        workflow: string | null;
    };
    createdAt: string;
};

export type TestAlert = {
    notification: string;
    /**
     * `muted`: the customer has switched these mails off.
     */
    mail: 'pending' | 'muted';
    to: string;
};

export type Reconciliation = {
    id: string;
    scope: 'recent' | 'nightly';
    /**
     * Payments, refunds, disputes and credits that were looked at.
     */
    compared: number;
    /**
     * Credited, or given to the workflow to read again.
     */
    repaired: number;
    /**
     * Findings that a person has to look at.
     */
    reported: number;
    /**
     * Judged nightly; null otherwise.
     */
    invariants: Array<{
        number: number;
        name: string;
        holds: boolean;
        violations: Array<string>;
    }> | null;
    startedAt: string;
    /**
     * null while it runs, or when it was ended from outside.
     */
    finishedAt: string | null;
};

export type OperatorHealth = {
    relay: {
        /**
         * Accounts whose workflow has not been told yet.
         */
        waiting: number;
        /**
         * How long the first of them is overdue; 0 when all that is due has been told.
         */
        lagSeconds: number;
    };
    /**
     * `not_configured`: this API does not know where Temporal is.
     */
    temporal: 'ok' | 'unreachable' | 'not_configured';
    unknownCharges: {
        count: number;
        oldestSince: string | null;
    };
    deadLetters: {
        mails: number;
        webhooks: number;
    };
    openFindings: Array<{
        kind: 'dispute_opened' | 'refund_failed' | 'refund_refused' | 'payment_without_top_up' | 'payment_differs' | 'credit_without_payment' | 'reversal_differs' | 'invariant_broken';
        count: number;
    }>;
    /**
     * As the last nightly run judged them; empty before the first.
     */
    invariants: Array<{
        number: number;
        name: string;
        holds: boolean;
    }>;
    reconciler: {
        recentAt: string | null;
        nightlyAt: string | null;
        /**
         * The latest ones, newest first.
         */
        runs: Array<Reconciliation>;
    };
};

export type OperatorMail = {
    id: string;
    account: string;
    kind: 'balance.alert' | 'balance.depleted' | 'top_up.succeeded' | 'top_up.failed' | 'top_up.action_required' | 'top_up.action_reminder' | 'top_up.refunded' | 'auto_top_up.suspended' | 'auto_top_up.resumed';
    title: string;
    status: 'pending' | 'sent' | 'delivered' | 'bounced' | 'complained' | 'dead' | 'muted';
    detail: string | null;
    attempts: number;
    createdAt: string;
    updatedAt: string;
};

export type OperatorSession = {
    /**
     * null when nobody is signed in.
     */
    operator: {
        /**
         * As the audit names it.
         */
        name: string;
        /**
         * When the session is over.
         */
        expiresAt: string;
    } | null;
    /**
     * Whether there is an identity provider at `/v1/operator/session/oidc`.
     */
    oidc: boolean;
};

export type RetryPreview = {
    /**
     * In the order of the request.
     */
    items: Array<{
        id: string;
        /**
         * As it is now; null when there is none.
         */
        topUp: OperatorTopUp | null;
        /**
         * As a retry answers it; null when it would be refused.
         */
        effect: 'hastened' | 'looked_up' | 'new_top_up' | 'none' | null;
        /**
         * The problem that it would be refused with.
         */
        refusal: 'top_up_unknown' | 'top_up_settled' | 'top_up_in_flight' | 'already_retried' | 'not_retryable' | 'cancel_requested' | 'not_resumable' | 'mail_unknown' | 'mail_not_replayable' | 'finding_unknown' | 'idempotency_conflict' | null;
        /**
         * The card that would be charged; null when nothing would be, or none is on file.
         */
        card: {
            brand: string;
            last4: string;
        } | null;
        /**
         * null when there is no such top-up.
         */
        need: {
            /**
             * Minutes or credits of its balance, now.
             */
            balance: number;
            suspension: 'repeated_failures' | 'hard_decline' | 'operator' | 'dispute' | null;
            /**
             * The latest top-up of this balance that was made after it and has been credited.
             */
            paidLater: string | null;
            /**
             * Why it is no longer needed; null while it is. A failed one is charged all the same.
             */
            goneBy: 'switched_off' | 'suspended' | 'balance_recovered' | 'amount_lowered' | 'monthly_cap' | 'paid_later' | null;
            /**
             * Its next attempt would cancel it instead of charging it, as things stand.
             */
            wouldCancel: boolean;
        } | null;
    }>;
};

export type SignInCode = {
    code: string;
    /**
     * The console; the code is in its fragment, which no server is sent.
     */
    url: string;
    expiresAt: string;
};

export type TopUpStory = {
    id: string;
    /**
     * What the customer was told of it, oldest first.
     */
    notices: Array<{
        id: string;
        kind: 'balance.alert' | 'balance.depleted' | 'top_up.succeeded' | 'top_up.failed' | 'top_up.action_required' | 'top_up.action_reminder' | 'top_up.refunded' | 'auto_top_up.suspended' | 'auto_top_up.resumed';
        title: string;
        createdAt: string;
        email: {
            id: string;
            status: 'pending' | 'sent' | 'delivered' | 'bounced' | 'complained' | 'dead' | 'muted';
            detail: string | null;
            attempts: number;
            /**
             * It may have arrived twice.
             */
            ambiguous: boolean;
        } | null;
    }>;
    /**
     * Its credit, and what refunds and disputes took back.
     */
    entries: Array<LedgerEntry>;
    /**
     * What automatic top-up decided upon; null for what a person ordered.
     */
    why: {
        /**
         * The balance fell, a campaign was active, or a campaign call was refused.
         */
        cause: 'balance' | 'campaign' | 'refusal';
        /**
         * At that entry.
         */
        balance: number;
        /**
         * Number of the ledger entry that it was decided upon.
         */
        entry: number;
        /**
         * What the balance had to reach.
         */
        target: number;
        /**
         * Those of then.
         */
        settings: SavedSettings | null;
    } | null;
};

export type WorkflowStanding = {
    /**
     * `absent`: no workflow runs; the next wake starts it. `unreachable`: Temporal or every worker is away. `unreadable`: it answered, and PAYLOAD_KEYS of the API do not open what it said.
     */
    status: 'answered' | 'absent' | 'unreachable' | 'unreadable';
    /**
     * The last wake that the workflow has heard.
     */
    told: number | null;
    /**
     * The last wake that there is.
     */
    version: number;
    /**
     * A difference is then no fault: the workflow is about to hear of it.
     */
    newsOnTheWay: boolean;
    /**
     * In Markdown, as the workflow shows it in the web UI.
     */
    summary: string | null;
    /**
     * What both know, side by side; empty unless the workflow answered.
     */
    facts: Array<{
        what: 'entry' | 'balance' | 'settings' | 'top_up' | 'suspension';
        wallet: Wallet | null;
        /**
         * As the workflow remembers it.
         */
        workflow: string | number | null;
        database: string | number | null;
    }>;
    differences: Array<{
        what: 'entry' | 'balance' | 'settings' | 'top_up' | 'top_up_state' | 'suspension';
        wallet: Wallet | null;
        workflow: string | number | null;
        database: string | number | null;
    }>;
};

export type RefundRequest = {
    id: string;
    topUp: string;
    account: string;
    /**
     * Euros including VAT.
     */
    amount: number;
    state: 'requested' | 'refunded' | 'refused';
    reason: string;
    createdAt: string;
};

export type PaymentMethodPage = {
    /**
     * Stripe's page, for this customer only.
     */
    url: string;
    expiresAt?: string;
};

/**
 * An expectation: Stripe Tax decides on the invoice.
 */
export type ExpectedVat = {
    /**
     * Percent; null when only the invoice will tell.
     */
    rate: number | null;
    amount: number | null;
    /**
     * Gross euros.
     */
    total: number | null;
    reverseCharge: boolean;
    /**
     * Whether the account's last invoice showed it; otherwise it is guessed from the country.
     */
    certain: boolean;
};

export type Replay = {
    days: 30;
    /**
     * Busy wallets are replayed by the sum, lowest and highest balance of each minute.
     */
    resolution: 'entry' | 'minute';
    topUps: number;
    /**
     * Net euros of all of them.
     */
    amount: number;
    alerts: number;
    /**
     * Times that the balance ran out all the same.
     */
    depletions: number;
    /**
     * From the last alert before the first top-up to that; null without both.
     */
    firstWarningBeforeTopUpHours: number | null;
    /**
     * The newest 100, oldest first.
     */
    events: Array<{
        at: string;
        kind: 'balance.alert' | 'balance.depleted' | 'top_up';
        /**
         * Net euros of a top-up.
         */
        amount: number | null;
        /**
         * Whole minutes or credits of a top-up.
         */
        units: number | null;
        /**
         * Of an alert or a depletion.
         */
        balance: number | null;
    }>;
};

export type SettingsPreview = {
    quote: Quote;
    now: {
        effect: 'charge' | 'none' | 'waits_for_campaign' | 'in_flight' | 'blocked' | 'suspended';
        /**
         * A code as in `autoTopUp.reason` of the account.
         */
        reason: string;
        /**
         * Net euros that would be charged at once.
         */
        amount: number | null;
        /**
         * The same with the expected VAT.
         */
        total: number | null;
        units: number | null;
        /**
         * When what is in the way opens by itself.
         */
        until: string | null;
        /**
         * Whether a balance alert is sent at once, because the alert value is new and above the balance.
         */
        alert: boolean;
    };
    warnings: Array<{
        code: string;
        field: string;
        detail: string;
    }>;
    /**
     * Minutes that a call of a campaign usually reserves; null when too few were held.
     */
    usualHold: number | null;
    vat: ExpectedVat;
    /**
     * null when the history is too long or too busy to be replayed while a page waits.
     */
    replay: Replay | null;
};

export type Readiness = {
    status: 'ready';
    checks: {
        database: {
            /**
             * null when it is not watched.
             */
            reachable: boolean | null;
        };
        temporal: {
            /**
             * null when it is not watched.
             */
            reachable: boolean | null;
        };
    };
};

export type Session = {
    /**
     * Bearer token that sees this account only.
     */
    token: string;
    /**
     * The credits page, signed in.
     */
    url: string;
    expiresAt: string;
};

export type WebhookDelivery = {
    /**
     * The `webhook-id` of every attempt.
     */
    id: string;
    account: string;
    /**
     * The notification that it tells of.
     */
    notification: string;
    type: 'balance.alert' | 'balance.depleted' | 'top_up.succeeded' | 'top_up.failed' | 'top_up.action_required' | 'auto_top_up.suspended' | 'auto_top_up.resumed';
    /**
     * `dead`: it is not tried again by itself.
     */
    status: 'pending' | 'delivered' | 'dead';
    /**
     * Since it was made or last replayed.
     */
    attempts: number;
    nextAttemptAt: string | null;
    /**
     * Of the last answer; null when there was none.
     */
    responseStatus: number | null;
    /**
     * What came of the last attempt.
     */
    detail: string | null;
    /**
     * The body that is sent.
     */
    payload: {
        [key: string]: unknown;
    };
    createdAt: string;
    updatedAt: string;
};

export type HealthData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/healthz';
};

export type HealthResponses = {
    /**
     * OK
     */
    200: {
        status: 'ok';
    };
};

export type HealthResponse = HealthResponses[keyof HealthResponses];

export type ReadinessData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/readyz';
};

export type ReadinessErrors = {
    /**
     * The database cannot be reached
     */
    503: Problem;
};

export type ReadinessError = ReadinessErrors[keyof ReadinessErrors];

export type ReadinessResponses = {
    /**
     * OK
     */
    200: Readiness;
};

export type ReadinessResponse = ReadinessResponses[keyof ReadinessResponses];

export type MetricsData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/metrics';
};

export type MetricsResponses = {
    /**
     * Metrics
     */
    200: string;
};

export type MetricsResponse = MetricsResponses[keyof MetricsResponses];

export type StripeWebhookData = {
    /**
     * An event of Stripe, byte for byte as it was signed.
     */
    body: unknown;
    path?: never;
    query?: never;
    url: '/webhooks/stripe';
};

export type StripeWebhookErrors = {
    /**
     * The signature does not fit
     */
    400: Problem;
    /**
     * Valid credentials are needed
     */
    401: Problem;
    /**
     * This key or token may not do that
     */
    403: Problem;
    /**
     * There is nothing at this address
     */
    404: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * The body has to be application/json
     */
    415: Problem;
    /**
     * The request does not fit the schema
     */
    422: Problem;
    /**
     * Too many requests
     */
    429: Problem;
    /**
     * Something broke on our side
     */
    500: Problem;
    /**
     * The service cannot answer right now
     */
    503: Problem;
};

export type StripeWebhookError = StripeWebhookErrors[keyof StripeWebhookErrors];

export type StripeWebhookResponses = {
    /**
     * OK
     */
    200: {
        received: true;
        outcome: 'recorded' | 'duplicate' | 'unrelated' | 'ignored';
    };
};

export type StripeWebhookResponse = StripeWebhookResponses[keyof StripeWebhookResponses];

export type PostmarkWebhookData = {
    body: {
        RecordType: string;
        Metadata?: {
            [key: string]: string;
        };
        Type?: string;
        Inactive?: boolean;
        Description?: string;
        [key: string]: unknown;
    };
    path?: never;
    query?: never;
    url: '/webhooks/postmark';
};

export type PostmarkWebhookErrors = {
    /**
     * The body is not JSON
     */
    400: Problem;
    /**
     * Valid credentials are needed
     */
    401: Problem;
    /**
     * This key or token may not do that
     */
    403: Problem;
    /**
     * There is nothing at this address
     */
    404: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * The body has to be application/json
     */
    415: Problem;
    /**
     * The request does not fit the schema
     */
    422: Problem;
    /**
     * Too many requests
     */
    429: Problem;
    /**
     * Something broke on our side
     */
    500: Problem;
    /**
     * The service cannot answer right now
     */
    503: Problem;
};

export type PostmarkWebhookError = PostmarkWebhookErrors[keyof PostmarkWebhookErrors];

export type PostmarkWebhookResponses = {
    /**
     * OK
     */
    200: {
        received: true;
        outcome: 'recorded' | 'unrelated' | 'ignored';
    };
};

export type PostmarkWebhookResponse = PostmarkWebhookResponses[keyof PostmarkWebhookResponses];

export type SignOutOperatorData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/v1/operator/session';
};

export type SignOutOperatorErrors = {
    /**
     * The request cannot be understood
     */
    400: Problem;
    /**
     * Valid credentials are needed
     */
    401: Problem;
    /**
     * The request comes from another site
     */
    403: Problem;
    /**
     * There is nothing at this address
     */
    404: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * The body has to be application/json
     */
    415: Problem;
    /**
     * The request does not fit the schema
     */
    422: Problem;
    /**
     * Too many requests
     */
    429: Problem;
    /**
     * Something broke on our side
     */
    500: Problem;
    /**
     * The service cannot answer right now
     */
    503: Problem;
};

export type SignOutOperatorError = SignOutOperatorErrors[keyof SignOutOperatorErrors];

export type SignOutOperatorResponses = {
    /**
     * OK
     */
    200: OperatorSession;
};

export type SignOutOperatorResponse = SignOutOperatorResponses[keyof SignOutOperatorResponses];

export type GetOperatorSessionData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/v1/operator/session';
};

export type GetOperatorSessionErrors = {
    /**
     * The request cannot be understood
     */
    400: Problem;
    /**
     * Valid credentials are needed
     */
    401: Problem;
    /**
     * This key or token may not do that
     */
    403: Problem;
    /**
     * There is nothing at this address
     */
    404: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * The body has to be application/json
     */
    415: Problem;
    /**
     * The request does not fit the schema
     */
    422: Problem;
    /**
     * Too many requests
     */
    429: Problem;
    /**
     * Something broke on our side
     */
    500: Problem;
    /**
     * The service cannot answer right now
     */
    503: Problem;
};

export type GetOperatorSessionError = GetOperatorSessionErrors[keyof GetOperatorSessionErrors];

export type GetOperatorSessionResponses = {
    /**
     * OK
     */
    200: OperatorSession;
};

export type GetOperatorSessionResponse = GetOperatorSessionResponses[keyof GetOperatorSessionResponses];

export type SignInOperatorData = {
    body: OperatorSignInInput;
    path?: never;
    query?: never;
    url: '/v1/operator/session';
};

export type SignInOperatorErrors = {
    /**
     * The body is not JSON
     */
    400: Problem;
    /**
     * Valid credentials are needed
     */
    401: Problem;
    /**
     * The request comes from another site
     */
    403: Problem;
    /**
     * There is nothing at this address
     */
    404: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * The body has to be application/json
     */
    415: Problem;
    /**
     * The request does not fit the schema
     */
    422: Problem;
    /**
     * Too many requests
     */
    429: Problem;
    /**
     * Something broke on our side
     */
    500: Problem;
    /**
     * The service cannot answer right now
     */
    503: Problem;
};

export type SignInOperatorError = SignInOperatorErrors[keyof SignInOperatorErrors];

export type SignInOperatorResponses = {
    /**
     * OK
     */
    200: OperatorSession;
};

export type SignInOperatorResponse = SignInOperatorResponses[keyof SignInOperatorResponses];

export type GetAccountData = {
    body?: never;
    path: {
        /**
         * The platform's own id of the account.
         */
        id: string;
    };
    query?: never;
    url: '/v1/accounts/{id}';
};

export type GetAccountErrors = {
    /**
     * The request cannot be understood
     */
    400: Problem;
    /**
     * Valid credentials are needed
     */
    401: Problem;
    /**
     * This key or token may not do that
     */
    403: Problem;
    /**
     * There is no such account
     */
    404: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * The body has to be application/json
     */
    415: Problem;
    /**
     * The request does not fit the schema
     */
    422: Problem;
    /**
     * Too many requests
     */
    429: Problem;
    /**
     * Something broke on our side
     */
    500: Problem;
    /**
     * The service cannot answer right now
     */
    503: Problem;
};

export type GetAccountError = GetAccountErrors[keyof GetAccountErrors];

export type GetAccountResponses = {
    /**
     * OK
     */
    200: Account;
};

export type GetAccountResponse = GetAccountResponses[keyof GetAccountResponses];

export type PutAccountData = {
    body: AccountProfileInput;
    path: {
        /**
         * The platform's own id of the account.
         */
        id: string;
    };
    query?: never;
    url: '/v1/accounts/{id}';
};

export type PutAccountErrors = {
    /**
     * The body is not JSON
     */
    400: Problem;
    /**
     * Valid credentials are needed
     */
    401: Problem;
    /**
     * This key or token may not do that
     */
    403: Problem;
    /**
     * There is nothing at this address
     */
    404: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * The body has to be application/json
     */
    415: Problem;
    /**
     * The request does not fit the schema
     */
    422: Problem;
    /**
     * Too many requests
     */
    429: Problem;
    /**
     * Something broke on our side
     */
    500: Problem;
    /**
     * The service cannot answer right now
     */
    503: Problem;
};

export type PutAccountError = PutAccountErrors[keyof PutAccountErrors];

export type PutAccountResponses = {
    /**
     * OK
     */
    200: Account;
    /**
     * Created
     */
    201: Account;
};

export type PutAccountResponse = PutAccountResponses[keyof PutAccountResponses];

export type ReportUsageData = {
    body: {
        events: Array<{
            /**
             * Unique within the account for ever; the event's identity when it is sent again.
             */
            id: string;
            /**
             * The platform's own id of the account.
             */
            account: string;
            /**
             * When it happened; may arrive late, but not from the future.
             */
            occurredAt: string;
            type: 'call';
            /**
             * Only `campaign` starts a top-up.
             */
            source: 'campaign' | 'inbound' | 'outbound';
            seconds: number;
            /**
             * The hold that this was started under: it ends, whatever was really used. One that is unknown, expired, released or settled already is no error.
             */
            hold?: string;
        } | {
            /**
             * Unique within the account for ever; the event's identity when it is sent again.
             */
            id: string;
            /**
             * The platform's own id of the account.
             */
            account: string;
            /**
             * When it happened; may arrive late, but not from the future.
             */
            occurredAt: string;
            type: 'ai_chat_reply' | 'whatsapp_message' | 'sms';
            credits: number;
            /**
             * The hold that this was started under: it ends, whatever was really used. One that is unknown, expired, released or settled already is no error.
             */
            hold?: string;
        }>;
    };
    path?: never;
    query?: never;
    url: '/v1/usage';
};

export type ReportUsageErrors = {
    /**
     * The body is not JSON
     */
    400: Problem;
    /**
     * Valid credentials are needed
     */
    401: Problem;
    /**
     * This key or token may not do that
     */
    403: Problem;
    /**
     * There is nothing at this address
     */
    404: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * The body has to be application/json
     */
    415: Problem;
    /**
     * The request does not fit the schema
     */
    422: Problem;
    /**
     * Too many requests
     */
    429: Problem;
    /**
     * Something broke on our side
     */
    500: Problem;
    /**
     * More is waiting than can be taken
     */
    503: Problem;
};

export type ReportUsageError = ReportUsageErrors[keyof ReportUsageErrors];

export type ReportUsageResponses = {
    /**
     * OK
     */
    200: UsageResults;
};

export type ReportUsageResponse = ReportUsageResponses[keyof ReportUsageResponses];

export type GrantUnitsData = {
    body: GrantInput;
    path: {
        /**
         * The platform's own id of the account.
         */
        id: string;
    };
    query?: never;
    url: '/v1/accounts/{id}/grants';
};

export type GrantUnitsErrors = {
    /**
     * The body is not JSON
     */
    400: Problem;
    /**
     * Valid credentials are needed
     */
    401: Problem;
    /**
     * This key or token may not do that
     */
    403: Problem;
    /**
     * There is no such account
     */
    404: Problem;
    /**
     * The grant was made before with other content
     */
    409: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * The body has to be application/json
     */
    415: Problem;
    /**
     * The request does not fit the schema
     */
    422: Problem;
    /**
     * Too many requests
     */
    429: Problem;
    /**
     * Something broke on our side
     */
    500: Problem;
    /**
     * The service cannot answer right now
     */
    503: Problem;
};

export type GrantUnitsError = GrantUnitsErrors[keyof GrantUnitsErrors];

export type GrantUnitsResponses = {
    /**
     * OK
     */
    200: GrantResult;
    /**
     * Created
     */
    201: GrantResult;
};

export type GrantUnitsResponse = GrantUnitsResponses[keyof GrantUnitsResponses];

export type PlaceHoldData = {
    body: HoldRequestInput;
    headers?: {
        /**
         * The same request again under the same key holds once. A refusal leaves the key free.
         */
        'idempotency-key'?: string;
    };
    path: {
        /**
         * The platform's own id of the account.
         */
        id: string;
    };
    query?: never;
    url: '/v1/accounts/{id}/holds';
};

export type PlaceHoldErrors = {
    /**
     * The body is not JSON
     */
    400: Problem;
    /**
     * Valid credentials are needed
     */
    401: Problem;
    /**
     * The balance does not suffice
     */
    402: Problem;
    /**
     * This key or token may not do that
     */
    403: Problem;
    /**
     * There is no such account
     */
    404: Problem;
    /**
     * The key was used for another request
     */
    409: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * The body has to be application/json
     */
    415: Problem;
    /**
     * The request does not fit the schema
     */
    422: Problem;
    /**
     * Too many requests
     */
    429: Problem;
    /**
     * Something broke on our side
     */
    500: Problem;
    /**
     * More is waiting than can be taken
     */
    503: Problem;
};

export type PlaceHoldError = PlaceHoldErrors[keyof PlaceHoldErrors];

export type PlaceHoldResponses = {
    /**
     * Created
     */
    201: Hold;
};

export type PlaceHoldResponse = PlaceHoldResponses[keyof PlaceHoldResponses];

export type ReleaseHoldData = {
    body?: never;
    path: {
        /**
         * The platform's own id of the account.
         */
        id: string;
        hold: string;
    };
    query?: never;
    url: '/v1/accounts/{id}/holds/{hold}';
};

export type ReleaseHoldErrors = {
    /**
     * The request cannot be understood
     */
    400: Problem;
    /**
     * Valid credentials are needed
     */
    401: Problem;
    /**
     * This key or token may not do that
     */
    403: Problem;
    /**
     * There is no such hold
     */
    404: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * The body has to be application/json
     */
    415: Problem;
    /**
     * The request does not fit the schema
     */
    422: Problem;
    /**
     * Too many requests
     */
    429: Problem;
    /**
     * Something broke on our side
     */
    500: Problem;
    /**
     * The service cannot answer right now
     */
    503: Problem;
};

export type ReleaseHoldError = ReleaseHoldErrors[keyof ReleaseHoldErrors];

export type ReleaseHoldResponses = {
    /**
     * It reserves nothing any more.
     */
    204: void;
};

export type ReleaseHoldResponse = ReleaseHoldResponses[keyof ReleaseHoldResponses];

export type StartSessionData = {
    body: {
        [key: string]: never;
    } | null;
    path: {
        /**
         * The platform's own id of the account.
         */
        id: string;
    };
    query?: never;
    url: '/v1/accounts/{id}/sessions';
};

export type StartSessionErrors = {
    /**
     * The body is not JSON
     */
    400: Problem;
    /**
     * Valid credentials are needed
     */
    401: Problem;
    /**
     * This key or token may not do that
     */
    403: Problem;
    /**
     * There is no such account
     */
    404: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * The body has to be application/json
     */
    415: Problem;
    /**
     * The request does not fit the schema
     */
    422: Problem;
    /**
     * Too many requests
     */
    429: Problem;
    /**
     * Something broke on our side
     */
    500: Problem;
    /**
     * The service cannot answer right now
     */
    503: Problem;
};

export type StartSessionError = StartSessionErrors[keyof StartSessionErrors];

export type StartSessionResponses = {
    /**
     * Created
     */
    201: Session;
};

export type StartSessionResponse = StartSessionResponses[keyof StartSessionResponses];

export type GetSettingsData = {
    body?: never;
    path: {
        /**
         * The platform's own id of the account.
         */
        id: string;
        wallet: WalletInput;
    };
    query?: never;
    url: '/v1/accounts/{id}/auto-top-up/{wallet}';
};

export type GetSettingsErrors = {
    /**
     * The request cannot be understood
     */
    400: Problem;
    /**
     * Valid credentials are needed
     */
    401: Problem;
    /**
     * This key or token may not do that
     */
    403: Problem;
    /**
     * There is no such account
     */
    404: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * The body has to be application/json
     */
    415: Problem;
    /**
     * The request does not fit the schema
     */
    422: Problem;
    /**
     * Too many requests
     */
    429: Problem;
    /**
     * Something broke on our side
     */
    500: Problem;
    /**
     * The service cannot answer right now
     */
    503: Problem;
};

export type GetSettingsError = GetSettingsErrors[keyof GetSettingsErrors];

export type GetSettingsResponses = {
    /**
     * OK
     */
    200: Settings;
};

export type GetSettingsResponse = GetSettingsResponses[keyof GetSettingsResponses];

export type SaveSettingsData = {
    body: {
        /**
         * Switches alert and top-up of this wallet together.
         */
        enabled: boolean;
        /**
         * Minutes or credits below which the customer is told.
         */
        alertBelow: number;
        /**
         * Minutes or credits below which a top-up runs.
         */
        topUpBelow: number;
        /**
         * Euros without VAT for one top-up.
         */
        amount: number;
        /**
         * Euros without VAT that automatic top-ups may cost in a calendar month; null for no cap.
         */
        monthlyCap?: number | null;
        /**
         * Call minutes only: a campaign call refused for lack of balance starts a top-up too.
         */
        topUpOnRefusal?: boolean;
    };
    headers?: {
        /**
         * The `ETag` of the settings that the change rests on.
         */
        'if-match'?: string;
    };
    path: {
        /**
         * The platform's own id of the account.
         */
        id: string;
        wallet: WalletInput;
    };
    query?: never;
    url: '/v1/accounts/{id}/auto-top-up/{wallet}';
};

export type SaveSettingsErrors = {
    /**
     * The body is not JSON
     */
    400: Problem;
    /**
     * Valid credentials are needed
     */
    401: Problem;
    /**
     * This key or token may not do that
     */
    403: Problem;
    /**
     * There is no such account
     */
    404: Problem;
    /**
     * The settings have changed since they were read
     */
    412: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * The body has to be application/json
     */
    415: Problem;
    /**
     * The request does not fit the schema
     */
    422: Problem;
    /**
     * Too many requests
     */
    429: Problem;
    /**
     * Something broke on our side
     */
    500: Problem;
    /**
     * The service cannot answer right now
     */
    503: Problem;
};

export type SaveSettingsError = SaveSettingsErrors[keyof SaveSettingsErrors];

export type SaveSettingsResponses = {
    /**
     * OK
     */
    200: Settings;
};

export type SaveSettingsResponse = SaveSettingsResponses[keyof SaveSettingsResponses];

export type QuoteData = {
    body?: never;
    path: {
        /**
         * The platform's own id of the account.
         */
        id: string;
    };
    query: {
        wallet: WalletInput;
        /**
         * Euros without VAT.
         */
        amount: number;
    };
    url: '/v1/accounts/{id}/quote';
};

export type QuoteErrors = {
    /**
     * The request cannot be understood
     */
    400: Problem;
    /**
     * Valid credentials are needed
     */
    401: Problem;
    /**
     * This key or token may not do that
     */
    403: Problem;
    /**
     * There is no such account
     */
    404: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * The body has to be application/json
     */
    415: Problem;
    /**
     * The request does not fit the schema
     */
    422: Problem;
    /**
     * Too many requests
     */
    429: Problem;
    /**
     * Something broke on our side
     */
    500: Problem;
    /**
     * The service cannot answer right now
     */
    503: Problem;
};

export type QuoteError = QuoteErrors[keyof QuoteErrors];

export type QuoteResponses = {
    /**
     * OK
     */
    200: Quote;
};

export type QuoteResponse = QuoteResponses[keyof QuoteResponses];

export type PreviewSettingsData = {
    body: {
        /**
         * Switches alert and top-up of this wallet together.
         */
        enabled: boolean;
        /**
         * Minutes or credits below which the customer is told.
         */
        alertBelow: number;
        /**
         * Minutes or credits below which a top-up runs.
         */
        topUpBelow: number;
        /**
         * Euros without VAT for one top-up.
         */
        amount: number;
        /**
         * Euros without VAT that automatic top-ups may cost in a calendar month; null for no cap.
         */
        monthlyCap?: number | null;
        /**
         * Call minutes only: a campaign call refused for lack of balance starts a top-up too.
         */
        topUpOnRefusal?: boolean;
    };
    path: {
        /**
         * The platform's own id of the account.
         */
        id: string;
        wallet: WalletInput;
    };
    query?: never;
    url: '/v1/accounts/{id}/auto-top-up/{wallet}/preview';
};

export type PreviewSettingsErrors = {
    /**
     * The body is not JSON
     */
    400: Problem;
    /**
     * Valid credentials are needed
     */
    401: Problem;
    /**
     * This key or token may not do that
     */
    403: Problem;
    /**
     * There is no such account
     */
    404: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * The body has to be application/json
     */
    415: Problem;
    /**
     * The request does not fit the schema
     */
    422: Problem;
    /**
     * Too many requests
     */
    429: Problem;
    /**
     * Something broke on our side
     */
    500: Problem;
    /**
     * The service cannot answer right now
     */
    503: Problem;
};

export type PreviewSettingsError = PreviewSettingsErrors[keyof PreviewSettingsErrors];

export type PreviewSettingsResponses = {
    /**
     * OK
     */
    200: SettingsPreview;
};

export type PreviewSettingsResponse = PreviewSettingsResponses[keyof PreviewSettingsResponses];

export type ListTopUpsData = {
    body?: never;
    path: {
        /**
         * The platform's own id of the account.
         */
        id: string;
    };
    query?: {
        wallet?: WalletInput;
        state?: 'pending' | 'charging' | 'paid' | 'credited' | 'action_required' | 'retrying' | 'unknown' | 'failed' | 'canceled' | 'refunded' | 'disputed';
        /**
         * `next` of the page before.
         */
        cursor?: string;
        limit?: number;
    };
    url: '/v1/accounts/{id}/top-ups';
};

export type ListTopUpsErrors = {
    /**
     * The request cannot be understood
     */
    400: Problem;
    /**
     * Valid credentials are needed
     */
    401: Problem;
    /**
     * This key or token may not do that
     */
    403: Problem;
    /**
     * There is no such account
     */
    404: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * The body has to be application/json
     */
    415: Problem;
    /**
     * The request does not fit the schema
     */
    422: Problem;
    /**
     * Too many requests
     */
    429: Problem;
    /**
     * Something broke on our side
     */
    500: Problem;
    /**
     * The service cannot answer right now
     */
    503: Problem;
};

export type ListTopUpsError = ListTopUpsErrors[keyof ListTopUpsErrors];

export type ListTopUpsResponses = {
    /**
     * OK
     */
    200: {
        items: Array<TopUp>;
        /**
         * Pass it as `cursor` for the next page; null after the last one.
         */
        next: string | null;
    };
};

export type ListTopUpsResponse = ListTopUpsResponses[keyof ListTopUpsResponses];

export type BuyTopUpData = {
    body: PurchaseInput;
    headers: {
        /**
         * The same key again buys nothing more.
         */
        'idempotency-key': string;
    };
    path: {
        /**
         * The platform's own id of the account.
         */
        id: string;
    };
    query?: never;
    url: '/v1/accounts/{id}/top-ups';
};

export type BuyTopUpErrors = {
    /**
     * The body is not JSON
     */
    400: Problem;
    /**
     * Valid credentials are needed
     */
    401: Problem;
    /**
     * This key or token may not do that
     */
    403: Problem;
    /**
     * There is no such account
     */
    404: Problem;
    /**
     * Another top-up of the wallet is open
     */
    409: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * The body has to be application/json
     */
    415: Problem;
    /**
     * The request does not fit the schema
     */
    422: Problem;
    /**
     * Too many requests
     */
    429: Problem;
    /**
     * Something broke on our side
     */
    500: Problem;
    /**
     * The payment provider does not answer
     */
    503: Problem;
};

export type BuyTopUpError = BuyTopUpErrors[keyof BuyTopUpErrors];

export type BuyTopUpResponses = {
    /**
     * Created
     */
    201: TopUp;
};

export type BuyTopUpResponse = BuyTopUpResponses[keyof BuyTopUpResponses];

export type ListLedgerData = {
    body?: never;
    path: {
        /**
         * The platform's own id of the account.
         */
        id: string;
    };
    query?: {
        wallet?: WalletInput;
        kind?: 'usage' | 'top_up' | 'grant' | 'refund' | 'dispute' | 'adjustment';
        source?: 'campaign' | 'inbound' | 'outbound';
        /**
         * Booked at this instant or later.
         */
        from?: string;
        /**
         * Booked before this instant.
         */
        to?: string;
        /**
         * `next` of the page before.
         */
        cursor?: string;
        limit?: number;
    };
    url: '/v1/accounts/{id}/ledger';
};

export type ListLedgerErrors = {
    /**
     * The request cannot be understood
     */
    400: Problem;
    /**
     * Valid credentials are needed
     */
    401: Problem;
    /**
     * This key or token may not do that
     */
    403: Problem;
    /**
     * There is no such account
     */
    404: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * The body has to be application/json
     */
    415: Problem;
    /**
     * The request does not fit the schema
     */
    422: Problem;
    /**
     * Too many requests
     */
    429: Problem;
    /**
     * Something broke on our side
     */
    500: Problem;
    /**
     * The service cannot answer right now
     */
    503: Problem;
};

export type ListLedgerError = ListLedgerErrors[keyof ListLedgerErrors];

export type ListLedgerResponses = {
    /**
     * OK
     */
    200: {
        items: Array<LedgerEntry>;
        /**
         * Pass it as `cursor` for the next page; null after the last one.
         */
        next: string | null;
    };
};

export type ListLedgerResponse = ListLedgerResponses[keyof ListLedgerResponses];

export type ListNotificationsData = {
    body?: never;
    path: {
        /**
         * The platform's own id of the account.
         */
        id: string;
    };
    query?: {
        unread?: 'true' | 'false';
        /**
         * `next` of the page before.
         */
        cursor?: string;
        limit?: number;
    };
    url: '/v1/accounts/{id}/notifications';
};

export type ListNotificationsErrors = {
    /**
     * The request cannot be understood
     */
    400: Problem;
    /**
     * Valid credentials are needed
     */
    401: Problem;
    /**
     * This key or token may not do that
     */
    403: Problem;
    /**
     * There is no such account
     */
    404: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * The body has to be application/json
     */
    415: Problem;
    /**
     * The request does not fit the schema
     */
    422: Problem;
    /**
     * Too many requests
     */
    429: Problem;
    /**
     * Something broke on our side
     */
    500: Problem;
    /**
     * The service cannot answer right now
     */
    503: Problem;
};

export type ListNotificationsError = ListNotificationsErrors[keyof ListNotificationsErrors];

export type ListNotificationsResponses = {
    /**
     * OK
     */
    200: {
        items: Array<Notification>;
        /**
         * Pass it as `cursor` for the next page; null after the last one.
         */
        next: string | null;
    };
};

export type ListNotificationsResponse = ListNotificationsResponses[keyof ListNotificationsResponses];

export type ReadNotificationData = {
    body: {
        [key: string]: never;
    } | null;
    path: {
        /**
         * The platform's own id of the account.
         */
        id: string;
        notification: string;
    };
    query?: never;
    url: '/v1/accounts/{id}/notifications/{notification}/read';
};

export type ReadNotificationErrors = {
    /**
     * The body is not JSON
     */
    400: Problem;
    /**
     * Valid credentials are needed
     */
    401: Problem;
    /**
     * This key or token may not do that
     */
    403: Problem;
    /**
     * There is no such notification
     */
    404: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * The body has to be application/json
     */
    415: Problem;
    /**
     * The request does not fit the schema
     */
    422: Problem;
    /**
     * Too many requests
     */
    429: Problem;
    /**
     * Something broke on our side
     */
    500: Problem;
    /**
     * The service cannot answer right now
     */
    503: Problem;
};

export type ReadNotificationError = ReadNotificationErrors[keyof ReadNotificationErrors];

export type ReadNotificationResponses = {
    /**
     * OK
     */
    200: Notification;
};

export type ReadNotificationResponse = ReadNotificationResponses[keyof ReadNotificationResponses];

export type ReadAllNotificationsData = {
    body: {
        [key: string]: never;
    } | null;
    path: {
        /**
         * The platform's own id of the account.
         */
        id: string;
    };
    query?: never;
    url: '/v1/accounts/{id}/notifications/read-all';
};

export type ReadAllNotificationsErrors = {
    /**
     * The body is not JSON
     */
    400: Problem;
    /**
     * Valid credentials are needed
     */
    401: Problem;
    /**
     * This key or token may not do that
     */
    403: Problem;
    /**
     * There is no such account
     */
    404: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * The body has to be application/json
     */
    415: Problem;
    /**
     * The request does not fit the schema
     */
    422: Problem;
    /**
     * Too many requests
     */
    429: Problem;
    /**
     * Something broke on our side
     */
    500: Problem;
    /**
     * The service cannot answer right now
     */
    503: Problem;
};

export type ReadAllNotificationsError = ReadAllNotificationsErrors[keyof ReadAllNotificationsErrors];

export type ReadAllNotificationsResponses = {
    /**
     * OK
     */
    200: {
        /**
         * How many were not read before.
         */
        read: number;
    };
};

export type ReadAllNotificationsResponse = ReadAllNotificationsResponses[keyof ReadAllNotificationsResponses];

export type ExportLedgerData = {
    body?: never;
    path: {
        /**
         * The platform's own id of the account.
         */
        id: string;
    };
    query?: {
        wallet?: WalletInput;
        kind?: 'usage' | 'top_up' | 'grant' | 'refund' | 'dispute' | 'adjustment';
        source?: 'campaign' | 'inbound' | 'outbound';
        /**
         * Booked at this instant or later.
         */
        from?: string;
        /**
         * Booked before this instant.
         */
        to?: string;
    };
    url: '/v1/accounts/{id}/ledger.csv';
};

export type ExportLedgerErrors = {
    /**
     * The request cannot be understood
     */
    400: Problem;
    /**
     * Valid credentials are needed
     */
    401: Problem;
    /**
     * This key or token may not do that
     */
    403: Problem;
    /**
     * There is no such account
     */
    404: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * The body has to be application/json
     */
    415: Problem;
    /**
     * The request does not fit the schema
     */
    422: Problem;
    /**
     * Too many requests
     */
    429: Problem;
    /**
     * Something broke on our side
     */
    500: Problem;
    /**
     * The service cannot answer right now
     */
    503: Problem;
};

export type ExportLedgerError = ExportLedgerErrors[keyof ExportLedgerErrors];

export type ExportLedgerResponses = {
    /**
     * A table
     */
    200: string;
};

export type ExportLedgerResponse = ExportLedgerResponses[keyof ExportLedgerResponses];

export type GetBalanceHistoryData = {
    body?: never;
    path: {
        /**
         * The platform's own id of the account.
         */
        id: string;
    };
    query: {
        wallet: WalletInput;
        days?: number;
        /**
         * Instead of `days`, for a closer look.
         */
        hours?: number;
    };
    url: '/v1/accounts/{id}/balance-history';
};

export type GetBalanceHistoryErrors = {
    /**
     * The request cannot be understood
     */
    400: Problem;
    /**
     * Valid credentials are needed
     */
    401: Problem;
    /**
     * This key or token may not do that
     */
    403: Problem;
    /**
     * There is no such account
     */
    404: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * The body has to be application/json
     */
    415: Problem;
    /**
     * The request does not fit the schema
     */
    422: Problem;
    /**
     * Too many requests
     */
    429: Problem;
    /**
     * Something broke on our side
     */
    500: Problem;
    /**
     * The service cannot answer right now
     */
    503: Problem;
};

export type GetBalanceHistoryError = GetBalanceHistoryErrors[keyof GetBalanceHistoryErrors];

export type GetBalanceHistoryResponses = {
    /**
     * OK
     */
    200: BalanceHistory;
};

export type GetBalanceHistoryResponse = GetBalanceHistoryResponses[keyof GetBalanceHistoryResponses];

export type GetEmailPreferencesData = {
    body?: never;
    path: {
        /**
         * The platform's own id of the account.
         */
        id: string;
    };
    query?: never;
    url: '/v1/accounts/{id}/email-preferences';
};

export type GetEmailPreferencesErrors = {
    /**
     * The request cannot be understood
     */
    400: Problem;
    /**
     * Valid credentials are needed
     */
    401: Problem;
    /**
     * This key or token may not do that
     */
    403: Problem;
    /**
     * There is no such account
     */
    404: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * The body has to be application/json
     */
    415: Problem;
    /**
     * The request does not fit the schema
     */
    422: Problem;
    /**
     * Too many requests
     */
    429: Problem;
    /**
     * Something broke on our side
     */
    500: Problem;
    /**
     * The service cannot answer right now
     */
    503: Problem;
};

export type GetEmailPreferencesError = GetEmailPreferencesErrors[keyof GetEmailPreferencesErrors];

export type GetEmailPreferencesResponses = {
    /**
     * OK
     */
    200: EmailPreferences;
};

export type GetEmailPreferencesResponse = GetEmailPreferencesResponses[keyof GetEmailPreferencesResponses];

export type SaveEmailPreferencesData = {
    body: {
        /**
         * Kinds of notification that are shown on the dashboard only.
         */
        muted: Array<'balance.alert' | 'top_up.succeeded' | 'top_up.refunded' | 'auto_top_up.resumed'>;
    };
    path: {
        /**
         * The platform's own id of the account.
         */
        id: string;
    };
    query?: never;
    url: '/v1/accounts/{id}/email-preferences';
};

export type SaveEmailPreferencesErrors = {
    /**
     * The body is not JSON
     */
    400: Problem;
    /**
     * Valid credentials are needed
     */
    401: Problem;
    /**
     * This key or token may not do that
     */
    403: Problem;
    /**
     * There is no such account
     */
    404: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * The body has to be application/json
     */
    415: Problem;
    /**
     * The request does not fit the schema
     */
    422: Problem;
    /**
     * Too many requests
     */
    429: Problem;
    /**
     * Something broke on our side
     */
    500: Problem;
    /**
     * The service cannot answer right now
     */
    503: Problem;
};

export type SaveEmailPreferencesError = SaveEmailPreferencesErrors[keyof SaveEmailPreferencesErrors];

export type SaveEmailPreferencesResponses = {
    /**
     * OK
     */
    200: EmailPreferences;
};

export type SaveEmailPreferencesResponse = SaveEmailPreferencesResponses[keyof SaveEmailPreferencesResponses];

export type OpenPaymentMethodPageData = {
    body: PaymentMethodPageRequestInput | null;
    path: {
        /**
         * The platform's own id of the account.
         */
        id: string;
    };
    query?: never;
    url: '/v1/accounts/{id}/payment-method';
};

export type OpenPaymentMethodPageErrors = {
    /**
     * The body is not JSON
     */
    400: Problem;
    /**
     * Valid credentials are needed
     */
    401: Problem;
    /**
     * This key or token may not do that
     */
    403: Problem;
    /**
     * There is no such account
     */
    404: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * The body has to be application/json
     */
    415: Problem;
    /**
     * The request does not fit the schema
     */
    422: Problem;
    /**
     * Too many requests
     */
    429: Problem;
    /**
     * Something broke on our side
     */
    500: Problem;
    /**
     * The payment provider does not answer
     */
    503: Problem;
};

export type OpenPaymentMethodPageError = OpenPaymentMethodPageErrors[keyof OpenPaymentMethodPageErrors];

export type OpenPaymentMethodPageResponses = {
    /**
     * Created
     */
    201: PaymentMethodPage;
};

export type OpenPaymentMethodPageResponse = OpenPaymentMethodPageResponses[keyof OpenPaymentMethodPageResponses];

export type StreamAccountData = {
    body?: never;
    path: {
        /**
         * The platform's own id of the account.
         */
        id: string;
    };
    query?: never;
    url: '/v1/accounts/{id}/stream';
};

export type StreamAccountErrors = {
    /**
     * The request cannot be understood
     */
    400: Problem;
    /**
     * Valid credentials are needed
     */
    401: Problem;
    /**
     * This key or token may not do that
     */
    403: Problem;
    /**
     * There is no such account
     */
    404: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * The body has to be application/json
     */
    415: Problem;
    /**
     * The request does not fit the schema
     */
    422: Problem;
    /**
     * Too many open streams
     */
    429: Problem;
    /**
     * Something broke on our side
     */
    500: Problem;
    /**
     * The service cannot answer right now
     */
    503: Problem;
};

export type StreamAccountError = StreamAccountErrors[keyof StreamAccountErrors];

export type StreamAccountResponses = {
    /**
     * Events
     */
    200: string;
};

export type StreamAccountResponse = StreamAccountResponses[keyof StreamAccountResponses];

export type ResumeAutoTopUpData = {
    body: {
        [key: string]: never;
    } | null;
    path: {
        /**
         * The platform's own id of the account.
         */
        id: string;
    };
    query?: never;
    url: '/v1/accounts/{id}/auto-top-up/resume';
};

export type ResumeAutoTopUpErrors = {
    /**
     * The body is not JSON
     */
    400: Problem;
    /**
     * Valid credentials are needed
     */
    401: Problem;
    /**
     * This key or token may not do that
     */
    403: Problem;
    /**
     * There is no such account
     */
    404: Problem;
    /**
     * Only an operator can lift this suspension
     */
    409: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * The body has to be application/json
     */
    415: Problem;
    /**
     * The request does not fit the schema
     */
    422: Problem;
    /**
     * Too many requests
     */
    429: Problem;
    /**
     * Something broke on our side
     */
    500: Problem;
    /**
     * The service cannot answer right now
     */
    503: Problem;
};

export type ResumeAutoTopUpError = ResumeAutoTopUpErrors[keyof ResumeAutoTopUpErrors];

export type ResumeAutoTopUpResponses = {
    /**
     * OK
     */
    200: SuspensionOfAccount;
};

export type ResumeAutoTopUpResponse = ResumeAutoTopUpResponses[keyof ResumeAutoTopUpResponses];

export type ListOperatorTopUpsData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * Several with a comma between them, or given several times. Without it: failed, retrying, action_required, unknown.
         */
        state?: string | Array<string>;
        wallet?: WalletInput;
        /**
         * The platform's own id of the account.
         */
        account?: string;
        failure?: 'insufficient_funds' | 'card_declined' | 'lost_or_stolen_card' | 'expired_card' | 'incorrect_cvc' | 'processing_error' | 'authentication_required' | 'authentication_timeout' | 'no_payment_method' | 'tax_location_unknown' | 'customer_balance_not_zero' | 'invoice_not_as_expected' | 'provider_unavailable' | 'unknown';
        /**
         * Made before this instant.
         */
        olderThan?: string;
        /**
         * Made at this instant or after it.
         */
        newerThan?: string;
        /**
         * Net euros.
         */
        minAmount?: number;
        /**
         * Net euros.
         */
        maxAmount?: number;
        /**
         * Failed ones that need nobody any more: tried again since, or followed by a top-up of the same balance that was credited.
         */
        superseded?: 'exclude' | 'include';
        /**
         * `next` of the page before.
         */
        cursor?: string;
        limit?: number;
    };
    url: '/v1/operator/top-ups';
};

export type ListOperatorTopUpsErrors = {
    /**
     * The request cannot be understood
     */
    400: Problem;
    /**
     * Valid credentials are needed
     */
    401: Problem;
    /**
     * This key or token may not do that
     */
    403: Problem;
    /**
     * There is nothing at this address
     */
    404: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * The body has to be application/json
     */
    415: Problem;
    /**
     * The request does not fit the schema
     */
    422: Problem;
    /**
     * Too many requests
     */
    429: Problem;
    /**
     * Something broke on our side
     */
    500: Problem;
    /**
     * The service cannot answer right now
     */
    503: Problem;
};

export type ListOperatorTopUpsError = ListOperatorTopUpsErrors[keyof ListOperatorTopUpsErrors];

export type ListOperatorTopUpsResponses = {
    /**
     * OK
     */
    200: {
        items: Array<OperatorTopUp>;
        /**
         * Pass it as `cursor` for the next page; null after the last one.
         */
        next: string | null;
    };
};

export type ListOperatorTopUpsResponse = ListOperatorTopUpsResponses[keyof ListOperatorTopUpsResponses];

export type CountOperatorTopUpsData = {
    body?: never;
    path?: never;
    query?: {
        wallet?: WalletInput;
        /**
         * The platform's own id of the account.
         */
        account?: string;
        failure?: 'insufficient_funds' | 'card_declined' | 'lost_or_stolen_card' | 'expired_card' | 'incorrect_cvc' | 'processing_error' | 'authentication_required' | 'authentication_timeout' | 'no_payment_method' | 'tax_location_unknown' | 'customer_balance_not_zero' | 'invoice_not_as_expected' | 'provider_unavailable' | 'unknown';
        /**
         * Made before this instant.
         */
        olderThan?: string;
        /**
         * Made at this instant or after it.
         */
        newerThan?: string;
        /**
         * Net euros.
         */
        minAmount?: number;
        /**
         * Net euros.
         */
        maxAmount?: number;
        /**
         * Failed ones that need nobody any more: tried again since, or followed by a top-up of the same balance that was credited.
         */
        superseded?: 'exclude' | 'include';
    };
    url: '/v1/operator/top-ups/counts';
};

export type CountOperatorTopUpsErrors = {
    /**
     * The request cannot be understood
     */
    400: Problem;
    /**
     * Valid credentials are needed
     */
    401: Problem;
    /**
     * This key or token may not do that
     */
    403: Problem;
    /**
     * There is nothing at this address
     */
    404: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * The body has to be application/json
     */
    415: Problem;
    /**
     * The request does not fit the schema
     */
    422: Problem;
    /**
     * Too many requests
     */
    429: Problem;
    /**
     * Something broke on our side
     */
    500: Problem;
    /**
     * The service cannot answer right now
     */
    503: Problem;
};

export type CountOperatorTopUpsError = CountOperatorTopUpsErrors[keyof CountOperatorTopUpsErrors];

export type CountOperatorTopUpsResponses = {
    /**
     * OK
     */
    200: TopUpCounts;
};

export type CountOperatorTopUpsResponse = CountOperatorTopUpsResponses[keyof CountOperatorTopUpsResponses];

export type GetOperatorTopUpData = {
    body?: never;
    path: {
        id: string;
    };
    query?: never;
    url: '/v1/operator/top-ups/{id}';
};

export type GetOperatorTopUpErrors = {
    /**
     * The request cannot be understood
     */
    400: Problem;
    /**
     * Valid credentials are needed
     */
    401: Problem;
    /**
     * This key or token may not do that
     */
    403: Problem;
    /**
     * There is no such top-up
     */
    404: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * The body has to be application/json
     */
    415: Problem;
    /**
     * The request does not fit the schema
     */
    422: Problem;
    /**
     * Too many requests
     */
    429: Problem;
    /**
     * Something broke on our side
     */
    500: Problem;
    /**
     * The service cannot answer right now
     */
    503: Problem;
};

export type GetOperatorTopUpError = GetOperatorTopUpErrors[keyof GetOperatorTopUpErrors];

export type GetOperatorTopUpResponses = {
    /**
     * OK
     */
    200: OperatorTopUp;
};

export type GetOperatorTopUpResponse = GetOperatorTopUpResponses[keyof GetOperatorTopUpResponses];

export type ListAuditData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * The platform's own id of the account.
         */
        account?: string;
        actor?: string;
        action?: string;
        /**
         * Is looked for in who, what, account, target and reason, whatever its case.
         */
        text?: string;
        /**
         * Not before this instant.
         */
        from?: string;
        /**
         * Before this instant.
         */
        to?: string;
        /**
         * `next` of the page before.
         */
        cursor?: string;
        limit?: number;
    };
    url: '/v1/operator/audit';
};

export type ListAuditErrors = {
    /**
     * The request cannot be understood
     */
    400: Problem;
    /**
     * Valid credentials are needed
     */
    401: Problem;
    /**
     * This key or token may not do that
     */
    403: Problem;
    /**
     * There is nothing at this address
     */
    404: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * The body has to be application/json
     */
    415: Problem;
    /**
     * The request does not fit the schema
     */
    422: Problem;
    /**
     * Too many requests
     */
    429: Problem;
    /**
     * Something broke on our side
     */
    500: Problem;
    /**
     * The service cannot answer right now
     */
    503: Problem;
};

export type ListAuditError = ListAuditErrors[keyof ListAuditErrors];

export type ListAuditResponses = {
    /**
     * OK
     */
    200: {
        items: Array<AuditEntry>;
        /**
         * Pass it as `cursor` for the next page; null after the last one.
         */
        next: string | null;
    };
};

export type ListAuditResponse = ListAuditResponses[keyof ListAuditResponses];

export type ListFindingsData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * `next` of the page before.
         */
        cursor?: string;
        limit?: number;
    };
    url: '/v1/operator/findings';
};

export type ListFindingsErrors = {
    /**
     * The request cannot be understood
     */
    400: Problem;
    /**
     * Valid credentials are needed
     */
    401: Problem;
    /**
     * This key or token may not do that
     */
    403: Problem;
    /**
     * There is nothing at this address
     */
    404: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * The body has to be application/json
     */
    415: Problem;
    /**
     * The request does not fit the schema
     */
    422: Problem;
    /**
     * Too many requests
     */
    429: Problem;
    /**
     * Something broke on our side
     */
    500: Problem;
    /**
     * The service cannot answer right now
     */
    503: Problem;
};

export type ListFindingsError = ListFindingsErrors[keyof ListFindingsErrors];

export type ListFindingsResponses = {
    /**
     * OK
     */
    200: {
        items: Array<Finding>;
        /**
         * Pass it as `cursor` for the next page; null after the last one.
         */
        next: string | null;
    };
};

export type ListFindingsResponse = ListFindingsResponses[keyof ListFindingsResponses];

export type RetryTopUpData = {
    body: OperatorReasonInput;
    headers: {
        /**
         * Makes the same request again harmless: it gets the first answer.
         */
        'idempotency-key': string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/v1/operator/top-ups/{id}/retry';
};

export type RetryTopUpErrors = {
    /**
     * The body is not JSON
     */
    400: Problem;
    /**
     * Valid credentials are needed
     */
    401: Problem;
    /**
     * This key or token may not do that
     */
    403: Problem;
    /**
     * There is no such top-up
     */
    404: Problem;
    /**
     * The key was used for another request
     */
    409: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * The body has to be application/json
     */
    415: Problem;
    /**
     * The request does not fit the schema
     */
    422: Problem;
    /**
     * Too many requests
     */
    429: Problem;
    /**
     * Something broke on our side
     */
    500: Problem;
    /**
     * The service cannot answer right now
     */
    503: Problem;
};

export type RetryTopUpError = RetryTopUpErrors[keyof RetryTopUpErrors];

export type RetryTopUpResponses = {
    /**
     * OK
     */
    200: TopUpAct;
    /**
     * Accepted
     */
    202: TopUpAct;
};

export type RetryTopUpResponse = RetryTopUpResponses[keyof RetryTopUpResponses];

export type CancelTopUpData = {
    body: OperatorReasonInput;
    headers: {
        /**
         * Makes the same request again harmless: it gets the first answer.
         */
        'idempotency-key': string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/v1/operator/top-ups/{id}/cancel';
};

export type CancelTopUpErrors = {
    /**
     * The body is not JSON
     */
    400: Problem;
    /**
     * Valid credentials are needed
     */
    401: Problem;
    /**
     * This key or token may not do that
     */
    403: Problem;
    /**
     * There is no such top-up
     */
    404: Problem;
    /**
     * The key was used for another request
     */
    409: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * The body has to be application/json
     */
    415: Problem;
    /**
     * The request does not fit the schema
     */
    422: Problem;
    /**
     * Too many requests
     */
    429: Problem;
    /**
     * Something broke on our side
     */
    500: Problem;
    /**
     * The service cannot answer right now
     */
    503: Problem;
};

export type CancelTopUpError = CancelTopUpErrors[keyof CancelTopUpErrors];

export type CancelTopUpResponses = {
    /**
     * OK
     */
    200: TopUpAct;
    /**
     * Accepted
     */
    202: TopUpAct;
};

export type CancelTopUpResponse = CancelTopUpResponses[keyof CancelTopUpResponses];

export type SuspendAccountData = {
    body: OperatorReasonInput;
    headers: {
        /**
         * Makes the same request again harmless: it gets the first answer.
         */
        'idempotency-key': string;
    };
    path: {
        /**
         * The platform's own id of the account.
         */
        id: string;
    };
    query?: never;
    url: '/v1/operator/accounts/{id}/suspend';
};

export type SuspendAccountErrors = {
    /**
     * The body is not JSON
     */
    400: Problem;
    /**
     * Valid credentials are needed
     */
    401: Problem;
    /**
     * This key or token may not do that
     */
    403: Problem;
    /**
     * There is no such account
     */
    404: Problem;
    /**
     * The key was used for another request
     */
    409: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * The body has to be application/json
     */
    415: Problem;
    /**
     * The request does not fit the schema
     */
    422: Problem;
    /**
     * Too many requests
     */
    429: Problem;
    /**
     * Something broke on our side
     */
    500: Problem;
    /**
     * The service cannot answer right now
     */
    503: Problem;
};

export type SuspendAccountError = SuspendAccountErrors[keyof SuspendAccountErrors];

export type SuspendAccountResponses = {
    /**
     * OK
     */
    200: SuspensionOfAccount;
};

export type SuspendAccountResponse = SuspendAccountResponses[keyof SuspendAccountResponses];

export type ResumeAccountData = {
    body: OperatorReasonInput;
    headers: {
        /**
         * Makes the same request again harmless: it gets the first answer.
         */
        'idempotency-key': string;
    };
    path: {
        /**
         * The platform's own id of the account.
         */
        id: string;
    };
    query?: never;
    url: '/v1/operator/accounts/{id}/resume';
};

export type ResumeAccountErrors = {
    /**
     * The body is not JSON
     */
    400: Problem;
    /**
     * Valid credentials are needed
     */
    401: Problem;
    /**
     * This key or token may not do that
     */
    403: Problem;
    /**
     * There is no such account
     */
    404: Problem;
    /**
     * The key was used for another request
     */
    409: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * The body has to be application/json
     */
    415: Problem;
    /**
     * The request does not fit the schema
     */
    422: Problem;
    /**
     * Too many requests
     */
    429: Problem;
    /**
     * Something broke on our side
     */
    500: Problem;
    /**
     * The service cannot answer right now
     */
    503: Problem;
};

export type ResumeAccountError = ResumeAccountErrors[keyof ResumeAccountErrors];

export type ResumeAccountResponses = {
    /**
     * OK
     */
    200: SuspensionOfAccount;
};

export type ResumeAccountResponse = ResumeAccountResponses[keyof ResumeAccountResponses];

export type ResolveFindingData = {
    body: OperatorReasonInput;
    headers: {
        /**
         * Makes the same request again harmless: it gets the first answer.
         */
        'idempotency-key': string;
    };
    path: {
        finding: string;
    };
    query?: never;
    url: '/v1/operator/findings/{finding}/resolve';
};

export type ResolveFindingErrors = {
    /**
     * The body is not JSON
     */
    400: Problem;
    /**
     * Valid credentials are needed
     */
    401: Problem;
    /**
     * This key or token may not do that
     */
    403: Problem;
    /**
     * There is no such finding
     */
    404: Problem;
    /**
     * The key was used for another request
     */
    409: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * The body has to be application/json
     */
    415: Problem;
    /**
     * The request does not fit the schema
     */
    422: Problem;
    /**
     * Too many requests
     */
    429: Problem;
    /**
     * Something broke on our side
     */
    500: Problem;
    /**
     * The service cannot answer right now
     */
    503: Problem;
};

export type ResolveFindingError = ResolveFindingErrors[keyof ResolveFindingErrors];

export type ResolveFindingResponses = {
    /**
     * OK
     */
    200: Finding;
};

export type ResolveFindingResponse = ResolveFindingResponses[keyof ResolveFindingResponses];

export type AdjustBalanceData = {
    body: AdjustmentInput;
    headers: {
        /**
         * Makes the same request again harmless: it gets the first answer.
         */
        'idempotency-key': string;
    };
    path: {
        /**
         * The platform's own id of the account.
         */
        id: string;
    };
    query?: never;
    url: '/v1/operator/accounts/{id}/adjust';
};

export type AdjustBalanceErrors = {
    /**
     * The body is not JSON
     */
    400: Problem;
    /**
     * Valid credentials are needed
     */
    401: Problem;
    /**
     * This key or token may not do that
     */
    403: Problem;
    /**
     * There is no such account
     */
    404: Problem;
    /**
     * The key was used for another request
     */
    409: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * The body has to be application/json
     */
    415: Problem;
    /**
     * The request does not fit the schema
     */
    422: Problem;
    /**
     * Too many requests
     */
    429: Problem;
    /**
     * Something broke on our side
     */
    500: Problem;
    /**
     * The service cannot answer right now
     */
    503: Problem;
};

export type AdjustBalanceError = AdjustBalanceErrors[keyof AdjustBalanceErrors];

export type AdjustBalanceResponses = {
    /**
     * OK
     */
    200: AdjustmentResult;
};

export type AdjustBalanceResponse = AdjustBalanceResponses[keyof AdjustBalanceResponses];

export type CreateSignInCodeData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/v1/operator/sign-in-codes';
};

export type CreateSignInCodeErrors = {
    /**
     * The request cannot be understood
     */
    400: Problem;
    /**
     * Valid credentials are needed
     */
    401: Problem;
    /**
     * This key or token may not do that
     */
    403: Problem;
    /**
     * There is nothing at this address
     */
    404: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * The body has to be application/json
     */
    415: Problem;
    /**
     * The request does not fit the schema
     */
    422: Problem;
    /**
     * Too many requests
     */
    429: Problem;
    /**
     * Something broke on our side
     */
    500: Problem;
    /**
     * The service cannot answer right now
     */
    503: Problem;
};

export type CreateSignInCodeError = CreateSignInCodeErrors[keyof CreateSignInCodeErrors];

export type CreateSignInCodeResponses = {
    /**
     * Created
     */
    201: SignInCode;
};

export type CreateSignInCodeResponse = CreateSignInCodeResponses[keyof CreateSignInCodeResponses];

export type PreviewRetriesData = {
    body: RetryPreviewRequestInput;
    path?: never;
    query?: never;
    url: '/v1/operator/top-ups/retry/preview';
};

export type PreviewRetriesErrors = {
    /**
     * The body is not JSON
     */
    400: Problem;
    /**
     * Valid credentials are needed
     */
    401: Problem;
    /**
     * This key or token may not do that
     */
    403: Problem;
    /**
     * There is nothing at this address
     */
    404: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * The body has to be application/json
     */
    415: Problem;
    /**
     * The request does not fit the schema
     */
    422: Problem;
    /**
     * Too many requests
     */
    429: Problem;
    /**
     * Something broke on our side
     */
    500: Problem;
    /**
     * The service cannot answer right now
     */
    503: Problem;
};

export type PreviewRetriesError = PreviewRetriesErrors[keyof PreviewRetriesErrors];

export type PreviewRetriesResponses = {
    /**
     * OK
     */
    200: RetryPreview;
};

export type PreviewRetriesResponse = PreviewRetriesResponses[keyof PreviewRetriesResponses];

export type GetTopUpStoryData = {
    body?: never;
    path: {
        id: string;
    };
    query?: never;
    url: '/v1/operator/top-ups/{id}/story';
};

export type GetTopUpStoryErrors = {
    /**
     * The request cannot be understood
     */
    400: Problem;
    /**
     * Valid credentials are needed
     */
    401: Problem;
    /**
     * This key or token may not do that
     */
    403: Problem;
    /**
     * There is no such top-up
     */
    404: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * The body has to be application/json
     */
    415: Problem;
    /**
     * The request does not fit the schema
     */
    422: Problem;
    /**
     * Too many requests
     */
    429: Problem;
    /**
     * Something broke on our side
     */
    500: Problem;
    /**
     * The service cannot answer right now
     */
    503: Problem;
};

export type GetTopUpStoryError = GetTopUpStoryErrors[keyof GetTopUpStoryErrors];

export type GetTopUpStoryResponses = {
    /**
     * OK
     */
    200: TopUpStory;
};

export type GetTopUpStoryResponse = GetTopUpStoryResponses[keyof GetTopUpStoryResponses];

export type SearchAccountsData = {
    body?: never;
    path?: never;
    query: {
        text: string;
        limit?: number;
    };
    url: '/v1/operator/accounts';
};

export type SearchAccountsErrors = {
    /**
     * The request cannot be understood
     */
    400: Problem;
    /**
     * Valid credentials are needed
     */
    401: Problem;
    /**
     * This key or token may not do that
     */
    403: Problem;
    /**
     * There is nothing at this address
     */
    404: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * The body has to be application/json
     */
    415: Problem;
    /**
     * The request does not fit the schema
     */
    422: Problem;
    /**
     * Too many requests
     */
    429: Problem;
    /**
     * Something broke on our side
     */
    500: Problem;
    /**
     * The service cannot answer right now
     */
    503: Problem;
};

export type SearchAccountsError = SearchAccountsErrors[keyof SearchAccountsErrors];

export type SearchAccountsResponses = {
    /**
     * OK
     */
    200: FoundAccounts;
};

export type SearchAccountsResponse = SearchAccountsResponses[keyof SearchAccountsResponses];

export type GetOperatorAccountData = {
    body?: never;
    path: {
        /**
         * The platform's own id of the account.
         */
        id: string;
    };
    query?: never;
    url: '/v1/operator/accounts/{id}';
};

export type GetOperatorAccountErrors = {
    /**
     * The request cannot be understood
     */
    400: Problem;
    /**
     * Valid credentials are needed
     */
    401: Problem;
    /**
     * This key or token may not do that
     */
    403: Problem;
    /**
     * There is no such account
     */
    404: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * The body has to be application/json
     */
    415: Problem;
    /**
     * The request does not fit the schema
     */
    422: Problem;
    /**
     * Too many requests
     */
    429: Problem;
    /**
     * Something broke on our side
     */
    500: Problem;
    /**
     * The service cannot answer right now
     */
    503: Problem;
};

export type GetOperatorAccountError = GetOperatorAccountErrors[keyof GetOperatorAccountErrors];

export type GetOperatorAccountResponses = {
    /**
     * OK
     */
    200: OperatorAccount;
};

export type GetOperatorAccountResponse = GetOperatorAccountResponses[keyof GetOperatorAccountResponses];

export type ListSettingsHistoryData = {
    body?: never;
    path: {
        /**
         * The platform's own id of the account.
         */
        id: string;
    };
    query?: {
        limit?: number;
    };
    url: '/v1/operator/accounts/{id}/settings-history';
};

export type ListSettingsHistoryErrors = {
    /**
     * The request cannot be understood
     */
    400: Problem;
    /**
     * Valid credentials are needed
     */
    401: Problem;
    /**
     * This key or token may not do that
     */
    403: Problem;
    /**
     * There is nothing at this address
     */
    404: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * The body has to be application/json
     */
    415: Problem;
    /**
     * The request does not fit the schema
     */
    422: Problem;
    /**
     * Too many requests
     */
    429: Problem;
    /**
     * Something broke on our side
     */
    500: Problem;
    /**
     * The service cannot answer right now
     */
    503: Problem;
};

export type ListSettingsHistoryError = ListSettingsHistoryErrors[keyof ListSettingsHistoryErrors];

export type ListSettingsHistoryResponses = {
    /**
     * OK
     */
    200: {
        items: Array<SavedSettings>;
    };
};

export type ListSettingsHistoryResponse = ListSettingsHistoryResponses[keyof ListSettingsHistoryResponses];

export type SendTestAlertData = {
    body: TestAlertRequestInput;
    headers: {
        /**
         * Makes the same request again harmless: it gets the first answer.
         */
        'idempotency-key': string;
    };
    path: {
        /**
         * The platform's own id of the account.
         */
        id: string;
    };
    query?: never;
    url: '/v1/operator/accounts/{id}/send-test-alert';
};

export type SendTestAlertErrors = {
    /**
     * The body is not JSON
     */
    400: Problem;
    /**
     * Valid credentials are needed
     */
    401: Problem;
    /**
     * This key or token may not do that
     */
    403: Problem;
    /**
     * There is no such account
     */
    404: Problem;
    /**
     * The key was used for another request
     */
    409: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * The body has to be application/json
     */
    415: Problem;
    /**
     * The request does not fit the schema
     */
    422: Problem;
    /**
     * Too many requests
     */
    429: Problem;
    /**
     * Something broke on our side
     */
    500: Problem;
    /**
     * The service cannot answer right now
     */
    503: Problem;
};

export type SendTestAlertError = SendTestAlertErrors[keyof SendTestAlertErrors];

export type SendTestAlertResponses = {
    /**
     * Accepted
     */
    202: TestAlert;
};

export type SendTestAlertResponse = SendTestAlertResponses[keyof SendTestAlertResponses];

export type GetAccountWorkflowData = {
    body?: never;
    path: {
        /**
         * The platform's own id of the account.
         */
        id: string;
    };
    query?: never;
    url: '/v1/operator/accounts/{id}/workflow';
};

export type GetAccountWorkflowErrors = {
    /**
     * The request cannot be understood
     */
    400: Problem;
    /**
     * Valid credentials are needed
     */
    401: Problem;
    /**
     * This key or token may not do that
     */
    403: Problem;
    /**
     * There is no such account
     */
    404: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * The body has to be application/json
     */
    415: Problem;
    /**
     * The request does not fit the schema
     */
    422: Problem;
    /**
     * Too many requests
     */
    429: Problem;
    /**
     * Something broke on our side
     */
    500: Problem;
    /**
     * The service cannot answer right now
     */
    503: Problem;
};

export type GetAccountWorkflowError = GetAccountWorkflowErrors[keyof GetAccountWorkflowErrors];

export type GetAccountWorkflowResponses = {
    /**
     * OK
     */
    200: WorkflowStanding;
};

export type GetAccountWorkflowResponse = GetAccountWorkflowResponses[keyof GetAccountWorkflowResponses];

export type ListLostMailsData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * `dead`: nobody took it in time. `rejected`: refused or bounced. Both when it is missing.
         */
        status?: 'dead' | 'rejected';
        /**
         * The platform's own id of the account.
         */
        account?: string;
        /**
         * `next` of the page before.
         */
        cursor?: string;
        limit?: number;
    };
    url: '/v1/operator/mails';
};

export type ListLostMailsErrors = {
    /**
     * The request cannot be understood
     */
    400: Problem;
    /**
     * Valid credentials are needed
     */
    401: Problem;
    /**
     * This key or token may not do that
     */
    403: Problem;
    /**
     * There is nothing at this address
     */
    404: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * The body has to be application/json
     */
    415: Problem;
    /**
     * The request does not fit the schema
     */
    422: Problem;
    /**
     * Too many requests
     */
    429: Problem;
    /**
     * Something broke on our side
     */
    500: Problem;
    /**
     * The service cannot answer right now
     */
    503: Problem;
};

export type ListLostMailsError = ListLostMailsErrors[keyof ListLostMailsErrors];

export type ListLostMailsResponses = {
    /**
     * OK
     */
    200: {
        items: Array<OperatorMail>;
        /**
         * Pass it as `cursor` for the next page; null after the last one.
         */
        next: string | null;
    };
};

export type ListLostMailsResponse = ListLostMailsResponses[keyof ListLostMailsResponses];

export type ReplayMailData = {
    body: OperatorReasonInput;
    headers: {
        /**
         * Makes the same request again harmless: it gets the first answer.
         */
        'idempotency-key': string;
    };
    path: {
        mail: string;
    };
    query?: never;
    url: '/v1/operator/mails/{mail}/replay';
};

export type ReplayMailErrors = {
    /**
     * The body is not JSON
     */
    400: Problem;
    /**
     * Valid credentials are needed
     */
    401: Problem;
    /**
     * This key or token may not do that
     */
    403: Problem;
    /**
     * There is no such mail
     */
    404: Problem;
    /**
     * The mail has been sent or is being sent
     */
    409: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * The body has to be application/json
     */
    415: Problem;
    /**
     * The request does not fit the schema
     */
    422: Problem;
    /**
     * Too many requests
     */
    429: Problem;
    /**
     * Something broke on our side
     */
    500: Problem;
    /**
     * The service cannot answer right now
     */
    503: Problem;
};

export type ReplayMailError = ReplayMailErrors[keyof ReplayMailErrors];

export type ReplayMailResponses = {
    /**
     * Accepted
     */
    202: OperatorMail;
};

export type ReplayMailResponse = ReplayMailResponses[keyof ReplayMailResponses];

export type GetOperatorHealthData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/v1/operator/health';
};

export type GetOperatorHealthErrors = {
    /**
     * The request cannot be understood
     */
    400: Problem;
    /**
     * Valid credentials are needed
     */
    401: Problem;
    /**
     * This key or token may not do that
     */
    403: Problem;
    /**
     * There is nothing at this address
     */
    404: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * The body has to be application/json
     */
    415: Problem;
    /**
     * The request does not fit the schema
     */
    422: Problem;
    /**
     * Too many requests
     */
    429: Problem;
    /**
     * Something broke on our side
     */
    500: Problem;
    /**
     * The service cannot answer right now
     */
    503: Problem;
};

export type GetOperatorHealthError = GetOperatorHealthErrors[keyof GetOperatorHealthErrors];

export type GetOperatorHealthResponses = {
    /**
     * OK
     */
    200: OperatorHealth;
};

export type GetOperatorHealthResponse = GetOperatorHealthResponses[keyof GetOperatorHealthResponses];

export type ListWebhookDeliveriesData = {
    body?: never;
    path?: never;
    query?: {
        status?: 'pending' | 'delivered' | 'dead';
        /**
         * The platform's own id of the account.
         */
        account?: string;
        /**
         * `next` of the page before.
         */
        cursor?: string;
        limit?: number;
    };
    url: '/v1/operator/webhook-deliveries';
};

export type ListWebhookDeliveriesErrors = {
    /**
     * The request cannot be understood
     */
    400: Problem;
    /**
     * Valid credentials are needed
     */
    401: Problem;
    /**
     * This key or token may not do that
     */
    403: Problem;
    /**
     * There is nothing at this address
     */
    404: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * The body has to be application/json
     */
    415: Problem;
    /**
     * The request does not fit the schema
     */
    422: Problem;
    /**
     * Too many requests
     */
    429: Problem;
    /**
     * Something broke on our side
     */
    500: Problem;
    /**
     * The service cannot answer right now
     */
    503: Problem;
};

export type ListWebhookDeliveriesError = ListWebhookDeliveriesErrors[keyof ListWebhookDeliveriesErrors];

export type ListWebhookDeliveriesResponses = {
    /**
     * OK
     */
    200: {
        items: Array<WebhookDelivery>;
        /**
         * Pass it as `cursor` for the next page; null after the last one.
         */
        next: string | null;
    };
};

export type ListWebhookDeliveriesResponse = ListWebhookDeliveriesResponses[keyof ListWebhookDeliveriesResponses];

export type ReplayWebhookDeliveryData = {
    body: {
        reason: string;
    };
    headers: {
        /**
         * The same request again under its key replays nothing again.
         */
        'idempotency-key': string;
    };
    path: {
        message: string;
    };
    query?: never;
    url: '/v1/operator/webhook-deliveries/{message}/replay';
};

export type ReplayWebhookDeliveryErrors = {
    /**
     * The body is not JSON
     */
    400: Problem;
    /**
     * Valid credentials are needed
     */
    401: Problem;
    /**
     * This key or token may not do that
     */
    403: Problem;
    /**
     * There is no such webhook
     */
    404: Problem;
    /**
     * The key was used for another request
     */
    409: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * The body has to be application/json
     */
    415: Problem;
    /**
     * The request does not fit the schema
     */
    422: Problem;
    /**
     * Too many requests
     */
    429: Problem;
    /**
     * Something broke on our side
     */
    500: Problem;
    /**
     * The service cannot answer right now
     */
    503: Problem;
};

export type ReplayWebhookDeliveryError = ReplayWebhookDeliveryErrors[keyof ReplayWebhookDeliveryErrors];

export type ReplayWebhookDeliveryResponses = {
    /**
     * OK
     */
    200: WebhookDelivery;
};

export type ReplayWebhookDeliveryResponse = ReplayWebhookDeliveryResponses[keyof ReplayWebhookDeliveryResponses];

export type ListReconciliationsData = {
    body?: never;
    path?: never;
    query?: {
        limit?: number;
    };
    url: '/v1/operator/reconciliations';
};

export type ListReconciliationsErrors = {
    /**
     * The request cannot be understood
     */
    400: Problem;
    /**
     * Valid credentials are needed
     */
    401: Problem;
    /**
     * This key or token may not do that
     */
    403: Problem;
    /**
     * There is nothing at this address
     */
    404: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * The body has to be application/json
     */
    415: Problem;
    /**
     * The request does not fit the schema
     */
    422: Problem;
    /**
     * Too many requests
     */
    429: Problem;
    /**
     * Something broke on our side
     */
    500: Problem;
    /**
     * The service cannot answer right now
     */
    503: Problem;
};

export type ListReconciliationsError = ListReconciliationsErrors[keyof ListReconciliationsErrors];

export type ListReconciliationsResponses = {
    /**
     * OK
     */
    200: {
        items: Array<Reconciliation>;
    };
};

export type ListReconciliationsResponse = ListReconciliationsResponses[keyof ListReconciliationsResponses];

export type RefundTopUpData = {
    body: RefundInput;
    headers: {
        'idempotency-key': string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/v1/operator/top-ups/{id}/refund';
};

export type RefundTopUpErrors = {
    /**
     * The body is not JSON
     */
    400: Problem;
    /**
     * Valid credentials are needed
     */
    401: Problem;
    /**
     * This key or token may not do that
     */
    403: Problem;
    /**
     * There is no such top-up
     */
    404: Problem;
    /**
     * That much of the top-up cannot be refunded
     */
    409: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * The body has to be application/json
     */
    415: Problem;
    /**
     * The request does not fit the schema
     */
    422: Problem;
    /**
     * Too many requests
     */
    429: Problem;
    /**
     * Something broke on our side
     */
    500: Problem;
    /**
     * The service cannot answer right now
     */
    503: Problem;
};

export type RefundTopUpError = RefundTopUpErrors[keyof RefundTopUpErrors];

export type RefundTopUpResponses = {
    /**
     * Accepted
     */
    202: RefundRequest;
};

export type RefundTopUpResponse = RefundTopUpResponses[keyof RefundTopUpResponses];

export type PostBalanceAlertWebhookPayload = {
    type: 'balance.alert';
    timestamp: string;
    data: {
        /**
         * The platform's own id of the account.
         */
        account: string;
        wallet: 'call_minutes' | 'chat_credits';
        /**
         * Minutes or credits.
         */
        balance: number;
        alertBelow: number;
        /**
         * What automatic top-up is about to do.
         */
        autoTopUp: {
            state: 'off' | 'running' | 'suspended';
        } | {
            state: 'on';
            topUpBelow: number;
            amount: number;
            currency: 'EUR';
        } | {
            state: 'limit_reached';
            opensAt: string;
        };
    };
};

export type PostBalanceAlertWebhookRequest = {
    body: PostBalanceAlertWebhookPayload;
    key: 'balance.alert';
    path?: never;
    query?: never;
};

export type PostBalanceDepletedWebhookPayload = {
    type: 'balance.depleted';
    timestamp: string;
    data: {
        /**
         * The platform's own id of the account.
         */
        account: string;
        wallet: 'call_minutes' | 'chat_credits';
        /**
         * Minutes or credits.
         */
        balance: number;
        /**
         * What automatic top-up is about to do.
         */
        autoTopUp: {
            state: 'off' | 'running' | 'suspended';
        } | {
            state: 'on';
            topUpBelow: number;
            amount: number;
            currency: 'EUR';
        } | {
            state: 'limit_reached';
            opensAt: string;
        };
    };
};

export type PostBalanceDepletedWebhookRequest = {
    body: PostBalanceDepletedWebhookPayload;
    key: 'balance.depleted';
    path?: never;
    query?: never;
};

export type PostTopUpSucceededWebhookPayload = {
    type: 'top_up.succeeded';
    timestamp: string;
    data: {
        /**
         * The platform's own id of the account.
         */
        account: string;
        /**
         * Id of the top-up.
         */
        topUp: string;
        wallet: 'call_minutes' | 'chat_credits';
        trigger: 'auto' | 'manual' | 'operator';
        /**
         * Whole minutes or credits.
         */
        units: number;
        /**
         * Net euros.
         */
        amount: number;
        currency: 'EUR';
        vat: number;
        /**
         * Percentage; null when no VAT was charged.
         */
        vatRate: string | null;
        reverseCharge: boolean;
        /**
         * Gross euros.
         */
        total: number;
        /**
         * Right after the credit.
         */
        balance: number;
        paidAt: string;
        invoiceNumber: string | null;
        invoicePdf: string | null;
    };
};

export type PostTopUpSucceededWebhookRequest = {
    body: PostTopUpSucceededWebhookPayload;
    key: 'top_up.succeeded';
    path?: never;
    query?: never;
};

export type PostTopUpFailedWebhookPayload = {
    type: 'top_up.failed';
    timestamp: string;
    data: {
        /**
         * The platform's own id of the account.
         */
        account: string;
        /**
         * Id of the top-up.
         */
        topUp: string;
        wallet: 'call_minutes' | 'chat_credits';
        trigger: 'auto' | 'manual' | 'operator';
        /**
         * Whole minutes or credits.
         */
        units: number;
        /**
         * Net euros.
         */
        amount: number;
        currency: 'EUR';
        attempt: number;
        /**
         * Stable code.
         */
        reason: string;
        /**
         * null after the last attempt.
         */
        nextAttemptAt: string | null;
    };
};

export type PostTopUpFailedWebhookRequest = {
    body: PostTopUpFailedWebhookPayload;
    key: 'top_up.failed';
    path?: never;
    query?: never;
};

export type PostTopUpActionRequiredWebhookPayload = {
    type: 'top_up.action_required';
    timestamp: string;
    data: {
        /**
         * The platform's own id of the account.
         */
        account: string;
        /**
         * Id of the top-up.
         */
        topUp: string;
        wallet: 'call_minutes' | 'chat_credits';
        trigger: 'auto' | 'manual' | 'operator';
        /**
         * Whole minutes or credits.
         */
        units: number;
        /**
         * Net euros.
         */
        amount: number;
        currency: 'EUR';
        /**
         * Gross euros; null while it is not known.
         */
        total: number | null;
        /**
         * Where the customer confirms the payment.
         */
        actionUrl: string | null;
        until: string;
    };
};

export type PostTopUpActionRequiredWebhookRequest = {
    body: PostTopUpActionRequiredWebhookPayload;
    key: 'top_up.action_required';
    path?: never;
    query?: never;
};

export type PostAutoTopUpSuspendedWebhookPayload = {
    type: 'auto_top_up.suspended';
    timestamp: string;
    data: {
        /**
         * The platform's own id of the account.
         */
        account: string;
        /**
         * It concerns both.
         */
        wallet: null;
        /**
         * Stable code.
         */
        reason: string;
    };
};

export type PostAutoTopUpSuspendedWebhookRequest = {
    body: PostAutoTopUpSuspendedWebhookPayload;
    key: 'auto_top_up.suspended';
    path?: never;
    query?: never;
};

export type PostAutoTopUpResumedWebhookPayload = {
    type: 'auto_top_up.resumed';
    timestamp: string;
    data: {
        /**
         * The platform's own id of the account.
         */
        account: string;
        /**
         * It concerns both.
         */
        wallet: null;
    };
};

export type PostAutoTopUpResumedWebhookRequest = {
    body: PostAutoTopUpResumedWebhookPayload;
    key: 'auto_top_up.resumed';
    path?: never;
    query?: never;
};
