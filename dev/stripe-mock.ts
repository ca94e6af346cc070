import { spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';

const VERSION = 'v0.203.0';
const MODULE = `github.com/stripe/stripe-mock@${VERSION}`;
const BUILD_WITHIN_MS = 10 * 60_000;
const READY_WITHIN_MS = 20_000;

/** Says in one sentence why Stripe's own checker is not there. */
export class StripeMockUnavailable extends Error {
  constructor(reason: string) {
    super(`Stripe's stripe-mock ${VERSION} is needed to check the sandbox and cannot be built: ${reason}`);
    this.name = 'StripeMockUnavailable';
  }
}

export interface StripeMockParts {
  binary: string;
  /** Path of Stripe's OpenAPI document, `spec3.json`. */
  spec: string;
}

export interface StripeMock {
  url: string;
  stop(): Promise<void>;
}

/** stripe-mock and the OpenAPI document that comes with it, built into the user's cache the first time (about 10 s).
 *  @throws StripeMockUnavailable when Go is missing or the module cannot be fetched. */
export async function resolveStripeMock(): Promise<StripeMockParts> {
  const folder = join(homedir(), '.cache', 'auto-top-up', `stripe-mock-${VERSION}`);
  const binary = join(folder, 'stripe-mock');
  const { stdout: modules } = await go(['env', 'GOMODCACHE']);
  const spec = join(modules.trim(), ...`${MODULE}/embedded/openapi/spec3.json`.split('/'));
  if (existsSync(binary) && existsSync(spec)) return { binary, spec };
  mkdirSync(folder, { recursive: true });
  await go(['install', MODULE], { GOBIN: folder });
  if (!existsSync(spec)) throw new StripeMockUnavailable(`the module has no ${spec}.`);
  return { binary, spec };
}

/** Runs stripe-mock on a free port until it is stopped. */
export async function startStripeMock(): Promise<StripeMock> {
  const { binary } = await resolveStripeMock();
  const [http, https] = [await freePort(), await freePort()];
  const addresses = ['-http-addr', `127.0.0.1:${http}`, '-https-addr', `127.0.0.1:${https}`];
  const child = spawn(binary, addresses, { stdio: 'ignore' });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const url = `http://127.0.0.1:${http}`;
  await untilAnswering(url, () => child.exitCode !== null);
  return {
    url,
    stop: async () => {
      child.kill();
      await exited;
    },
  };
}

async function go(args: string[], env: Record<string, string> = {}): Promise<{ stdout: string }> {
  try {
    return await execa('go', args, { env, timeout: BUILD_WITHIN_MS });
  } catch (error) {
    const { code, shortMessage } = error as { code?: string; shortMessage?: string };
    if (code === 'ENOENT') throw new StripeMockUnavailable('Go is not installed (https://go.dev/dl).');
    throw new StripeMockUnavailable(`${shortMessage ?? String(error)}.`);
  }
}

async function untilAnswering(url: string, isDead: () => boolean): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS;
  while (Date.now() < deadline) {
    if (isDead()) throw new StripeMockUnavailable('it ended right after its start.');
    const answered = await fetch(url).then(
      () => true,
      () => false,
    );
    if (answered) return;
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
  }
  throw new StripeMockUnavailable(`it did not answer within ${READY_WITHIN_MS} ms.`);
}

function freePort(): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const server = createServer();
  server.once('error', reject);
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    server.close(() => resolve(port));
  });
  return promise;
}
