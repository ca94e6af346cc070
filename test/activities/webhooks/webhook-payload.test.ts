import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { webhookMessage } from '../../../activities/webhooks/webhook-payload.ts';
import { WEBHOOK_SCHEMAS } from '../../../api/schemas/platform-webhooks.ts';
import { accountId } from '../../../domain/ids.ts';
import type { Notice } from '../../../domain/notices.ts';
import { WEBHOOK_TYPES } from '../../../domain/webhooks.ts';
import { SAMPLES } from '../emails/samples.ts';

const NOW_MS = Date.parse('2026-11-22T13:04:59.500Z');
const messageOf = (notice: Notice) => webhookMessage(accountId('acc_1'), notice, NOW_MS);

describe('a webhook', () => {
  test('is made of every notice of its types, and of no other', () => {
    for (const notice of Object.values(SAMPLES)) {
      const isTold = (WEBHOOK_TYPES as readonly string[]).includes(notice.kind);
      expect(messageOf(notice)?.type).toBe(isTold ? notice.kind : undefined);
    }
    const told = new Set(Object.values(SAMPLES).map((notice) => messageOf(notice)?.type));
    for (const type of WEBHOOK_TYPES) expect(told).toContain(type);
  });

  test('carries type, time and account, and nothing of a card', () => {
    for (const notice of Object.values(SAMPLES)) {
      const message = messageOf(notice);
      if (message === null) continue;
      expect(JSON.parse(message.payload)).toMatchObject({
        type: message.type,
        timestamp: expect.stringMatching(/^2026-11-22T13:0[45]:\d\d\.\d{3}Z$/),
        data: { account: 'acc_1', wallet: notice.wallet },
      });
      expect(message.payload).not.toMatch(/visa|mastercard|4242|0341|card/);
    }
  });

  test('has all the fields that the OpenAPI document names, and no other', () => {
    for (const notice of Object.values(SAMPLES)) {
      const message = messageOf(notice);
      if (message === null) continue;
      const payload: unknown = JSON.parse(message.payload);
      // An unknown field is dropped, a missing one refused.
      expect(WEBHOOK_SCHEMAS[message.type].parse(payload)).toEqual(payload);
    }
  });

  test('is as docs/webhooks.md shows one of every type', async () => {
    const page = await readFile(new URL('../../../docs/webhooks.md', import.meta.url), 'utf8');
    const shown = [...page.matchAll(/(?:^ {4}[ {}"].*\n)+/gm)]
      .map(([block]) => block.trim())
      .filter((block) => block.startsWith('{'))
      .map((block) => JSON.parse(block) as unknown);
    const { alertOn, depletedCalls, succeeded, failedRetrying, actionRequired, suspendedDecline, resumed } =
      SAMPLES;
    const notices: Notice[] = [
      alertOn,
      depletedCalls,
      succeeded,
      failedRetrying,
      actionRequired,
      suspendedDecline,
      resumed,
    ];
    expect(shown).toEqual(notices.map((notice) => JSON.parse(messageOf(notice)?.payload ?? '') as unknown));
  });
});
