import type { Reader } from './language.ts';
import { createLanguage } from './language.ts';
import type { Letter } from './letter.ts';

/** Sets a letter as plain text. */
export function textPart(letter: Letter, reader: Reader): string {
  const language = createLanguage(reader);
  const facts = letter.facts.map(({ label, value }) => `${label}: ${value}`).join('\n');
  const blocks = [
    `${letter.title}\n${'='.repeat(letter.title.length)}`,
    language.say('frame.greeting'),
    letter.body,
    ...letter.paragraphs,
    facts,
    ...letter.notes,
    `${letter.button.label}:\n${letter.button.url}`,
    ...letter.links.map(({ label, url }) => `${label}:\n${url}`),
    `-- \n${language.say('frame.footer', { accountName: oneLine(reader.accountName) })}`,
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

/** A name is the customer's own text: it must not be able to look like a part of the mail. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
