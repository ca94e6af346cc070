import { catalogue } from '../shared/i18n/catalogue.ts';

/** The frame of the console. */
export const consoleMessages = catalogue({
  en: { title: 'Operator console' },
  de: { title: 'Betriebskonsole' },
});
