import { mkdir } from 'node:fs/promises';
import { inDataDir } from './data-dir.ts';
import { localPorts, POSTMARK_WEBHOOK_USER } from './local-environment.ts';
import { loadLocalSecrets } from './local-secrets.ts';
import { requireFreePort } from './ports.ts';
import { startPostmarkSandbox } from './postmark-sandbox/server.ts';
import { runUntilStopped } from './run-until-stopped.ts';
import type { Running } from './run-until-stopped.ts';
import { startStripeSandbox } from './stripe-sandbox/server.ts';

/** Starts the sandboxes of the providers, both unless one is named: `node dev/sandbox.ts postmark`. */
async function startSandboxes(names: readonly string[]): Promise<Running> {
  await mkdir(inDataDir(), { recursive: true });
  const running: Running[] = [];
  const stop = async () => {
    await Promise.all(running.map((sandbox) => sandbox.stop()));
  };
  try {
    if (names.includes('stripe')) running.push(await stripeSandbox());
    if (names.includes('postmark')) running.push(await postmarkSandbox());
  } catch (error) {
    await stop();
    throw error;
  }
  return { stop };
}

async function stripeSandbox(): Promise<Running> {
  const ports = localPorts();
  const secrets = await loadLocalSecrets(inDataDir('secrets.json'));
  await requireFreePort(ports.stripeSandbox, 'the Stripe sandbox', 'STRIPE_SANDBOX_PORT');
  const sandbox = await startStripeSandbox({
    port: ports.stripeSandbox,
    dataFile: inDataDir('stripe-sandbox.db'),
    webhookUrl: `http://127.0.0.1:${ports.api}/webhooks/stripe`,
    webhookSecret: process.env['STRIPE_WEBHOOK_SECRET'] || secrets.STRIPE_WEBHOOK_SECRET,
  });
  console.log(`Stripe sandbox: ${sandbox.url}`);
  return sandbox;
}

async function postmarkSandbox(): Promise<Running> {
  const ports = localPorts();
  const secrets = await loadLocalSecrets(inDataDir('secrets.json'));
  await requireFreePort(ports.postmarkSandbox, 'the Postmark sandbox', 'POSTMARK_SANDBOX_PORT');
  const sandbox = await startPostmarkSandbox({
    port: ports.postmarkSandbox,
    dataFile: inDataDir('postmark-sandbox.db'),
    webhookUrl: `http://127.0.0.1:${ports.api}/webhooks/postmark`,
    webhookUser: process.env['POSTMARK_WEBHOOK_USER'] || POSTMARK_WEBHOOK_USER,
    webhookPassword: process.env['POSTMARK_WEBHOOK_PASSWORD'] || secrets.POSTMARK_WEBHOOK_PASSWORD,
  });
  console.log(`Postmark sandbox: ${sandbox.url}/outbox`);
  return sandbox;
}

const names = process.argv.slice(2);
await runUntilStopped(() => startSandboxes(names.length === 0 ? ['stripe', 'postmark'] : names));
