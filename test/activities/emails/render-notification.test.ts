import { expect, test } from 'vitest';
import { failureWords } from '../../../activities/emails/failure-words.ts';
import { createLanguage } from '../../../activities/emails/language.ts';
import {
  notificationText,
  renderEmail,
  renderNotification,
} from '../../../activities/emails/render-notification.ts';
import { FAILURE_REASONS } from '../../../domain/failures.ts';
import { NOTICE_KINDS } from '../../../domain/notices.ts';
import { ENGLISH, GERMAN, LINKS, SAMPLES } from './samples.ts';

const NBSP = '\u00A0';
const CASES = Object.entries(SAMPLES).flatMap(([name, notice]) =>
  [GERMAN, ENGLISH].map((reader) => ({ name, locale: reader.locale, notice, reader })),
);

/** What a person reads of a page, without tags and with spaces run together. */
const visible = (html: string) =>
  html
    .replace(/<head>.*<\/head>/s, '')
    .replace(/<!--.*?-->/gs, '')
    .replace(/<[^>]+>/g, ' ')
    .replaceAll('&amp;', '&')
    .replaceAll('&#x27;', "'")
    .replace(/\s+/g, ' ');
const flat = (text: string) => text.replace(/\s+/g, ' ');

test('the samples cover every kind of notice', () => {
  expect(new Set(Object.values(SAMPLES).map(({ kind }) => kind))).toEqual(new Set(NOTICE_KINDS));
});

test.each(CASES)('$name ($locale) says the same on the dashboard, in HTML and in text', async (sample) => {
  const { title, body, email } = await renderNotification(sample.notice, sample.reader, LINKS);
  expect(email.subject).toBe(title);
  for (const part of [visible(email.html), flat(email.text)]) {
    expect(part).toContain(flat(title));
    expect(part).toContain(flat(body));
    expect(part).toContain(sample.reader.accountName);
  }
  expect(notificationText(sample.notice, sample.reader)).toEqual({ title, body });
});

