// Made by `npm run generate:client`.

import { type DefaultError, type InfiniteData, infiniteQueryOptions, queryOptions, type UseMutationOptions } from '@tanstack/react-query';

import { client } from '../client.gen.ts';
import { adjustBalance, buyTopUp, cancelTopUp, countOperatorTopUps, createSignInCode, exportLedger, getAccount, getAccountWorkflow, getBalanceHistory, getEmailPreferences, getOperatorAccount, getOperatorHealth, getOperatorSession, getOperatorTopUp, getSettings, getTopUpStory, grantUnits, health, listAudit, listFindings, listLedger, listLostMails, listNotifications, listOperatorTopUps, listReconciliations, listSettingsHistory, listTopUps, listWebhookDeliveries, metrics, openPaymentMethodPage, type Options, placeHold, postmarkWebhook, previewRetries, previewSettings, putAccount, quote, readAllNotifications, readiness, readNotification, refundTopUp, releaseHold, replayMail, replayWebhookDelivery, reportUsage, resolveFinding, resumeAccount, resumeAutoTopUp, retryTopUp, saveEmailPreferences, saveSettings, searchAccounts, sendTestAlert, signInOperator, signOutOperator, startSession, stripeWebhook, suspendAccount } from '../sdk.gen.ts';
import type { AdjustBalanceData, AdjustBalanceError, AdjustBalanceResponse, BuyTopUpData, BuyTopUpError, BuyTopUpResponse, CancelTopUpData, CancelTopUpError, CancelTopUpResponse, CountOperatorTopUpsData, CountOperatorTopUpsError, CountOperatorTopUpsResponse, CreateSignInCodeData, CreateSignInCodeError, CreateSignInCodeResponse, ExportLedgerData, ExportLedgerError, ExportLedgerResponse, GetAccountData, GetAccountError, GetAccountResponse, GetAccountWorkflowData, GetAccountWorkflowError, GetAccountWorkflowResponse, GetBalanceHistoryData, GetBalanceHistoryError, GetBalanceHistoryResponse, GetEmailPreferencesData, GetEmailPreferencesError, GetEmailPreferencesResponse, GetOperatorAccountData, GetOperatorAccountError, GetOperatorAccountResponse, GetOperatorHealthData, GetOperatorHealthError, GetOperatorHealthResponse, GetOperatorSessionData, GetOperatorSessionError, GetOperatorSessionResponse, GetOperatorTopUpData, GetOperatorTopUpError, GetOperatorTopUpResponse, GetSettingsData, GetSettingsError, GetSettingsResponse, GetTopUpStoryData, GetTopUpStoryError, GetTopUpStoryResponse, GrantUnitsData, GrantUnitsError, GrantUnitsResponse, HealthData, HealthResponse, ListAuditData, ListAuditError, ListAuditResponse, ListFindingsData, ListFindingsError, ListFindingsResponse, ListLedgerData, ListLedgerError, ListLedgerResponse, ListLostMailsData, ListLostMailsError, ListLostMailsResponse, ListNotificationsData, ListNotificationsError, ListNotificationsResponse, ListOperatorTopUpsData, ListOperatorTopUpsError, ListOperatorTopUpsResponse, ListReconciliationsData, ListReconciliationsError, ListReconciliationsResponse, ListSettingsHistoryData, ListSettingsHistoryError, ListSettingsHistoryResponse, ListTopUpsData, ListTopUpsError, ListTopUpsResponse, ListWebhookDeliveriesData, ListWebhookDeliveriesError, ListWebhookDeliveriesResponse, MetricsData, MetricsResponse, OpenPaymentMethodPageData, OpenPaymentMethodPageError, OpenPaymentMethodPageResponse, PlaceHoldData, PlaceHoldError, PlaceHoldResponse, PostmarkWebhookData, PostmarkWebhookError, PostmarkWebhookResponse, PreviewRetriesData, PreviewRetriesError, PreviewRetriesResponse, PreviewSettingsData, PreviewSettingsError, PreviewSettingsResponse, PutAccountData, PutAccountError, PutAccountResponse, QuoteData, QuoteError, QuoteResponse, ReadAllNotificationsData, ReadAllNotificationsError, ReadAllNotificationsResponse, ReadinessData, ReadinessError, ReadinessResponse, ReadNotificationData, ReadNotificationError, ReadNotificationResponse, RefundTopUpData, RefundTopUpError, RefundTopUpResponse, ReleaseHoldData, ReleaseHoldError, ReleaseHoldResponse, ReplayMailData, ReplayMailError, ReplayMailResponse, ReplayWebhookDeliveryData, ReplayWebhookDeliveryError, ReplayWebhookDeliveryResponse, ReportUsageData, ReportUsageError, ReportUsageResponse, ResolveFindingData, ResolveFindingError, ResolveFindingResponse, ResumeAccountData, ResumeAccountError, ResumeAccountResponse, ResumeAutoTopUpData, ResumeAutoTopUpError, ResumeAutoTopUpResponse, RetryTopUpData, RetryTopUpError, RetryTopUpResponse, SaveEmailPreferencesData, SaveEmailPreferencesError, SaveEmailPreferencesResponse, SaveSettingsData, SaveSettingsError, SaveSettingsResponse, SearchAccountsData, SearchAccountsError, SearchAccountsResponse, SendTestAlertData, SendTestAlertError, SendTestAlertResponse, SignInOperatorData, SignInOperatorError, SignInOperatorResponse, SignOutOperatorData, SignOutOperatorError, SignOutOperatorResponse, StartSessionData, StartSessionError, StartSessionResponse, StripeWebhookData, StripeWebhookError, StripeWebhookResponse, SuspendAccountData, SuspendAccountError, SuspendAccountResponse } from '../types.gen.ts';

export type QueryKey<TOptions extends Options> = [
    Pick<TOptions, 'baseUrl' | 'body' | 'headers' | 'path' | 'query'> & {
        _id: string;
        _infinite?: boolean;
        tags?: ReadonlyArray<string>;
    }
];

const createQueryKey = <TOptions extends Options>(id: string, options?: TOptions, infinite?: boolean, tags?: ReadonlyArray<string>): [
    QueryKey<TOptions>[0]
] => {
    const params: QueryKey<TOptions>[0] = { _id: id, baseUrl: options?.baseUrl || (options?.client ?? client).getConfig().baseUrl } as QueryKey<TOptions>[0];
    if (infinite) {
        params._infinite = infinite;
    }
    if (tags) {
        params.tags = tags;
    }
    if (options?.body) {
        params.body = options.body;
    }
    if (options?.headers) {
        params.headers = options.headers;
    }
    if (options?.path) {
        params.path = options.path;
    }
    if (options?.query) {
        params.query = options.query;
    }
    return [params];
};

export const healthQueryKey = (options?: Options<HealthData>) => createQueryKey('health', options);

/**
 * Liveness: the process answers
 */
export const healthOptions = (options?: Options<HealthData>) => queryOptions<HealthResponse, DefaultError, HealthResponse, ReturnType<typeof healthQueryKey>>({
    queryFn: async ({ queryKey, signal }) => {
        const { data } = await health({
            ...options,
            ...queryKey[0],
            signal,
            throwOnError: true
        });
        return data;
    },
    queryKey: healthQueryKey(options)
});

export const readinessQueryKey = (options?: Options<ReadinessData>) => createQueryKey('readiness', options);

/**
 * Readiness: the database answers
 *
 * Temporal is reported, but usage is accepted while it is away.
 */
