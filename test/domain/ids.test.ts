import { describe, expect, test } from 'vitest';
import {
  accountId,
  accountIdOfWorkflow,
  entryCauses,
  providerKeys,
  topUpId,
  workflowIdOf,
} from '../../domain/ids.ts';

describe('account ids', () => {
  test.each(['acc_1', 'A', '0', 'a.b-c_d', 'x'.repeat(64)])('%s is one', (text) => {
    expect(accountId(text)).toBe(text);
  });

  test.each(['', ' acc', 'a/b', 'a b', '.a', '-a', 'a\n', 'ä', 'x'.repeat(65)])('%j is none', (text) => {
    expect(() => accountId(text)).toThrow(RangeError);
  });

  test('lead to the workflow and back', () => {
    expect(workflowIdOf(accountId('acc_1'))).toBe('account/acc_1');
    expect(accountIdOfWorkflow('account/acc_1')).toBe('acc_1');
    expect(accountIdOfWorkflow('other/acc_1')).toBeNull();
  });
});

describe('keys', () => {
  const id = topUpId('call_minutes', '0198c3f0-0000-7000-8000-000000000000');

  test('differ by call and by attempt, and by nothing else', () => {
    const keys = [
      providerKeys.invoice(id),
      providerKeys.item(id),
      providerKeys.finalize(id),
      providerKeys.pay(id, 1),
      providerKeys.pay(id, 2),
    ];
    expect(new Set(keys).size).toBe(keys.length);
    expect(providerKeys.pay(id, 2)).toBe(`topup:${id}:pay:2`);
  });

  test('fit into Stripe\u2019s 255 characters', () => {
    expect(providerKeys.customer(accountId('x'.repeat(64))).length).toBeLessThanOrEqual(255);
    expect(providerKeys.pay(id, 1_000).length).toBeLessThanOrEqual(255);
  });

  test('of entries are unique across the kinds of entries', () => {
    const causes = [entryCauses.usage('1'), entryCauses.grant('1'), entryCauses.refund('1')];
    expect(new Set([...causes, entryCauses.dispute('1'), entryCauses.adjustment('1')]).size).toBe(5);
    expect(topUpId('chat_credits', '1')).not.toBe(topUpId('call_minutes', '1'));
  });
});
