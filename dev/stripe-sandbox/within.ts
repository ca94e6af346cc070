import type { Door } from './dispatch.ts';
import type { Scope } from './scope.ts';

/** Does something as one transaction outside an API request, and has its events delivered. */
export function within<Result>(door: Door, work: (scope: Scope) => Result): Result {
  const result = door.store.transaction(() => work(door.scope({ id: null, idempotency_key: null })));
  door.committed();
  return result;
}