export const readinessOptions = (options?: Options<ReadinessData>) => queryOptions<ReadinessResponse, ReadinessError, ReadinessResponse, ReturnType<typeof readinessQueryKey>>({
    queryFn: async ({ queryKey, signal }) => {
        const { data } = await readiness({
            ...options,
            ...queryKey[0],
            signal,
            throwOnError: true
        });
        return data;
    },
    queryKey: readinessQueryKey(options)
});

export const metricsQueryKey = (options?: Options<MetricsData>) => createQueryKey('metrics', options);

/**
 * Prometheus metrics
 */
export const metricsOptions = (options?: Options<MetricsData>) => queryOptions<MetricsResponse, DefaultError, MetricsResponse, ReturnType<typeof metricsQueryKey>>({
    queryFn: async ({ queryKey, signal }) => {
        const { data } = await metrics({
            ...options,
            ...queryKey[0],
            signal,
            throwOnError: true
        });
        return data;
    },
    queryKey: metricsQueryKey(options)
});

/**
 * Events of Stripe, signed
 */
export const stripeWebhookMutation = (options?: Partial<Options<StripeWebhookData>>): UseMutationOptions<StripeWebhookResponse, StripeWebhookError, Options<StripeWebhookData>> => {
    const mutationOptions: UseMutationOptions<StripeWebhookResponse, StripeWebhookError, Options<StripeWebhookData>> = {
        mutationFn: async (fnOptions) => {
            const { data } = await stripeWebhook({
                ...options,
                ...fnOptions,
                throwOnError: true
            });
            return data;
        }
    };
    return mutationOptions;
};

/**
 * Bounces, complaints and deliveries of Postmark
 */
export const postmarkWebhookMutation = (options?: Partial<Options<PostmarkWebhookData>>): UseMutationOptions<PostmarkWebhookResponse, PostmarkWebhookError, Options<PostmarkWebhookData>> => {
    const mutationOptions: UseMutationOptions<PostmarkWebhookResponse, PostmarkWebhookError, Options<PostmarkWebhookData>> = {
        mutationFn: async (fnOptions) => {
            const { data } = await postmarkWebhook({
                ...options,
                ...fnOptions,
                throwOnError: true
            });
            return data;
        }
    };
    return mutationOptions;
};

/**
 * Sign out of the console
 *
 * The session is over everywhere, also where its cookie was copied to.
 */
export const signOutOperatorMutation = (options?: Partial<Options<SignOutOperatorData>>): UseMutationOptions<SignOutOperatorResponse, SignOutOperatorError, Options<SignOutOperatorData>> => {
    const mutationOptions: UseMutationOptions<SignOutOperatorResponse, SignOutOperatorError, Options<SignOutOperatorData>> = {
        mutationFn: async (fnOptions) => {
            const { data } = await signOutOperator({
                ...options,
                ...fnOptions,
                throwOnError: true
            });
            return data;
        }
    };
    return mutationOptions;
};

export const getOperatorSessionQueryKey = (options?: Options<GetOperatorSessionData>) => createQueryKey('getOperatorSession', options);

/**
 * Who is signed in to the console
 */
export const getOperatorSessionOptions = (options?: Options<GetOperatorSessionData>) => queryOptions<GetOperatorSessionResponse, GetOperatorSessionError, GetOperatorSessionResponse, ReturnType<typeof getOperatorSessionQueryKey>>({
    queryFn: async ({ queryKey, signal }) => {
        const { data } = await getOperatorSession({
            ...options,
            ...queryKey[0],
            signal,
            throwOnError: true
        });
        return data;
    },
    queryKey: getOperatorSessionQueryKey(options)
});

/**
 * Sign in to the console by an operator key or a code
 *
 * Sets a cookie for 8 hours. When the key is revoked, its sessions are over at once.
 */
export const signInOperatorMutation = (options?: Partial<Options<SignInOperatorData>>): UseMutationOptions<SignInOperatorResponse, SignInOperatorError, Options<SignInOperatorData>> => {
    const mutationOptions: UseMutationOptions<SignInOperatorResponse, SignInOperatorError, Options<SignInOperatorData>> = {
        mutationFn: async (fnOptions) => {
            const { data } = await signInOperator({
                ...options,
                ...fnOptions,
                throwOnError: true
            });
            return data;
        }
    };
    return mutationOptions;
};

export const getAccountQueryKey = (options: Options<GetAccountData>) => createQueryKey('getAccount', options);

/**
 * Balances, settings, and what automatic top-up is doing and why
 *
 * For: platform, operator, customer.
 */
export const getAccountOptions = (options: Options<GetAccountData>) => queryOptions<GetAccountResponse, GetAccountError, GetAccountResponse, ReturnType<typeof getAccountQueryKey>>({
    queryFn: async ({ queryKey, signal }) => {
        const { data } = await getAccount({
            ...options,
            ...queryKey[0],
            signal,
            throwOnError: true
        });
        return data;
    },
    queryKey: getAccountQueryKey(options)
});

/**
 * Make or change an account
 *
 * The same request again changes nothing. The Stripe customer is made at once when Stripe answers, and otherwise before the first charge.
 *
 * For: platform.
 */
export const putAccountMutation = (options?: Partial<Options<PutAccountData>>): UseMutationOptions<PutAccountResponse, PutAccountError, Options<PutAccountData>> => {
    const mutationOptions: UseMutationOptions<PutAccountResponse, PutAccountError, Options<PutAccountData>> = {
        mutationFn: async (fnOptions) => {
            const { data } = await putAccount({
                ...options,
                ...fnOptions,
                throwOnError: true
            });
            return data;
        }
    };
    return mutationOptions;
};

/**
 * Report what was used
 *
 * Up to 1,000 events, each answered on its own: one that does not fit never spoils the rest. `accepted` and `duplicate` are booked for good; `conflict` means that the id was booked before with other content; `rejected` was not booked. After any other answer than 200, send the same batch again: what was booked after all is answered `duplicate`. `overloaded` (503) says that more usage is waiting than can be taken and `Retry-After` when to come again. Batches of about 100 events cost the least; single events that are sent at the same time share transactions.
 *
 * For: platform.
 */
export const reportUsageMutation = (options?: Partial<Options<ReportUsageData>>): UseMutationOptions<ReportUsageResponse, ReportUsageError, Options<ReportUsageData>> => {
    const mutationOptions: UseMutationOptions<ReportUsageResponse, ReportUsageError, Options<ReportUsageData>> = {
        mutationFn: async (fnOptions) => {
            const { data } = await reportUsage({
                ...options,
                ...fnOptions,
                throwOnError: true
            });
            return data;
        }
    };
    return mutationOptions;
};

/**
 * Add units that are not bought
 *
 * Idempotent by `id`: 201 when it was booked, 200 when it had been before, 409 with other content.
 *
 * For: platform, operator.
 */
export const grantUnitsMutation = (options?: Partial<Options<GrantUnitsData>>): UseMutationOptions<GrantUnitsResponse, GrantUnitsError, Options<GrantUnitsData>> => {
    const mutationOptions: UseMutationOptions<GrantUnitsResponse, GrantUnitsError, Options<GrantUnitsData>> = {
        mutationFn: async (fnOptions) => {
            const { data } = await grantUnits({
                ...options,
                ...fnOptions,
                throwOnError: true
            });
            return data;
        }
    };
    return mutationOptions;
};

