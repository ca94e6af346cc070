import type { BlockReason, Suspension, SuspensionReason } from '../domain/account-state.ts';
import type { AccountId } from '../domain/ids.ts';
import type { Plan } from '../domain/prices.ts';
import type { Runner } from './connect.ts';
import type { Locale } from './schema.ts';

/** The card on file, as shown to the customer. `fingerprint` is the same for the same card attached twice. */
export type Card = {
  paymentMethodId: string;
  fingerprint: string | null;
  brand: string;
  last4: string;
  expMonth: number;
  expYear: number;
};

export type AccountRow = {
  accountId: AccountId;
  name: string;
  email: string;
  locale: Locale;
  timeZone: string;
  country: string;
  plan: Plan;
  customerId: string | null;
  card: Card | null;
  blockReason: BlockReason | null;
  suspension: Suspension | null;
  /** When failures were last forgiven: at a resumption, or when the account was made. */
  failuresSinceMs: number;
  createdAtMs: number;
  updatedAtMs: number;
};

type Columns = Omit<AccountRow, 'card' | 'suspension'> & {
  paymentMethodId: string | null;
  cardFingerprint: string | null;
  cardBrand: string | null;
  cardLast4: string | null;
  cardExpMonth: number | null;
  cardExpYear: number | null;
  suspensionReason: SuspensionReason | null;
  suspendedAtMs: number | null;
};

/** @returns null when there is no such account. */
export async function readAccount(sql: Runner, accountId: AccountId): Promise<AccountRow | null> {
  const [row] = await sql<Columns[]>`
    select account_id, name, email, locale, time_zone, country, plan, customer_id, payment_method_id,
      card_fingerprint, card_brand, card_last4, card_exp_month, card_exp_year, block_reason,
      suspension_reason, suspended_at as suspended_at_ms,
      failures_since as failures_since_ms, created_at as created_at_ms, updated_at as updated_at_ms
    from accounts
    where account_id = ${accountId}`;
  if (row === undefined) return null;
  const { paymentMethodId, cardFingerprint, cardBrand, cardLast4, cardExpMonth, cardExpYear, ...rest } = row;
  const { suspensionReason, suspendedAtMs, ...account } = rest;
  return {
    ...account,
    card:
      paymentMethodId === null
        ? null
        : {
            paymentMethodId,
            fingerprint: cardFingerprint,
            brand: cardBrand ?? '',
            last4: cardLast4 ?? '',
            expMonth: cardExpMonth ?? 0,
            expYear: cardExpYear ?? 0,
          },
    suspension:
      suspensionReason === null || suspendedAtMs === null
        ? null
        : { reason: suspensionReason, sinceMs: suspendedAtMs },
  };
}