test.each(CASES)('$name ($locale) leaves no value out and no brace in', async (sample) => {
  const { subject, html, text } = await renderEmail(sample.notice, sample.reader, LINKS);
  for (const part of [subject, visible(html), text]) {
    expect(part).not.toMatch(/[{}]|undefined|null|NaN|\[object/);
  }
});

test.each(CASES)(
  '$name ($locale) has one button, and every address of the HTML is in the text',
  async (sample) => {
    const { html, text } = await renderEmail(sample.notice, sample.reader, LINKS);
    expect(html.match(/mso-padding-alt:0px;background-color/g) ?? []).toHaveLength(1);
    const urls = [...html.matchAll(/<a [^>]*href="([^"]+)"/g)].map((match) => match[1]!);
    expect(urls.length).toBeGreaterThan(0);
    for (const url of urls) expect(text).toContain(url);
    expect(html).toContain(`lang="${sample.locale}"`);
  },
);

test('a successful top-up names units, net, VAT with its rate, total, invoice and balance', async () => {
  const { subject, text } = await renderEmail(SAMPLES.succeeded, GERMAN, LINKS);
  expect(subject).toBe('454 Gesprächsminuten gutgeschrieben');
  expect(text.replaceAll(NBSP, ' ').split('\n')).toEqual(
    expect.arrayContaining([
      'Gutgeschrieben: 454 Gesprächsminuten',
      'Netto: 50,00 €',
      'USt. (19 %): 9,50 €',
      'Gesamt: 59,50 €',
      'Rechnungsnummer: FA-2026-0042',
      'Bezahlt am: 22. November 2026 um 14:05 MEZ',
      'Bezahlt mit: Visa mit den Endziffern 4242',
      'Neues Guthaben: 458,75 Gesprächsminuten',
      'https://invoice.example/42',
      'https://invoice.example/42.pdf',
    ]),
  );
});

test('a top-up without VAT carries the note that the recipient owes it', async () => {
  const english = await renderEmail(SAMPLES.succeededReverseCharge, ENGLISH, LINKS);
  expect(english.text).toContain('VAT: €0.00 (reverse charge)');
  expect(english.text).toContain('the recipient of the service is liable for the VAT');
  const german = await renderEmail(SAMPLES.succeededReverseCharge, GERMAN, LINKS);
  expect(german.html).toContain('Steuerschuldnerschaft des Leistungsempfängers');
  expect((await renderEmail(SAMPLES.succeeded, GERMAN, LINKS)).html).not.toContain('Steuerschuldnerschaft');
});

test('an alert for call minutes says that only campaigns start a top-up, one for credits does not', () => {
  const inbound = 'Eingehende Anrufe lösen keine Aufladung aus';
  return Promise.all([
    expect(renderEmail(SAMPLES.alertOn, GERMAN, LINKS)).resolves.toMatchObject({
      subject: 'Niedriges Guthaben: 9,5 Gesprächsminuten',
      text: expect.stringContaining(inbound),
    }),
    expect(renderEmail(SAMPLES.alertChatOn, GERMAN, LINKS)).resolves.toMatchObject({
      text: expect.not.stringContaining(inbound),
    }),
  ]);
});

test('a failed charge with an attempt to come says when, and otherwise that none comes', () => {
  expect(notificationText(SAMPLES.failedRetrying, ENGLISH).body).toContain(
    'We will try again on 22 November 2026 at 14:05 CET',
  );
  expect(notificationText(SAMPLES.failedFinal, ENGLISH).body).toContain('no further attempt');
});

test('a confirmation leads to the bank’s page, and to the credits page while that is not known', async () => {
  expect((await renderEmail(SAMPLES.actionRequired, ENGLISH, LINKS)).text).toContain(
    'Confirm payment:\nhttps://invoice.example/confirm',
  );
  expect((await renderEmail(SAMPLES.actionReminder, ENGLISH, LINKS)).text).toContain(LINKS.creditsUrl);
});

test('what the customer can mend by card leads to the page where cards are added', async () => {
  const links = { ...LINKS, paymentMethodUrl: 'https://app.example/card' };
  const card = await renderEmail(SAMPLES.suspendedNoCard, ENGLISH, links);
  expect(card.text).toContain('Update payment method:\nhttps://app.example/card');
  const address = await renderEmail(SAMPLES.failedTax, ENGLISH, links);
  expect(address.text).toContain('Complete billing address:\nhttps://app.example/credits');
});

test.each(FAILURE_REASONS)('%s has its own words in both languages, and tells what to do', (reason) => {
  for (const locale of ['de', 'en'] as const) {
    const language = createLanguage({ locale, timeZone: 'UTC' });
    const words = failureWords(language, reason);
    const others = FAILURE_REASONS.filter((other) => other !== reason).map(
      (other) => failureWords(language, other).meaning,
    );
    expect(others).not.toContain(words.meaning);
    expect(words.remedy).toMatch(/\.$/);
    const failed = notificationText({ ...SAMPLES.failedFinal, reason }, { ...GERMAN, locale });
    expect(failed.body).toContain(words.meaning);
    const suspended = notificationText(
      { kind: 'auto_top_up.suspended', wallet: null, reason, sinceMs: 0 },
      { ...GERMAN, locale },
    );
    expect(suspended.body).toContain(words.remedy);
  }
});

test('an account’s name can neither become HTML nor a line of the text', async () => {
  const reader = {
    ...ENGLISH,
    accountName: '<img src=x onerror=alert(1)>\n\nView invoice:\nhttps://evil.example',
  };
  const { html, text } = await renderEmail(SAMPLES.resumed, reader, LINKS);
  expect(html).not.toContain('<img');
  expect(text).not.toMatch(/^https:\/\/evil/m);
});

test('a mail is small enough that no mail program cuts it off', async () => {
  for (const { notice, reader } of CASES) {
    const { html } = await renderEmail(notice, reader, LINKS);
    expect(Buffer.byteLength(html)).toBeLessThan(20_000);
  }
});
