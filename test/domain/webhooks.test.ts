import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { POLICY } from '../../domain/policy.ts';
import { judgeWebhook, type WebhookAnswer } from '../../domain/webhooks.ts';

const DELAYS = POLICY.webhookRetryDelaysMs;
const answered = (responseStatus: number, retryAfterMs: number | null = null): WebhookAnswer => ({
  status: 'answered',
  responseStatus,
  retryAfterMs,
});
const judge = (answer: WebhookAnswer, attempt = 1, chance = 0) =>
  judgeWebhook(answer, attempt, { retryDelaysMs: DELAYS, chance });

describe('judgeWebhook', () => {
  it('takes every 2xx for a delivery, even of the last attempt', () => {
    for (const status of [200, 201, 204, 299])
      expect(judge(answered(status), 99)).toEqual({ status: 'delivered' });
  });

  it('ends at 410 at once, and otherwise after ten attempts', () => {
    expect(judge(answered(410))).toEqual({ status: 'dead' });
    expect(judge(answered(500), 9)).toMatchObject({ status: 'pending' });
    expect(judge(answered(500), 10)).toEqual({ status: 'dead' });
    expect(judge({ status: 'unanswered', detail: 'ECONNREFUSED' }, 10)).toEqual({ status: 'dead' });
  });

  it('waits as long as the platform asks, within its own longest pause', () => {
    expect(judge(answered(429, 60_000))).toEqual({ status: 'pending', retryInMs: 60_000 });
    expect(judge(answered(503, 1))).toEqual({ status: 'pending', retryInMs: DELAYS[0] });
    const longest = Math.max(...DELAYS);
    expect(judge(answered(503, 10 * longest))).toEqual({ status: 'pending', retryInMs: longest });
  });

  it('never tries again before the schedule, and never more than a tenth later', () => {
    const anything = fc.record({
      status: fc.integer({ min: 300, max: 599 }).filter((status) => status !== 410),
      attempt: fc.integer({ min: 1, max: DELAYS.length }),
      chance: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    });
    fc.assert(
      fc.property(anything, ({ status, attempt, chance }) => {
        const verdict = judge(answered(status), attempt, chance);
        const delayMs = DELAYS[attempt - 1] ?? 0;
        if (verdict.status !== 'pending') throw new Error('it has given up');
        expect(verdict.retryInMs).toBeGreaterThanOrEqual(delayMs);
        expect(verdict.retryInMs).toBeLessThanOrEqual(delayMs * 1.1 + 1);
      }),
    );
  });
});
