import { describe, expect, test } from 'vitest';
import { PROBLEMS } from '../../api/problems.ts';
import { BLOCK_REASONS, SUSPENSION_REASONS } from '../../domain/account-state.ts';
import { AUTO_TOP_UP_STATES, STATE_REASONS } from '../../domain/explain.ts';
import { FAILURE_REASONS } from '../../domain/failures.ts';
import type { Quantity } from '../../domain/quantities.ts';
import { PRICES } from '../../domain/prices.ts';
import { settingsWarnings, type SettingsChoice } from '../../domain/settings.ts';
import { historyMessages } from '../../web/credits/history/messages.ts';
import { previewMessages } from '../../web/credits/preview-messages.ts';
import { readNumber } from '../../web/credits/top-up/read-number.ts';
import {
  merge,
  numberIn,
  savedBeneath,
  type SettingsValues,
} from '../../web/credits/top-up/settings-values.ts';
import { stateMessages } from '../../web/credits/top-up/state-messages.ts';
import { sharedMessages } from '../../web/shared/messages.ts';

describe('the page has words', () => {
  test.each(AUTO_TOP_UP_STATES)('for the state %s', (state) => {
    expect(stateMessages.de).toHaveProperty(`state_${state}`);
  });

  test.each([
    ...Object.keys(STATE_REASONS),
    ...SUSPENSION_REASONS,
    ...BLOCK_REASONS,
    ...FAILURE_REASONS,
    'monthly_cap',
    'daily_limit',
  ])('for the reason %s', (reason) => {
    expect(stateMessages.de).toHaveProperty(`reason_${reason}`);
  });

  test.each(FAILURE_REASONS)('of its own for a top-up that failed by %s, in both languages', (reason) => {
    for (const texts of [historyMessages.en, historyMessages.de]) {
      const failures = Object.entries(texts).filter(([key]) => key.startsWith('failure_'));
      const words = Object.fromEntries(failures)[`failure_${reason}`];
      expect(words).toMatch(/\.$/);
      expect(failures.filter(([, other]) => other === words)).toHaveLength(1);
    }
  });

  test('for every warning', () => {
    const choice = {
      enabled: true,
      alertBelow: 1,
      topUpBelow: 9_000_000,
      amountCents: 100,
      monthlyCapCents: 1,
    };
    const warnings = settingsWarnings('call_minutes', { ...choice, topUpOnRefusal: true } as SettingsChoice, {
      prices: PRICES.scale,
      usualHold: 10_000_000 as Quantity,
    });
    expect(warnings).toHaveLength(4);
    for (const { code } of warnings) expect(previewMessages.de).toHaveProperty(`warning_${code}`);
  });

  test('for problems that the API knows, and for no others', () => {
    const known = Object.keys(sharedMessages.en)
      .filter((key) => key.startsWith('problem_'))
      .map((key) => key.slice('problem_'.length))
      .filter((code) => code !== 'other' && code !== 'unreachable');
    expect(known.filter((code) => !(code in PROBLEMS))).toEqual([]);
  });
});

describe('two people who change the same settings', () => {
  const base: SettingsValues = {
    enabled: true,
    alertBelow: 10,
    topUpBelow: 5,
    amount: 50,
    monthlyCap: '',
    topUpOnRefusal: true,
  };

  test('conflict only where both changed a field, and differently', () => {
    const theirs = { ...base, amount: 60, topUpBelow: 6, alertBelow: 12 };
    const yours = { ...base, amount: 80, alertBelow: 12, monthlyCap: 100 };
    expect(merge(base, theirs, yours)).toEqual({
      conflicts: ['amount'],
      taken: ['topUpBelow'],
      merged: { ...yours, topUpBelow: 6 },
    });
  });

  test('lose nothing when the other one changed nothing', () => {
    const yours = { ...base, amount: 80 };
    expect(merge(base, base, yours)).toEqual({ conflicts: [], taken: [], merged: yours });
  });
});

test.each([
  ['en', '75.', 75],
  ['en', '75.5', 75.5],
  ['en', '.5', 0.5],
  ['en', '', ''],
  ['en', '-', '-'],
  ['en', '1,000', 1_000],
  ['en', '12,345.67', 12_345.67],
  ['en', '1,5', '1,5'],
  ['en', '1.000,50', '1.000,50'],
  ['de', '75,', 75],
  ['de', '75,5', 75.5],
  ['de', '1.000', 1_000],
  ['de', '12.345,67', 12_345.67],
  ['de', '75.5', '75.5'],
  ['de', '1,000.50', '1,000.50'],
] as const)('in a field, in the language %s, %j is %j', (locale, text, read) => {
  expect(readNumber(text, locale)).toBe(read);
  expect(numberIn(readNumber(text, locale))).toBe(typeof read === 'number' ? read : null);
});

test('what is typed while a save is on its way is kept over what was saved', () => {
  const sent = {
    enabled: true,
    alertBelow: 10,
    topUpBelow: 5,
    amount: 50,
    monthlyCap: '',
    topUpOnRefusal: true,
  };
  const saved = { ...sent, amount: 50, topUpOnRefusal: false };
  expect(savedBeneath(saved, sent, { ...sent, amount: 70 })).toEqual({ ...saved, amount: 70 });
});
