import { catalogue } from '../shared/i18n/catalogue.ts';

/** What settings would do, before they are saved. */
export const previewMessages = catalogue({
  en: {
    title: 'What these settings do',
    now: 'If you save now',
    charge: 'Your card is charged {amount} (net) at once, for {units}.',
    chargeTotal: 'Your card is charged {amount} plus VAT at once, about {total}, for {units}.',
    none_disabled: 'Nothing happens: auto top-up is switched off.',
    none_balance_sufficient: 'Nothing is charged: the balance is above the top-up value.',
    none_other: 'Nothing is charged now.',
    waits_for_campaign: 'Nothing is charged yet. The next campaign call starts a top-up.',
    in_flight: 'A top-up is already on its way; it is finished first.',
    suspended: 'Nothing is charged: auto top-up is suspended.',
    blocked_no_payment_method: 'Nothing can be charged: no card is saved.',
    blocked_tax_location_unknown: 'Nothing can be charged: your billing address is incomplete.',
    blocked_monthly_cap: 'Nothing is charged: the monthly cap is reached until {until}.',
    blocked_daily_limit: 'Nothing is charged: the daily limit is reached until {until}.',
    blocked_amount_buys_nothing: 'Nothing can be charged: the amount does not buy one whole unit.',
    blocked_until: 'Nothing is charged now: the last charge failed. The next one is not before {until}.',
    blocked_other: 'Nothing can be charged at the moment.',
    alertNow: 'You are sent an alert at once: the balance is below the alert value.',
    price: 'Price of a top-up',
    vat: '{net} + {rate} VAT = {total}',
    vatReverse: '{net}, no VAT added (reverse charge)',
    vatNone: '{net}, no VAT expected',
    vatUnknown: '{net} plus VAT, if any; it depends on your VAT number',
    vatExpected: 'Expected; the invoice decides.',
    vatInvoiced: 'As on your last invoice.',
    past: 'In the last 30 days',
    pastTopUps:
      '{topUps, plural, =0 {These settings would not have topped up.} one {They would have topped up once, for {amount} net.} other {They would have topped up # times, for {amount} net.}}',
    pastAlerts:
      '{alerts, plural, =0 {} one {You would have had one warning.} other {You would have had # warnings.}}',
    warnedDays:
      '{count, plural, one {You would have been warned a day before the first top-up.} other {You would have been warned # days before the first top-up.}}',
    warnedHours:
      '{count, plural, one {You would have been warned an hour before the first top-up.} other {You would have been warned # hours before the first top-up.}}',
    warnedLate: 'The warning would have come together with the first top-up: set the alert value higher.',
    neverWarned: 'You would not have been warned before the first top-up.',
    depleted:
      '{count, plural, one {The balance would have run out once all the same.} other {The balance would have run out # times all the same.}}',
    neverDepleted: 'The balance would never have run out.',
    pastUnknown: 'There is too much activity to replay it here.',
    events: 'Show day by day',
    event_top_up: 'Top-up of {amount} for {units}',
    event_balance_alert: 'Warning at {units}',
    event_balance_depleted: 'Balance run out',
    warning_alert_not_above_top_up:
      'The alert value is not above the top-up value, so there is no early warning.',
    warning_amount_below_threshold:
      'One amount does not lift an empty balance to the top-up value; a multiple of it is charged.',
    warning_amount_does_not_reach:
      'From the present balance, one amount does not reach the top-up value; a multiple of it is charged.',
    warning_cap_below_amount: 'The monthly cap is below one amount, so nothing can be topped up.',
    warning_threshold_below_usual_hold:
      'A campaign call usually reserves {hold}, so calls are refused before this value is reached: set the top-up value higher.',
    calculating: 'Calculating …',
    incomplete: 'These values cannot be saved as they are.',
    failed: 'The preview could not be loaded.',
  },
  de: {
    title: 'Was diese Einstellungen bewirken',
    now: 'Wenn Sie jetzt speichern',
    charge: 'Ihre Karte wird sofort mit {amount} (netto) belastet, für {units}.',
    chargeTotal: 'Ihre Karte wird sofort mit {amount} zuzüglich USt. belastet, etwa {total}, für {units}.',
    none_disabled: 'Es passiert nichts: Das automatische Aufladen ist ausgeschaltet.',
    none_balance_sufficient: 'Es wird nichts abgebucht: Das Guthaben liegt über dem Auflade-Wert.',
    none_other: 'Jetzt wird nichts abgebucht.',
    waits_for_campaign: 'Noch wird nichts abgebucht. Der nächste Kampagnen-Anruf löst eine Aufladung aus.',
    in_flight: 'Eine Aufladung läuft bereits; sie wird zuerst abgeschlossen.',
    suspended: 'Es wird nichts abgebucht: Das automatische Aufladen ist angehalten.',
    blocked_no_payment_method: 'Es kann nichts abgebucht werden: Es ist keine Karte gespeichert.',
    blocked_tax_location_unknown: 'Es kann nichts abgebucht werden: Ihre Rechnungsadresse ist unvollständig.',
    blocked_monthly_cap: 'Es wird nichts abgebucht: Das Monatslimit ist bis {until} erreicht.',
    blocked_daily_limit: 'Es wird nichts abgebucht: Das Tageslimit ist bis {until} erreicht.',
    blocked_amount_buys_nothing: 'Es kann nichts abgebucht werden: Der Betrag reicht nicht für eine Einheit.',
    blocked_until:
      'Jetzt wird nichts abgebucht: Die letzte Abbuchung ist fehlgeschlagen. Die nächste folgt nicht vor {until}.',
    blocked_other: 'Im Moment kann nichts abgebucht werden.',
    alertNow: 'Sie werden sofort benachrichtigt: Das Guthaben liegt unter dem Warn-Wert.',
    price: 'Preis einer Aufladung',
    vat: '{net} + {rate} USt. = {total}',
    vatReverse: '{net}, ohne USt. (Reverse Charge)',
    vatNone: '{net}, voraussichtlich ohne USt.',
    vatUnknown: '{net}, gegebenenfalls zuzüglich USt.; das hängt von Ihrer USt-IdNr. ab',
    vatExpected: 'Voraussichtlich; maßgeblich ist die Rechnung.',
    vatInvoiced: 'Wie auf Ihrer letzten Rechnung.',
    past: 'In den letzten 30 Tagen',
    pastTopUps:
      '{topUps, plural, =0 {Mit diesen Einstellungen wäre nicht aufgeladen worden.} one {Es wäre einmal aufgeladen worden, für {amount} netto.} other {Es wäre #-mal aufgeladen worden, für {amount} netto.}}',
    pastAlerts:
      '{alerts, plural, =0 {} one {Sie hätten eine Warnung erhalten.} other {Sie hätten # Warnungen erhalten.}}',
    warnedDays:
      '{count, plural, one {Sie wären einen Tag vor der ersten Aufladung gewarnt worden.} other {Sie wären # Tage vor der ersten Aufladung gewarnt worden.}}',
    warnedHours:
      '{count, plural, one {Sie wären eine Stunde vor der ersten Aufladung gewarnt worden.} other {Sie wären # Stunden vor der ersten Aufladung gewarnt worden.}}',
    warnedLate:
      'Die Warnung wäre erst zusammen mit der ersten Aufladung gekommen: Setzen Sie den Warn-Wert höher.',
    neverWarned: 'Vor der ersten Aufladung wären Sie nicht gewarnt worden.',
    depleted:
      '{count, plural, one {Das Guthaben wäre trotzdem einmal aufgebraucht gewesen.} other {Das Guthaben wäre trotzdem #-mal aufgebraucht gewesen.}}',
    neverDepleted: 'Das Guthaben wäre nie aufgebraucht gewesen.',
    pastUnknown: 'Es gibt zu viele Bewegungen, um sie hier durchzuspielen.',
    events: 'Im Einzelnen anzeigen',
    event_top_up: 'Aufladung von {amount} für {units}',
    event_balance_alert: 'Warnung bei {units}',
    event_balance_depleted: 'Guthaben aufgebraucht',
    warning_alert_not_above_top_up:
      'Der Warn-Wert liegt nicht über dem Auflade-Wert; es gibt daher keine frühe Warnung.',
    warning_amount_below_threshold:
      'Ein Betrag hebt ein leeres Guthaben nicht auf den Auflade-Wert; es wird ein Vielfaches abgebucht.',
    warning_amount_does_not_reach:
      'Vom jetzigen Guthaben aus erreicht ein Betrag den Auflade-Wert nicht; es wird ein Vielfaches abgebucht.',
    warning_cap_below_amount: 'Das Monatslimit liegt unter einem Betrag; es kann nichts aufgeladen werden.',
    warning_threshold_below_usual_hold:
      'Ein Kampagnenanruf reserviert meist {hold}; Anrufe werden deshalb abgelehnt, bevor dieser Wert erreicht ist. Setzen Sie den Auflade-Wert höher.',
    calculating: 'Wird berechnet …',
    incomplete: 'So lassen sich diese Werte nicht speichern.',
    failed: 'Die Vorschau konnte nicht geladen werden.',
  },
});
