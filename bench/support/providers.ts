import { Stripe } from 'stripe';
import { freePorts } from '../../dev/ports.ts';
import type { ProvidersSettings } from './providers-process.ts';
import type { TappedCharge } from './stripe-tap.ts';
import { startWorkerProcess } from './worker-process.ts';

/** The Stripe and Postmark sandboxes, with a tap that notes when charges arrive. */
export type Providers = {
  /** What the service is given as Stripe: the tap. */
  readonly stripeUrl: string;
  readonly postmarkUrl: string;
  /** Straight to the sandbox, for preparations that nobody measures. */
  readonly stripe: Stripe;
  charges(): Promise<readonly TappedCharge[]>;
  /** Where the sandbox sends its webhooks while they are on. */
  sendWebhooksTo(apiUrl: string, secret: string): Promise<void>;
  /** Runs `act` without webhooks: what is prepared must not keep the service busy while it is measured. */
  withoutWebhooks<T>(act: () => Promise<T>): Promise<T>;
  stop(): Promise<void>;
};

export async function startProviders(): Promise<Providers> {
  const [stripePort = 0, tapPort = 0, postmarkPort = 0] = await freePorts(3);
  const settings: ProvidersSettings = { stripePort, tapPort, postmarkPort };
  const child = await startWorkerProcess(new URL('providers-process.ts', import.meta.url), settings);
  const tapUrl = `http://127.0.0.1:${tapPort}`;
  const put = async (url: string, body: object) => {
    const response = await fetch(url, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    await response.text();
    if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  };
  const webhook = `http://127.0.0.1:${stripePort}/sandbox/webhook`;
  let target: { url: string; secret: string } | null = null;
  return {
    stripeUrl: tapUrl,
    postmarkUrl: `http://127.0.0.1:${postmarkPort}`,
    stripe: new Stripe('sk_test_sandbox', {
      host: '127.0.0.1',
      port: stripePort,
      protocol: 'http',
      telemetry: false,
    }),
    charges: async () => (await (await fetch(`${tapUrl}/tap`)).json()) as TappedCharge[],
    async sendWebhooksTo(apiUrl, secret) {
      target = { url: `${apiUrl}/webhooks/stripe`, secret };
      await put(webhook, target);
    },
    async withoutWebhooks(act) {
      await put(webhook, { url: null });
      try {
        return await act();
      } finally {
        if (target !== null) await put(webhook, target);
      }
    },
    stop: () => child.stop(),
  };
}
