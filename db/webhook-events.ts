import type { AccountId, TopUpId } from '../domain/ids.ts';
import type { TopUpState } from '../domain/top-up.ts';
import type { VerifiedStripeEvent } from '../domain/provider-events.ts';
import type { RefreshReason } from '../domain/wakes.ts';
import type { Database, Transaction } from './connect.ts';
import { markWakes } from './mark-wakes.ts';

/** Sixty days. */
const KEPT_MS = 60 * 24 * 60 * 60 * 1_000;
/** Removed well within a statement's time-out. */
const EVENTS_PER_PURGE = 10_000;

export type WebhookEvents = ReturnType<typeof createWebhookEvents>;

/** Events of the payment provider. They only wake the account that they concern, whose workflow reads the object
 *  again, so neither their order nor their number matters. */
export function createWebhookEvents(db: Database) {
  return {
    /** Records an event and marks its account, if there may be news for it, in one transaction. An event that
     *  concerns no account here is not recorded: sent again later, it may concern one. */
    recordStripeEvent: (event: VerifiedStripeEvent) =>
      db.transaction((transaction) => recordStripeEvent(transaction, event)),

    /** Removes events that were received longer ago than this; the next call goes on where this one stopped. Stripe
     *  delivers an event for three days, and again by hand for thirty.
     *  @returns how many were removed. */
    purge: async (olderThanMs: number = KEPT_MS): Promise<number> => {
      const purged = await db.sql`
        delete from webhook_events
        where (provider, event_id) in (
          select provider, event_id from webhook_events
          where received_at < now() - ${olderThanMs}::bigint * interval '1 millisecond'
          limit ${EVENTS_PER_PURGE})`;
      return purged.count;
    },
  };
}

type Concerned = { accountId: AccountId; topUpId: TopUpId | null; state: TopUpState | null };

/** While a top-up is in these, an activity has it in hand or it is done: what an event could tell is known. */
const NEEDS_NO_WAKE: readonly TopUpState[] = ['pending', 'charging', 'paid', 'credited'];

async function recordStripeEvent(
  transaction: Transaction,
  event: VerifiedStripeEvent,
): Promise<'recorded' | 'duplicate' | 'unrelated'> {
  const concerned = await findConcerned(transaction, event);
  if (concerned === null) return 'unrelated';
  const { accountId, topUpId } = concerned;
  const isReversal = topUpId !== null && OF_A_REVERSAL.test(event.type);
  const recorded = await transaction`
    insert into webhook_events (provider, event_id, type, account_id, top_up_id)
    values ('stripe', ${event.eventId}, ${event.type}, ${accountId}, ${topUpId})
    on conflict (provider, event_id) do nothing`;
  if (recorded.count === 0) return 'duplicate';
  if (isReversal) {
    await transaction`
      update top_ups set reversal_mark = reversal_mark + 1, updated_at = now()
      where account_id = ${accountId} and top_up_id = ${topUpId}`;
  }
  const { state } = concerned;
  if (isReversal || state === null || !NEEDS_NO_WAKE.includes(state)) {
    await markWakes(transaction, [{ accountId, refresh: reasonOf(event, concerned), delayMs: 0 }]);
  }
  return 'recorded';
}

/** The top-up names the account most surely, then the invoice that it made or what collected that, then the customer,
 *  and last what the object's metadata claims. */
async function findConcerned(
  transaction: Transaction,
  { topUpId, invoiceId, paymentIntentId, customerId, accountId }: VerifiedStripeEvent,
): Promise<Concerned | null> {
  const [topUp] = await transaction<Concerned[]>`
    select account_id, top_up_id, state from top_ups
    where top_up_id = ${topUpId} or invoice_id = ${invoiceId} or payment_intent_id = ${paymentIntentId}
    order by top_up_id is not distinct from ${topUpId} desc
    limit 1`;
  if (topUp !== undefined) return topUp;
  const [account] = await transaction<Concerned[]>`
    select account_id, null as top_up_id, null as state from accounts
    where customer_id = ${customerId} or account_id = ${accountId}
    order by customer_id is not distinct from ${customerId} desc
    limit 1`;
  return account ?? null;
}

const OF_THE_CUSTOMER = /^(customer|payment_method|setup_intent|checkout\.session)\./;
/** News of money that went back, or may. */
const OF_A_REVERSAL = /^(charge\.refunded$|charge\.dispute\.|refund\.|credit_note\.)/;

function reasonOf({ type }: VerifiedStripeEvent, { topUpId }: Concerned): RefreshReason {
  return topUpId === null && OF_THE_CUSTOMER.test(type) ? 'customer' : 'payment';
}
