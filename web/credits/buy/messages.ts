import { catalogue } from '../../shared/i18n/catalogue.ts';

/** Buying by hand. */
export const buyMessages = catalogue({
  en: {
    title: 'Add credits',
    what: 'What do you need?',
    amount: 'Amount (EUR)',
    how: 'How do you want to pay?',
    card: 'With the saved card ({brand} ending in {last4})',
    checkout: 'On the payment page',
    checkoutHint: 'You can enter another card, your address and your VAT number there.',
    buyCard: 'Buy for {amount} plus VAT',
    buyCheckout: 'To the payment page',
    buy: 'Buy',
    cancel: 'Cancel',
    done: 'Your card is being charged. The credit appears here as soon as the payment has arrived.',
    openPage: 'To the open payment',
    failed: 'Nothing was bought',
  },
  de: {
    title: 'Guthaben aufladen',
    what: 'Was brauchen Sie?',
    amount: 'Betrag (EUR)',
    how: 'Wie möchten Sie zahlen?',
    card: 'Mit der gespeicherten Karte ({brand}, endet auf {last4})',
    checkout: 'Auf der Zahlungsseite',
    checkoutHint: 'Dort können Sie eine andere Karte, Ihre Adresse und Ihre USt-IdNr. angeben.',
    buyCard: 'Für {amount} zzgl. USt. kaufen',
    buyCheckout: 'Zur Zahlungsseite',
    buy: 'Kaufen',
    cancel: 'Abbrechen',
    done: 'Ihre Karte wird belastet. Das Guthaben erscheint hier, sobald die Zahlung eingegangen ist.',
    openPage: 'Zur offenen Zahlung',
    failed: 'Es wurde nichts gekauft',
  },
});
