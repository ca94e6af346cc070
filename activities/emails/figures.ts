import type { Figures, NoticeCard } from '../../domain/notices.ts';
import type { Language } from './language.ts';
import type { Fact } from './letter.ts';

/** Net, VAT with its rate, the reverse charge or that there is none, and total. */
export function figureFacts(language: Language, figures: Figures): Fact[] {
  const { netCents, vatCents, totalCents, currency, vatRate, reverseCharge } = figures;
  const vatText = language.money(vatCents, currency);
  const isUntaxed = vatRate === null && !reverseCharge;
  return [
    { label: language.say('fact.net'), value: language.money(netCents, currency) },
    {
      label:
        vatRate === null || reverseCharge
          ? language.say('fact.vat')
          : language.say('fact.vatAt', { rateText: language.rate(vatRate) }),
      value: reverseCharge
        ? language.say('fact.reverseCharge', { vatText })
        : isUntaxed
          ? language.say('fact.noVat', { vatText })
          : vatText,
    },
    { label: language.say('fact.total'), value: language.money(totalCents, currency), strong: true },
  ];
}

export function figureNotes(language: Language, figures: Figures): string[] {
  return figures.reverseCharge ? [language.say('note.reverseCharge')] : [];
}

/** "Visa ending in 4242"; null without a card. */
export function cardName(language: Language, card: NoticeCard | null): string | null {
  if (card === null) return null;
  const brand = card.brand.charAt(0).toUpperCase() + card.brand.slice(1);
  return language.say('card.ending', { brand, last4: card.last4 });
}

/** A fact that is left out when its value is not known. */
export function optionalFact(label: string, value: string | null): Fact[] {
  return value === null ? [] : [{ label, value }];
}
