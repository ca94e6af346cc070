import { catalogue } from '../../shared/i18n/catalogue.ts';

export const letterMessages = catalogue({
  en: {
    title: 'Dead letters',
    intro: 'What nobody took. Send it again when the cause is mended.',
    mails: 'Mails',
    noMails: 'Every mail has arrived or is on its way',
    webhooks: 'Webhooks to the platform',
    noWebhooks: 'Every webhook was taken or is on its way',
    attempts: '{count, plural, one {# attempt} other {# attempts}}',
    answered: 'last answer {status}',
    account: 'The account',
    replay: 'Send again …',
    replayOf: 'Send again: {what}',
    replayMailTitle: 'Send this mail again',
    replayMailText:
      "To the account's address of now. An address that Postmark has blocked refuses it again until it is unblocked there.",
    replayWebhookTitle: 'Send this webhook again',
    replayWebhookText:
      'Under the same id, at once and then on the whole schedule, so the platform can tell that it had it before.',
    send: 'Send again',
    queued: 'It is on its way again.',
  },
  de: {
    title: 'Unzustellbares',
    intro: 'Was niemand angenommen hat. Senden Sie es erneut, wenn die Ursache behoben ist.',
    mails: 'E-Mails',
    noMails: 'Jede E-Mail ist angekommen oder unterwegs',
    webhooks: 'Webhooks an die Plattform',
    noWebhooks: 'Jeder Webhook wurde angenommen oder ist unterwegs',
    attempts: '{count, plural, one {# Versuch} other {# Versuche}}',
    answered: 'letzte Antwort {status}',
    account: 'Das Konto',
    replay: 'Erneut senden …',
    replayOf: 'Erneut senden: {what}',
    replayMailTitle: 'Diese E-Mail erneut senden',
    replayMailText:
      'An die jetzige Adresse des Kontos. Eine Adresse, die Postmark gesperrt hat, lehnt wieder ab, bis sie dort entsperrt ist.',
    replayWebhookTitle: 'Diesen Webhook erneut senden',
    replayWebhookText:
      'Unter derselben ID, sofort und dann nach dem ganzen Zeitplan; so erkennt die Plattform, ob sie ihn schon hatte.',
    send: 'Erneut senden',
    queued: 'Es ist wieder unterwegs.',
  },
});
