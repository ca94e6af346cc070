import { expect, test } from 'vitest';
import { topUpId } from '../../domain/ids.ts';
import type { NoticeIdentity } from '../../domain/notices.ts';
import { noticeCause } from '../../domain/notices.ts';

const first = topUpId('call_minutes', '1');
const second = topUpId('chat_credits', '2');

const DIFFERENT: NoticeIdentity[] = [
  { kind: 'balance.alert', wallet: 'call_minutes', seq: 7, alertVersion: 1 },
  { kind: 'balance.alert', wallet: 'chat_credits', seq: 7, alertVersion: 1 },
  { kind: 'balance.alert', wallet: 'call_minutes', seq: 8, alertVersion: 1 },
  { kind: 'balance.alert', wallet: 'call_minutes', seq: 7, alertVersion: 2 },
  { kind: 'balance.depleted', wallet: 'call_minutes', seq: 7 },
  { kind: 'top_up.succeeded', topUpId: first },
  { kind: 'top_up.succeeded', topUpId: second },
  { kind: 'top_up.failed', topUpId: first, attempt: 1, nextAttemptAtMs: 5 },
  { kind: 'top_up.failed', topUpId: first, attempt: 2, nextAttemptAtMs: 5 },
  { kind: 'top_up.failed', topUpId: first, attempt: 2, nextAttemptAtMs: null },
  { kind: 'top_up.action_required', topUpId: first },
  { kind: 'top_up.action_reminder', topUpId: first },
  { kind: 'top_up.refunded', refundId: 're_1' },
  { kind: 'auto_top_up.suspended', sinceMs: 1 },
  { kind: 'auto_top_up.resumed', sinceMs: 1 },
];

test('different happenings have different causes', () => {
  expect(new Set(DIFFERENT.map(noticeCause)).size).toBe(DIFFERENT.length);
});

test('the cause of a happening does not depend on what else is known of it', () => {
  const told = { kind: 'balance.depleted', wallet: 'call_minutes', seq: 7 } as const;
  const toldAgain = { ...told, balance: -3, autoTopUp: { state: 'off' } };
  expect(noticeCause(toldAgain)).toBe(noticeCause(told));
  expect(noticeCause(told)).toBe('balance.depleted:call_minutes:7');
});