/**
 * Reserve balance before a call
 *
 * Reserves until it expires, is released, or usage names it. 402 `insufficient_balance` when less is available, with `available` and `required` in minutes or credits, and `topUpPending`: whether a top-up is open or about to start because of this refusal, so that asking again is worth it. The refusal of a `campaign` call starts one where the customer wants it to (`topUpOnRefusal`); that of any other never does. 503 `overloaded` when more of the account, or of all, are waiting than can be answered soon: nothing was reserved, and `Retry-After` says when to ask again.
 *
 * For: platform.
 */
export const placeHoldMutation = (options?: Partial<Options<PlaceHoldData>>): UseMutationOptions<PlaceHoldResponse, PlaceHoldError, Options<PlaceHoldData>> => {
    const mutationOptions: UseMutationOptions<PlaceHoldResponse, PlaceHoldError, Options<PlaceHoldData>> = {
        mutationFn: async (fnOptions) => {
            const { data } = await placeHold({
                ...options,
                ...fnOptions,
                throwOnError: true
            });
            return data;
        }
    };
    return mutationOptions;
};

/**
 * Release what was reserved
 *
 * For a call that did not come about. 204 again for a hold that has ended already, by whatever; 404 for one that was never granted.
 *
 * For: platform.
 */
export const releaseHoldMutation = (options?: Partial<Options<ReleaseHoldData>>): UseMutationOptions<ReleaseHoldResponse, ReleaseHoldError, Options<ReleaseHoldData>> => {
    const mutationOptions: UseMutationOptions<ReleaseHoldResponse, ReleaseHoldError, Options<ReleaseHoldData>> = {
        mutationFn: async (fnOptions) => {
            const { data } = await releaseHold({
                ...options,
                ...fnOptions,
                throwOnError: true
            });
            return data;
        }
    };
    return mutationOptions;
};

/**
 * Let a customer in for an hour
 *
 * For: platform.
 */
export const startSessionMutation = (options?: Partial<Options<StartSessionData>>): UseMutationOptions<StartSessionResponse, StartSessionError, Options<StartSessionData>> => {
    const mutationOptions: UseMutationOptions<StartSessionResponse, StartSessionError, Options<StartSessionData>> = {
        mutationFn: async (fnOptions) => {
            const { data } = await startSession({
                ...options,
                ...fnOptions,
                throwOnError: true
            });
            return data;
        }
    };
    return mutationOptions;
};

export const getSettingsQueryKey = (options: Options<GetSettingsData>) => createQueryKey('getSettings', options);

/**
 * Read the settings of a wallet
 *
 * Before the first save, the answer is a proposal, switched off, with version 0.
 *
 * For: platform, operator, customer.
 */
export const getSettingsOptions = (options: Options<GetSettingsData>) => queryOptions<GetSettingsResponse, GetSettingsError, GetSettingsResponse, ReturnType<typeof getSettingsQueryKey>>({
    queryFn: async ({ queryKey, signal }) => {
        const { data } = await getSettings({
            ...options,
            ...queryKey[0],
            signal,
            throwOnError: true
        });
        return data;
    },
    queryKey: getSettingsQueryKey(options)
});

/**
 * Save the settings of a wallet
 *
 * Send the `ETag` of what was read as `If-Match`, so that two people do not overwrite each other: 412 when the settings have changed since, with their `currentVersion`. Without `If-Match` the last save wins.
 *
 * For: platform, customer.
 */
export const saveSettingsMutation = (options?: Partial<Options<SaveSettingsData>>): UseMutationOptions<SaveSettingsResponse, SaveSettingsError, Options<SaveSettingsData>> => {
    const mutationOptions: UseMutationOptions<SaveSettingsResponse, SaveSettingsError, Options<SaveSettingsData>> = {
        mutationFn: async (fnOptions) => {
            const { data } = await saveSettings({
                ...options,
                ...fnOptions,
                throwOnError: true
            });
            return data;
        }
    };
    return mutationOptions;
};

export const quoteQueryKey = (options: Options<QuoteData>) => createQueryKey('quote', options);

/**
 * What an amount buys at the rate of the plan
 *
 * For: platform, operator, customer.
 */
export const quoteOptions = (options: Options<QuoteData>) => queryOptions<QuoteResponse, QuoteError, QuoteResponse, ReturnType<typeof quoteQueryKey>>({
    queryFn: async ({ queryKey, signal }) => {
        const { data } = await quote({
            ...options,
            ...queryKey[0],
            signal,
            throwOnError: true
        });
        return data;
    },
    queryKey: quoteQueryKey(options)
});

/**
 * What settings would do, now and in the last 30 days
 *
 * Saves and charges nothing. `now` is what saving would lead to at once, by the same rules as the workflow. `replay` takes the real entries of the last 30 days, without the top-ups that were not bought by hand, and lets the same rules decide on them, with a card that always pays.
 *
 * For: platform, operator, customer.
 */
export const previewSettingsMutation = (options?: Partial<Options<PreviewSettingsData>>): UseMutationOptions<PreviewSettingsResponse, PreviewSettingsError, Options<PreviewSettingsData>> => {
    const mutationOptions: UseMutationOptions<PreviewSettingsResponse, PreviewSettingsError, Options<PreviewSettingsData>> = {
        mutationFn: async (fnOptions) => {
            const { data } = await previewSettings({
                ...options,
                ...fnOptions,
                throwOnError: true
            });
            return data;
        }
    };
    return mutationOptions;
};

export const listTopUpsQueryKey = (options: Options<ListTopUpsData>) => createQueryKey('listTopUps', options);

/**
 * Purchases, newest first
 *
 * For: platform, operator, customer.
 */
export const listTopUpsOptions = (options: Options<ListTopUpsData>) => queryOptions<ListTopUpsResponse, ListTopUpsError, ListTopUpsResponse, ReturnType<typeof listTopUpsQueryKey>>({
    queryFn: async ({ queryKey, signal }) => {
        const { data } = await listTopUps({
            ...options,
            ...queryKey[0],
            signal,
            throwOnError: true
        });
        return data;
    },
    queryKey: listTopUpsQueryKey(options)
});

const createInfiniteParams = <K extends Pick<QueryKey<Options>[0], 'body' | 'headers' | 'path' | 'query'>>(queryKey: QueryKey<Options>, page: K) => {
    const params = { ...queryKey[0] };
    if (page.body) {
        params.body = {
            ...queryKey[0].body as any,
            ...page.body as any
        };
    }
    if (page.headers) {
        params.headers = {
            ...queryKey[0].headers,
            ...page.headers
        };
    }
    if (page.path) {
        params.path = {
            ...queryKey[0].path as any,
            ...page.path as any
        };
    }
    if (page.query) {
        params.query = {
            ...queryKey[0].query as any,
            ...page.query as any
        };
    }
    return params as unknown as typeof page;
};

export const listTopUpsInfiniteQueryKey = (options: Options<ListTopUpsData>): QueryKey<Options<ListTopUpsData>> => createQueryKey('listTopUps', options, true);

/**
 * Purchases, newest first
 *
 * For: platform, operator, customer.
 */
export const listTopUpsInfiniteOptions = (options: Options<ListTopUpsData>) => infiniteQueryOptions<ListTopUpsResponse, ListTopUpsError, InfiniteData<ListTopUpsResponse>, QueryKey<Options<ListTopUpsData>>, string | Pick<QueryKey<Options<ListTopUpsData>>[0], 'body' | 'headers' | 'path' | 'query'>>(
// @ts-ignore
{
    queryFn: async ({ pageParam, queryKey, signal }) => {
        // @ts-ignore
        const page: Pick<QueryKey<Options<ListTopUpsData>>[0], 'body' | 'headers' | 'path' | 'query'> = typeof pageParam === 'object' ? pageParam : {
            query: {
                cursor: pageParam
            }
        };
        const params = createInfiniteParams(queryKey, page);
        const { data } = await listTopUps({
            ...options,
            ...params,
            signal,
            throwOnError: true
        });
        return data;
    },
    queryKey: listTopUpsInfiniteQueryKey(options)
});

