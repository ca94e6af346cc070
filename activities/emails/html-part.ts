import {
  Body,
  Button,
  Container,
  Head,
  Heading,
  Hr,
  Html,
  Link,
  Preview,
  Section,
  Text,
} from '@react-email/components';
import { render } from '@react-email/render';
import type { ReactElement } from 'react';
import { createElement as h } from 'react';
import type { Reader } from './language.ts';
import { createLanguage } from './language.ts';
import type { Fact, Letter } from './letter.ts';
import { STYLES, TONE_COLOURS } from './styles.ts';

/** Sets a letter as HTML for mail programs: tables, inline styles, no pictures, nothing loaded. */
export async function htmlPart(letter: Letter, reader: Reader): Promise<string> {
  return render(frame(letter, reader));
}

function frame(letter: Letter, reader: Reader): ReactElement {
  const language = createLanguage(reader);
  return h(
    Html,
    { lang: reader.locale, dir: 'ltr' },
    h(
      Head,
      null,
      h('title', null, letter.title),
      h('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
      h('meta', { name: 'color-scheme', content: 'light' }),
    ),
    h(Preview, null, letter.body),
    h(
      Body,
      { style: STYLES.page },
      h(
        Container,
        { style: STYLES.card },
        h(Section, { style: { ...STYLES.bar, backgroundColor: TONE_COLOURS[letter.tone] } }),
        h(Section, { style: STYLES.content }, ...content(letter, language.say('frame.greeting'))),
      ),
      h(
        Container,
        { style: STYLES.footer },
        h(Text, { style: STYLES.small }, language.say('frame.footer', { accountName: reader.accountName })),
      ),
    ),
  );
}

function content(letter: Letter, greeting: string): ReactElement[] {
  return [
    h(Text, { key: 'topic', style: STYLES.topic }, letter.topic),
    h(Heading, { key: 'title', as: 'h1', style: STYLES.title }, letter.title),
    ...[greeting, letter.body, ...letter.paragraphs].map((paragraph, index) =>
      h(Text, { key: `paragraph-${index}`, style: STYLES.paragraph }, paragraph),
    ),
    ...(letter.facts.length === 0 ? [] : [factTable(letter.facts)]),
    ...letter.notes.map((note) => h(Text, { key: note, style: STYLES.note }, note)),
    h(
      Section,
      { key: 'button', style: STYLES.buttonRow },
      h(Button, { href: letter.button.url, style: STYLES.button }, letter.button.label),
    ),
    ...(letter.links.length === 0 ? [] : [h(Hr, { key: 'rule', style: STYLES.rule }), linkLine(letter)]),
  ];
}

function linkLine(letter: Letter): ReactElement {
  const links = letter.links.flatMap(({ label, url }, index) => [
    ...(index === 0 ? [] : [' · ']),
    h(Link, { key: label, href: url, style: STYLES.link }, label),
  ]);
  return h(Text, { key: 'links', style: STYLES.links }, ...links);
}

function factTable(facts: readonly Fact[]): ReactElement {
  const rows = facts.map(({ label, value, strong = false }) => {
    const weight = { fontWeight: strong ? 600 : 400 };
    return h(
      'tr',
      { key: label },
      h('th', { scope: 'row', align: 'left', style: { ...STYLES.factLabel, ...weight } }, label),
      h('td', { align: 'right', style: { ...STYLES.factValue, ...weight } }, value),
    );
  });
  return h(
    'table',
    { key: 'facts', width: '100%', cellPadding: 0, cellSpacing: 0, style: STYLES.facts },
    h('tbody', null, ...rows),
  );
}
