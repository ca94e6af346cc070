import { glob } from 'node:fs/promises';
import { IntlMessageFormat } from 'intl-messageformat';
import { describe, expect, test } from 'vitest';

const ROOT = new URL('../../', import.meta.url);

type Texts = Record<'en' | 'de', Record<string, string>>;

const catalogues = await readCatalogues();

describe('the texts of the pages', () => {
  test('every part has its texts in a catalogue', () => {
    expect(catalogues.length).toBeGreaterThanOrEqual(3);
  });

  test.each(catalogues)('$name says the same in both languages, with the same values', ({ texts }) => {
    expect(Object.keys(texts.de).sort()).toEqual(Object.keys(texts.en).sort());
    for (const [key, english] of Object.entries(texts.en)) {
      const german = texts.de[key]!;
      expect({ key, values: valuesOf(german) }).toEqual({ key, values: valuesOf(english) });
      expect(german.trim()).not.toBe('');
      expect(english.trim()).not.toBe('');
    }
  });
});

async function readCatalogues(): Promise<{ name: string; texts: Texts }[]> {
  const found: { name: string; texts: Texts }[] = [];
  for await (const file of glob('web/**/*messages.ts', { cwd: ROOT })) {
    if (file.includes('use-messages')) continue;
    const module = (await import(new URL(file, ROOT).href)) as Record<string, Texts>;
    for (const [name, texts] of Object.entries(module)) found.push({ name, texts });
  }
  return found;
}

type Element = {
  type: number;
  value: string;
  children?: Element[];
  options?: Record<string, { value: Element[] }>;
};

/** Literal text and the `#` of a plural; all other elements name a value. */
const NAMELESS = new Set([0, 7]);

/** The names of the values and tags that a text takes. */
function valuesOf(text: string): string[] {
  const names = new Set<string>();
  const visit = (elements: readonly Element[]): void => {
    for (const { type, value, children = [], options = {} } of elements) {
      if (!NAMELESS.has(type)) names.add(value);
      visit(children);
      for (const option of Object.values(options)) visit(option.value);
    }
  };
  visit(new IntlMessageFormat(text, 'en').getAst() as Element[]);
  return [...names].sort();
}
