export type TurnsOptions = {
  /** Pieces of work at a time, each of another line. */
  most: number;
  /** The most that may wait in all lines together, and in one. */
  maxWaiting: number;
  maxWaitingOfLine: number;
  /** Whom an error would meet as well: nobody else, what waits in the same line, or whatever waits. */
  reachOf: (error: unknown) => 'work' | 'line' | 'all';
};

type Waiting = { begin(): void; reject(error: unknown): void };

/** Lets few pieces of work run at a time: one of a line, and the lines in turn, so that neither a long line nor one that
 *  stands still keeps the others waiting.
 *  @returns runs work in its line; null when there was no room to wait, and nothing was begun then. Rejects with what the
 *    work threw, or with what another one threw before it, if that would have met it as well. */
export function takeTurns({ most, maxWaiting, maxWaitingOfLine, reachOf }: TurnsOptions) {
  /** In the order of their turns. */
  const lines = new Map<string, Waiting[]>();
  const inWork = new Set<string>();
  let waiting = 0;

  const wait = (line: string): Promise<void> => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const begin = (): void => {
      inWork.add(line);
      resolve();
    };
    const own = lines.get(line);
    if (own === undefined) lines.set(line, [{ begin, reject }]);
    else own.push({ begin, reject });
    waiting += 1;
    beginNext();
    return promise;
  };
  const beginNext = (): void => {
    for (const line of lines.keys()) {
      if (inWork.size >= most) return;
      if (!inWork.has(line)) take(line)?.begin();
    }
  };
  /** The first one of a line; what is left of the line is put last. */
  const take = (line: string): Waiting | undefined => {
    const own = lines.get(line) ?? [];
    const first = own.shift();
    if (first !== undefined) waiting -= 1;
    lines.delete(line);
    if (own.length > 0) lines.set(line, own);
    return first;
  };
  const refuse = (line: string, error: unknown): void => {
    for (let next = take(line); next !== undefined; next = take(line)) next.reject(error);
  };
  const refuseReached = (line: string, error: unknown): void => {
    const reach = reachOf(error);
    if (reach === 'line') refuse(line, error);
    if (reach === 'all') for (const each of lines.keys()) refuse(each, error);
  };

  return async <T>(line: string, work: () => Promise<T>): Promise<T | null> => {
    const hasToWait = inWork.has(line) || inWork.size >= most;
    const ofLine = lines.get(line)?.length ?? 0;
    if (hasToWait && (waiting >= maxWaiting || ofLine >= maxWaitingOfLine)) return null;
    await wait(line);
    try {
      return await work();
    } catch (error) {
      refuseReached(line, error);
      throw error;
    } finally {
      inWork.delete(line);
      beginNext();
    }
  };
}
