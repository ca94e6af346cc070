// Made by `npm run generate:client`.

import { client } from './client.gen.ts';
import type { Client, Options as Options2, TDataShape } from './client/index.ts';
import type { AdjustBalanceData, AdjustBalanceErrors, AdjustBalanceResponses, BuyTopUpData, BuyTopUpErrors, BuyTopUpResponses, CancelTopUpData, CancelTopUpErrors, CancelTopUpResponses, CountOperatorTopUpsData, CountOperatorTopUpsErrors, CountOperatorTopUpsResponses, CreateSignInCodeData, CreateSignInCodeErrors, CreateSignInCodeResponses, ExportLedgerData, ExportLedgerErrors, ExportLedgerResponses, GetAccountData, GetAccountErrors, GetAccountResponses, GetAccountWorkflowData, GetAccountWorkflowErrors, GetAccountWorkflowResponses, GetBalanceHistoryData, GetBalanceHistoryErrors, GetBalanceHistoryResponses, GetEmailPreferencesData, GetEmailPreferencesErrors, GetEmailPreferencesResponses, GetOperatorAccountData, GetOperatorAccountErrors, GetOperatorAccountResponses, GetOperatorHealthData, GetOperatorHealthErrors, GetOperatorHealthResponses, GetOperatorSessionData, GetOperatorSessionErrors, GetOperatorSessionResponses, GetOperatorTopUpData, GetOperatorTopUpErrors, GetOperatorTopUpResponses, GetSettingsData, GetSettingsErrors, GetSettingsResponses, GetTopUpStoryData, GetTopUpStoryErrors, GetTopUpStoryResponses, GrantUnitsData, GrantUnitsErrors, GrantUnitsResponses, HealthData, HealthResponses, ListAuditData, ListAuditErrors, ListAuditResponses, ListFindingsData, ListFindingsErrors, ListFindingsResponses, ListLedgerData, ListLedgerErrors, ListLedgerResponses, ListLostMailsData, ListLostMailsErrors, ListLostMailsResponses, ListNotificationsData, ListNotificationsErrors, ListNotificationsResponses, ListOperatorTopUpsData, ListOperatorTopUpsErrors, ListOperatorTopUpsResponses, ListReconciliationsData, ListReconciliationsErrors, ListReconciliationsResponses, ListSettingsHistoryData, ListSettingsHistoryErrors, ListSettingsHistoryResponses, ListTopUpsData, ListTopUpsErrors, ListTopUpsResponses, ListWebhookDeliveriesData, ListWebhookDeliveriesErrors, ListWebhookDeliveriesResponses, MetricsData, MetricsResponses, OpenPaymentMethodPageData, OpenPaymentMethodPageErrors, OpenPaymentMethodPageResponses, PlaceHoldData, PlaceHoldErrors, PlaceHoldResponses, PostmarkWebhookData, PostmarkWebhookErrors, PostmarkWebhookResponses, PreviewRetriesData, PreviewRetriesErrors, PreviewRetriesResponses, PreviewSettingsData, PreviewSettingsErrors, PreviewSettingsResponses, PutAccountData, PutAccountErrors, PutAccountResponses, QuoteData, QuoteErrors, QuoteResponses, ReadAllNotificationsData, ReadAllNotificationsErrors, ReadAllNotificationsResponses, ReadinessData, ReadinessErrors, ReadinessResponses, ReadNotificationData, ReadNotificationErrors, ReadNotificationResponses, RefundTopUpData, RefundTopUpErrors, RefundTopUpResponses, ReleaseHoldData, ReleaseHoldErrors, ReleaseHoldResponses, ReplayMailData, ReplayMailErrors, ReplayMailResponses, ReplayWebhookDeliveryData, ReplayWebhookDeliveryErrors, ReplayWebhookDeliveryResponses, ReportUsageData, ReportUsageErrors, ReportUsageResponses, ResolveFindingData, ResolveFindingErrors, ResolveFindingResponses, ResumeAccountData, ResumeAccountErrors, ResumeAccountResponses, ResumeAutoTopUpData, ResumeAutoTopUpErrors, ResumeAutoTopUpResponses, RetryTopUpData, RetryTopUpErrors, RetryTopUpResponses, SaveEmailPreferencesData, SaveEmailPreferencesErrors, SaveEmailPreferencesResponses, SaveSettingsData, SaveSettingsErrors, SaveSettingsResponses, SearchAccountsData, SearchAccountsErrors, SearchAccountsResponses, SendTestAlertData, SendTestAlertErrors, SendTestAlertResponses, SignInOperatorData, SignInOperatorErrors, SignInOperatorResponses, SignOutOperatorData, SignOutOperatorErrors, SignOutOperatorResponses, StartSessionData, StartSessionErrors, StartSessionResponses, StreamAccountData, StreamAccountErrors, StreamAccountResponse, StreamAccountResponses, StripeWebhookData, StripeWebhookErrors, StripeWebhookResponses, SuspendAccountData, SuspendAccountErrors, SuspendAccountResponses } from './types.gen.ts';