/**
 * Buy minutes or credits now
 *
 * By the saved card, which is charged at once, or on the page at `actionUrl`. The same `Idempotency-Key` again answers the same top-up as it is by then. 409 `top_up_in_flight`, with `topUpId`, `state` and `actionUrl` of the other one, while another top-up of the wallet is under way.
 *
 * For: platform, customer.
 */
export const buyTopUpMutation = (options?: Partial<Options<BuyTopUpData>>): UseMutationOptions<BuyTopUpResponse, BuyTopUpError, Options<BuyTopUpData>> => {
    const mutationOptions: UseMutationOptions<BuyTopUpResponse, BuyTopUpError, Options<BuyTopUpData>> = {
        mutationFn: async (fnOptions) => {
            const { data } = await buyTopUp({
                ...options,
                ...fnOptions,
                throwOnError: true
            });
            return data;
        }
    };
    return mutationOptions;
};

export const listLedgerQueryKey = (options: Options<ListLedgerData>) => createQueryKey('listLedger', options);

/**
 * Ledger entries, newest first
 *
 * `from` and `to` are about when entries were booked, which is what they are ordered by.
 *
 * For: platform, operator, customer.
 */
export const listLedgerOptions = (options: Options<ListLedgerData>) => queryOptions<ListLedgerResponse, ListLedgerError, ListLedgerResponse, ReturnType<typeof listLedgerQueryKey>>({
    queryFn: async ({ queryKey, signal }) => {
        const { data } = await listLedger({
            ...options,
            ...queryKey[0],
            signal,
            throwOnError: true
        });
        return data;
    },
    queryKey: listLedgerQueryKey(options)
});

export const listLedgerInfiniteQueryKey = (options: Options<ListLedgerData>): QueryKey<Options<ListLedgerData>> => createQueryKey('listLedger', options, true);

/**
 * Ledger entries, newest first
 *
 * `from` and `to` are about when entries were booked, which is what they are ordered by.
 *
 * For: platform, operator, customer.
 */
export const listLedgerInfiniteOptions = (options: Options<ListLedgerData>) => infiniteQueryOptions<ListLedgerResponse, ListLedgerError, InfiniteData<ListLedgerResponse>, QueryKey<Options<ListLedgerData>>, string | Pick<QueryKey<Options<ListLedgerData>>[0], 'body' | 'headers' | 'path' | 'query'>>(
// @ts-ignore
{
    queryFn: async ({ pageParam, queryKey, signal }) => {
        // @ts-ignore
        const page: Pick<QueryKey<Options<ListLedgerData>>[0], 'body' | 'headers' | 'path' | 'query'> = typeof pageParam === 'object' ? pageParam : {
            query: {
                cursor: pageParam
            }
        };
        const params = createInfiniteParams(queryKey, page);
        const { data } = await listLedger({
            ...options,
            ...params,
            signal,
            throwOnError: true
        });
        return data;
    },
    queryKey: listLedgerInfiniteQueryKey(options)
});

export const listNotificationsQueryKey = (options: Options<ListNotificationsData>) => createQueryKey('listNotifications', options);

/**
 * Notifications of the dashboard, newest first
 *
 * For: platform, operator, customer.
 */
export const listNotificationsOptions = (options: Options<ListNotificationsData>) => queryOptions<ListNotificationsResponse, ListNotificationsError, ListNotificationsResponse, ReturnType<typeof listNotificationsQueryKey>>({
    queryFn: async ({ queryKey, signal }) => {
        const { data } = await listNotifications({
            ...options,
            ...queryKey[0],
            signal,
            throwOnError: true
        });
        return data;
    },
    queryKey: listNotificationsQueryKey(options)
});

export const listNotificationsInfiniteQueryKey = (options: Options<ListNotificationsData>): QueryKey<Options<ListNotificationsData>> => createQueryKey('listNotifications', options, true);

/**
 * Notifications of the dashboard, newest first
 *
 * For: platform, operator, customer.
 */
export const listNotificationsInfiniteOptions = (options: Options<ListNotificationsData>) => infiniteQueryOptions<ListNotificationsResponse, ListNotificationsError, InfiniteData<ListNotificationsResponse>, QueryKey<Options<ListNotificationsData>>, string | Pick<QueryKey<Options<ListNotificationsData>>[0], 'body' | 'headers' | 'path' | 'query'>>(
// @ts-ignore
{
    queryFn: async ({ pageParam, queryKey, signal }) => {
        // @ts-ignore
        const page: Pick<QueryKey<Options<ListNotificationsData>>[0], 'body' | 'headers' | 'path' | 'query'> = typeof pageParam === 'object' ? pageParam : {
            query: {
                cursor: pageParam
            }
        };
        const params = createInfiniteParams(queryKey, page);
        const { data } = await listNotifications({
            ...options,
            ...params,
            signal,
            throwOnError: true
        });
        return data;
    },
    queryKey: listNotificationsInfiniteQueryKey(options)
});

/**
 * Mark a notification as read
 *
 * The same request again changes nothing: it stays read since the first time.
 *
 * For: platform, customer.
 */
export const readNotificationMutation = (options?: Partial<Options<ReadNotificationData>>): UseMutationOptions<ReadNotificationResponse, ReadNotificationError, Options<ReadNotificationData>> => {
    const mutationOptions: UseMutationOptions<ReadNotificationResponse, ReadNotificationError, Options<ReadNotificationData>> = {
        mutationFn: async (fnOptions) => {
            const { data } = await readNotification({
                ...options,
                ...fnOptions,
                throwOnError: true
            });
            return data;
        }
    };
    return mutationOptions;
};

/**
 * Mark every notification as read
 *
 * For: platform, customer.
 */
export const readAllNotificationsMutation = (options?: Partial<Options<ReadAllNotificationsData>>): UseMutationOptions<ReadAllNotificationsResponse, ReadAllNotificationsError, Options<ReadAllNotificationsData>> => {
    const mutationOptions: UseMutationOptions<ReadAllNotificationsResponse, ReadAllNotificationsError, Options<ReadAllNotificationsData>> = {
        mutationFn: async (fnOptions) => {
            const { data } = await readAllNotifications({
                ...options,
                ...fnOptions,
                throwOnError: true
            });
            return data;
        }
    };
    return mutationOptions;
};

export const exportLedgerQueryKey = (options: Options<ExportLedgerData>) => createQueryKey('exportLedger', options);

/**
 * Ledger entries as CSV, newest first
 *
 * All of them in one answer, with the filters of the list. Numbers have a decimal point and instants are ISO 8601 in UTC, whatever the language. A text that a spreadsheet would take for a formula begins with `'`.
 *
 * For: platform, operator, customer.
 */
export const exportLedgerOptions = (options: Options<ExportLedgerData>) => queryOptions<ExportLedgerResponse, ExportLedgerError, ExportLedgerResponse, ReturnType<typeof exportLedgerQueryKey>>({
    queryFn: async ({ queryKey, signal }) => {
        const { data } = await exportLedger({
            ...options,
            ...queryKey[0],
            signal,
            throwOnError: true
        });
        return data;
    },
    queryKey: exportLedgerQueryKey(options)
});

