import { Webhook } from 'standardwebhooks';
import type { PlatformWebhooks } from '../ports.ts';

export type PlatformWebhooksOptions = {
  url: string;
  /** `whsec_…`; each of them signs, so that the platform may know either while they are rotated. */
  secrets: readonly string[];
  timeoutMs: number;
};

/** Sends to the platform by Standard Webhooks 1.0. Every attempt has a timestamp and signature of its own; a
 *  redirect is not followed, because it would hand the message to somebody else. */
export function createPlatformWebhooks({
  url,
  secrets,
  timeoutMs,
}: PlatformWebhooksOptions): PlatformWebhooks {
  const signers = secrets.map((secret) => new Webhook(secret));
  return {
    async send({ messageId, payload }) {
      const sentAt = new Date();
      try {
        const response = await fetch(url, {
          method: 'POST',
          redirect: 'manual',
          signal: AbortSignal.timeout(timeoutMs),
          headers: {
            'content-type': 'application/json',
            'user-agent': 'auto-top-up-webhooks/1',
            'webhook-id': messageId,
            'webhook-timestamp': String(Math.floor(sentAt.getTime() / 1_000)),
            'webhook-signature': signers.map((signer) => signer.sign(messageId, sentAt, payload)).join(' '),
          },
          body: payload,
        });
        // Nothing is read of what it says: the status is the answer. A connection that breaks here changes nothing.
        await response.body?.cancel().catch(() => undefined);
        const retryAfterMs = retryAfterOf(response.headers.get('retry-after'), sentAt);
        return { status: 'answered', responseStatus: response.status, retryAfterMs };
      } catch (error) {
        return { status: 'unanswered', detail: faultOf(error, timeoutMs) };
      }
    },
  };
}

/** Seconds, or an HTTP date. */
function retryAfterOf(header: string | null, sentAt: Date): number | null {
  if (header === null) return null;
  const atMs = /^\d{1,9}$/.test(header) ? sentAt.getTime() + Number(header) * 1_000 : Date.parse(header);
  return Number.isNaN(atMs) ? null : Math.max(0, atMs - sentAt.getTime());
}

function faultOf(error: unknown, timeoutMs: number): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `no answer within ${timeoutMs} ms`;
  const { cause } = error;
  if (!(cause instanceof Error)) return error.message;
  return 'code' in cause ? String(cause.code) : cause.message;
}
