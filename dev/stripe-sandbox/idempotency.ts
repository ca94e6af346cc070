import { ApiError, invalidRequest } from './errors.ts';
import type { Store } from './store.ts';

/** Stripe keeps keys at least a day; the sandbox forgets them after exactly that, by its own clock. */
const KEPT_SECONDS = 24 * 3600;
const MAX_KEY_LENGTH = 255;

export interface KeyedRequest {
  key: string;
  path: string;
  fingerprint: string;
}

export interface StoredResult {
  status: number;
  body: string;
}

/** The first result of this key, if there is one.
 *  @throws ApiError 400 `idempotency_error` when the key was used for something else. */
export function recall(store: Store, request: KeyedRequest, now: number): StoredResult | undefined {
  const row = store.db.prepare('SELECT * FROM idempotent_results WHERE key = ?').get(request.key);
  if (row === undefined) return undefined;
  if (Number(row['created']) + KEPT_SECONDS <= now) {
    store.db.prepare('DELETE FROM idempotent_results WHERE key = ?').run(request.key);
    return undefined;
  }
  if (row['path'] !== request.path) throw mismatch(otherEndpoint(request, String(row['path'])));
  if (row['fingerprint'] !== request.fingerprint) throw mismatch(otherParameters(request.key));
  return { status: Number(row['status']), body: String(row['body']) };
}

/** Keeps the result, in the transaction of its effect. */
export function remember(store: Store, request: KeyedRequest, result: StoredResult, now: number): void {
  store.db
    .prepare(
      `INSERT OR REPLACE INTO idempotent_results (key, path, fingerprint, status, body, created)
       VALUES (?, ?, ?, ?, ?, ?)`,
    )
    .run(request.key, request.path, request.fingerprint, result.status, result.body, now);
}

export function assertKey(key: string): void {
  if (key.length <= MAX_KEY_LENGTH) return;
  throw invalidRequest(`Idempotency keys can be at most ${MAX_KEY_LENGTH} characters long.`);
}

function mismatch(message: string): ApiError {
  return new ApiError(400, { type: 'idempotency_error', message });
}

function otherParameters(key: string): string {
  return `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`;
}

function otherEndpoint(request: KeyedRequest, first: string): string {
  return `Keys for idempotent requests can only be used for the same endpoint they were first used for ('${request.path}' vs '${first}'). Try using a key other than '${request.key}' if you meant to execute a different request.`;
}
