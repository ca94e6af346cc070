/** Something that runs until it is told to stop, or until it ends by itself. */
export type Running = { readonly exited?: Promise<unknown>; stop(): Promise<void> };

/** Starts a part as a program of its own: keeps it until SIGINT, SIGTERM or its own end, stops it,
 *  and sets the exit code. An error at the start is printed as one message, without a stack. */
export async function runUntilStopped(start: () => Promise<Running>): Promise<void> {
  const signaled = Promise.withResolvers<'signaled'>();
  const onSignal = () => signaled.resolve('signaled');
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  let running: Running;
  try {
    running = await start();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
    return;
  }
  const ended = running.exited?.then(() => 'ended' as const) ?? new Promise<never>(() => undefined);
  const reason = await Promise.race([signaled.promise, ended]);
  await running.stop();
  if (reason === 'ended') {
    console.error('It ended by itself; the lines above say why.');
    process.exitCode = 1;
  }
  process.off('SIGINT', onSignal);
  process.off('SIGTERM', onSignal);
}
