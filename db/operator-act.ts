import type { Database, Transaction } from './connect.ts';
import { once, OPERATORS_SCOPE } from './idempotent-requests.ts';
import { OperatorError } from './operator-error.ts';

/** Who acts, why, and under which key: the same act under the same key again has no second effect. */
export type ActOrder = { actor: string; reason: string; key: string };

/** Does an operator's act once under its key, in one transaction.
 *  @param asked all that makes two requests the same act, but for the reason.
 *  @param work the act; what it throws leaves the key free.
 *  @returns the answer of the first time, as plain JSON.
 *  @throws OperatorError `idempotency_conflict` when the key was used for something else. */
export async function actOnce<Answer>(
  db: Database,
  { key, reason }: ActOrder,
  asked: readonly unknown[],
  work: (transaction: Transaction) => Promise<Answer>,
): Promise<Answer> {
  return db.transaction(async (transaction) => {
    const request = { scope: OPERATORS_SCOPE, key, asked: [...asked, reason] };
    const result = await once(transaction, request, () => work(transaction));
    if (result.status !== 'conflict') return result.answer;
    throw new OperatorError('idempotency_conflict', 'The key was used for another request.');
  });
}