export type Options<TData extends TDataShape = TDataShape, ThrowOnError extends boolean = boolean, TResponse = unknown> = Options2<TData, ThrowOnError, TResponse> & {
    /**
     * You can provide a client instance returned by `createClient()` instead of
     * individual options. This might be also useful if you want to implement a
     * custom client.
     */
    client?: Client;
    /**
     * You can pass arbitrary values through the `meta` object. This can be
     * used to access values that aren't defined as part of the SDK function.
     */
    meta?: Record<string, unknown>;
};

/**
 * Liveness: the process answers
 */
export const health = <ThrowOnError extends boolean = false>(options?: Options<HealthData, ThrowOnError>) => (options?.client ?? client).get<HealthResponses, unknown, ThrowOnError>({ url: '/healthz', ...options });

/**
 * Readiness: the database answers
 *
 * Temporal is reported, but usage is accepted while it is away.
 */
export const readiness = <ThrowOnError extends boolean = false>(options?: Options<ReadinessData, ThrowOnError>) => (options?.client ?? client).get<ReadinessResponses, ReadinessErrors, ThrowOnError>({ url: '/readyz', ...options });

/**
 * Prometheus metrics
 */
export const metrics = <ThrowOnError extends boolean = false>(options?: Options<MetricsData, ThrowOnError>) => (options?.client ?? client).get<MetricsResponses, unknown, ThrowOnError>({ url: '/metrics', ...options });

/**
 * Events of Stripe, signed
 */
