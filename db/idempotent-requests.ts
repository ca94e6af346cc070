import { createHash } from 'node:crypto';
import type { Transaction } from './connect.ts';

/** Whose keys those are that operators send; what an account's are is said where it buys. */
export const OPERATORS_SCOPE = 'operator';

/** A request under the caller's key, and what it asks for. */
export type IdempotentRequest = {
  /** Whose keys they are: `account/` and its id, or `OPERATORS_SCOPE`. */
  scope: string;
  key: string;
  /** All that makes two requests the same one; plain JSON. */
  asked: unknown;
};

export type IdempotentResult<Answer> =
  | { status: 'done' | 'repeated'; answer: Answer }
  | { status: 'conflict' };

/** Does something once under a key, in the caller's transaction: the same request again gets the first answer, another
 *  request under the key changes nothing. Two at the same time follow one another.
 *  @param work what is asked for; its answer is stored as plain JSON. When it throws, the key stays free.
 *  @param isFinal an answer that is not is given and forgotten: the key stays free, and what was written stays. */
export async function once<Answer>(
  transaction: Transaction,
  { scope, key, asked }: IdempotentRequest,
  work: () => Promise<Answer>,
  isFinal: (answer: Answer) => boolean = () => true,
): Promise<IdempotentResult<Answer>> {
  const fingerprint = createHash('sha256').update(JSON.stringify(asked)).digest('hex');
  // Held until the commit. A row cannot be locked before it is there.
  await transaction`select pg_advisory_xact_lock(hashtextextended(${`${scope}/${key}`}, 0))`;
  const [earlier] = await transaction<{ fingerprint: string; answer: Answer }[]>`
    select fingerprint, answer from idempotent_requests where scope = ${scope} and key = ${key}`;
  if (earlier !== undefined) {
    if (earlier.fingerprint !== fingerprint) return { status: 'conflict' };
    return { status: 'repeated', answer: earlier.answer };
  }
  const answer = await work();
  if (!isFinal(answer)) return { status: 'done', answer };
  await transaction`
    insert into idempotent_requests (scope, key, fingerprint, answer)
    values (${scope}, ${key}, ${fingerprint}, ${JSON.stringify(answer)}::text::jsonb)`;
  return { status: 'done', answer };
}
