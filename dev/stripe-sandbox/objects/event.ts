import { API_VERSION, type Metadata } from './account.ts';

export type Event = ReturnType<typeof newEvent>;
export type WebhookEndpoint = ReturnType<typeof newWebhookEndpoint>;

export interface EventFacts {
  type: string;
  object: object;
  previous: Record<string, unknown> | undefined;
  pendingWebhooks: number;
  request: { id: string | null; idempotency_key: string | null };
}

export function newEvent(id: string, created: number, facts: EventFacts) {
  return {
    id,
    object: 'event' as const,
    api_version: API_VERSION as string | null,
    created,
    data: {
      object: facts.object,
      ...(facts.previous === undefined ? {} : { previous_attributes: facts.previous }),
    },
    livemode: false,
    pending_webhooks: facts.pendingWebhooks,
    request: facts.request,
    type: facts.type,
  };
}

export function newWebhookEndpoint(id: string, created: number, url: string, enabledEvents: string[]) {
  return {
    id,
    object: 'webhook_endpoint' as const,
    api_version: API_VERSION as string | null,
    application: null,
    created,
    description: null as string | null,
    enabled_events: enabledEvents,
    livemode: false,
    metadata: {} as Metadata,
    status: 'enabled' as 'enabled' | 'disabled',
    url,
  };
}
