import type { Language, Reader } from './language.ts';

/** The pages that a letter's button may lead to. */
export type Links = {
  creditsUrl: string;
  /** Where a card is added; the credits page when there is no page of its own. */
  paymentMethodUrl?: string;
};

export type Tone = 'good' | 'neutral' | 'warning' | 'critical';

/** A row of figures; `strong` for the one that sums up the others. */
export type Fact = { label: string; value: string; strong?: boolean };

export type Link = { label: string; url: string };

/** What a notice says, before it is set as HTML or text. `title` and `body` are also the dashboard's. */
export type Letter = {
  tone: Tone;
  /** The line above the title: what the notice is about. */
  topic: string;
  title: string;
  body: string;
  paragraphs: string[];
  facts: Fact[];
  notes: string[];
  button: Link;
  links: Link[];
};

/** What the writers of letters work with. */
export type Desk = { language: Language; reader: Reader; links: Links };
