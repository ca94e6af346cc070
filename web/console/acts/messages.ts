import { catalogue } from '../../shared/i18n/catalogue.ts';

export const actMessages = catalogue({
  en: {
    reason: 'Reason',
    reasonHint: 'Kept in the audit log with your name.',
    cancel: 'Leave it',
  },
  de: {
    reason: 'Grund',
    reasonHint: 'Steht mit Ihrem Namen im Protokoll.',
    cancel: 'Lassen',
  },
});
