import { setTimeout as sleep } from 'node:timers/promises';

export type SweeperOptions = {
  /** Does what there is to do and returns how much it was. */
  sweep: () => Promise<number>;
  everyMs: number;
  onSwept: (swept: { count: number }) => void;
  onFault: (fault: { error: unknown }) => void;
};

/** Does the same again and again, such as looking for accounts that somebody has forgotten, so that correctness
 *  never rests on one signal having arrived. Several processes may do so: twice is harmless. */
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