export const stripeWebhook = <ThrowOnError extends boolean = false>(options: Options<StripeWebhookData, ThrowOnError>) => (options.client ?? client).post<StripeWebhookResponses, StripeWebhookErrors, ThrowOnError>({
    url: '/webhooks/stripe',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Bounces, complaints and deliveries of Postmark
 */
export const postmarkWebhook = <ThrowOnError extends boolean = false>(options: Options<PostmarkWebhookData, ThrowOnError>) => (options.client ?? client).post<PostmarkWebhookResponses, PostmarkWebhookErrors, ThrowOnError>({
    security: [{ scheme: 'basic', type: 'http' }],
    url: '/webhooks/postmark',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Sign out of the console
 *
 * The session is over everywhere, also where its cookie was copied to.
 */
export const signOutOperator = <ThrowOnError extends boolean = false>(options?: Options<SignOutOperatorData, ThrowOnError>) => (options?.client ?? client).delete<SignOutOperatorResponses, SignOutOperatorErrors, ThrowOnError>({ url: '/v1/operator/session', ...options });

/**
 * Who is signed in to the console
 */
export const getOperatorSession = <ThrowOnError extends boolean = false>(options?: Options<GetOperatorSessionData, ThrowOnError>) => (options?.client ?? client).get<GetOperatorSessionResponses, GetOperatorSessionErrors, ThrowOnError>({ url: '/v1/operator/session', ...options });

/**
 * Sign in to the console by an operator key or a code
 *
 * Sets a cookie for 8 hours. When the key is revoked, its sessions are over at once.
 */
export const signInOperator = <ThrowOnError extends boolean = false>(options: Options<SignInOperatorData, ThrowOnError>) => (options.client ?? client).post<SignInOperatorResponses, SignInOperatorErrors, ThrowOnError>({
    url: '/v1/operator/session',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Balances, settings, and what automatic top-up is doing and why
 *
 * For: platform, operator, customer.
 */
export const getAccount = <ThrowOnError extends boolean = false>(options: Options<GetAccountData, ThrowOnError>) => (options.client ?? client).get<GetAccountResponses, GetAccountErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/accounts/{id}',
    ...options
});

/**
 * Make or change an account
 *
 * The same request again changes nothing. The Stripe customer is made at once when Stripe answers, and otherwise before the first charge.
 *
 * For: platform.
 */
export const putAccount = <ThrowOnError extends boolean = false>(options: Options<PutAccountData, ThrowOnError>) => (options.client ?? client).put<PutAccountResponses, PutAccountErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/accounts/{id}',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Report what was used
 *
 * Up to 1,000 events, each answered on its own: one that does not fit never spoils the rest. `accepted` and `duplicate` are booked for good; `conflict` means that the id was booked before with other content; `rejected` was not booked. After any other answer than 200, send the same batch again: what was booked after all is answered `duplicate`. `overloaded` (503) says that more usage is waiting than can be taken and `Retry-After` when to come again. Batches of about 100 events cost the least; single events that are sent at the same time share transactions.
 *
 * For: platform.
 */
export const reportUsage = <ThrowOnError extends boolean = false>(options: Options<ReportUsageData, ThrowOnError>) => (options.client ?? client).post<ReportUsageResponses, ReportUsageErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/usage',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Add units that are not bought
 *
 * Idempotent by `id`: 201 when it was booked, 200 when it had been before, 409 with other content.
 *
 * For: platform, operator.
 */
export const grantUnits = <ThrowOnError extends boolean = false>(options: Options<GrantUnitsData, ThrowOnError>) => (options.client ?? client).post<GrantUnitsResponses, GrantUnitsErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/accounts/{id}/grants',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Reserve balance before a call
 *
 * Reserves until it expires, is released, or usage names it. 402 `insufficient_balance` when less is available, with `available` and `required` in minutes or credits, and `topUpPending`: whether a top-up is open or about to start because of this refusal, so that asking again is worth it. The refusal of a `campaign` call starts one where the customer wants it to (`topUpOnRefusal`); that of any other never does. 503 `overloaded` when more of the account, or of all, are waiting than can be answered soon: nothing was reserved, and `Retry-After` says when to ask again.
 *
 * For: platform.
 */
export const placeHold = <ThrowOnError extends boolean = false>(options: Options<PlaceHoldData, ThrowOnError>) => (options.client ?? client).post<PlaceHoldResponses, PlaceHoldErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/accounts/{id}/holds',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Release what was reserved
 *
 * For a call that did not come about. 204 again for a hold that has ended already, by whatever; 404 for one that was never granted.
 *
 * For: platform.
 */
export const releaseHold = <ThrowOnError extends boolean = false>(options: Options<ReleaseHoldData, ThrowOnError>) => (options.client ?? client).delete<ReleaseHoldResponses, ReleaseHoldErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/accounts/{id}/holds/{hold}',
    ...options
});

/**
 * Let a customer in for an hour
 *
 * For: platform.
 */
export const startSession = <ThrowOnError extends boolean = false>(options: Options<StartSessionData, ThrowOnError>) => (options.client ?? client).post<StartSessionResponses, StartSessionErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/accounts/{id}/sessions',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Read the settings of a wallet
 *
 * Before the first save, the answer is a proposal, switched off, with version 0.
 *
 * For: platform, operator, customer.
 */
export const getSettings = <ThrowOnError extends boolean = false>(options: Options<GetSettingsData, ThrowOnError>) => (options.client ?? client).get<GetSettingsResponses, GetSettingsErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/accounts/{id}/auto-top-up/{wallet}',
    ...options
});

/**
 * Save the settings of a wallet
 *
 * Send the `ETag` of what was read as `If-Match`, so that two people do not overwrite each other: 412 when the settings have changed since, with their `currentVersion`. Without `If-Match` the last save wins.
 *
 * For: platform, customer.
 */
export const saveSettings = <ThrowOnError extends boolean = false>(options: Options<SaveSettingsData, ThrowOnError>) => (options.client ?? client).put<SaveSettingsResponses, SaveSettingsErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/accounts/{id}/auto-top-up/{wallet}',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * What an amount buys at the rate of the plan
 *
 * For: platform, operator, customer.
 */