export const getBalanceHistoryQueryKey = (options: Options<GetBalanceHistoryData>) => createQueryKey('getBalanceHistory', options);

/**
 * A balance over the last days or hours, with its top-ups and alerts, and a forecast
 *
 * For: platform, operator, customer.
 */
export const getBalanceHistoryOptions = (options: Options<GetBalanceHistoryData>) => queryOptions<GetBalanceHistoryResponse, GetBalanceHistoryError, GetBalanceHistoryResponse, ReturnType<typeof getBalanceHistoryQueryKey>>({
    queryFn: async ({ queryKey, signal }) => {
        const { data } = await getBalanceHistory({
            ...options,
            ...queryKey[0],
            signal,
            throwOnError: true
        });
        return data;
    },
    queryKey: getBalanceHistoryQueryKey(options)
});

export const getEmailPreferencesQueryKey = (options: Options<GetEmailPreferencesData>) => createQueryKey('getEmailPreferences', options);

/**
 * Which notifications are not mailed
 *
 * For: platform, operator, customer.
 */
export const getEmailPreferencesOptions = (options: Options<GetEmailPreferencesData>) => queryOptions<GetEmailPreferencesResponse, GetEmailPreferencesError, GetEmailPreferencesResponse, ReturnType<typeof getEmailPreferencesQueryKey>>({
    queryFn: async ({ queryKey, signal }) => {
        const { data } = await getEmailPreferences({
            ...options,
            ...queryKey[0],
            signal,
            throwOnError: true
        });
        return data;
    },
    queryKey: getEmailPreferencesQueryKey(options)
});

/**
 * Choose which notifications are not mailed
 *
 * Holds for what is told from now on. The dashboard shows every notification.
 *
 * For: platform, customer.
 */
export const saveEmailPreferencesMutation = (options?: Partial<Options<SaveEmailPreferencesData>>): UseMutationOptions<SaveEmailPreferencesResponse, SaveEmailPreferencesError, Options<SaveEmailPreferencesData>> => {
    const mutationOptions: UseMutationOptions<SaveEmailPreferencesResponse, SaveEmailPreferencesError, Options<SaveEmailPreferencesData>> = {
        mutationFn: async (fnOptions) => {
            const { data } = await saveEmailPreferences({
                ...options,
                ...fnOptions,
                throwOnError: true
            });
            return data;
        }
    };
    return mutationOptions;
};

/**
 * Open Stripe's page to save a card, or for the billing profile
 *
 * A card that is saved on the page is the one that is charged from then on. Each request opens a new page.
 *
 * For: platform, customer.
 */
export const openPaymentMethodPageMutation = (options?: Partial<Options<OpenPaymentMethodPageData>>): UseMutationOptions<OpenPaymentMethodPageResponse, OpenPaymentMethodPageError, Options<OpenPaymentMethodPageData>> => {
    const mutationOptions: UseMutationOptions<OpenPaymentMethodPageResponse, OpenPaymentMethodPageError, Options<OpenPaymentMethodPageData>> = {
        mutationFn: async (fnOptions) => {
            const { data } = await openPaymentMethodPage({
                ...options,
                ...fnOptions,
                throwOnError: true
            });
            return data;
        }
    };
    return mutationOptions;
};

/**
 * Resume automatic top-ups after failed charges
 *
 * Lifts a suspension after repeated failures or a hard decline; what is wanted is charged at once. One that an operator or a dispute caused stays: 409. Without a suspension nothing changes.
 *
 * For: platform, customer.
 */
export const resumeAutoTopUpMutation = (options?: Partial<Options<ResumeAutoTopUpData>>): UseMutationOptions<ResumeAutoTopUpResponse, ResumeAutoTopUpError, Options<ResumeAutoTopUpData>> => {
    const mutationOptions: UseMutationOptions<ResumeAutoTopUpResponse, ResumeAutoTopUpError, Options<ResumeAutoTopUpData>> = {
        mutationFn: async (fnOptions) => {
            const { data } = await resumeAutoTopUp({
                ...options,
                ...fnOptions,
                throwOnError: true
            });
            return data;
        }
    };
    return mutationOptions;
};

export const listOperatorTopUpsQueryKey = (options?: Options<ListOperatorTopUpsData>) => createQueryKey('listOperatorTopUps', options);

/**
 * Failed and stuck charges of all accounts, oldest first
 *
 * `superseded=exclude` leaves out failed ones that need nobody any more.
 *
 * For: operator.
 */
export const listOperatorTopUpsOptions = (options?: Options<ListOperatorTopUpsData>) => queryOptions<ListOperatorTopUpsResponse, ListOperatorTopUpsError, ListOperatorTopUpsResponse, ReturnType<typeof listOperatorTopUpsQueryKey>>({
    queryFn: async ({ queryKey, signal }) => {
        const { data } = await listOperatorTopUps({
            ...options,
            ...queryKey[0],
            signal,
            throwOnError: true
        });
        return data;
    },
    queryKey: listOperatorTopUpsQueryKey(options)
});

export const listOperatorTopUpsInfiniteQueryKey = (options?: Options<ListOperatorTopUpsData>): QueryKey<Options<ListOperatorTopUpsData>> => createQueryKey('listOperatorTopUps', options, true);

/**
 * Failed and stuck charges of all accounts, oldest first
 *
 * `superseded=exclude` leaves out failed ones that need nobody any more.
 *
 * For: operator.
 */
export const listOperatorTopUpsInfiniteOptions = (options?: Options<ListOperatorTopUpsData>) => infiniteQueryOptions<ListOperatorTopUpsResponse, ListOperatorTopUpsError, InfiniteData<ListOperatorTopUpsResponse>, QueryKey<Options<ListOperatorTopUpsData>>, string | Pick<QueryKey<Options<ListOperatorTopUpsData>>[0], 'body' | 'headers' | 'path' | 'query'>>(
// @ts-ignore
{
    queryFn: async ({ pageParam, queryKey, signal }) => {
        // @ts-ignore
        const page: Pick<QueryKey<Options<ListOperatorTopUpsData>>[0], 'body' | 'headers' | 'path' | 'query'> = typeof pageParam === 'object' ? pageParam : {
            query: {
                cursor: pageParam
            }
        };
        const params = createInfiniteParams(queryKey, page);
        const { data } = await listOperatorTopUps({
            ...options,
            ...params,
            signal,
            throwOnError: true
        });
        return data;
    },
    queryKey: listOperatorTopUpsInfiniteQueryKey(options)
});

export const countOperatorTopUpsQueryKey = (options?: Options<CountOperatorTopUpsData>) => createQueryKey('countOperatorTopUps', options);

/**
 * How many top-ups are in each state, and why, but for credited and canceled ones
 *
 * For: operator.
 */
export const countOperatorTopUpsOptions = (options?: Options<CountOperatorTopUpsData>) => queryOptions<CountOperatorTopUpsResponse, CountOperatorTopUpsError, CountOperatorTopUpsResponse, ReturnType<typeof countOperatorTopUpsQueryKey>>({
    queryFn: async ({ queryKey, signal }) => {
        const { data } = await countOperatorTopUps({
            ...options,
            ...queryKey[0],
            signal,
            throwOnError: true
        });
        return data;
    },
    queryKey: countOperatorTopUpsQueryKey(options)
});

export const getOperatorTopUpQueryKey = (options: Options<GetOperatorTopUpData>) => createQueryKey('getOperatorTopUp', options);

