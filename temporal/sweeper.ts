import { setTimeout as sleep } from 'node:timers/promises';

export type SweeperOptions = {
  /** Marks every account that breaks the liveness invariant and returns how many there were. */
  sweep: () => Promise<number>;
  everyMs: number;
  onSwept: (swept: { count: number }) => void;
  onFault: (fault: { error: unknown }) => void;
};

/** Looks again and again for accounts that somebody has forgotten, so that correctness never rests on one signal
 *  having arrived. Several may run: marking an account twice is harmless. */
export async function runSweeper(options: SweeperOptions, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    try {
      const count = await options.sweep();
      if (count > 0) options.onSwept({ count });
    } catch (error) {
      options.onFault({ error });
    }
    await sleep(options.everyMs, undefined, { signal: stop }).catch(() => undefined);
  }
}
