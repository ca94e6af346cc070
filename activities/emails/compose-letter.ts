import type { Notice } from '../../domain/notices.ts';
import { resumedLetter, suspendedLetter } from './auto-top-up-letters.ts';
import { alertLetter, depletedLetter } from './balance-letters.ts';
import { createLanguage } from './language.ts';
import type { Reader } from './language.ts';
import type { Letter, Links } from './letter.ts';
import { actionLetter, failedLetter, refundedLetter, succeededLetter } from './top-up-letters.ts';

/** Puts a notice into the reader's words. */
export function composeLetter(notice: Notice, reader: Reader, links: Links): Letter {
  const desk = { language: createLanguage(reader), reader, links };
  switch (notice.kind) {
    case 'balance.alert':
      return alertLetter(notice, desk);
    case 'balance.depleted':
      return depletedLetter(notice, desk);
    case 'top_up.succeeded':
      return succeededLetter(notice, desk);
    case 'top_up.failed':
      return failedLetter(notice, desk);
    case 'top_up.action_required':
    case 'top_up.action_reminder':
      return actionLetter(notice, desk);
    case 'top_up.refunded':
      return refundedLetter(notice, desk);
    case 'auto_top_up.suspended':
      return suspendedLetter(notice, desk);
    case 'auto_top_up.resumed':
      return resumedLetter(desk);
  }
}
