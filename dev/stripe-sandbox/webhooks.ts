import { createHmac } from 'node:crypto';
import type { Store } from './store.ts';

/** Stripe tries for three days; a sandbox that is watched tries a few minutes, at first quickly. */
const RETRY_DELAYS_MS = [
  200, 500, 1000, 2000, 4000, 8000, 15_000, 30_000, 60_000, 60_000, 60_000, 60_000,
] as const;
const ANSWER_WITHIN_MS = 10_000;
const TAKEN_AT_ONCE = 40;

interface Delivery {
  seq: number;
  event: string;
  endpoint: string;
  /** Whom the event is about; empty when about no customer. */
  customer: string;
  attempts: number;
  signature: 'good' | 'bad' | 'old';
}

/** Delivers recorded events to their endpoints, in the order in which they fell due for one customer, until they are answered with 2xx
 *  or the retries are used up. What was not delivered when the sandbox died is delivered after its restart. */
export class WebhookSender {
  readonly #store: Store;
  readonly #stopped = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;

  constructor(store: Store) {
    this.#store = store;
  }

  /** To be called when something may be due. */
  wake(): void {
    if (this.#stopped.signal.aborted || this.#running !== undefined) return;
    clearTimeout(this.#timer);
    this.#running = this.#deliverDue().finally(() => {
      this.#running = undefined;
      this.#sleepUntilNext();
    });
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    clearTimeout(this.#timer);
    await this.#running;
  }

  async #deliverDue(): Promise<void> {
    for (;;) {
      const due = this.#stopped.signal.aborted ? [] : this.#due();
      if (due.length === 0) return;
      await Promise.all(inLines(due).map((line) => this.#deliverLine(line)));
    }
  }

  async #deliverLine(line: readonly Delivery[]): Promise<void> {
    for (const delivery of line) {
      if (this.#stopped.signal.aborted) return;
      await this.#deliver(delivery);
    }
  }

  #due(): Delivery[] {
    const rows = this.#store.db
      .prepare(
        `SELECT deliveries.*, objects.customer FROM deliveries LEFT JOIN objects ON objects.id = deliveries.event
         WHERE state = 'waiting' AND next_at_ms <= ? ORDER BY next_at_ms, deliveries.seq LIMIT ${TAKEN_AT_ONCE}`,
      )
      .all(Date.now());
    return rows.map((row) => ({
      seq: Number(row['seq']),
      event: String(row['event']),
      endpoint: String(row['endpoint']),
      customer: row['customer'] === null ? '' : String(row['customer']),
      attempts: Number(row['attempts']),
      signature: (JSON.parse(String(row['options'])) as Pick<Delivery, 'signature'>).signature,
    }));
  }

  async #deliver(delivery: Delivery): Promise<void> {
    const endpoint = this.#store.find('webhook_endpoint', delivery.endpoint);
    const event = this.#store.find('event', delivery.event);
    if (endpoint === undefined || event === undefined) {
      this.#settle(delivery, 'dropped', null, 0);
      return;
    }
    const payload = JSON.stringify(event, null, 2);
    const secret = this.#store.hidden(endpoint.id)['secret'] ?? '';
    const header = sign(payload, secret, delivery.signature);
    const status = await this.#post(endpoint.url, payload, header);
    if (this.#stopped.signal.aborted && status === null) return;
    if (status !== null && status >= 200 && status < 300) {
      this.#settle(delivery, 'delivered', status, 0);
      this.#store.put({ ...event, pending_webhooks: Math.max(event.pending_webhooks - 1, 0) });
      return;
    }
    const delayMs = RETRY_DELAYS_MS[delivery.attempts];
    this.#settle(delivery, delayMs === undefined ? 'failed' : 'waiting', status, Date.now() + (delayMs ?? 0));
  }

  /** The status of the answer, or null when there was none. */
  async #post(url: string, payload: string, signature: string): Promise<number | null> {
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json; charset=utf-8',
          'stripe-signature': signature,
          'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
        },
        body: payload,
        redirect: 'manual',
        signal: AbortSignal.any([this.#stopped.signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]),
      });
      await response.arrayBuffer();
      return response.status;
    } catch {
      return null;
    }
  }

  #settle(delivery: Delivery, state: string, status: number | null, nextAtMs: number): void {
    this.#store.db
      .prepare(
        'UPDATE deliveries SET state = ?, attempts = attempts + 1, last_status = ?, next_at_ms = ? WHERE seq = ?',
      )
      .run(state, status, nextAtMs, delivery.seq);
  }

  #sleepUntilNext(): void {
    if (this.#stopped.signal.aborted) return;
    const row = this.#store.db
      .prepare(`SELECT min(next_at_ms) AS at FROM deliveries WHERE state = 'waiting'`)
      .get();
    const at = row?.['at'];
    if (typeof at !== 'number') return;
    this.#timer = setTimeout(() => this.wake(), Math.max(at - Date.now(), 10));
  }
}

/** One line for each endpoint and customer: in order within it, side by side with the others. */
function inLines(due: readonly Delivery[]): Delivery[][] {
  return [...Map.groupBy(due, ({ endpoint, customer }) => `${endpoint} ${customer}`).values()];
}

function sign(payload: string, secret: string, kind: Delivery['signature']): string {
  const now = Math.floor(Date.now() / 1000);
  if (kind === 'bad') return signatureHeader(payload, `${secret}-forged`, now);
  return signatureHeader(payload, secret, kind === 'old' ? now - 3600 : now);
}

/** The `Stripe-Signature` header for a payload: `t=…,v1=…`, HMAC-SHA256 over `t.payload`. */
function signatureHeader(payload: string, secret: string, timestamp: number): string {
  const signature = createHmac('sha256', secret).update(`${timestamp}.${payload}`).digest('hex');
  return `t=${timestamp},v1=${signature}`;
}
