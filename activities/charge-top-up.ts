import type { ChargeOutcome } from '../domain/account-state.ts';
import { isCheckout } from '../domain/checkout.ts';
import { settlementOf, type TopUp, type TopUpOrder } from '../domain/top-up.ts';
import type { ActivityDependencies } from './create-activities.ts';
import { blockedBy } from './customer-standing.ts';
import { openInvoice } from './open-invoice.ts';
import { payInvoice } from './pay-invoice.ts';
import type { Card } from './ports.ts';

export type ChargeDependencies = Pick<ActivityDependencies, 'accounts' | 'topUps' | 'payments' | 'atStep'>;

/** Charges one attempt of a top-up. Whatever crashes, calling it again goes on where it stopped: each call to
 *  the provider is preceded by a commit here and carries a key that depends on the top-up alone.
 *  @returns how the attempt ended; a decline is an outcome.
 *  @throws ProviderError when the provider is away or its answer was lost; the same call may be repeated. */
export function createChargeTopUp(dependencies: ChargeDependencies) {
  return async (input: { order: TopUpOrder; attempt: number }): Promise<ChargeOutcome> => {
    const { topUps, atStep } = dependencies;
    const intent = await topUps.recordIntent(input.order);
    if (intent.status === 'not_needed') return intent;
    atStep('charge.intent_recorded');
    const settled = outcomeOf(intent.topUp);
    if (settled !== null) return settled;
    // Only its customer may pay it, on the payment page.
    if (isCheckout(intent.topUp)) return { status: 'recovered' };
    return chargeAttempt(intent.topUp, input.attempt, dependencies);
  };
}

async function chargeAttempt(
  topUp: TopUp,
  attempt: number,
  dependencies: ChargeDependencies,
): Promise<ChargeOutcome> {
  const isBegun = topUp.attempt >= attempt;
  let card: Card | null = null;
  if (!isBegun) {
    // A new attempt asks for the card of now: the customer may have replaced the one that was declined.
    const customer = await chargeableCustomer(topUp, dependencies);
    if ('outcome' in customer) return customer.outcome;
    card = customer.card;
  }
  const current = (await dependencies.topUps.read(topUp.topUpId)) ?? topUp;
  const opened = await openInvoice(current, dependencies);
  if ('outcome' in opened) return opened.outcome;
  const paymentMethodId = card?.paymentMethodId ?? current.paymentMethodId;
  if (paymentMethodId === null) return { status: 'blocked', reason: 'no_payment_method' };
  return payInvoice({ topUp: current, invoice: opened.invoice, attempt, paymentMethodId }, dependencies);
}

/** The customer to charge and the card; the customer is kept with the top-up before the first call. An invoice
 *  belongs to one customer for good: when the account has been given another one since, the top-up has ended. */
async function chargeableCustomer(
  { topUpId, accountId, customerId: known }: TopUp,
  { accounts, topUps, payments, atStep }: ChargeDependencies,
): Promise<{ card: Card } | { outcome: ChargeOutcome }> {
  const profile = await accounts.readProfile(accountId);
  if (known !== null && profile.customerId !== null && known !== profile.customerId) {
    return { outcome: { status: 'recovered' } };
  }
  const customerId = known ?? profile.customerId ?? (await payments.ensureCustomer(profile)).customerId;
  const standing = await payments.readCustomer(customerId);
  await accounts.saveCard(accountId, standing.card);
  const reason = blockedBy(standing);
  await accounts.saveBlock(accountId, reason);
  if (reason !== null || standing.card === null) {
    return { outcome: { status: 'blocked', reason: reason ?? 'no_payment_method' } };
  }
  if (known === null) await topUps.saveCustomer(topUpId, customerId, standing.card.paymentMethodId);
  atStep('charge.customer_saved');
  return { card: standing.card };
}

/** The outcome of a top-up that was settled before this call, or null while it is open. */
function outcomeOf({ state }: TopUp): ChargeOutcome | null {
  const settlement = settlementOf(state);
  if (settlement !== 'closed') return settlement === null ? null : { status: settlement };
  return { status: 'not_needed', reason: 'closed', seq: 0, settingsVersion: 0 };
}
