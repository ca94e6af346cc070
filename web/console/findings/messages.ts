import { catalogue } from '../../shared/i18n/catalogue.ts';

export const findingMessages = catalogue({
  en: {
    title: 'Findings',
    intro:
      'What a person has to look at, oldest first. A finding goes when what it is about is seen to be right again, or when you close it.',
    empty: 'Nothing was found',
    resolve: 'Dealt with …',
    resolveTitle: 'Close this finding',
    resolveText:
      'Say in the reason what was done about it. What is still so comes back as soon as it is seen again.',
    resolved: 'The finding is closed.',
    charge: 'The charge',
    account: 'The account',
    opened: 'Since {when}, last seen {seen}',
  },
  de: {
    title: 'Befunde',
    intro:
      'Was ein Mensch ansehen muss, das älteste zuerst. Ein Befund verschwindet, wenn die Sache nachweislich wieder stimmt oder wenn Sie ihn schließen.',
    empty: 'Es gibt keine Befunde',
    resolve: 'Erledigt …',
    resolveTitle: 'Diesen Befund schließen',
    resolveText:
      'Schreiben Sie in den Grund, was unternommen wurde. Was weiterhin so ist, erscheint wieder, sobald es erneut auffällt.',
    resolved: 'Der Befund ist geschlossen.',
    charge: 'Die Zahlung',
    account: 'Das Konto',
    opened: 'Seit {when}, zuletzt gesehen {seen}',
  },
});
