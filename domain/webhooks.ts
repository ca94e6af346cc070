import type { NoticeKind } from './notices.ts';

/** The notices that the platform hears of by webhook; the others concern the customer alone. */
export const WEBHOOK_TYPES = [
  'balance.alert',
  'balance.depleted',
  'top_up.succeeded',
  'top_up.failed',
  'top_up.action_required',
  'auto_top_up.suspended',
  'auto_top_up.resumed',
] as const satisfies readonly NoticeKind[];
export type WebhookType = (typeof WEBHOOK_TYPES)[number];

/** A message to the platform; `payload` is the body, byte for byte as it is going to be signed. */
export type WebhookMessage = { type: WebhookType; payload: string };

/** What came of one attempt to send. */
export type WebhookAnswer =
  | { status: 'answered'; responseStatus: number; retryAfterMs: number | null }
  /** No connection, or no answer in time: it may have been taken all the same. */
  | { status: 'unanswered'; detail: string };

export type WebhookVerdict =
  | { status: 'delivered' }
  | { status: 'pending'; retryInMs: number }
  | { status: 'dead' };

const GONE = 410;
/** Pauses are lengthened by up to this part of them, so that what failed together is not tried again together. */
const JITTER = 0.1;

/** Judges an attempt: any 2xx is a delivery, 410 is the end, everything else is tried again on the schedule
 *  (source: Standard Webhooks, "Delivery attempts and retries").
 *  @param attempt 1 for the first one.
 *  @param chance from 0 up to 1, at random. */
export function judgeWebhook(
  answer: WebhookAnswer,
  attempt: number,
  { retryDelaysMs, chance }: { retryDelaysMs: readonly number[]; chance: number },
): WebhookVerdict {
  if (answer.status === 'answered') {
    if (answer.responseStatus >= 200 && answer.responseStatus < 300) return { status: 'delivered' };
    if (answer.responseStatus === GONE) return { status: 'dead' };
  }
  const delayMs = retryDelaysMs[attempt - 1];
  if (delayMs === undefined) return { status: 'dead' };
  const askedMs = answer.status === 'answered' ? (answer.retryAfterMs ?? 0) : 0;
  // What the platform asks for is granted, but no longer than the longest pause that we would make ourselves.
  const grantedMs = Math.min(askedMs, Math.max(...retryDelaysMs));
  return { status: 'pending', retryInMs: Math.max(grantedMs, Math.round(delayMs * (1 + JITTER * chance))) };
}
