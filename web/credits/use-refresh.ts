import { useThrottledCallback } from '@mantine/hooks';
import { useEffect, useRef } from 'react';

/** A campaign changes a balance every second; a picture or a list need not keep up with each. */
const PAUSE_MS = 5_000;

/** Reads something again when a state that the stream tells has changed: at once, then at most every five seconds, and
 *  never before the last reading has come to its end, so that a slow one answers too. The last change is never left
 *  out.
 *  @param refresh joins a reading that is under way (`cancelRefetch: false`) instead of beginning another. */
export function useRefresh(state: string | undefined, refresh: () => Promise<unknown>): void {
  const isRunning = useRef(false);
  const isLate = useRef(false);
  const run: () => void = useThrottledCallback(() => {
    if (isRunning.current) {
      isLate.current = true;
      return;
    }
    isRunning.current = true;
    void refresh().finally(() => {
      isRunning.current = false;
      if (!isLate.current) return;
      isLate.current = false;
      run();
    });
  }, PAUSE_MS);
  useEffect(() => {
    if (state !== undefined) run();
  }, [state, run]);
}
