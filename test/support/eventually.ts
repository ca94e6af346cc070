export type EventuallyOptions = { readonly timeoutMs?: number; readonly pauseMs?: number };

/** Calls `attempt` until it no longer throws, and returns what it returned; so assertions inside it
 *  are awaited instead of a fixed time.
 *  @throws what the last attempt threw, once `timeoutMs` (10 s unless told) have passed. */
export async function eventually<T>(
  attempt: () => T | Promise<T>,
  { timeoutMs = 10_000, pauseMs = 25 }: EventuallyOptions = {},
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() > deadline) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
