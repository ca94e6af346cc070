import { setTimeout as sleep } from 'node:timers/promises';
import type { PlatformWebhooks } from '../activities/ports.ts';
import type { ClaimedWebhook, WebhookOutbox } from '../db/webhook-outbox.ts';
import type { Policy } from '../domain/policy.ts';
import { judgeWebhook } from '../domain/webhooks.ts';

export type WebhookSenderOptions = {
  outbox: WebhookOutbox;
  platform: PlatformWebhooks;
  policy: Pick<Policy, 'webhookRetryDelaysMs' | 'webhookTimeoutMs'>;
  /** It is not going to be tried again, until an operator replays it. */
  onDead: (dead: { accountId: string; messageId: string; type: string; detail: string }) => void;
  onFault: (fault: { error: unknown }) => void;
};

const MAX_AT_ONCE = 16;
const IDLE_POLL_MS = 250;
const FAULT_PAUSE_MS = 1_000;
/** Lease in time-outs: so long that nobody else takes what is still being sent and recorded. */
const LEASE_TIMEOUTS = 3;

/** Sends what is due in the outbox, each message on its own, so that a slow answer holds up no other. Several senders
 *  share the work; what a killed one had in hand is sent again, under the same id, when its lease has run out.
 *  @returns when `stop` is aborted and what was being sent has been recorded. */
export async function runWebhookSender(options: WebhookSenderOptions, stop: AbortSignal): Promise<void> {
  const { outbox, policy, onFault } = options;
  const sending = new Set<Promise<void>>();
  const leaseMs = policy.webhookTimeoutMs * LEASE_TIMEOUTS;
  while (!stop.aborted) {
    try {
      const claimed = await outbox.claim({ limit: MAX_AT_ONCE - sending.size, leaseMs });
      for (const webhook of claimed) {
        const done: Promise<void> = deliver(webhook, options).finally(() => sending.delete(done));
        sending.add(done);
      }
      if (sending.size >= MAX_AT_ONCE) await Promise.race(sending);
      else if (claimed.length === 0) await pause(IDLE_POLL_MS, stop);
    } catch (error) {
      onFault({ error });
      await pause(FAULT_PAUSE_MS, stop);
    }
  }
  await Promise.all(sending);
}

/** Never rejects: what cannot be recorded is claimed again. */
async function deliver(
  webhook: ClaimedWebhook,
  { outbox, platform, policy, onDead, onFault }: WebhookSenderOptions,
): Promise<void> {
  try {
    const answer = await platform.send(webhook);
    const verdict = judgeWebhook(answer, webhook.attempt, {
      retryDelaysMs: policy.webhookRetryDelaysMs,
      chance: Math.random(),
    });
    const responseStatus = answer.status === 'answered' ? answer.responseStatus : null;
    const detail = answer.status === 'answered' ? `answered ${answer.responseStatus}` : answer.detail;
    await outbox.settle(webhook, verdict, { responseStatus, detail });
    if (verdict.status === 'dead') {
      const { accountId, messageId, type } = webhook;
      onDead({ accountId, messageId, type, detail });
    }
  } catch (error) {
    onFault({ error });
  }
}

async function pause(ms: number, stop: AbortSignal): Promise<void> {
  // An abort ends the pause early, which is all that it is for.
  await sleep(ms, undefined, { signal: stop }).catch(() => undefined);
}
