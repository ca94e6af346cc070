import { createServer, type ServerResponse } from 'node:http';
import { createServer as createListener, type AddressInfo } from 'node:net';
import type { TelemetryOptions } from '@temporalio/worker';
import type { Registry } from 'prom-client';

const LOOPBACK = '127.0.0.1';
const SDK_TIMEOUT_MS = 2_000;

/** The SDK's core serves its metrics by itself and nowhere else. */
export type SdkMetrics = { url: string; telemetryOptions: TelemetryOptions };

/** Chooses a loopback port for the core; the worker's own endpoint passes on what it says. */
export async function startSdkMetrics(): Promise<SdkMetrics> {
  const bindAddress = `${LOOPBACK}:${await freePort()}`;
  return {
    url: `http://${bindAddress}/metrics`,
    telemetryOptions: { metrics: { prometheus: { bindAddress, countersTotalSuffix: true } } },
  };
}

/** Serves `/metrics` on METRICS_PORT, if it is set: what the registry holds, then what the SDK says. A part that
 *  cannot be had makes the answer a 503, because a figure that is missing looks like a service that does nothing.
 *  @returns when it has been stopped. */
export async function serveMetrics(
  { METRICS_PORT: port, HOST: host }: { METRICS_PORT: number | undefined; HOST: string },
  { registry, sdk, stop }: { registry: Registry; sdk: SdkMetrics | null; stop: AbortSignal },
): Promise<void> {
  if (port === undefined || stop.aborted) return;
  const server = createServer((request, response) => {
    if (request.url !== '/metrics') return void response.writeHead(404).end();
    void answer(response, { registry, sdk });
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.on('error', reject);
  server.on('close', resolve);
  stop.addEventListener('abort', () => server.close(), { once: true });
  server.listen(port, host);
  await promise;
}

async function answer(
  response: ServerResponse,
  { registry, sdk }: { registry: Registry; sdk: SdkMetrics | null },
): Promise<void> {
  try {
    const texts = [await registry.metrics(), sdk === null ? '' : await readSdk(sdk)];
    response.writeHead(200, { 'content-type': registry.contentType }).end(texts.join('\n'));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    response.writeHead(503, { 'content-type': 'text/plain' }).end(`metrics cannot be had: ${reason}\n`);
  }
}

async function readSdk({ url }: SdkMetrics): Promise<string> {
  const response = await fetch(url, { signal: AbortSignal.timeout(SDK_TIMEOUT_MS) });
  if (!response.ok) throw new Error(`the SDK answered ${response.status}`);
  return response.text();
}

async function freePort(): Promise<number> {
  const listener = createListener();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  listener.once('error', reject);
  listener.listen(0, LOOPBACK, resolve);
  await promise;
  const { port } = listener.address() as AddressInfo;
  await new Promise((closed) => listener.close(closed));
  return port;
}
