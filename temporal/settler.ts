type Wakes<Wake> = {
  acknowledge(wakes: readonly Wake[]): Promise<Wake[]>;
  release(wakes: readonly Wake[], retryInMs: number): Promise<Wake[]>;
};

/** What has become of a wake: it has arrived, or is to be tried again in so many milliseconds. */
export type Outcome<Wake> = { wake: Wake; retryInMs: number | null };

/** Tells the database what has become of wakes. One that a writer holds at this moment is kept for the next time, so
 *  that a writer that stands still holds up its own account and no other. */
export function createSettler<Wake>(wakes: Wakes<Wake>) {
  let kept: Outcome<Wake>[] = [];
  return {
    /** Whether something is kept for the next time. */
    get isBehind() {
      return kept.length > 0;
    },

    /** @throws what the database throws; what it has not heard by then is claimed again when its lease has run out. */
    async settle(outcomes: readonly Outcome<Wake>[]): Promise<void> {
      const now = [...kept, ...outcomes];
      kept = [];
      for (const [retryInMs, group] of Map.groupBy(now, (outcome) => outcome.retryInMs)) {
        const these = group.map(({ wake }) => wake);
        const left =
          retryInMs === null ? await wakes.acknowledge(these) : await wakes.release(these, retryInMs);
        kept.push(...left.map((wake) => ({ wake, retryInMs })));
      }
    },
  };
}
