import type { SuspensionReason } from '../../domain/account-state.ts';
import { SUSPENSION_REASONS } from '../../domain/account-state.ts';
import type { AutoTopUpSuspended } from '../../domain/notices.ts';
import type { Mending } from './failure-words.ts';
import { failureWords, MENDINGS, mendingButton } from './failure-words.ts';
import type { Language } from './language.ts';
import type { Desk, Letter } from './letter.ts';

export function suspendedLetter(notice: AutoTopUpSuspended, { language, links }: Desk): Letter {
  const { body, remedy, mending } = reasonWords(language, notice.reason);
  return {
    tone: 'critical',
    topic: language.say('wallet.both'),
    title: language.say('auto_top_up.suspended.title'),
    body: `${body} ${remedy}`,
    paragraphs: [language.say('auto_top_up.suspended.effect')],
    facts: [],
    notes: [],
    button: mendingButton(language, links, mending),
    links: [],
  };
}

export function resumedLetter({ language, links }: Desk): Letter {
  return {
    tone: 'good',
    topic: language.say('wallet.both'),
    title: language.say('auto_top_up.resumed.title'),
    body: language.say('auto_top_up.resumed.body'),
    paragraphs: [],
    facts: [],
    notes: [],
    button: { label: language.say('button.openCredits'), url: links.creditsUrl },
    links: [],
  };
}

const SUSPENSION_MENDINGS: Readonly<Record<SuspensionReason, Mending>> = {
  repeated_failures: 'card',
  hard_decline: 'card',
  dispute: 'nothing',
  operator: 'nothing',
};

function reasonWords(
  language: Language,
  reason: AutoTopUpSuspended['reason'],
): { body: string; remedy: string; mending: Mending } {
  if (isSuspensionReason(reason)) {
    return {
      body: language.say(`auto_top_up.suspended.${reason}.body`),
      remedy: language.say(`auto_top_up.suspended.${reason}.remedy`),
      mending: SUSPENSION_MENDINGS[reason],
    };
  }
  const { meaning, remedy } = failureWords(language, reason);
  return { body: meaning, remedy, mending: MENDINGS[reason] };
}

function isSuspensionReason(reason: string): reason is SuspensionReason {
  return SUSPENSION_REASONS.some((known) => known === reason);
}
