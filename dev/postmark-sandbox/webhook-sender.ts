import type { QueuedWebhook, WebhookQueue } from './webhook-queue.ts';

const REQUEST_TIMEOUT_MS = 10_000;
const MINUTE_MS = 60_000;

/** Postmark tries again after 1, 5, 3 × 10, 15, 30, 60, 120 and 360 minutes.
 *  @see https://postmarkapp.com/support/article/understanding-inbound-webhook-retries-in-postmark */
export const POSTMARK_RETRY_DELAYS_MS: readonly number[] = [1, 5, 10, 10, 10, 15, 30, 60, 120, 360].map(
  (minutes) => minutes * MINUTE_MS,
);

export type WebhookTarget = { url: string; user: string | null; password: string | null };

export type WebhookSender = {
  /** Looks at the queue now: call it after each addition. */
  wake(): void;
  /** Sends nothing more; resolves when the request under way has ended. */
  stop(): Promise<void>;
};

/** Posts queued webhooks in order, each until it is answered 200, forbidden by 403, or out of retries. */
export function startWebhookSender(
  queue: WebhookQueue,
  target: WebhookTarget,
  retryDelaysMs: readonly number[],
): WebhookSender {
  const stopping = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let round: Promise<void> | null = null;
  let wokenMeanwhile = false;

  const wake = () => {
    if (stopping.signal.aborted) return;
    wokenMeanwhile = true;
    round ??= runRounds().finally(() => {
      round = null;
      scheduleNext();
    });
  };
  const runRounds = async () => {
    while (wokenMeanwhile && !stopping.signal.aborted) {
      wokenMeanwhile = false;
      for (const webhook of queue.due(Date.now())) {
        if (stopping.signal.aborted) return;
        await deliver(queue, target, webhook, retryDelaysMs, stopping.signal);
      }
    }
  };
  const scheduleNext = () => {
    clearTimeout(timer);
    const dueAtMs = queue.nextDueAtMs();
    if (dueAtMs === null || stopping.signal.aborted) return;
    timer = setTimeout(wake, Math.max(0, dueAtMs - Date.now()));
  };

  wake();
  return {
    wake,
    async stop() {
      stopping.abort();
      clearTimeout(timer);
      await round;
    },
  };
}

async function deliver(
  queue: WebhookQueue,
  target: WebhookTarget,
  webhook: QueuedWebhook,
  retryDelaysMs: readonly number[],
  stopping: AbortSignal,
): Promise<void> {
  const status = await post(target, webhook.body, stopping);
  if (stopping.aborted) return;
  const retryDelayMs = retryDelaysMs[webhook.attempts];
  if (status !== null && status >= 200 && status < 300) queue.settle(webhook.id, 'delivered');
  else if (status === 403 || retryDelayMs === undefined) queue.settle(webhook.id, 'given_up');
  else queue.retryAt(webhook.id, Date.now() + retryDelayMs);
}

/** @returns the answer's status, or null when there was none. */
async function post(target: WebhookTarget, body: string, stopping: AbortSignal): Promise<number | null> {
  try {
    const response = await fetch(target.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': 'Postmark', ...basicAuth(target) },
      body,
      signal: AbortSignal.any([stopping, AbortSignal.timeout(REQUEST_TIMEOUT_MS)]),
    });
    await response.body?.cancel();
    return response.status;
  } catch {
    return null;
  }
}

function basicAuth({ user, password }: WebhookTarget): Record<string, string> {
  if (user === null && password === null) return {};
  const credentials = Buffer.from(`${user ?? ''}:${password ?? ''}`).toString('base64');
  return { authorization: `Basic ${credentials}` };
}
