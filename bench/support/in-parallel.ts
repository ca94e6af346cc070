/** Runs `act` for every item, `concurrency` of them at a time, started in the order of the items.
 *  @throws what the first failing one threw; no further one is started then. */
export async function inParallel<Item>(
  items: readonly Item[],
  concurrency: number,
  act: (item: Item, index: number) => Promise<void>,
): Promise<void> {
  const rest = items.entries();
  const run = async () => {
    for (const [index, item] of rest) await act(item, index);
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, items.length) }, run));
}
