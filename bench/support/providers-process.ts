import { startPostmarkSandbox } from '../../dev/postmark-sandbox/server.ts';
import { startStripeSandbox } from '../../dev/stripe-sandbox/server.ts';
import { startStripeTap } from './stripe-tap.ts';
import { READY_LINE, settingsOf } from './worker-process.ts';

export type ProvidersSettings = {
  readonly stripePort: number;
  readonly tapPort: number;
  readonly postmarkPort: number;
};

/** The sandboxes of the providers in a process of their own, as they are elsewhere in production. */
const { stripePort, tapPort, postmarkPort } = settingsOf() as ProvidersSettings;
const running = [
  await startStripeSandbox({ port: stripePort }),
  await startPostmarkSandbox({ port: postmarkPort }),
  await startStripeTap(stripePort, tapPort),
];
console.log(READY_LINE);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void Promise.all(running.map((each) => each.stop())).then(() => process.exit()));
}
