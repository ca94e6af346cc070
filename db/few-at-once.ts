/** Lets few pieces of work run at a time; the others wait in the order in which they came, so that long reads leave the
 *  other connections to those who book usage.
 *  @param most at a time.
 *  @param mostWaiting beyond them, work is turned away.
 *  @returns runs work; null when it was turned away. */
export function fewAtOnce(most: number, mostWaiting: number) {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async <T>(work: () => Promise<T>): Promise<T | null> => {
    if (running >= most) {
      if (waiting.length >= mostWaiting) return null;
      // Whoever ends hands its place over, so nobody slips in between.
      await new Promise<void>((resolve) => void waiting.push(resolve));
    } else {
      running += 1;
    }
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
