import type { TopUpAction, TopUpFailed, TopUpRefunded, TopUpSucceeded } from '../../domain/notices.ts';
import { failureWords, MENDINGS, mendingButton } from './failure-words.ts';
import { cardName, figureFacts, figureNotes, optionalFact } from './figures.ts';
import type { Desk, Fact, Letter, Link } from './letter.ts';

export function succeededLetter(notice: TopUpSucceeded, { language, links }: Desk): Letter {
  const { wallet, invoiceUrl, invoicePdfUrl } = notice;
  const unitsText = language.units(wallet, notice.units);
  const balanceText = language.amount(wallet, notice.balance);
  const card = cardName(language, notice.card);
  const toCredits = { label: language.say('button.openCredits'), url: links.creditsUrl };
  return {
    tone: 'good',
    topic: language.say(`wallet.${wallet}`),
    title: language.say('top_up.succeeded.title', { unitsText }),
    body: language.say(`top_up.succeeded.${notice.trigger}.body`, {
      totalText: language.money(notice.totalCents, notice.currency),
      cardText: card ?? language.say('card.any'),
      balanceText,
    }),
    paragraphs: [],
    facts: [
      { label: language.say('fact.added'), value: unitsText },
      ...figureFacts(language, notice),
      ...optionalFact(language.say('fact.invoiceNumber'), notice.invoiceNumber),
      { label: language.say('fact.paidAt'), value: language.instant(notice.paidAtMs) },
      ...optionalFact(language.say('fact.card'), card),
      { label: language.say('fact.balanceAfter'), value: balanceText, strong: true },
    ],
    notes: figureNotes(language, notice),
    button: invoiceUrl === null ? toCredits : { label: language.say('button.viewInvoice'), url: invoiceUrl },
    links: [
      ...optionalLink(language.say('link.invoicePdf'), invoicePdfUrl),
      ...(notice.trigger === 'auto' ? [{ label: language.say('link.settings'), url: links.creditsUrl }] : []),
    ],
  };
}

export function failedLetter(notice: TopUpFailed, { language, links }: Desk): Letter {
  const { wallet, nextAttemptAtMs } = notice;
  const unitsText = language.units(wallet, notice.units);
  const words = failureWords(language, notice.reason);
  const mending = MENDINGS[notice.reason];
  const nextAttemptText = nextAttemptAtMs === null ? null : language.instant(nextAttemptAtMs);
  const whatNext =
    nextAttemptText === null
      ? language.say('top_up.failed.final')
      : language.say('top_up.failed.retrying', { nextAttemptText });
  // While another attempt is planned, only what makes it succeed is worth saying.
  const remedy = nextAttemptText === null || mending !== 'nothing' ? [words.remedy] : [];
  return {
    tone: nextAttemptText === null ? 'critical' : 'warning',
    topic: language.say(`wallet.${wallet}`),
    title: language.say(nextAttemptText === null ? 'top_up.failed.title' : 'top_up.failed.retrying.title', {
      unitsText,
    }),
    body: `${words.meaning} ${whatNext}`,
    paragraphs: remedy,
    facts: [
      { label: language.say('fact.ordered'), value: unitsText },
      { label: language.say('fact.amount'), value: netText(notice, language) },
      ...optionalFact(language.say('fact.cardTried'), cardName(language, notice.card)),
      ...optionalFact(language.say('fact.nextAttempt'), nextAttemptText),
    ],
    notes: [],
    button: mendingButton(language, links, mending),
    links: [],
  };
}

export function actionLetter(notice: TopUpAction, { language, links }: Desk): Letter {
  const { kind, wallet, totalCents, actionUrl, figures } = notice;
  const unitsText = language.units(wallet, notice.units);
  const untilText = language.instant(notice.untilMs);
  const amountText =
    totalCents === null ? netText(notice, language) : language.money(totalCents, notice.currency);
  return {
    tone: 'warning',
    topic: language.say(`wallet.${wallet}`),
    title: language.say(`${kind}.title`, { amountText }),
    body: `${language.say(`${kind}.body`, { unitsText })} ${language.say('top_up.action.until', { untilText })}`,
    paragraphs: [],
    facts: [
      { label: language.say('fact.ordered'), value: unitsText },
      ...(figures === undefined ? netAndTotal(notice, language) : figureFacts(language, figures)),
      { label: language.say('fact.confirmUntil'), value: untilText, strong: true },
    ],
    notes: figures === undefined ? [] : figureNotes(language, figures),
    button:
      actionUrl === null
        ? { label: language.say('button.openCredits'), url: links.creditsUrl }
        : { label: language.say('button.confirmPayment'), url: actionUrl },
    links: [],
  };
}

export function refundedLetter(notice: TopUpRefunded, { language, links }: Desk): Letter {
  const { wallet, quantity } = notice;
  const totalText = language.money(notice.totalCents, notice.currency);
  const quantityText = language.amount(wallet, quantity);
  const balanceText = language.amount(wallet, notice.balance);
  const count = language.count(wallet, quantity);
  return {
    tone: 'neutral',
    topic: language.say(`wallet.${wallet}`),
    title: language.say('top_up.refunded.title', { totalText }),
    body: language.say('top_up.refunded.body', { totalText, quantityText, balanceText, count }),
    paragraphs: [language.say('top_up.refunded.arrival')],
    facts: [
      { label: language.say('fact.takenBack'), value: quantityText },
      ...figureFacts(language, notice),
      ...optionalFact(language.say('fact.invoiceNumber'), notice.invoiceNumber),
      ...optionalFact(language.say('fact.creditNoteNumber'), notice.creditNoteNumber),
      { label: language.say('fact.balanceAfter'), value: balanceText, strong: true },
    ],
    notes: figureNotes(language, notice),
    button: { label: language.say('button.openCredits'), url: links.creditsUrl },
    links: optionalLink(language.say('link.creditNotePdf'), notice.creditNotePdfUrl),
  };
}

/** As far as a notice knows them that was recorded without the invoice's figures. */
function netAndTotal({ amountCents, totalCents, currency }: TopUpAction, language: Desk['language']): Fact[] {
  const totalText = totalCents === null ? null : language.money(totalCents, currency);
  return [
    { label: language.say('fact.net'), value: language.money(amountCents, currency) },
    ...optionalFact(language.say('fact.total'), totalText),
  ];
}

function netText(notice: TopUpFailed | TopUpAction, language: Desk['language']): string {
  const amountText = language.money(notice.amountCents, notice.currency);
  return language.say('fact.plusVat', { amountText });
}

function optionalLink(label: string, url: string | null): Link[] {
  return url === null ? [] : [{ label, url }];
}