export const quote = <ThrowOnError extends boolean = false>(options: Options<QuoteData, ThrowOnError>) => (options.client ?? client).get<QuoteResponses, QuoteErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/accounts/{id}/quote',
    ...options
});

/**
 * What settings would do, now and in the last 30 days
 *
 * Saves and charges nothing. `now` is what saving would lead to at once, by the same rules as the workflow. `replay` takes the real entries of the last 30 days, without the top-ups that were not bought by hand, and lets the same rules decide on them, with a card that always pays.
 *
 * For: platform, operator, customer.
 */
export const previewSettings = <ThrowOnError extends boolean = false>(options: Options<PreviewSettingsData, ThrowOnError>) => (options.client ?? client).post<PreviewSettingsResponses, PreviewSettingsErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/accounts/{id}/auto-top-up/{wallet}/preview',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Purchases, newest first
 *
 * For: platform, operator, customer.
 */
export const listTopUps = <ThrowOnError extends boolean = false>(options: Options<ListTopUpsData, ThrowOnError>) => (options.client ?? client).get<ListTopUpsResponses, ListTopUpsErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/accounts/{id}/top-ups',
    ...options
});

/**
 * Buy minutes or credits now
 *
 * By the saved card, which is charged at once, or on the page at `actionUrl`. The same `Idempotency-Key` again answers the same top-up as it is by then. 409 `top_up_in_flight`, with `topUpId`, `state` and `actionUrl` of the other one, while another top-up of the wallet is under way.
 *
 * For: platform, customer.
 */
export const buyTopUp = <ThrowOnError extends boolean = false>(options: Options<BuyTopUpData, ThrowOnError>) => (options.client ?? client).post<BuyTopUpResponses, BuyTopUpErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/accounts/{id}/top-ups',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Ledger entries, newest first
 *
 * `from` and `to` are about when entries were booked, which is what they are ordered by.
 *
 * For: platform, operator, customer.
 */
export const listLedger = <ThrowOnError extends boolean = false>(options: Options<ListLedgerData, ThrowOnError>) => (options.client ?? client).get<ListLedgerResponses, ListLedgerErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/accounts/{id}/ledger',
    ...options
});

/**
 * Notifications of the dashboard, newest first
 *
 * For: platform, operator, customer.
 */
export const listNotifications = <ThrowOnError extends boolean = false>(options: Options<ListNotificationsData, ThrowOnError>) => (options.client ?? client).get<ListNotificationsResponses, ListNotificationsErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/accounts/{id}/notifications',
    ...options
});

/**
 * Mark a notification as read
 *
 * The same request again changes nothing: it stays read since the first time.
 *
 * For: platform, customer.
 */
export const readNotification = <ThrowOnError extends boolean = false>(options: Options<ReadNotificationData, ThrowOnError>) => (options.client ?? client).post<ReadNotificationResponses, ReadNotificationErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/accounts/{id}/notifications/{notification}/read',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Mark every notification as read
 *
 * For: platform, customer.
 */
export const readAllNotifications = <ThrowOnError extends boolean = false>(options: Options<ReadAllNotificationsData, ThrowOnError>) => (options.client ?? client).post<ReadAllNotificationsResponses, ReadAllNotificationsErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/accounts/{id}/notifications/read-all',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Ledger entries as CSV, newest first
 *
 * All of them in one answer, with the filters of the list. Numbers have a decimal point and instants are ISO 8601 in UTC, whatever the language. A text that a spreadsheet would take for a formula begins with `'`.
 *
 * For: platform, operator, customer.
 */
export const exportLedger = <ThrowOnError extends boolean = false>(options: Options<ExportLedgerData, ThrowOnError>) => (options.client ?? client).get<ExportLedgerResponses, ExportLedgerErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/accounts/{id}/ledger.csv',
    ...options
});

/**
 * A balance over the last days or hours, with its top-ups and alerts, and a forecast
 *
 * For: platform, operator, customer.
 */
export const getBalanceHistory = <ThrowOnError extends boolean = false>(options: Options<GetBalanceHistoryData, ThrowOnError>) => (options.client ?? client).get<GetBalanceHistoryResponses, GetBalanceHistoryErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/accounts/{id}/balance-history',
    ...options
});

