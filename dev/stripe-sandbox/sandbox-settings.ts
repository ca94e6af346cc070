import { randomText } from './ids.ts';
import { newWebhookEndpoint } from './objects/event.ts';
import type { Store } from './store.ts';

/** The endpoint that is configured from outside, beside those made by API. */
const CONFIGURED_ENDPOINT = 'we_1SandboxConfigured';

/** Posts every event from now on to this URL; null stops it. The secret is kept from before unless given. */
export function setWebhookTarget(
  store: Store,
  now: number,
  target: { url: string | null; secret?: string | undefined },
): void {
  if (target.url === null) {
    store.bury('webhook_endpoint', CONFIGURED_ENDPOINT);
    return;
  }
  const secret = target.secret ?? store.hidden(CONFIGURED_ENDPOINT)['secret'] ?? `whsec_${randomText(32)}`;
  store.unbury('webhook_endpoint', CONFIGURED_ENDPOINT);
  store.put(newWebhookEndpoint(CONFIGURED_ENDPOINT, now, target.url, ['*']), { hidden: { secret } });
}

/** Where events are posted as configured, with the secret they are signed with. */
export function webhookTarget(store: Store): { url: string; secret: string } | null {
  const endpoint = store.find('webhook_endpoint', CONFIGURED_ENDPOINT);
  const secret = store.hidden(CONFIGURED_ENDPOINT)['secret'];
  return endpoint === undefined || secret === undefined ? null : { url: endpoint.url, secret };
}

/** Moves the sandbox's clock forward. Idempotency keys, check-out sessions and due dates follow it.
 *  @returns the new time, in seconds. */
export function advanceClock(store: Store, seconds: number): number {
  const offset = Number(store.setting('clock_offset_seconds') ?? 0) + seconds;
  store.setSetting('clock_offset_seconds', String(offset));
  return Math.floor(Date.now() / 1000) + offset;
}
