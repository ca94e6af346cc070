import { catalogue } from '../../shared/i18n/catalogue.ts';

/** Whether a charge is still needed, before it is tried again. */
export const needMessages = catalogue({
  en: {
    balance: 'Balance now: {balance}.',
    needed: 'It is still needed.',
    gone: 'It is no longer needed: {why}.',
    paused: 'Account: {why}.',
    gone_switched_off: 'the customer has switched automatic top-up off',
    gone_suspended: 'automatic top-up of the account is paused',
    gone_balance_recovered: 'the balance has recovered',
    gone_amount_lowered: 'the customer has chosen a lower amount since',
    gone_monthly_cap: 'it would pass the monthly cap',
    gone_paid_later: 'a later charge of this balance was credited',
    paidLater: 'A later charge of this balance was credited.',
    chargedAnyway: 'Trying it again charges the card all the same.',
    canceledInstead: 'It is canceled instead of charged, as things stand.',
  },
  de: {
    balance: 'Guthaben jetzt: {balance}.',
    needed: 'Sie wird noch gebraucht.',
    gone: 'Sie wird nicht mehr gebraucht: {why}.',
    paused: 'Konto: {why}.',
    gone_switched_off: 'der Kunde hat die automatische Aufladung ausgeschaltet',
    gone_suspended: 'die automatische Aufladung des Kontos ist pausiert',
    gone_balance_recovered: 'das Guthaben hat sich erholt',
    gone_amount_lowered: 'der Kunde hat seitdem einen kleineren Betrag gewählt',
    gone_monthly_cap: 'sie würde die Monatsgrenze überschreiten',
    gone_paid_later: 'eine spätere Zahlung dieses Guthabens wurde gutgeschrieben',
    paidLater: 'Eine spätere Zahlung dieses Guthabens wurde gutgeschrieben.',
    chargedAnyway: 'Ein neuer Versuch belastet die Karte trotzdem.',
    canceledInstead: 'Sie wird nach jetzigem Stand abgebrochen statt abgebucht.',
  },
});
