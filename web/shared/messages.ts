import { catalogue } from './i18n/catalogue.ts';

/** What both pages say. */
export const sharedMessages = catalogue({
  en: {
    skip: 'Skip to the content',
    menuOpen: 'Open the menu',
    menuClose: 'Close the menu',
    navigation: 'Main',
    language: 'Language',
    scheme: 'Colours: {scheme}',
    schemeLight: 'light',
    schemeDark: 'dark',
    schemeAuto: 'as on the device',
    close: 'Close',
    loading: 'Loading …',
    retry: 'Try again',
    failedTitle: 'This could not be loaded',
    crashedTitle: 'Something broke on this page',
    crashedText: 'Nothing was changed by it. Load the page again; if it stays, tell us what you did.',
    reload: 'Load the page again',
    partTitle: 'This part could not be loaded',
    partText:
      'Nothing that you have entered is lost. Try again when the connection is back; if it stays, save and load the page again.',
    unreachableTitle: 'The service cannot be reached',
    offlineTitle: 'No connection',
    offlineText: 'What you see may be old. The page goes on by itself when the connection is back.',
    problem_unreachable: 'The service cannot be reached. Check your connection and try again.',
    problem_unavailable: 'The service cannot answer right now. Nothing was changed. Try again in a moment.',
    problem_provider_unavailable:
      'The payment provider does not answer right now. Try again in a moment; nothing is bought twice.',
    problem_too_many_requests: 'That was too much in a short time. Wait a moment and try again.',
    problem_invalid_request: 'Some values cannot be taken. See the marked fields.',
    problem_no_payment_method: 'No card is saved. Save a card first, or pay on the payment page.',
    problem_top_up_in_flight: 'Another purchase of this balance is under way. Wait until it is finished.',
    problem_idempotency_conflict:
      'This purchase was begun with other values. Close the window and start again.',
    problem_not_resumable: 'This stop can only be lifted by our support.',
    problem_forbidden: 'You may not do that.',
    problem_account_unknown: 'There is no such account.',
    problem_other: 'That did not work. Try again, and tell us when it stays so ({code}).',
  },
  de: {
    skip: 'Zum Inhalt springen',
    menuOpen: 'Menü öffnen',
    menuClose: 'Menü schließen',
    navigation: 'Hauptmenü',
    language: 'Sprache',
    scheme: 'Farben: {scheme}',
    schemeLight: 'hell',
    schemeDark: 'dunkel',
    schemeAuto: 'wie auf dem Gerät',
    close: 'Schließen',
    loading: 'Wird geladen …',
    retry: 'Erneut versuchen',
    failedTitle: 'Das konnte nicht geladen werden',
    crashedTitle: 'Auf dieser Seite ist etwas schiefgegangen',
    crashedText:
      'Es wurde dadurch nichts geändert. Laden Sie die Seite neu; bleibt der Fehler, sagen Sie uns, was Sie getan haben.',
    reload: 'Seite neu laden',
    partTitle: 'Dieser Teil konnte nicht geladen werden',
    partText:
      'Von Ihren Eingaben ist nichts verloren. Versuchen Sie es erneut, sobald die Verbindung wieder da ist; bleibt es dabei, speichern Sie und laden Sie die Seite neu.',
    unreachableTitle: 'Der Dienst ist nicht erreichbar',
    offlineTitle: 'Keine Verbindung',
    offlineText:
      'Die Angaben können veraltet sein. Sobald die Verbindung wieder da ist, geht es von selbst weiter.',
    problem_unreachable:
      'Der Dienst ist nicht erreichbar. Prüfen Sie Ihre Verbindung und versuchen Sie es erneut.',
    problem_unavailable:
      'Der Dienst kann gerade nicht antworten. Es wurde nichts geändert. Versuchen Sie es gleich noch einmal.',
    problem_provider_unavailable:
      'Der Zahlungsanbieter antwortet gerade nicht. Versuchen Sie es gleich noch einmal; nichts wird doppelt gekauft.',
    problem_too_many_requests:
      'Das war zu viel in kurzer Zeit. Warten Sie einen Moment und versuchen Sie es erneut.',
    problem_invalid_request: 'Einige Werte sind nicht möglich. Beachten Sie die markierten Felder.',
    problem_no_payment_method:
      'Es ist keine Karte gespeichert. Speichern Sie zuerst eine Karte oder zahlen Sie auf der Zahlungsseite.',
    problem_top_up_in_flight:
      'Für dieses Guthaben läuft bereits ein Kauf. Warten Sie, bis er abgeschlossen ist.',
    problem_idempotency_conflict:
      'Dieser Kauf wurde mit anderen Werten begonnen. Schließen Sie das Fenster und beginnen Sie neu.',
    problem_not_resumable: 'Diese Sperre kann nur unser Support aufheben.',
    problem_forbidden: 'Dazu sind Sie nicht berechtigt.',
    problem_account_unknown: 'Dieses Konto gibt es nicht.',
    problem_other:
      'Das hat nicht geklappt. Versuchen Sie es erneut; bleibt es dabei, sagen Sie uns Bescheid ({code}).',
  },
});