/**
 * Which notifications are not mailed
 *
 * For: platform, operator, customer.
 */
export const getEmailPreferences = <ThrowOnError extends boolean = false>(options: Options<GetEmailPreferencesData, ThrowOnError>) => (options.client ?? client).get<GetEmailPreferencesResponses, GetEmailPreferencesErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/accounts/{id}/email-preferences',
    ...options
});

/**
 * Choose which notifications are not mailed
 *
 * Holds for what is told from now on. The dashboard shows every notification.
 *
 * For: platform, customer.
 */
export const saveEmailPreferences = <ThrowOnError extends boolean = false>(options: Options<SaveEmailPreferencesData, ThrowOnError>) => (options.client ?? client).put<SaveEmailPreferencesResponses, SaveEmailPreferencesErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/accounts/{id}/email-preferences',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Open Stripe's page to save a card, or for the billing profile
 *
 * A card that is saved on the page is the one that is charged from then on. Each request opens a new page.
 *
 * For: platform, customer.
 */
export const openPaymentMethodPage = <ThrowOnError extends boolean = false>(options: Options<OpenPaymentMethodPageData, ThrowOnError>) => (options.client ?? client).post<OpenPaymentMethodPageResponses, OpenPaymentMethodPageErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/accounts/{id}/payment-method',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Changes as server-sent events
 *
 * Begins with the whole account. `account` carries the account as `GET /v1/accounts/{id}` answers it, after each change of a balance, a setting or a top-up; `notification` carries one that is new or was read. `end` says why the stream closes (`expired`, `shutdown`). After a break, connect again: nothing needs to be made up for, because the first event is the whole account.
 *
 * For: platform, operator, customer.
 */
export const streamAccount = <ThrowOnError extends boolean = false>(options: Options<StreamAccountData, ThrowOnError, StreamAccountResponse>) => (options.client ?? client).sse.get<StreamAccountResponses, StreamAccountErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/accounts/{id}/stream',
    ...options
});

/**
 * Resume automatic top-ups after failed charges
 *
 * Lifts a suspension after repeated failures or a hard decline; what is wanted is charged at once. One that an operator or a dispute caused stays: 409. Without a suspension nothing changes.
 *
 * For: platform, customer.
 */
export const resumeAutoTopUp = <ThrowOnError extends boolean = false>(options: Options<ResumeAutoTopUpData, ThrowOnError>) => (options.client ?? client).post<ResumeAutoTopUpResponses, ResumeAutoTopUpErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/accounts/{id}/auto-top-up/resume',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Failed and stuck charges of all accounts, oldest first
 *
 * `superseded=exclude` leaves out failed ones that need nobody any more.
 *
 * For: operator.
 */
export const listOperatorTopUps = <ThrowOnError extends boolean = false>(options?: Options<ListOperatorTopUpsData, ThrowOnError>) => (options?.client ?? client).get<ListOperatorTopUpsResponses, ListOperatorTopUpsErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/operator/top-ups',
    ...options
});

/**
 * How many top-ups are in each state, and why, but for credited and canceled ones
 *
 * For: operator.
 */
export const countOperatorTopUps = <ThrowOnError extends boolean = false>(options?: Options<CountOperatorTopUpsData, ThrowOnError>) => (options?.client ?? client).get<CountOperatorTopUpsResponses, CountOperatorTopUpsErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/operator/top-ups/counts',
    ...options
});

/**
 * One top-up with its attempts and links
 *
 * For: operator.
 */
export const getOperatorTopUp = <ThrowOnError extends boolean = false>(options: Options<GetOperatorTopUpData, ThrowOnError>) => (options.client ?? client).get<GetOperatorTopUpResponses, GetOperatorTopUpErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/operator/top-ups/{id}',
    ...options
});

/**
 * Who did what to whom and why, newest first
 *
 * For: operator.
 */
export const listAudit = <ThrowOnError extends boolean = false>(options?: Options<ListAuditData, ThrowOnError>) => (options?.client ?? client).get<ListAuditResponses, ListAuditErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/operator/audit',
    ...options
});

/**
 * What a person has to look at, oldest first
 *
 * For: operator.
 */
export const listFindings = <ThrowOnError extends boolean = false>(options?: Options<ListFindingsData, ThrowOnError>) => (options?.client ?? client).get<ListFindingsResponses, ListFindingsErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/operator/findings',
    ...options
});

