import type { MessageKey } from './en.ts';

/** German texts in ICU message syntax, in the formal address. */
export const de: Record<MessageKey, string> = {
  'wallet.call_minutes': 'Gesprächsminuten',
  'wallet.chat_credits': 'Chat-Credits',
  'wallet.both': 'Automatische Aufladung',
  'amount.call_minutes':
    '{count, plural, one {{countText} Gesprächsminute} other {{countText} Gesprächsminuten}}',
  'amount.chat_credits': '{count, plural, one {{countText} Chat-Credit} other {{countText} Chat-Credits}}',

  'frame.greeting': 'Guten Tag,',
  'frame.footer':
    'Dies ist eine automatische Nachricht zum Konto „{accountName}“. Sie wurde versendet, weil sich das Guthaben, eine Zahlung oder die automatische Aufladung geändert hat.',

  'fact.balance': 'Guthaben',
  'fact.balanceAfter': 'Neues Guthaben',
  'fact.alertBelow': 'Warnung unter',
  'fact.topUpBelow': 'Aufladung unter',
  'fact.added': 'Gutgeschrieben',
  'fact.ordered': 'Bestellt',
  'fact.takenBack': 'Abgezogen',
  'fact.amount': 'Betrag',
  'fact.net': 'Netto',
  'fact.vat': 'USt.',
  'fact.vatAt': 'USt. ({rateText})',
  'fact.total': 'Gesamt',
  'fact.noVat': '{vatText} (keine USt. berechnet)',
  'fact.reverseCharge': '{vatText} (Reverse Charge)',
  'fact.plusVat': '{amountText} zzgl. USt.',
  'fact.invoiceNumber': 'Rechnungsnummer',
  'fact.creditNoteNumber': 'Gutschriftsnummer',
  'fact.paidAt': 'Bezahlt am',
  'fact.card': 'Bezahlt mit',
  'fact.cardTried': 'Karte',
  'fact.nextAttempt': 'Nächster Versuch',
  'fact.confirmUntil': 'Zu bestätigen bis',
  'card.ending': '{brand} mit den Endziffern {last4}',
  'card.any': 'Ihre Zahlungsmethode',
  'note.reverseCharge': 'Steuerschuldnerschaft des Leistungsempfängers (Reverse Charge).',

  'button.addCredits': 'Guthaben aufladen',
  'button.openCredits': 'Guthabenseite öffnen',
  'button.viewInvoice': 'Rechnung ansehen',
  'button.confirmPayment': 'Zahlung bestätigen',
  'button.paymentMethod': 'Zahlungsmethode aktualisieren',
  'button.billingAddress': 'Rechnungsadresse ergänzen',
  'link.invoicePdf': 'Rechnung als PDF',
  'link.creditNotePdf': 'Gutschrift als PDF',
  'link.settings': 'Schwellenwerte und Betrag ändern',

  'outlook.call_minutes.off':
    'Die automatische Aufladung ist für Gesprächsminuten ausgeschaltet. Bitte laden Sie rechtzeitig auf, damit Ihre Gespräche weiterlaufen.',
  'outlook.call_minutes.on':
    'Die automatische Aufladung ist eingeschaltet: Sobald das Guthaben unter {topUpBelowText} liegt und eine Kampagne telefoniert, werden {amountText} zzgl. USt. abgebucht. Eingehende Anrufe lösen keine Aufladung aus; halten Sie dafür genügend Minuten bereit.',
  'outlook.chat_credits.off':
    'Die automatische Aufladung ist für Chat-Credits ausgeschaltet. Bitte laden Sie rechtzeitig auf, damit Ihre Chats weiterlaufen.',
  'outlook.chat_credits.on':
    'Die automatische Aufladung ist eingeschaltet: Sobald das Guthaben unter {topUpBelowText} liegt, werden {amountText} zzgl. USt. abgebucht.',
  'outlook.running':
    'Eine Aufladung läuft bereits. Sie müssen nichts tun; wir melden uns, sobald sie abgeschlossen ist.',
  'outlook.suspended':
    'Die automatische Aufladung ist pausiert, es wird also nichts von selbst abgebucht. Laden Sie selbst auf oder setzen Sie sie auf der Guthabenseite fort.',
  'outlook.limit_reached':
    'Das Limit für automatische Aufladungen ist erreicht. Die nächste ist ab dem {opensAtText} möglich. Bis dahin können Sie selbst aufladen.',

  'balance.test.title': 'Testwarnung – es ist nichts passiert',
  'balance.test.body':
    'Diese E-Mail wurde verschickt, um zu prüfen, ob Guthabenwarnungen bei Ihnen ankommen. Sie müssen nichts tun; unten steht Ihr Guthaben von jetzt.',
  'balance.alert.title': 'Niedriges Guthaben: {balanceText}',
  'balance.alert.body': 'Ihr Guthaben ist unter Ihren Warnwert von {alertBelowText} gefallen.',

  'balance.depleted.call_minutes.title': 'Ihre Gesprächsminuten sind aufgebraucht',
  'balance.depleted.call_minutes.body':
    'Ihr Guthaben beträgt {balanceText}. Kampagnen können keine neuen Anrufe starten, bis Minuten aufgeladen sind.',
  'balance.depleted.chat_credits.title': 'Ihre Chat-Credits sind aufgebraucht',
  'balance.depleted.chat_credits.body':
    'Ihr Guthaben beträgt {balanceText}. KI-Chat-Antworten, WhatsApp-Nachrichten und SMS können ausfallen, bis Credits aufgeladen sind.',

  'top_up.succeeded.title': '{unitsText} gutgeschrieben',
  'top_up.succeeded.auto.body':
    'Ihre automatische Aufladung wurde ausgeführt: {totalText} wurden über {cardText} abgebucht. Ihr Guthaben beträgt jetzt {balanceText}.',
  'top_up.succeeded.manual.body':
    'Ihr Kauf ist abgeschlossen: {totalText} wurden über {cardText} abgebucht. Ihr Guthaben beträgt jetzt {balanceText}.',
  'top_up.succeeded.operator.body':
    'Unser Team hat eine Aufladung für Sie ausgeführt: {totalText} wurden über {cardText} abgebucht. Ihr Guthaben beträgt jetzt {balanceText}.',

  'top_up.failed.title': 'Zahlung fehlgeschlagen: {unitsText} nicht gutgeschrieben',
  'top_up.failed.retrying.title': 'Zahlung abgelehnt: {unitsText} noch nicht gutgeschrieben',
  'top_up.failed.final': 'Es wurde nichts abgebucht. Für diese Aufladung gibt es keinen weiteren Versuch.',
  'top_up.failed.retrying':
    'Es wurde nichts abgebucht. Wir versuchen es am {nextAttemptText} erneut, falls das Guthaben dann noch zu niedrig ist.',

  'top_up.action_required.title': 'Bitte bestätigen Sie Ihre Zahlung über {amountText}',
  'top_up.action_required.body':
    'Ihre Bank möchte, dass Sie die Zahlung für {unitsText} selbst bestätigen. Bis dahin wird nichts abgebucht und nichts gutgeschrieben.',
  'top_up.action_reminder.title': 'Erinnerung: Bestätigen Sie Ihre Zahlung über {amountText}',
  'top_up.action_reminder.body':
    'Die Zahlung für {unitsText} wartet noch auf Ihre Bestätigung. Bis dahin wird nichts abgebucht und nichts gutgeschrieben.',
  'top_up.action.until':
    'Sie können sie bis zum {untilText} bestätigen. Danach wird die Zahlung abgebrochen.',

  'top_up.refunded.title': '{totalText} erstattet',
  'top_up.refunded.body':
    'Wir haben Ihnen {totalText} erstattet. Im Gegenzug {count, plural, one {wurde} other {wurden}} {quantityText} von Ihrem Guthaben abgezogen; es beträgt jetzt {balanceText}.',
  'top_up.refunded.arrival':
    'Das Geld geht an die Zahlungsmethode zurück, die belastet wurde. Das dauert in der Regel fünf bis zehn Werktage.',

  'auto_top_up.suspended.title': 'Die automatische Aufladung ist pausiert',
  'auto_top_up.suspended.effect':
    'Die Pause gilt für Gesprächsminuten und Chat-Credits: Bis sie endet, wird nichts von selbst abgebucht. Guthabenwarnungen erhalten Sie weiterhin.',
  'auto_top_up.suspended.repeated_failures.body':
    'Mehrere Aufladungen in Folge konnten nicht bezahlt werden. Deshalb haben wir die automatische Aufladung pausiert.',
  'auto_top_up.suspended.repeated_failures.remedy':
    'Hinterlegen Sie eine andere Karte oder setzen Sie die automatische Aufladung auf der Guthabenseite fort, sobald die Karte wieder funktioniert.',
  'auto_top_up.suspended.hard_decline.body':
    'Ihre Bank nimmt mit dieser Karte keine Zahlungen mehr an. Deshalb haben wir die automatische Aufladung pausiert.',
  'auto_top_up.suspended.hard_decline.remedy':
    'Hinterlegen Sie eine andere Karte. Die automatische Aufladung läuft dann von selbst weiter.',
  'auto_top_up.suspended.dispute.body':
    'Eine Zahlung wurde bei der Bank beanstandet. Deshalb haben wir die automatische Aufladung pausiert.',
  'auto_top_up.suspended.dispute.remedy':
    'Sie bleibt pausiert, bis die Beanstandung geklärt ist. Falls Sie das nicht erwartet haben, wenden Sie sich bitte an unseren Support.',
  'auto_top_up.suspended.operator.body': 'Unser Team hat die automatische Aufladung für Ihr Konto pausiert.',
  'auto_top_up.suspended.operator.remedy':
    'Bei Fragen dazu wenden Sie sich bitte an unseren Support. Sie können weiterhin selbst aufladen.',

  'auto_top_up.resumed.title': 'Die automatische Aufladung ist wieder aktiv',
  'auto_top_up.resumed.body':
    'Ihr Guthaben wird ab sofort wieder von selbst aufgeladen, nach den Einstellungen auf Ihrer Guthabenseite. Sie müssen nichts tun.',

  'failure.insufficient_funds.title': 'Deckung nicht ausreichend',
  'failure.insufficient_funds.meaning':
    'Ihre Bank hat die Zahlung abgelehnt: Die Deckung reichte nicht aus oder ein Limit der Karte war erreicht.',
  'failure.insufficient_funds.remedy':
    'Bitte sorgen Sie für ausreichende Deckung oder hinterlegen Sie eine andere Karte.',
  'failure.card_declined.title': 'Karte abgelehnt',
  'failure.card_declined.meaning': 'Ihre Bank hat die Zahlung ohne Angabe von Gründen abgelehnt.',
  'failure.card_declined.remedy':
    'Bitten Sie Ihre Bank, die Zahlung zuzulassen, oder hinterlegen Sie eine andere Karte.',
  // Stripe asks not to tell the person paying that a card was reported lost or stolen.
  'failure.lost_or_stolen_card.title': 'Karte nicht mehr zugelassen',
  'failure.lost_or_stolen_card.meaning': 'Ihre Bank nimmt mit dieser Karte keine Zahlungen mehr an.',
  'failure.lost_or_stolen_card.remedy':
    'Hinterlegen Sie eine andere Karte oder fragen Sie Ihre Bank nach dieser.',
  'failure.expired_card.title': 'Karte abgelaufen',
  'failure.expired_card.meaning': 'Die Karte in Ihrem Konto ist abgelaufen.',
  'failure.expired_card.remedy': 'Bitte hinterlegen Sie Ihre neue Karte.',
  'failure.incorrect_cvc.title': 'Prüfziffer nicht akzeptiert',
  'failure.incorrect_cvc.meaning': 'Ihre Bank hat die Prüfziffer (CVC) der Karte nicht akzeptiert.',
  'failure.incorrect_cvc.remedy':
    'Hinterlegen Sie die Karte noch einmal mit der richtigen Prüfziffer oder eine andere Karte.',
  'failure.processing_error.title': 'Fehler bei der Verarbeitung',
  'failure.processing_error.meaning':
    'Eine technische Störung bei der Bank oder bei unserem Zahlungsdienstleister hat die Zahlung verhindert.',
  'failure.processing_error.remedy':
    'Versuchen Sie es auf der Guthabenseite noch einmal oder verwenden Sie eine andere Karte.',
  'failure.authentication_required.title': 'Bestätigung erforderlich',
  'failure.authentication_required.meaning': 'Ihre Bank möchte, dass Sie die Zahlung selbst bestätigen.',
  'failure.authentication_required.remedy':
    'Laden Sie auf der Guthabenseite auf; dort können Sie die Zahlung sofort bestätigen.',
  'failure.authentication_timeout.title': 'Nicht rechtzeitig bestätigt',
  'failure.authentication_timeout.meaning':
    'Die Zahlung wurde nicht rechtzeitig bei Ihrer Bank bestätigt und deshalb abgebrochen.',
  'failure.authentication_timeout.remedy':
    'Laden Sie auf der Guthabenseite auf; dort können Sie die Zahlung sofort bestätigen.',
  'failure.no_payment_method.title': 'Keine Zahlungsmethode',
  'failure.no_payment_method.meaning': 'In Ihrem Konto ist keine Karte hinterlegt, die belastet werden kann.',
  'failure.no_payment_method.remedy': 'Bitte hinterlegen Sie eine Karte.',
  'failure.tax_location_unknown.title': 'Rechnungsadresse unvollständig',
  'failure.tax_location_unknown.meaning':
    'Ihre Rechnungsadresse fehlt oder ist unvollständig, deshalb lässt sich die Umsatzsteuer nicht bestimmen.',
  'failure.tax_location_unknown.remedy': 'Bitte ergänzen Sie Ihre Rechnungsadresse.',
  'failure.customer_balance_not_zero.title': 'Kundenkonto nicht ausgeglichen',
  'failure.customer_balance_not_zero.meaning':
    'Ihr Kundenkonto bei unserem Zahlungsdienstleister weist einen offenen Betrag auf, der zuerst ausgeglichen werden muss.',
  'failure.customer_balance_not_zero.remedy':
    'Bitte wenden Sie sich an unseren Support; wir gleichen ihn aus.',
  'failure.invoice_not_as_expected.title': 'Rechnung stimmte nicht',
  'failure.invoice_not_as_expected.meaning':
    'Die Rechnung stimmte nicht mit der Bestellung überein, deshalb haben wir sie nicht abgebucht.',
  'failure.invoice_not_as_expected.remedy':
    'Bitte wenden Sie sich an unseren Support; der Fehler liegt auf unserer Seite.',
  'failure.provider_unavailable.title': 'Zahlungsdienstleister nicht erreichbar',
  'failure.provider_unavailable.meaning': 'Unser Zahlungsdienstleister war nicht erreichbar.',
  'failure.provider_unavailable.remedy':
    'Der Fehler liegt nicht bei Ihnen. Versuchen Sie es später auf der Guthabenseite noch einmal.',
  'failure.unknown.title': 'Grund unbekannt',
  'failure.unknown.meaning': 'Die Zahlung ist fehlgeschlagen; ein Grund wurde nicht genannt.',
  'failure.unknown.remedy':
    'Versuchen Sie es auf der Guthabenseite noch einmal oder verwenden Sie eine andere Karte.',
};
