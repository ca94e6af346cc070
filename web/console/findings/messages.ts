import { catalogue } from '../../shared/i18n/catalogue.ts';

export const findingMessages = catalogue({
  en: {
    title: 'Findings',
    intro: 'What a person has to look at, oldest first. A finding goes when what it is about is right again.',
    empty: 'Nothing was found',
    charge: 'The charge',
    account: 'The account',
    opened: 'Since {when}, last seen {seen}',
  },
  de: {
    title: 'Befunde',
    intro:
      'Was ein Mensch ansehen muss, das älteste zuerst. Ein Befund verschwindet, wenn die Sache wieder stimmt.',
    empty: 'Es gibt keine Befunde',
    charge: 'Die Zahlung',
    account: 'Das Konto',
    opened: 'Seit {when}, zuletzt gesehen {seen}',
  },
});
