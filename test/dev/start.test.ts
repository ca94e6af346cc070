import { createServer } from 'node:net';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { freePorts, requireFreePort } from '../../dev/ports.ts';

const PORT_VARIABLES = [
  'PORT',
  'POSTGRES_PORT',
  'TEMPORAL_PORT',
  'TEMPORAL_UI_PORT',
  'STRIPE_SANDBOX_PORT',
  'POSTMARK_SANDBOX_PORT',
] as const;

let dataDir: string;
let ports: readonly number[];

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'auto-top-up-start-'));
  // Open to be passed through, so that root's PostgreSQL keeps its data here and it is removed with the rest.
  await chmod(dataDir, 0o755);
  ports = await freePorts(PORT_VARIABLES.length);
});

afterEach(async () => {
  await rm(dataDir, { recursive: true, force: true });
});

function start(...args: readonly string[]) {
  const portSettings = PORT_VARIABLES.map((variable, index) => [variable, String(ports[index])]);
  return execa(process.execPath, ['dev/start.ts', ...args], {
    // Plain text: colours, which a CI asks for without a terminal, would hide the words looked for.
    env: {
      ...Object.fromEntries(portSettings),
      DATA_DIR: dataDir,
      NODE_ENV: 'development',
      NO_COLOR: '1',
      FORCE_COLOR: undefined,
    },
    reject: false,
    all: true,
  });
}

async function expectNothingRuns(): Promise<void> {
  for (const [index, variable] of PORT_VARIABLES.entries()) {
    await expect(requireFreePort(ports[index]!, 'a part', variable)).resolves.toBeUndefined();
  }
}

test('npm start -- --exit plays the demo to the end, each effect once; so does a second start on the same data', async () => {
  for (const run of ['first', 'second']) {
    const { exitCode, all } = await start('--exit');
    expect(all).toMatch(/✓ (\d+) of \1 expectations hold, each effect exactly once\./);
    expect({ run, exitCode }).toEqual({ run, exitCode: 0 });
    await expectNothingRuns();
  }
}, 300_000);

test.each(['SIGINT', 'SIGTERM'] as const)(
  '%s in the middle of the start leaves nothing running',
  async (signal) => {
    const running = start();
    let output = '';
    await new Promise<void>((resolve) => {
      running.all?.on('data', (data: Buffer) => {
        output += data.toString();
        if (output.includes('✓ Temporal')) resolve();
      });
    });
    running.kill(signal);
    const { exitCode } = await running;
    expect(exitCode).toBe(130);
    await expectNothingRuns();
  },
  60_000,
);

test('a port in use is one sentence, and nothing is started', async () => {
  const server = createServer().listen(ports[2], '127.0.0.1');
  await once(server, 'listening');
  const { exitCode, all } = await start('--exit');
  expect(exitCode).toBe(1);
  expect(all).toContain(
    `Port ${ports[2]} is in use, so Temporal cannot start: end the program that uses it, or set TEMPORAL_PORT to a free port.`,
  );
  expect(all).not.toContain('✓');
  server.close();
  await once(server, 'close');
  await expectNothingRuns();
}, 30_000);
