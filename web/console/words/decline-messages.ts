import { catalogue } from '../../shared/i18n/catalogue.ts';

/** What a decline means, and what to do about it. */
export const declineMessages = catalogue({
  en: {
    means_funds:
      "The customer's bank says that there is not enough money, or that a limit of the card is reached.",
    todo_funds:
      'It is tried again after 1, 6 and 24 hours. Trying at once rarely helps; ask for another card if it is urgent.',
    ended_funds:
      'It is not tried again by itself any more. Ask whether there is money now, or for another card, then try again.',
    ended_declined:
      'It is not tried again by itself any more. The customer has to call the bank or take another card; then try again.',
    ended_fault: 'It is not tried again by itself any more. Try again: the fault is probably over.',
    ended_confirm: 'Try again when the customer is reachable: a new link to confirm is mailed then.',
    means_declined: "The customer's bank said no and gives no reason.",
    todo_declined:
      'It is tried again by itself. If it stays so, the customer has to call the bank or take another card.',
    means_lost: 'The card was reported lost or stolen, or the bank has withdrawn it.',
    todo_lost:
      'Never try this card again. The customer needs another card; automatic top-up goes on with it.',
    means_expired: 'The card has expired, or its expiry date on file is wrong.',
    todo_expired: 'Ask the customer to save a new card. Trying again changes nothing.',
    means_cvc: 'The security code of the card was wrong.',
    todo_cvc: 'Ask the customer to save the card again.',
    means_fault: 'Something failed between Stripe and the bank. The card is not to blame.',
    todo_fault: 'It is tried again by itself; trying now is fine too.',
    means_confirm: 'The bank wants the customer to confirm the payment.',
    todo_confirm:
      'A link was mailed and is valid for 72 hours. Remind the customer; a retry only looks whether it was paid.',
    means_late: 'The customer did not confirm the payment in time.',
    todo_late: 'Try again when the customer is reachable: a new link is mailed then.',
    means_unfit: 'This card cannot pay charges of this kind or currency.',
    todo_unfit: 'The customer needs another card.',
    means_risk: 'Stripe or the bank takes the payment for a fraud.',
    todo_risk: 'Look at the payment at Stripe before anything else. Do not tell the customer the reason.',
    means_revoked: 'The customer has withdrawn the permission at the bank.',
    todo_revoked: 'Do not try again. Ask the customer what is wrong.',
    means_nocard: 'No card is on file: the customer has removed it, or Stripe no longer has it.',
    todo_nocard: 'Ask the customer to save a card. Automatic top-up goes on with it.',
    means_tax: 'Stripe cannot tell the tax of this customer: the billing address is missing or incomplete.',
    todo_tax: 'Ask the customer to complete the billing address, or do so at Stripe.',
    means_credit: "The customer's balance at Stripe is not zero, so an invoice would not be paid as ordered.",
    todo_credit: 'Bring the balance at Stripe to zero, then try again.',
    means_invoice: "Stripe's invoice is not what was ordered. Nothing was charged.",
    todo_invoice: 'Look at the invoice at Stripe: somebody may have changed it. Then try again.',
    means_away: 'Stripe did not answer for too long. Nothing was charged, or it was looked up.',
    todo_away: 'Look whether Stripe is back, then try again. It cannot charge twice.',
    means_unknown: 'Nobody said why.',
    todo_unknown: 'Look at the payment at Stripe, then try again.',
  },
  de: {
    means_funds:
      'Die Bank des Kunden meldet, dass nicht genug Geld da ist oder ein Limit der Karte erreicht ist.',
    todo_funds:
      'Nach 1, 6 und 24 Stunden wird es erneut versucht. Sofort hilft selten; ist es dringend, bitten Sie um eine andere Karte.',
    ended_funds:
      'Es wird nicht mehr von selbst versucht. Fragen Sie, ob jetzt Geld da ist, oder nach einer anderen Karte; dann erneut versuchen.',
    ended_declined:
      'Es wird nicht mehr von selbst versucht. Der Kunde muss die Bank anrufen oder eine andere Karte nehmen; dann erneut versuchen.',
    ended_fault:
      'Es wird nicht mehr von selbst versucht. Versuchen Sie es erneut: die Störung ist wohl vorbei.',
    ended_confirm: 'Versuchen Sie es erneut, wenn der Kunde erreichbar ist: dann geht ein neuer Link hinaus.',
    means_declined: 'Die Bank des Kunden hat abgelehnt und nennt keinen Grund.',
    todo_declined:
      'Es wird von selbst erneut versucht. Bleibt es dabei, muss der Kunde die Bank anrufen oder eine andere Karte nehmen.',
    means_lost: 'Die Karte ist als verloren oder gestohlen gemeldet, oder die Bank hat sie eingezogen.',
    todo_lost:
      'Diese Karte nie wieder versuchen. Der Kunde braucht eine andere; damit geht die automatische Aufladung weiter.',
    means_expired: 'Die Karte ist abgelaufen, oder ihr Ablaufdatum ist falsch hinterlegt.',
    todo_expired: 'Bitten Sie den Kunden um eine neue Karte. Ein neuer Versuch ändert nichts.',
    means_cvc: 'Die Prüfziffer der Karte war falsch.',
    todo_cvc: 'Bitten Sie den Kunden, die Karte neu zu hinterlegen.',
    means_fault: 'Zwischen Stripe und der Bank ist etwas schiefgegangen. An der Karte liegt es nicht.',
    todo_fault: 'Es wird von selbst erneut versucht; Sie können es auch jetzt versuchen.',
    means_confirm: 'Die Bank verlangt, dass der Kunde die Zahlung bestätigt.',
    todo_confirm:
      'Ein Link ging per E-Mail hinaus und gilt 72 Stunden. Erinnern Sie den Kunden; ein neuer Versuch sieht nur nach, ob bezahlt wurde.',
    means_late: 'Der Kunde hat die Zahlung nicht rechtzeitig bestätigt.',
    todo_late: 'Versuchen Sie es erneut, wenn der Kunde erreichbar ist: dann geht ein neuer Link hinaus.',
    means_unfit: 'Diese Karte kann Zahlungen dieser Art oder Währung nicht leisten.',
    todo_unfit: 'Der Kunde braucht eine andere Karte.',
    means_risk: 'Stripe oder die Bank hält die Zahlung für Betrug.',
    todo_risk: 'Sehen Sie sich zuerst die Zahlung bei Stripe an. Nennen Sie dem Kunden den Grund nicht.',
    means_revoked: 'Der Kunde hat die Erlaubnis bei seiner Bank widerrufen.',
    todo_revoked: 'Nicht erneut versuchen. Fragen Sie den Kunden, was los ist.',
    means_nocard:
      'Es ist keine Karte hinterlegt: der Kunde hat sie entfernt, oder Stripe hat sie nicht mehr.',
    todo_nocard: 'Bitten Sie den Kunden um eine Karte. Damit geht die automatische Aufladung weiter.',
    means_tax: 'Stripe kann die Steuer nicht bestimmen: die Rechnungsadresse fehlt oder ist unvollständig.',
    todo_tax: 'Bitten Sie den Kunden, die Rechnungsadresse zu ergänzen, oder tun Sie es bei Stripe.',
    means_credit:
      'Das Guthaben des Kunden bei Stripe ist nicht null; eine Rechnung würde nicht wie bestellt bezahlt.',
    todo_credit: 'Bringen Sie das Guthaben bei Stripe auf null und versuchen Sie es dann erneut.',
    means_invoice: 'Die Rechnung bei Stripe ist nicht die bestellte. Es wurde nichts abgebucht.',
    todo_invoice:
      'Sehen Sie sich die Rechnung bei Stripe an: vielleicht hat sie jemand geändert. Dann erneut versuchen.',
    means_away:
      'Stripe hat zu lange nicht geantwortet. Es wurde nichts abgebucht, oder es wurde nachgesehen.',
    todo_away:
      'Prüfen Sie, ob Stripe wieder da ist, und versuchen Sie es erneut. Doppelt abgebucht wird nie.',
    means_unknown: 'Niemand hat einen Grund genannt.',
    todo_unknown: 'Sehen Sie sich die Zahlung bei Stripe an und versuchen Sie es dann erneut.',
  },
});
