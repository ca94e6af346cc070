/** Runs `use` and then, in reverse order, whatever it asked to be done at its end, also when it failed. */
export async function withCleanUp<T>(
  use: (atEnd: (cleanUp: () => unknown) => void) => Promise<T>,
): Promise<T> {
  await using stack = new AsyncDisposableStack();
  return await use((cleanUp) =>
    stack.defer(async () => {
      await cleanUp();
    }),
  );
}
