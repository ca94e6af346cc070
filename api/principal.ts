import type { AccountId } from '../domain/ids.ts';

/** Who makes a request: the bearer of a key, or a customer whose token is bound to one account. */
export type Principal =
  | { role: 'platform' | 'operator'; keyId: string }
  | { role: 'customer'; accountId: AccountId; expiresAtMs: number };

export type Role = Principal['role'];

/** The principal as logs, limits and the audit name it. */
export function principalName(principal: Principal): string {
  return principal.role === 'customer'
    ? `customer:${principal.accountId}`
    : `${principal.role}:${principal.keyId}`;
}