/**
 * Try a charge again, without ever charging it twice
 *
 * A retrying one is tried now; one that is unknown, waits for the customer or is paid is looked up at Stripe; a failed or canceled one is ordered anew, once, for the same amount and units. 202 when something follows.
 *
 * For: operator.
 */
export const retryTopUp = <ThrowOnError extends boolean = false>(options: Options<RetryTopUpData, ThrowOnError>) => (options.client ?? client).post<RetryTopUpResponses, RetryTopUpErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/operator/top-ups/{id}/retry',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Close a top-up, unless its payment is quicker
 *
 * Its invoice is voided; if it turns out to be paid, it is credited. What automatic top-up wants stays wanted: suspend the account to keep it from starting another one.
 *
 * For: operator.
 */
export const cancelTopUp = <ThrowOnError extends boolean = false>(options: Options<CancelTopUpData, ThrowOnError>) => (options.client ?? client).post<CancelTopUpResponses, CancelTopUpErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/operator/top-ups/{id}/cancel',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Stop automatic top-ups of an account
 *
 * Until an operator resumes them. No new attempt is made of a charge that waits to be tried again.
 *
 * For: operator.
 */
export const suspendAccount = <ThrowOnError extends boolean = false>(options: Options<SuspendAccountData, ThrowOnError>) => (options.client ?? client).post<SuspendAccountResponses, SuspendAccountErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/operator/accounts/{id}/suspend',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Let automatic top-ups go on
 *
 * Lifts a suspension of any reason and forgives the failures before; what is wanted is charged at once.
 *
 * For: operator.
 */
export const resumeAccount = <ThrowOnError extends boolean = false>(options: Options<ResumeAccountData, ThrowOnError>) => (options.client ?? client).post<ResumeAccountResponses, ResumeAccountErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/operator/accounts/{id}/resume',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Close a finding that a person has dealt with
 *
 * What is still so is open again as soon as it is seen again.
 *
 * For: operator.
 */
export const resolveFinding = <ThrowOnError extends boolean = false>(options: Options<ResolveFindingData, ThrowOnError>) => (options.client ?? client).post<ResolveFindingResponses, ResolveFindingErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/operator/findings/{finding}/resolve',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Correct a balance by a ledger entry
 *
 * For: operator.
 */
export const adjustBalance = <ThrowOnError extends boolean = false>(options: Options<AdjustBalanceData, ThrowOnError>) => (options.client ?? client).post<AdjustBalanceResponses, AdjustBalanceErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/operator/accounts/{id}/adjust',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Make a link that signs in to the console once
 *
 * Within an hour, as the operator whose key asked for it.
 *
 * For: operator.
 */
export const createSignInCode = <ThrowOnError extends boolean = false>(options?: Options<CreateSignInCodeData, ThrowOnError>) => (options?.client ?? client).post<CreateSignInCodeResponses, CreateSignInCodeErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/operator/sign-in-codes',
    ...options
});

/**
 * What retrying these would do, if they were retried in this order
 *
 * Nothing is changed. Each may come out otherwise if things change until it is retried.
 *
 * For: operator.
 */
export const previewRetries = <ThrowOnError extends boolean = false>(options: Options<PreviewRetriesData, ThrowOnError>) => (options.client ?? client).post<PreviewRetriesResponses, PreviewRetriesErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/operator/top-ups/retry/preview',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Why a top-up was decided, what was told of it and what it booked
 *
 * For: operator.
 */
export const getTopUpStory = <ThrowOnError extends boolean = false>(options: Options<GetTopUpStoryData, ThrowOnError>) => (options.client ?? client).get<GetTopUpStoryResponses, GetTopUpStoryErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/operator/top-ups/{id}/story',
    ...options
});

/**
 * Accounts whose id, name or address begins with a text
 *
 * For: operator.
 */
export const searchAccounts = <ThrowOnError extends boolean = false>(options: Options<SearchAccountsData, ThrowOnError>) => (options.client ?? client).get<SearchAccountsResponses, SearchAccountsErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/operator/accounts',
    ...options
});

/**
 * An account with its suspension and links
 *
 * For: operator.
 */
