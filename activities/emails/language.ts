import { IntlMessageFormat } from 'intl-messageformat';
import type { Cents, Currency } from '../../domain/money.ts';
import { toEuros } from '../../domain/money.ts';
import type { Quantity } from '../../domain/quantities.ts';
import { toDisplayUnits } from '../../domain/quantities.ts';
import type { Wallet } from '../../domain/wallet.ts';
import { de } from './catalogues/de.ts';
import type { MessageKey } from './catalogues/en.ts';
import { en } from './catalogues/en.ts';

export type Locale = 'de' | 'en';

/** Whom a notice is written for. `timeZone` is an IANA name; one that is not known here is read as UTC. */
export type Reader = { locale: Locale; timeZone: string; accountName: string };

/** Texts and formats of one reader. */
export type Language = {
  say(key: MessageKey, values?: Record<string, string | number>): string;
  /** A balance such as "12,5 Gesprächsminuten", cut to two decimals towards less. */
  amount(wallet: Wallet, quantity: Quantity): string;
  /** Whole display units such as "454 call minutes". */
  units(wallet: Wallet, units: number): string;
  /** The number behind `amount`, for the choice of a plural. */
  count(wallet: Wallet, quantity: Quantity): number;
  money(amountCents: Cents, currency: Currency): string;
  /** A percentage given as decimal text: "19.0" becomes "19 %". */
  rate(percentage: string): string;
  /** Date and time in the reader's zone, with the zone's name. */
  instant(atMs: number): string;
};

export const CATALOGUES: Readonly<Record<Locale, Readonly<Record<MessageKey, string>>>> = { de, en };

/** English is written for readers in Europe: day before month, 24 hours. */
const REGIONS: Readonly<Record<Locale, string>> = { de: 'de-DE', en: 'en-GB' };

const MAX_DECIMALS = 2;

export function createLanguage({ locale, timeZone }: Pick<Reader, 'locale' | 'timeZone'>): Language {
  const region = REGIONS[locale];
  const decimals = new Intl.NumberFormat(region, {
    maximumFractionDigits: MAX_DECIMALS,
    roundingMode: 'floor',
  });
  const percentages = new Intl.NumberFormat(region, { style: 'percent', maximumFractionDigits: 2 });
  const instants = instantFormat(region, timeZone);
  const say: Language['say'] = (key, values = {}) => {
    const message = new IntlMessageFormat(CATALOGUES[locale][key], region, undefined, { ignoreTag: true });
    return String(message.format(values));
  };
  const count = (wallet: Wallet, quantity: Quantity) =>
    Math.floor(toDisplayUnits(wallet, quantity) * 10 ** MAX_DECIMALS) / 10 ** MAX_DECIMALS;
  return {
    say,
    count,
    amount: (wallet, quantity) => {
      // As text, so that no binary fraction is cut to the next lower hundredth.
      const exact: `${number}` = `${toDisplayUnits(wallet, quantity)}`;
      return say(`amount.${wallet}`, { count: count(wallet, quantity), countText: decimals.format(exact) });
    },
    units: (wallet, units) => say(`amount.${wallet}`, { count: units, countText: decimals.format(units) }),
    money: (amountCents, currency) =>
      new Intl.NumberFormat(region, { style: 'currency', currency }).format(toEuros(amountCents)),
    rate: (percentage) => percentages.format(Number(percentage) / 100),
    instant: (atMs) => instants.format(atMs),
  };
}

function instantFormat(region: string, timeZone: string): Intl.DateTimeFormat {
  const options: Intl.DateTimeFormatOptions = {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
  };
  try {
    return new Intl.DateTimeFormat(region, { ...options, timeZone });
  } catch {
    // A notice in the wrong zone, which it names, beats a notice that never comes.
    return new Intl.DateTimeFormat(region, { ...options, timeZone: 'UTC' });
  }
}
