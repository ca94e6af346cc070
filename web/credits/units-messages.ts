import { catalogue } from '../shared/i18n/catalogue.ts';

/** The two balances and their units. */
export const unitMessages = catalogue({
  en: {
    call_minutes: 'Call minutes',
    chat_credits: 'Chat credits',
    minutes: '{amount} {count, plural, one {minute} other {minutes}}',
    credits: '{amount} {count, plural, one {credit} other {credits}}',
  },
  de: {
    call_minutes: 'Gesprächsminuten',
    chat_credits: 'Chat-Credits',
    minutes: '{amount} {count, plural, one {Minute} other {Minuten}}',
    credits: '{amount} {count, plural, one {Credit} other {Credits}}',
  },
});