/**
 * One top-up with its attempts and links
 *
 * For: operator.
 */
export const getOperatorTopUpOptions = (options: Options<GetOperatorTopUpData>) => queryOptions<GetOperatorTopUpResponse, GetOperatorTopUpError, GetOperatorTopUpResponse, ReturnType<typeof getOperatorTopUpQueryKey>>({
    queryFn: async ({ queryKey, signal }) => {
        const { data } = await getOperatorTopUp({
            ...options,
            ...queryKey[0],
            signal,
            throwOnError: true
        });
        return data;
    },
    queryKey: getOperatorTopUpQueryKey(options)
});

export const listAuditQueryKey = (options?: Options<ListAuditData>) => createQueryKey('listAudit', options);

/**
 * Who did what to whom and why, newest first
 *
 * For: operator.
 */
export const listAuditOptions = (options?: Options<ListAuditData>) => queryOptions<ListAuditResponse, ListAuditError, ListAuditResponse, ReturnType<typeof listAuditQueryKey>>({
    queryFn: async ({ queryKey, signal }) => {
        const { data } = await listAudit({
            ...options,
            ...queryKey[0],
            signal,
            throwOnError: true
        });
        return data;
    },
    queryKey: listAuditQueryKey(options)
});

export const listAuditInfiniteQueryKey = (options?: Options<ListAuditData>): QueryKey<Options<ListAuditData>> => createQueryKey('listAudit', options, true);

/**
 * Who did what to whom and why, newest first
 *
 * For: operator.
 */
export const listAuditInfiniteOptions = (options?: Options<ListAuditData>) => infiniteQueryOptions<ListAuditResponse, ListAuditError, InfiniteData<ListAuditResponse>, QueryKey<Options<ListAuditData>>, string | Pick<QueryKey<Options<ListAuditData>>[0], 'body' | 'headers' | 'path' | 'query'>>(
// @ts-ignore
{
    queryFn: async ({ pageParam, queryKey, signal }) => {
        // @ts-ignore
        const page: Pick<QueryKey<Options<ListAuditData>>[0], 'body' | 'headers' | 'path' | 'query'> = typeof pageParam === 'object' ? pageParam : {
            query: {
                cursor: pageParam
            }
        };
        const params = createInfiniteParams(queryKey, page);
        const { data } = await listAudit({
            ...options,
            ...params,
            signal,
            throwOnError: true
        });
        return data;
    },
    queryKey: listAuditInfiniteQueryKey(options)
});

export const listFindingsQueryKey = (options?: Options<ListFindingsData>) => createQueryKey('listFindings', options);

/**
 * What a person has to look at, oldest first
 *
 * For: operator.
 */
export const listFindingsOptions = (options?: Options<ListFindingsData>) => queryOptions<ListFindingsResponse, ListFindingsError, ListFindingsResponse, ReturnType<typeof listFindingsQueryKey>>({
    queryFn: async ({ queryKey, signal }) => {
        const { data } = await listFindings({
            ...options,
            ...queryKey[0],
            signal,
            throwOnError: true
        });
        return data;
    },
    queryKey: listFindingsQueryKey(options)
});

export const listFindingsInfiniteQueryKey = (options?: Options<ListFindingsData>): QueryKey<Options<ListFindingsData>> => createQueryKey('listFindings', options, true);

/**
 * What a person has to look at, oldest first
 *
 * For: operator.
 */
export const listFindingsInfiniteOptions = (options?: Options<ListFindingsData>) => infiniteQueryOptions<ListFindingsResponse, ListFindingsError, InfiniteData<ListFindingsResponse>, QueryKey<Options<ListFindingsData>>, string | Pick<QueryKey<Options<ListFindingsData>>[0], 'body' | 'headers' | 'path' | 'query'>>(
// @ts-ignore
{
    queryFn: async ({ pageParam, queryKey, signal }) => {
        // @ts-ignore
        const page: Pick<QueryKey<Options<ListFindingsData>>[0], 'body' | 'headers' | 'path' | 'query'> = typeof pageParam === 'object' ? pageParam : {
            query: {
                cursor: pageParam
            }
        };
        const params = createInfiniteParams(queryKey, page);
        const { data } = await listFindings({
            ...options,
            ...params,
            signal,
            throwOnError: true
        });
        return data;
    },
    queryKey: listFindingsInfiniteQueryKey(options)
});

/**
 * Try a charge again, without ever charging it twice
 *
 * A retrying one is tried now; one that is unknown, waits for the customer or is paid is looked up at Stripe; a failed or canceled one is ordered anew, once, for the same amount and units. 202 when something follows.
 *
 * For: operator.
 */
export const retryTopUpMutation = (options?: Partial<Options<RetryTopUpData>>): UseMutationOptions<RetryTopUpResponse, RetryTopUpError, Options<RetryTopUpData>> => {
    const mutationOptions: UseMutationOptions<RetryTopUpResponse, RetryTopUpError, Options<RetryTopUpData>> = {
        mutationFn: async (fnOptions) => {
            const { data } = await retryTopUp({
                ...options,
                ...fnOptions,
                throwOnError: true
            });
            return data;
        }
    };
    return mutationOptions;
};

/**
 * Close a top-up, unless its payment is quicker
 *
 * Its invoice is voided; if it turns out to be paid, it is credited. What automatic top-up wants stays wanted: suspend the account to keep it from starting another one.
 *
 * For: operator.
 */
export const cancelTopUpMutation = (options?: Partial<Options<CancelTopUpData>>): UseMutationOptions<CancelTopUpResponse, CancelTopUpError, Options<CancelTopUpData>> => {
    const mutationOptions: UseMutationOptions<CancelTopUpResponse, CancelTopUpError, Options<CancelTopUpData>> = {
        mutationFn: async (fnOptions) => {
            const { data } = await cancelTopUp({
                ...options,
                ...fnOptions,
                throwOnError: true
            });
            return data;
        }
    };
    return mutationOptions;
};

/**
 * Stop automatic top-ups of an account
 *
 * Until an operator resumes them. No new attempt is made of a charge that waits to be tried again.
 *
 * For: operator.
 */
export const suspendAccountMutation = (options?: Partial<Options<SuspendAccountData>>): UseMutationOptions<SuspendAccountResponse, SuspendAccountError, Options<SuspendAccountData>> => {
    const mutationOptions: UseMutationOptions<SuspendAccountResponse, SuspendAccountError, Options<SuspendAccountData>> = {
        mutationFn: async (fnOptions) => {
            const { data } = await suspendAccount({
                ...options,
                ...fnOptions,
                throwOnError: true
            });
            return data;
        }
    };
    return mutationOptions;
};

/**
 * Let automatic top-ups go on
 *
 * Lifts a suspension of any reason and forgives the failures before; what is wanted is charged at once.
 *
 * For: operator.
 */
export const resumeAccountMutation = (options?: Partial<Options<ResumeAccountData>>): UseMutationOptions<ResumeAccountResponse, ResumeAccountError, Options<ResumeAccountData>> => {
    const mutationOptions: UseMutationOptions<ResumeAccountResponse, ResumeAccountError, Options<ResumeAccountData>> = {
        mutationFn: async (fnOptions) => {
            const { data } = await resumeAccount({
                ...options,
                ...fnOptions,
                throwOnError: true
            });
            return data;
        }
    };
    return mutationOptions;
};

/**
 * Close a finding that a person has dealt with
 *
 * What is still so is open again as soon as it is seen again.
 *
 * For: operator.
 */
