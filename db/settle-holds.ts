import type { Booking } from './book-usage.ts';
import type { Transaction } from './connect.ts';

/** Settles the holds that newly booked usage names, whatever was really used: they reserve nothing any more. A hold
 *  that is unknown, of another account or wallet, expired, released or settled already is no error. Costs nothing when
 *  no event names one. The caller holds the wallets' locks. */
export async function settleHolds(transaction: Transaction, entries: Booking['entries']): Promise<void> {
  const naming = entries.flatMap(({ event }) =>
    event.hold === undefined ? [] : [{ ...event, hold: event.hold }],
  );
  if (naming.length === 0) return;
  await transaction`
    update holds set state = 'settled', ended_at = now()
    from unnest(
      ${naming.map((event) => event.accountId)}::text[],
      ${naming.map((event) => event.wallet)}::text[],
      ${naming.map((event) => event.hold)}::text[]
    ) as named (account_id, wallet, hold_id)
    where holds.account_id = named.account_id and holds.hold_id = named.hold_id
      and holds.wallet = named.wallet and holds.state = 'held'`;
}
