import type { AutoTopUpOutlook, BalanceAlert, BalanceDepleted } from '../../domain/notices.ts';
import type { Wallet } from '../../domain/wallet.ts';
import type { Language } from './language.ts';
import type { Desk, Fact, Letter } from './letter.ts';

export function alertLetter(notice: BalanceAlert, desk: Desk): Letter {
  const { language } = desk;
  const { wallet, autoTopUp } = notice;
  const balanceText = language.amount(wallet, notice.balance);
  const alertBelowText = language.amount(wallet, notice.alertBelow);
  const isTest = notice.test === true;
  return {
    ...balanceFrame(wallet, autoTopUp, desk),
    tone: isTest ? 'neutral' : 'warning',
    title: language.say(isTest ? 'balance.test.title' : 'balance.alert.title', { balanceText }),
    body: isTest ? language.say('balance.test.body') : language.say('balance.alert.body', { alertBelowText }),
    facts: [
      { label: language.say('fact.balance'), value: balanceText, strong: true },
      { label: language.say('fact.alertBelow'), value: alertBelowText },
      ...topUpBelowFact(language, wallet, autoTopUp),
    ],
  };
}

export function depletedLetter(notice: BalanceDepleted, desk: Desk): Letter {
  const { language } = desk;
  const { wallet, autoTopUp } = notice;
  const balanceText = language.amount(wallet, notice.balance);
  return {
    ...balanceFrame(wallet, autoTopUp, desk),
    tone: 'critical',
    title: language.say(`balance.depleted.${wallet}.title`),
    body: language.say(`balance.depleted.${wallet}.body`, { balanceText }),
    facts: [{ label: language.say('fact.balance'), value: balanceText, strong: true }],
  };
}

function balanceFrame(wallet: Wallet, autoTopUp: AutoTopUpOutlook, { language, links }: Desk) {
  return {
    topic: language.say(`wallet.${wallet}`),
    paragraphs: [outlookText(language, wallet, autoTopUp)],
    notes: [],
    button: { label: language.say('button.addCredits'), url: links.creditsUrl },
    links: [],
  };
}

/** What automatic top-up is going to do about the balance. */
function outlookText(language: Language, wallet: Wallet, outlook: AutoTopUpOutlook): string {
  switch (outlook.state) {
    case 'off':
      return language.say(`outlook.${wallet}.off`);
    case 'on':
      return language.say(`outlook.${wallet}.on`, {
        topUpBelowText: language.amount(wallet, outlook.topUpBelow),
        amountText: language.money(outlook.amountCents, outlook.currency),
      });
    case 'running':
    case 'suspended':
      return language.say(`outlook.${outlook.state}`);
    case 'limit_reached':
      return language.say('outlook.limit_reached', { opensAtText: language.instant(outlook.opensAtMs) });
  }
}

function topUpBelowFact(language: Language, wallet: Wallet, outlook: AutoTopUpOutlook): Fact[] {
  if (outlook.state !== 'on') return [];
  return [{ label: language.say('fact.topUpBelow'), value: language.amount(wallet, outlook.topUpBelow) }];
}
