import { newEvent, type WebhookEndpoint } from './objects/event.ts';
import { newId } from './ids.ts';
import type { Store } from './store.ts';
import type { Switches } from './switches.ts';

export interface EventLog {
  /** Records the event with a snapshot of the object, and a delivery for every endpoint that asked for its type. */
  emit(type: string, object: object, previous?: Record<string, unknown>): void;
}

export interface EventSource {
  store: Store;
  switches: Switches;
  now(): number;
  request: { id: string | null; idempotency_key: string | null };
}

export function createEventLog(source: EventSource): EventLog {
  return {
    emit(type, object, previous) {
      const endpoints = source.store.list('webhook_endpoint').filter((endpoint) => wants(endpoint, type));
      const event = newEvent(newId('evt'), source.now(), {
        type,
        object,
        previous,
        pendingWebhooks: endpoints.length,
        request: source.request,
      });
      source.store.put(event, { customer: customerOf(object) });
      const matching = { path: type, customer: customerOf(object) };
      if (endpoints.length === 0 || source.switches.take('webhooks_off', matching) !== undefined) return;
      for (const endpoint of endpoints) plan(source, event.id, endpoint.id, matching);
    },
  };
}

/** The fields of `before` that `after` has changed, as Stripe reports them in `previous_attributes`. */
export function previousAttributes(
  before: Record<string, unknown>,
  after: Record<string, unknown>,
): Record<string, unknown> {
  const changed = Object.entries(before).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(after[name]),
  );
  return Object.fromEntries(changed);
}

function plan(source: EventSource, event: string, endpoint: string, matching: { path: string }): void {
  const { store, switches } = source;
  const late = switches.take('webhook_late', matching);
  const reordered = switches.take('webhook_reorder', matching);
  // The first of n reordered events waits longest, so that they arrive last to first.
  const delayMs = (late?.ms ?? 0) + (reordered === undefined ? 0 : (reordered.remaining ?? 0) * reordered.ms);
  const copies = 1 + (switches.take('webhook_duplicate', matching)?.times ?? 0);
  const signature = forgery(switches, matching);
  const insert = store.db.prepare(
    `INSERT INTO deliveries (event, endpoint, attempts, next_at_ms, state, options) VALUES (?, ?, 0, ?, 'waiting', ?)`,
  );
  for (let copy = 0; copy < copies; copy += 1) {
    insert.run(event, endpoint, Date.now() + delayMs, JSON.stringify({ signature }));
  }
}

function forgery(switches: Switches, matching: { path: string }): 'good' | 'bad' | 'old' {
  if (switches.take('webhook_bad_signature', matching) !== undefined) return 'bad';
  return switches.take('webhook_old_signature', matching) === undefined ? 'good' : 'old';
}

function wants(endpoint: WebhookEndpoint, type: string): boolean {
  const events = endpoint.enabled_events;
  return endpoint.status === 'enabled' && (events.includes('*') || events.includes(type));
}

function customerOf(object: object): string | undefined {
  const { customer, object: name, id } = object as { customer?: unknown; object?: unknown; id?: unknown };
  if (name === 'customer' && typeof id === 'string') return id;
  return typeof customer === 'string' ? customer : undefined;
}
