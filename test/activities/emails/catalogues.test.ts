import { IntlMessageFormat } from 'intl-messageformat';
import { expect, test } from 'vitest';
import type { MessageKey } from '../../../activities/emails/catalogues/en.ts';
import { CATALOGUES } from '../../../activities/emails/language.ts';

const KEYS = Object.keys(CATALOGUES.en) as MessageKey[];
const LITERAL = 0;

type Node = { type: number; value: unknown; options?: Record<string, { value: Node[] }> };

/** Every name that a message expects a value for, in plural branches too. */
function argumentsOf(message: string, locale: string): string[] {
  const collect = (nodes: Node[]): string[] =>
    nodes.flatMap((node) => [
      ...(node.type === LITERAL || typeof node.value !== 'string' ? [] : [node.value]),
      ...Object.values(node.options ?? {}).flatMap((option) => collect(option.value)),
    ]);
  const ast = new IntlMessageFormat(message, locale, undefined, { ignoreTag: true }).getAst();
  return [...new Set(collect(ast as unknown as Node[]))].sort();
}

test('both languages have the same messages', () => {
  expect(Object.keys(CATALOGUES.de).sort()).toEqual([...KEYS].sort());
});

test.each(KEYS)('%s takes the same values in both languages', (key) => {
  expect(argumentsOf(CATALOGUES.de[key], 'de')).toEqual(argumentsOf(CATALOGUES.en[key], 'en'));
});

test('no message is left empty or left in the other language', () => {
  const shared = KEYS.filter((key) => CATALOGUES.de[key] === CATALOGUES.en[key]);
  expect(shared).toEqual([]);
  expect(KEYS.filter((key) => CATALOGUES.de[key].trim() === '')).toEqual([]);
});

test('German addresses the reader formally', () => {
  const informal = KEYS.filter((key) => /\b(?:du|dir|dich|dein\w*|euch|euer\w*)\b/i.test(CATALOGUES.de[key]));
  expect(informal).toEqual([]);
});

test('no message contains the apostrophe that the message syntax takes for a quote', () => {
  const quoted = KEYS.filter((key) => `${CATALOGUES.de[key]}${CATALOGUES.en[key]}`.includes("'"));
  expect(quoted).toEqual([]);
});
