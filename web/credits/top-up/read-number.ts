import type { Locale } from '../../shared/i18n/catalogue.ts';

const DECIMAL = { de: ',', en: '.' } as const satisfies Record<Locale, string>;

/** Digits, in groups of three or without any, and then perhaps decimals; ".5" and "75." are numbers, too. */
const WRITTEN = {
  de: /^(?:\d+|\d{1,3}(?:\.\d{3})+)(?:,\d*)?$|^,\d+$/,
  en: /^(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d*)?$|^\.\d+$/,
} as const satisfies Record<Locale, RegExp>;

/** Reads a number as the language writes it: "1,000.50" in English and "1.000,50" in German.
 *  @returns the number; the text as it is when it is none, because "1,5" in English may mean 1.5 or 15, and a guess
 *  could cost the customer money. */
export function readNumber(text: string, locale: Locale): number | string {
  const trimmed = text.trim();
  if (!WRITTEN[locale].test(trimmed)) return trimmed;
  const [whole = '', decimals = ''] = trimmed.split(DECIMAL[locale]);
  return Number(`${whole.replaceAll(/\D/g, '')}.${decimals}`);
}

/** Writes a number for a field, without groups, so that it is easily changed. */
export function writeNumber(value: number | string, locale: Locale): string {
  return typeof value === 'string' ? value : String(value).replace('.', DECIMAL[locale]);
}