export const resolveFindingMutation = (options?: Partial<Options<ResolveFindingData>>): UseMutationOptions<ResolveFindingResponse, ResolveFindingError, Options<ResolveFindingData>> => {
    const mutationOptions: UseMutationOptions<ResolveFindingResponse, ResolveFindingError, Options<ResolveFindingData>> = {
        mutationFn: async (fnOptions) => {
            const { data } = await resolveFinding({
                ...options,
                ...fnOptions,
                throwOnError: true
            });
            return data;
        }
    };
    return mutationOptions;
};

/**
 * Correct a balance by a ledger entry
 *
 * For: operator.
 */
export const adjustBalanceMutation = (options?: Partial<Options<AdjustBalanceData>>): UseMutationOptions<AdjustBalanceResponse, AdjustBalanceError, Options<AdjustBalanceData>> => {
    const mutationOptions: UseMutationOptions<AdjustBalanceResponse, AdjustBalanceError, Options<AdjustBalanceData>> = {
        mutationFn: async (fnOptions) => {
            const { data } = await adjustBalance({
                ...options,
                ...fnOptions,
                throwOnError: true
            });
            return data;
        }
    };
    return mutationOptions;
};

/**
 * Make a link that signs in to the console once
 *
 * Within an hour, as the operator whose key asked for it.
 *
 * For: operator.
 */
export const createSignInCodeMutation = (options?: Partial<Options<CreateSignInCodeData>>): UseMutationOptions<CreateSignInCodeResponse, CreateSignInCodeError, Options<CreateSignInCodeData>> => {
    const mutationOptions: UseMutationOptions<CreateSignInCodeResponse, CreateSignInCodeError, Options<CreateSignInCodeData>> = {
        mutationFn: async (fnOptions) => {
            const { data } = await createSignInCode({
                ...options,
                ...fnOptions,
                throwOnError: true
            });
            return data;
        }
    };
    return mutationOptions;
};

/**
 * What retrying these would do, if they were retried in this order
 *
 * Nothing is changed. Each may come out otherwise if things change until it is retried.
 *
 * For: operator.
 */
export const previewRetriesMutation = (options?: Partial<Options<PreviewRetriesData>>): UseMutationOptions<PreviewRetriesResponse, PreviewRetriesError, Options<PreviewRetriesData>> => {
    const mutationOptions: UseMutationOptions<PreviewRetriesResponse, PreviewRetriesError, Options<PreviewRetriesData>> = {
        mutationFn: async (fnOptions) => {
            const { data } = await previewRetries({
                ...options,
                ...fnOptions,
                throwOnError: true
            });
            return data;
        }
    };
    return mutationOptions;
};

export const getTopUpStoryQueryKey = (options: Options<GetTopUpStoryData>) => createQueryKey('getTopUpStory', options);

/**
 * Why a top-up was decided, what was told of it and what it booked
 *
 * For: operator.
 */
export const getTopUpStoryOptions = (options: Options<GetTopUpStoryData>) => queryOptions<GetTopUpStoryResponse, GetTopUpStoryError, GetTopUpStoryResponse, ReturnType<typeof getTopUpStoryQueryKey>>({
    queryFn: async ({ queryKey, signal }) => {
        const { data } = await getTopUpStory({
            ...options,
            ...queryKey[0],
            signal,
            throwOnError: true
        });
        return data;
    },
    queryKey: getTopUpStoryQueryKey(options)
});

export const searchAccountsQueryKey = (options: Options<SearchAccountsData>) => createQueryKey('searchAccounts', options);

/**
 * Accounts whose id, name or address begins with a text
 *
 * For: operator.
 */
export const searchAccountsOptions = (options: Options<SearchAccountsData>) => queryOptions<SearchAccountsResponse, SearchAccountsError, SearchAccountsResponse, ReturnType<typeof searchAccountsQueryKey>>({
    queryFn: async ({ queryKey, signal }) => {
        const { data } = await searchAccounts({
            ...options,
            ...queryKey[0],
            signal,
            throwOnError: true
        });
        return data;
    },
    queryKey: searchAccountsQueryKey(options)
});

export const getOperatorAccountQueryKey = (options: Options<GetOperatorAccountData>) => createQueryKey('getOperatorAccount', options);

/**
 * An account with its suspension and links
 *
 * For: operator.
 */
export const getOperatorAccountOptions = (options: Options<GetOperatorAccountData>) => queryOptions<GetOperatorAccountResponse, GetOperatorAccountError, GetOperatorAccountResponse, ReturnType<typeof getOperatorAccountQueryKey>>({
    queryFn: async ({ queryKey, signal }) => {
        const { data } = await getOperatorAccount({
            ...options,
            ...queryKey[0],
            signal,
            throwOnError: true
        });
        return data;
    },
    queryKey: getOperatorAccountQueryKey(options)
});

export const listSettingsHistoryQueryKey = (options: Options<ListSettingsHistoryData>) => createQueryKey('listSettingsHistory', options);

/**
 * What was saved of both wallets, newest first
 *
 * For: operator.
 */
export const listSettingsHistoryOptions = (options: Options<ListSettingsHistoryData>) => queryOptions<ListSettingsHistoryResponse, ListSettingsHistoryError, ListSettingsHistoryResponse, ReturnType<typeof listSettingsHistoryQueryKey>>({
    queryFn: async ({ queryKey, signal }) => {
        const { data } = await listSettingsHistory({
            ...options,
            ...queryKey[0],
            signal,
            throwOnError: true
        });
        return data;
    },
    queryKey: listSettingsHistoryQueryKey(options)
});

/**
 * Send a balance alert that says that it is a test
 *
 * A notification and a mail, at once. It disarms no real alert, and the platform is not told.
 *
 * For: operator.
 */
export const sendTestAlertMutation = (options?: Partial<Options<SendTestAlertData>>): UseMutationOptions<SendTestAlertResponse, SendTestAlertError, Options<SendTestAlertData>> => {
    const mutationOptions: UseMutationOptions<SendTestAlertResponse, SendTestAlertError, Options<SendTestAlertData>> = {
        mutationFn: async (fnOptions) => {
            const { data } = await sendTestAlert({
                ...options,
                ...fnOptions,
                throwOnError: true
            });
            return data;
        }
    };
    return mutationOptions;
};

export const getAccountWorkflowQueryKey = (options: Options<GetAccountWorkflowData>) => createQueryKey('getAccountWorkflow', options);

/**
 * Where the account's workflow differs from the database
 *
 * Answers within seconds, also while Temporal is away.
 *
 * For: operator.
 */
export const getAccountWorkflowOptions = (options: Options<GetAccountWorkflowData>) => queryOptions<GetAccountWorkflowResponse, GetAccountWorkflowError, GetAccountWorkflowResponse, ReturnType<typeof getAccountWorkflowQueryKey>>({
    queryFn: async ({ queryKey, signal }) => {
        const { data } = await getAccountWorkflow({
            ...options,
            ...queryKey[0],
            signal,
            throwOnError: true
        });
        return data;
    },
    queryKey: getAccountWorkflowQueryKey(options)
});

export const listLostMailsQueryKey = (options?: Options<ListLostMailsData>) => createQueryKey('listLostMails', options);

/**
 * Mails that did not arrive, newest first
 *
 * For: operator.
 */
