import { expect, test } from 'vitest';
import { classifyDecline } from '../../domain/failures.ts';

test.each(['lost_card', 'stolen_card', 'expired_card', 'pickup_card', 'revocation_of_authorization'])(
  '%s is never tried again',
  (code) => {
    expect(classifyDecline(code, null).kind).toBe('hard');
  },
);

test.each(['insufficient_funds', 'processing_error', 'try_again_later', 'generic_decline', 'a_new_code'])(
  '%s is tried again',
  (code) => {
    expect(classifyDecline(code, null).kind).toBe('soft');
    expect(classifyDecline(code, 'try_again_later').kind).toBe('soft');
  },
);

test('the network\u2019s advice decides before the code', () => {
  expect(classifyDecline('insufficient_funds', 'do_not_try_again').kind).toBe('hard');
});

test('a decline is named in words that people know, and keeps its code', () => {
  expect(classifyDecline('stolen_card', null)).toEqual({
    kind: 'hard',
    reason: 'lost_or_stolen_card',
    code: 'stolen_card',
  });
  expect(classifyDecline('do_not_honor', null).reason).toBe('card_declined');
  expect(classifyDecline('card_velocity_exceeded', null).reason).toBe('insufficient_funds');
});
