/** English texts in ICU message syntax. Its keys are the catalogue: the other languages have exactly these.
 *  Values named `…Text` arrive formatted; apostrophes are typographic because ICU reads ' as a quote. */
export const en = {
  'wallet.call_minutes': 'Call minutes',
  'wallet.chat_credits': 'Chat credits',
  'wallet.both': 'Auto Top-up',
  'amount.call_minutes': '{count, plural, one {{countText} call minute} other {{countText} call minutes}}',
  'amount.chat_credits': '{count, plural, one {{countText} chat credit} other {{countText} chat credits}}',

  'frame.greeting': 'Hello,',
  'frame.footer':
    'This is an automatic message about the account “{accountName}”. It was sent because its balance, a payment or the automatic top-up changed.',

  'fact.balance': 'Balance',
  'fact.balanceAfter': 'New balance',
  'fact.alertBelow': 'Alert below',
  'fact.topUpBelow': 'Top-up below',
  'fact.added': 'Added',
  'fact.ordered': 'Ordered',
  'fact.takenBack': 'Taken back',
  'fact.amount': 'Amount',
  'fact.net': 'Net',
  'fact.vat': 'VAT',
  'fact.vatAt': 'VAT ({rateText})',
  'fact.total': 'Total',
  'fact.noVat': '{vatText} (no VAT charged)',
  'fact.reverseCharge': '{vatText} (reverse charge)',
  'fact.plusVat': '{amountText} plus VAT',
  'fact.invoiceNumber': 'Invoice number',
  'fact.creditNoteNumber': 'Credit note number',
  'fact.paidAt': 'Paid on',
  'fact.card': 'Paid with',
  'fact.cardTried': 'Card',
  'fact.nextAttempt': 'Next attempt',
  'fact.confirmUntil': 'Confirm by',
  'card.ending': '{brand} ending in {last4}',
  'card.any': 'your payment method',
  'note.reverseCharge': 'Reverse charge: the recipient of the service is liable for the VAT.',

  'button.addCredits': 'Add credits',
  'button.openCredits': 'Open the credits page',
  'button.viewInvoice': 'View invoice',
  'button.confirmPayment': 'Confirm payment',
  'button.paymentMethod': 'Update payment method',
  'button.billingAddress': 'Complete billing address',
  'link.invoicePdf': 'Invoice as PDF',
  'link.creditNotePdf': 'Credit note as PDF',
  'link.settings': 'Change thresholds and amount',

  'outlook.call_minutes.off':
    'Automatic top-up is off for call minutes. Add minutes in time so that your calls can go on.',
  'outlook.call_minutes.on':
    'Automatic top-up is on: once the balance is below {topUpBelowText} and a campaign is making calls, {amountText} plus VAT is charged. Inbound calls never start a top-up, so keep enough minutes for them.',
  'outlook.chat_credits.off':
    'Automatic top-up is off for chat credits. Add credits in time so that your chats can go on.',
  'outlook.chat_credits.on':
    'Automatic top-up is on: once the balance is below {topUpBelowText}, {amountText} plus VAT is charged.',
  'outlook.running':
    'A top-up is already under way. You do not need to do anything; you will hear from us when it is done.',
  'outlook.suspended':
    'Automatic top-up is paused, so nothing will be charged by itself. Add credits yourself, or resume it on the credits page.',
  'outlook.limit_reached':
    'The limit for automatic top-ups is reached. The next one can run from {opensAtText}. Until then you can add credits yourself.',

  'balance.test.title': 'Test alert – nothing has happened',
  'balance.test.body':
    'An operator has sent this mail to see whether balance alerts reach you. Your balance needs nothing from you; below is where it stands now.',
  'balance.alert.title': 'Low balance: {balanceText}',
  'balance.alert.body': 'Your balance has fallen below your alert value of {alertBelowText}.',

  'balance.depleted.call_minutes.title': 'Your call minutes are used up',
  'balance.depleted.call_minutes.body':
    'Your balance is {balanceText}. Campaigns cannot start new calls until minutes are added.',
  'balance.depleted.chat_credits.title': 'Your chat credits are used up',
  'balance.depleted.chat_credits.body':
    'Your balance is {balanceText}. AI chat replies, WhatsApp messages and SMS may stop until credits are added.',

  'top_up.succeeded.title': '{unitsText} added',
  'top_up.succeeded.auto.body':
    'Your automatic top-up has run: {totalText} was charged to {cardText}. Your balance is now {balanceText}.',
  'top_up.succeeded.manual.body':
    'Your purchase is complete: {totalText} was charged to {cardText}. Your balance is now {balanceText}.',
  'top_up.succeeded.operator.body':
    'Our team has run a top-up for you: {totalText} was charged to {cardText}. Your balance is now {balanceText}.',

  'top_up.failed.title': 'Payment failed: {unitsText} not added',
  'top_up.failed.retrying.title': 'Payment declined: {unitsText} not added yet',
  'top_up.failed.final': 'Nothing was charged. There will be no further attempt for this top-up.',
  'top_up.failed.retrying':
    'Nothing was charged. We will try again on {nextAttemptText} if the balance is still too low then.',

  'top_up.action_required.title': 'Please confirm your payment of {amountText}',
  'top_up.action_required.body':
    'Your bank wants you to confirm the payment for {unitsText} yourself. Until then nothing is charged and nothing is added.',
  'top_up.action_reminder.title': 'Reminder: confirm your payment of {amountText}',
  'top_up.action_reminder.body':
    'The payment for {unitsText} is still waiting for your confirmation. Until then nothing is charged and nothing is added.',
  'top_up.action.until': 'You can confirm it until {untilText}. After that the payment is cancelled.',

  'top_up.refunded.title': '{totalText} refunded',
  'top_up.refunded.body':
    'We have refunded {totalText}. In return, {quantityText} {count, plural, one {was} other {were}} taken off your balance, which is now {balanceText}.',
  'top_up.refunded.arrival':
    'The money goes back to the payment method that was charged. This usually takes five to ten working days.',

  'auto_top_up.suspended.title': 'Automatic top-up is paused',
  'auto_top_up.suspended.effect':
    'The pause covers call minutes and chat credits: until it ends, nothing is charged by itself. Balance alerts still reach you.',
  'auto_top_up.suspended.repeated_failures.body':
    'Several top-ups in a row could not be paid, so we have paused automatic top-up.',
  'auto_top_up.suspended.repeated_failures.remedy':
    'Add another card, or resume automatic top-up on the credits page once the card works again.',
  'auto_top_up.suspended.hard_decline.body':
    'Your bank no longer accepts payments with this card, so we have paused automatic top-up.',
  'auto_top_up.suspended.hard_decline.remedy': 'Add another card. Automatic top-up then goes on by itself.',
  'auto_top_up.suspended.dispute.body':
    'A payment has been disputed with the bank, so we have paused automatic top-up.',
  'auto_top_up.suspended.dispute.remedy':
    'It stays paused until the dispute is settled. If you did not expect this, please contact our support.',
  'auto_top_up.suspended.operator.body': 'Our team has paused automatic top-up for your account.',
  'auto_top_up.suspended.operator.remedy':
    'If you have questions about this, please contact our support. You can still add credits yourself.',

  'auto_top_up.resumed.title': 'Automatic top-up is active again',
  'auto_top_up.resumed.body':
    'From now on your balance is topped up by itself again, by the settings on your credits page. You do not need to do anything.',

  'failure.insufficient_funds.title': 'Not enough funds',
  'failure.insufficient_funds.meaning':
    'Your bank declined the payment: there were not enough funds, or a limit of the card was reached.',
  'failure.insufficient_funds.remedy': 'Make sure that the card has enough funds, or add another card.',
  'failure.card_declined.title': 'Card declined',
  'failure.card_declined.meaning': 'Your bank declined the payment without giving a reason.',
  'failure.card_declined.remedy': 'Ask your bank to allow the payment, or add another card.',
  // Stripe asks not to tell the person paying that a card was reported lost or stolen.
  'failure.lost_or_stolen_card.title': 'Card no longer accepted',
  'failure.lost_or_stolen_card.meaning': 'Your bank no longer accepts payments with this card.',
  'failure.lost_or_stolen_card.remedy': 'Add another card, or ask your bank about this one.',
  'failure.expired_card.title': 'Card expired',
  'failure.expired_card.meaning': 'The card on your account has expired.',
  'failure.expired_card.remedy': 'Add your new card.',
  'failure.incorrect_cvc.title': 'Security code not accepted',
  'failure.incorrect_cvc.meaning': 'Your bank did not accept the security code (CVC) of the card.',
  'failure.incorrect_cvc.remedy': 'Add the card again with the right security code, or add another card.',
  'failure.processing_error.title': 'Processing error',
  'failure.processing_error.meaning':
    'A technical problem at the bank or at our payment provider stopped the payment.',
  'failure.processing_error.remedy': 'Try again on the credits page, or use another card.',
  'failure.authentication_required.title': 'Confirmation needed',
  'failure.authentication_required.meaning': 'Your bank wants you to confirm the payment yourself.',
  'failure.authentication_required.remedy':
    'Add credits on the credits page, where you can confirm the payment at once.',
  'failure.authentication_timeout.title': 'Not confirmed in time',
  'failure.authentication_timeout.meaning':
    'The payment was not confirmed with your bank in time, so it was cancelled.',
  'failure.authentication_timeout.remedy':
    'Add credits on the credits page, where you can confirm the payment at once.',
  'failure.no_payment_method.title': 'No payment method',
  'failure.no_payment_method.meaning': 'Your account has no card that can be charged.',
  'failure.no_payment_method.remedy': 'Add a card.',
  'failure.tax_location_unknown.title': 'Billing address incomplete',
  'failure.tax_location_unknown.meaning':
    'Your billing address is missing or incomplete, so the VAT cannot be worked out.',
  'failure.tax_location_unknown.remedy': 'Complete your billing address.',
  'failure.customer_balance_not_zero.title': 'Customer account to be settled',
  'failure.customer_balance_not_zero.meaning':
    'Your customer account at our payment provider holds an open amount that has to be settled first.',
  'failure.customer_balance_not_zero.remedy': 'Please contact our support; we will settle it.',
  'failure.invoice_not_as_expected.title': 'Invoice did not match',
  'failure.invoice_not_as_expected.meaning': 'The invoice did not match the order, so we did not charge it.',
  'failure.invoice_not_as_expected.remedy': 'Please contact our support; the mistake is on our side.',
  'failure.provider_unavailable.title': 'Payment provider unavailable',
  'failure.provider_unavailable.meaning': 'Our payment provider could not be reached.',
  'failure.provider_unavailable.remedy':
    'The mistake is not on your side. Try again later on the credits page.',
  'failure.unknown.title': 'Reason unknown',
  'failure.unknown.meaning': 'The payment did not go through, and no reason was given.',
  'failure.unknown.remedy': 'Try again on the credits page, or use another card.',
} as const;

export type MessageKey = keyof typeof en;