export const getOperatorAccount = <ThrowOnError extends boolean = false>(options: Options<GetOperatorAccountData, ThrowOnError>) => (options.client ?? client).get<GetOperatorAccountResponses, GetOperatorAccountErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/operator/accounts/{id}',
    ...options
});

/**
 * What was saved of both wallets, newest first
 *
 * For: operator.
 */
export const listSettingsHistory = <ThrowOnError extends boolean = false>(options: Options<ListSettingsHistoryData, ThrowOnError>) => (options.client ?? client).get<ListSettingsHistoryResponses, ListSettingsHistoryErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/operator/accounts/{id}/settings-history',
    ...options
});

/**
 * Send a balance alert that says that it is a test
 *
 * A notification and a mail, at once. It disarms no real alert, and the platform is not told.
 *
 * For: operator.
 */
export const sendTestAlert = <ThrowOnError extends boolean = false>(options: Options<SendTestAlertData, ThrowOnError>) => (options.client ?? client).post<SendTestAlertResponses, SendTestAlertErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/operator/accounts/{id}/send-test-alert',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Where the account's workflow differs from the database
 *
 * Answers within seconds, also while Temporal is away.
 *
 * For: operator.
 */
export const getAccountWorkflow = <ThrowOnError extends boolean = false>(options: Options<GetAccountWorkflowData, ThrowOnError>) => (options.client ?? client).get<GetAccountWorkflowResponses, GetAccountWorkflowErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/operator/accounts/{id}/workflow',
    ...options
});

/**
 * Mails that did not arrive, newest first
 *
 * For: operator.
 */
export const listLostMails = <ThrowOnError extends boolean = false>(options?: Options<ListLostMailsData, ThrowOnError>) => (options?.client ?? client).get<ListLostMailsResponses, ListLostMailsErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/operator/mails',
    ...options
});

/**
 * Send a mail again that did not arrive
 *
 * To the account's address of now. An address that Postmark has blocked refuses it again.
 *
 * For: operator.
 */
export const replayMail = <ThrowOnError extends boolean = false>(options: Options<ReplayMailData, ThrowOnError>) => (options.client ?? client).post<ReplayMailResponses, ReplayMailErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/operator/mails/{mail}/replay',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Lag, stuck charges, dead letters, findings, and what the reconciler found
 *
 * For: operator.
 */
export const getOperatorHealth = <ThrowOnError extends boolean = false>(options?: Options<GetOperatorHealthData, ThrowOnError>) => (options?.client ?? client).get<GetOperatorHealthResponses, GetOperatorHealthErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/operator/health',
    ...options
});

/**
 * Webhooks to the platform, newest first
 *
 * For: operator.
 */
export const listWebhookDeliveries = <ThrowOnError extends boolean = false>(options?: Options<ListWebhookDeliveriesData, ThrowOnError>) => (options?.client ?? client).get<ListWebhookDeliveriesResponses, ListWebhookDeliveriesErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/operator/webhook-deliveries',
    ...options
});

/**
 * Send a webhook again
 *
 * Under the same message id, at once and then on the whole schedule. Audited.
 *
 * For: operator.
 */
export const replayWebhookDelivery = <ThrowOnError extends boolean = false>(options: Options<ReplayWebhookDeliveryData, ThrowOnError>) => (options.client ?? client).post<ReplayWebhookDeliveryResponses, ReplayWebhookDeliveryErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/operator/webhook-deliveries/{message}/replay',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Latest runs of the reconciler, newest first
 *
 * For: operator.
 */
export const listReconciliations = <ThrowOnError extends boolean = false>(options?: Options<ListReconciliationsData, ThrowOnError>) => (options?.client ?? client).get<ListReconciliationsResponses, ListReconciliationsErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/operator/reconciliations',
    ...options
});

/**
 * Give back a part of a payment, or all of it
 *
 * By a credit note in Stripe, to the card that paid. The units are taken back in proportion. The same request again under its `Idempotency-Key` is the same refund.
 *
 * For: operator.
 */
export const refundTopUp = <ThrowOnError extends boolean = false>(options: Options<RefundTopUpData, ThrowOnError>) => (options.client ?? client).post<RefundTopUpResponses, RefundTopUpErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/operator/top-ups/{id}/refund',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});
