import { assert, integer, property } from 'fast-check';
import { expect, test } from 'vitest';
import { createLanguage } from '../../../activities/emails/language.ts';
import { cents, CURRENCY } from '../../../domain/money.ts';
import { fromDisplayUnits, quantity } from '../../../domain/quantities.ts';

const NBSP = '\u00A0';
const german = createLanguage({ locale: 'de', timeZone: 'Europe/Berlin' });
const english = createLanguage({ locale: 'en', timeZone: 'America/New_York' });
const minutes = (units: number) => fromDisplayUnits('call_minutes', units);

test('money has the form of the language', () => {
  expect(german.money(cents(1_234_50), CURRENCY)).toBe(`1.234,50${NBSP}€`);
  expect(english.money(cents(1_234_50), CURRENCY)).toBe('€1,234.50');
});

test.each([
  [0, '0 Gesprächsminuten', '0 call minutes'],
  [1, '1 Gesprächsminute', '1 call minute'],
  [1.5, '1,5 Gesprächsminuten', '1.5 call minutes'],
  [454, '454 Gesprächsminuten', '454 call minutes'],
  [1285, '1.285 Gesprächsminuten', '1,285 call minutes'],
  [-3.5, '-3,5 Gesprächsminuten', '-3.5 call minutes'],
  [0.29, '0,29 Gesprächsminuten', '0.29 call minutes'],
])('%s minutes are written with the right number and plural', (units, de, en) => {
  expect(german.amount('call_minutes', minutes(units))).toBe(de);
  expect(english.amount('call_minutes', minutes(units))).toBe(en);
});

test('chat credits have their own word', () => {
  expect(german.units('chat_credits', 1)).toBe('1 Chat-Credit');
  expect(english.units('chat_credits', 1285)).toBe('1,285 chat credits');
});

test('a balance one millisecond below a threshold is not written as the threshold', () => {
  expect(german.amount('call_minutes', quantity(10 * 60_000 - 1))).toBe('9,99 Gesprächsminuten');
});

test('a balance never looks larger than it is, nor smaller by more than a hundredth', () => {
  assert(
    property(integer({ min: -1_000_000_000, max: 1_000_000_000 }), (ms) => {
      const text = english.amount('call_minutes', quantity(ms)).replaceAll(',', '');
      const shownHundredths = Math.round(Number.parseFloat(text) * 100);
      expect(shownHundredths).toBe(Math.floor(ms / 600));
    }),
  );
});

test.each([
  ['19.0', `19${NBSP}%`, '19%'],
  ['7.7', `7,7${NBSP}%`, '7.7%'],
])('the rate %s is written as a percentage', (rate, de, en) => {
  expect(german.rate(rate)).toBe(de);
  expect(english.rate(rate)).toBe(en);
});

test('an instant is written in the reader’s time zone, which it names', () => {
  const atMs = Date.parse('2026-07-01T22:30:00Z');
  expect(german.instant(atMs)).toBe('2. Juli 2026 um 00:30 MESZ');
  expect(english.instant(atMs)).toBe('1 July 2026 at 18:30 GMT-4');
});

test('an instant in a zone that is not known is written in UTC', () => {
  const lost = createLanguage({ locale: 'en', timeZone: 'Mars/Olympus' });
  expect(lost.instant(Date.parse('2026-07-01T22:30:00Z'))).toBe('1 July 2026 at 22:30 UTC');
});
