import { catalogue } from '../../shared/i18n/catalogue.ts';

export const bulkMessages = catalogue({
  en: {
    title: 'Try charges again',
    previewFailed: 'What this would do could not be found out. Nothing was changed.',
    sum: '{charged, plural, =0 {No charge is made.} one {One charge of {amount} net is made.} other {# charges of {amount} net together are made.}}',
    sumLookedUp:
      '{count, plural, =0 {} one {One is looked up at Stripe, which charges nothing.} other {# are looked up at Stripe, which charges nothing.}}',
    sumCanceled: '{count, plural, =0 {} one {One is canceled instead.} other {# are canceled instead.}}',
    sumRefused: '{count, plural, =0 {} one {One is left as it is.} other {# are left as they are.}}',
    effect_hastened: 'charges {amount} now on {card}, instead of later',
    effect_new_top_up: 'charges {amount} anew on {card}',
    effect_looked_up: 'asks Stripe how it stands; charges nothing',
    effect_none: 'nothing: it is being charged at this moment',
    effect_refused: 'left as it is: {why}',
    noCard: 'no card (it will fail until one is saved)',
    card: '{brand} •••• {last4}',
    effect_cancels: 'is canceled instead of charged',
    judged:
      'Of an automatic charge that was to be tried again by itself, the need is judged again first: if the balance has recovered by then, it is canceled instead.',
    notJudged:
      'A charge that had failed is ordered anew as it was: whether it is needed is not judged again. Those that are no longer needed are not chosen.',
    choose: 'Choose {name}',
    start: '{count, plural, =0 {Nothing to do} one {Try it again} other {Try # again}}',
    progress: '{done} of {all} ordered',
    ordered: 'Ordered',
    stopped:
      '{count, plural, one {One was not ordered} other {# were not ordered}}. You can order the rest again; nothing is charged twice by that.',
    finished: 'All ordered. Below you see live what becomes of each; you may close the window.',
    settled: '{count, plural, =0 {None has ended yet.} one {One has ended.} other {# have ended.}}',
    waiting: 'waits for its turn',
    failedOne: 'not done: {why}',
    again: 'Order the rest again',
    close: 'Close',
    list: 'What becomes of each',
    of: '{name}, {amount}',
    becomes: 'now: {state}',
  },
  de: {
    title: 'Zahlungen erneut versuchen',
    previewFailed: 'Was das bewirken würde, ließ sich nicht feststellen. Es wurde nichts geändert.',
    sum: '{charged, plural, =0 {Es wird nichts abgebucht.} one {Einmal werden {amount} netto abgebucht.} other {# Abbuchungen über zusammen {amount} netto.}}',
    sumLookedUp:
      '{count, plural, =0 {} one {Bei einer wird bei Stripe nachgesehen; das bucht nichts ab.} other {Bei # wird bei Stripe nachgesehen; das bucht nichts ab.}}',
    sumCanceled:
      '{count, plural, =0 {} one {Eine wird stattdessen abgebrochen.} other {# werden stattdessen abgebrochen.}}',
    sumRefused: '{count, plural, =0 {} one {Eine bleibt, wie sie ist.} other {# bleiben, wie sie sind.}}',
    effect_hastened: 'bucht {amount} jetzt von {card} ab statt später',
    effect_new_top_up: 'bucht {amount} neu von {card} ab',
    effect_looked_up: 'sieht bei Stripe nach; bucht nichts ab',
    effect_none: 'nichts: sie wird gerade abgebucht',
    effect_refused: 'bleibt, wie sie ist: {why}',
    noCard: 'keiner Karte (schlägt fehl, bis eine hinterlegt ist)',
    card: '{brand} •••• {last4}',
    effect_cancels: 'wird abgebrochen statt abgebucht',
    judged:
      'Bei automatischen Zahlungen, die von selbst erneut versucht würden, wird der Bedarf zuerst neu geprüft: hat sich das Guthaben bis dahin erholt, wird abgebrochen.',
    notJudged:
      'Eine fehlgeschlagene Zahlung wird neu veranlasst, wie sie war: ob sie gebraucht wird, wird nicht neu geprüft. Nicht mehr gebrauchte sind nicht ausgewählt.',
    choose: '{name} auswählen',
    start: '{count, plural, =0 {Nichts zu tun} one {Erneut versuchen} other {# erneut versuchen}}',
    progress: '{done} von {all} veranlasst',
    ordered: 'Veranlasst',
    stopped:
      '{count, plural, one {Eine wurde nicht veranlasst} other {# wurden nicht veranlasst}}. Sie können den Rest erneut veranlassen; dadurch wird nichts doppelt abgebucht.',
    finished: 'Alles veranlasst. Unten sehen Sie laufend, was daraus wird; das Fenster darf zu.',
    settled:
      '{count, plural, =0 {Noch keine ist abgeschlossen.} one {Eine ist abgeschlossen.} other {# sind abgeschlossen.}}',
    waiting: 'ist noch nicht dran',
    failedOne: 'nicht veranlasst: {why}',
    again: 'Den Rest erneut veranlassen',
    close: 'Schließen',
    list: 'Was aus jeder wird',
    of: '{name}, {amount}',
    becomes: 'jetzt: {state}',
  },
});