export const listLostMailsOptions = (options?: Options<ListLostMailsData>) => queryOptions<ListLostMailsResponse, ListLostMailsError, ListLostMailsResponse, ReturnType<typeof listLostMailsQueryKey>>({
    queryFn: async ({ queryKey, signal }) => {
        const { data } = await listLostMails({
            ...options,
            ...queryKey[0],
            signal,
            throwOnError: true
        });
        return data;
    },
    queryKey: listLostMailsQueryKey(options)
});

export const listLostMailsInfiniteQueryKey = (options?: Options<ListLostMailsData>): QueryKey<Options<ListLostMailsData>> => createQueryKey('listLostMails', options, true);

/**
 * Mails that did not arrive, newest first
 *
 * For: operator.
 */
export const listLostMailsInfiniteOptions = (options?: Options<ListLostMailsData>) => infiniteQueryOptions<ListLostMailsResponse, ListLostMailsError, InfiniteData<ListLostMailsResponse>, QueryKey<Options<ListLostMailsData>>, string | Pick<QueryKey<Options<ListLostMailsData>>[0], 'body' | 'headers' | 'path' | 'query'>>(
// @ts-ignore
{
    queryFn: async ({ pageParam, queryKey, signal }) => {
        // @ts-ignore
        const page: Pick<QueryKey<Options<ListLostMailsData>>[0], 'body' | 'headers' | 'path' | 'query'> = typeof pageParam === 'object' ? pageParam : {
            query: {
                cursor: pageParam
            }
        };
        const params = createInfiniteParams(queryKey, page);
        const { data } = await listLostMails({
            ...options,
            ...params,
            signal,
            throwOnError: true
        });
        return data;
    },
    queryKey: listLostMailsInfiniteQueryKey(options)
});

/**
 * Send a mail again that did not arrive
 *
 * To the account's address of now. An address that Postmark has blocked refuses it again.
 *
 * For: operator.
 */
export const replayMailMutation = (options?: Partial<Options<ReplayMailData>>): UseMutationOptions<ReplayMailResponse, ReplayMailError, Options<ReplayMailData>> => {
    const mutationOptions: UseMutationOptions<ReplayMailResponse, ReplayMailError, Options<ReplayMailData>> = {
        mutationFn: async (fnOptions) => {
            const { data } = await replayMail({
                ...options,
                ...fnOptions,
                throwOnError: true
            });
            return data;
        }
    };
    return mutationOptions;
};

export const getOperatorHealthQueryKey = (options?: Options<GetOperatorHealthData>) => createQueryKey('getOperatorHealth', options);

/**
 * Lag, stuck charges, dead letters, findings, and what the reconciler found
 *
 * For: operator.
 */
export const getOperatorHealthOptions = (options?: Options<GetOperatorHealthData>) => queryOptions<GetOperatorHealthResponse, GetOperatorHealthError, GetOperatorHealthResponse, ReturnType<typeof getOperatorHealthQueryKey>>({
    queryFn: async ({ queryKey, signal }) => {
        const { data } = await getOperatorHealth({
            ...options,
            ...queryKey[0],
            signal,
            throwOnError: true
        });
        return data;
    },
    queryKey: getOperatorHealthQueryKey(options)
});

export const listWebhookDeliveriesQueryKey = (options?: Options<ListWebhookDeliveriesData>) => createQueryKey('listWebhookDeliveries', options);

/**
 * Webhooks to the platform, newest first
 *
 * For: operator.
 */
export const listWebhookDeliveriesOptions = (options?: Options<ListWebhookDeliveriesData>) => queryOptions<ListWebhookDeliveriesResponse, ListWebhookDeliveriesError, ListWebhookDeliveriesResponse, ReturnType<typeof listWebhookDeliveriesQueryKey>>({
    queryFn: async ({ queryKey, signal }) => {
        const { data } = await listWebhookDeliveries({
            ...options,
            ...queryKey[0],
            signal,
            throwOnError: true
        });
        return data;
    },
    queryKey: listWebhookDeliveriesQueryKey(options)
});

export const listWebhookDeliveriesInfiniteQueryKey = (options?: Options<ListWebhookDeliveriesData>): QueryKey<Options<ListWebhookDeliveriesData>> => createQueryKey('listWebhookDeliveries', options, true);

/**
 * Webhooks to the platform, newest first
 *
 * For: operator.
 */
export const listWebhookDeliveriesInfiniteOptions = (options?: Options<ListWebhookDeliveriesData>) => infiniteQueryOptions<ListWebhookDeliveriesResponse, ListWebhookDeliveriesError, InfiniteData<ListWebhookDeliveriesResponse>, QueryKey<Options<ListWebhookDeliveriesData>>, string | Pick<QueryKey<Options<ListWebhookDeliveriesData>>[0], 'body' | 'headers' | 'path' | 'query'>>(
// @ts-ignore
{
    queryFn: async ({ pageParam, queryKey, signal }) => {
        // @ts-ignore
        const page: Pick<QueryKey<Options<ListWebhookDeliveriesData>>[0], 'body' | 'headers' | 'path' | 'query'> = typeof pageParam === 'object' ? pageParam : {
            query: {
                cursor: pageParam
            }
        };
        const params = createInfiniteParams(queryKey, page);
        const { data } = await listWebhookDeliveries({
            ...options,
            ...params,
            signal,
            throwOnError: true
        });
        return data;
    },
    queryKey: listWebhookDeliveriesInfiniteQueryKey(options)
});

/**
 * Send a webhook again
 *
 * Under the same message id, at once and then on the whole schedule. Audited.
 *
 * For: operator.
 */
export const replayWebhookDeliveryMutation = (options?: Partial<Options<ReplayWebhookDeliveryData>>): UseMutationOptions<ReplayWebhookDeliveryResponse, ReplayWebhookDeliveryError, Options<ReplayWebhookDeliveryData>> => {
    const mutationOptions: UseMutationOptions<ReplayWebhookDeliveryResponse, ReplayWebhookDeliveryError, Options<ReplayWebhookDeliveryData>> = {
        mutationFn: async (fnOptions) => {
            const { data } = await replayWebhookDelivery({
                ...options,
                ...fnOptions,
                throwOnError: true
            });
            return data;
        }
    };
    return mutationOptions;
};

export const listReconciliationsQueryKey = (options?: Options<ListReconciliationsData>) => createQueryKey('listReconciliations', options);

/**
 * Latest runs of the reconciler, newest first
 *
 * For: operator.
 */
export const listReconciliationsOptions = (options?: Options<ListReconciliationsData>) => queryOptions<ListReconciliationsResponse, ListReconciliationsError, ListReconciliationsResponse, ReturnType<typeof listReconciliationsQueryKey>>({
    queryFn: async ({ queryKey, signal }) => {
        const { data } = await listReconciliations({
            ...options,
            ...queryKey[0],
            signal,
            throwOnError: true
        });
        return data;
    },
    queryKey: listReconciliationsQueryKey(options)
});

/**
 * Give back a part of a payment, or all of it
 *
 * By a credit note in Stripe, to the card that paid. The units are taken back in proportion. The same request again under its `Idempotency-Key` is the same refund.
 *
 * For: operator.
 */
export const refundTopUpMutation = (options?: Partial<Options<RefundTopUpData>>): UseMutationOptions<RefundTopUpResponse, RefundTopUpError, Options<RefundTopUpData>> => {
    const mutationOptions: UseMutationOptions<RefundTopUpResponse, RefundTopUpError, Options<RefundTopUpData>> = {
        mutationFn: async (fnOptions) => {
            const { data } = await refundTopUp({
                ...options,
                ...fnOptions,
                throwOnError: true
            });
            return data;
        }
    };
    return mutationOptions;
};
