import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { freePorts } from '../../dev/ports.ts';
import { startStripeSandbox } from '../../dev/stripe-sandbox/server.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { testTemporal } from '../support/temporal.ts';
import { ACME, OPERATOR_KEY, PLATFORM_KEY, startTestApi, TOKEN_SECRET } from './support/test-api.ts';

const NOBODY_LISTENS = '127.0.0.1:1';

/** Starting takes a second alone, and many times that beside other tests. */
const BUSY_MACHINE = { timeoutMs: 60_000 };

describe('the API as a process', { timeout: 90_000 }, () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  const processes: ChildProcess[] = [];
  afterEach(async () => {
    for (const child of processes.splice(0)) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  });

  async function start(environment: Record<string, string>) {
    const [port = 0] = await freePorts(1);
    const child = spawn(process.execPath, ['api/server.ts'], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env['PATH'],
        PORT: String(port),
        PUBLIC_URL: 'https://top-up.example',
        PLATFORM_KEY,
        OPERATOR_KEY,
        DATABASE_URL: database.url,
        STRIPE_SECRET_KEY: 'sk_test_123',
        STRIPE_API_BASE: `http://${NOBODY_LISTENS}`,
        STRIPE_WEBHOOK_SECRET: 'whsec_1',
        POSTMARK_WEBHOOK_USER: 'postmark',
        POSTMARK_WEBHOOK_PASSWORD: 'password',
        TOKEN_SECRET,
        ...environment,
      },
    });
    processes.push(child);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    }
    return { child, port, url: `http://127.0.0.1:${port}`, output: () => output };
  }

  type Started = Awaited<ReturnType<typeof start>>;

  const ready = ({ url, output }: Started) =>
    eventually(async () => {
      const response = await fetch(`${url}/readyz`).catch((error: unknown) => {
        throw new Error(`not ready: ${output()}`, { cause: error });
      });
      expect(response.status).toBe(200);
      return (await response.json()) as { checks: Record<string, { reachable: boolean | null }> };
    }, BUSY_MACHINE);

  const put = async ({ url }: Started, id: string, key = PLATFORM_KEY) => {
    const response = await fetch(`${url}/v1/accounts/${id}`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify(ACME),
    });
    return { status: response.status, body: (await response.json()) as { stripeCustomerId?: string | null } };
  };

  test('saves an account while Stripe and Temporal are away, and says so', async () => {
    const api = await start({ TEMPORAL_ADDRESS: NOBODY_LISTENS, LOG_LEVEL: 'trace' });
    const { checks } = await ready(api);
    expect(checks).toEqual({ database: { reachable: true }, temporal: { reachable: false } });
    expect(await put(api, 'acme')).toMatchObject({ status: 201, body: { stripeCustomerId: null } });
    expect((await put(api, 'acme', OPERATOR_KEY)).status).toBe(403);
    expect(api.output()).not.toContain(PLATFORM_KEY);
  });

  test('does not start with one key for two roles, and says so', async () => {
    const { child, output } = await start({ OPERATOR_KEY: PLATFORM_KEY });
    await once(child, 'exit');
    expect(child.exitCode).toBe(1);
    expect(output().trim()).toBe(
      'PLATFORM_KEY and OPERATOR_KEY are the same key. Give each role a key of its own.',
    );
  });

  test('makes the customer at Stripe once it answers, and finds Temporal', async () => {
    const sandbox = await startStripeSandbox({ port: 0 });
    try {
      const api = await start({ STRIPE_API_BASE: sandbox.url, TEMPORAL_ADDRESS: testTemporal().address });
      expect((await ready(api)).checks).toMatchObject({ temporal: { reachable: true } });
      const { body } = await put(api, 'acme');
      expect(body.stripeCustomerId).toMatch(/^cus_/);
      expect((await put(api, 'acme')).body.stripeCustomerId).toBe(body.stripeCustomerId);
    } finally {
      await sandbox.stop();
    }
  });

  test('answers what has begun to arrive before it obeys SIGTERM', async () => {
    const api = await start({});
    await ready(api);
    const body = JSON.stringify({ events: [{}] });
    const socket = connect(api.port, '127.0.0.1');
    let answer = '';
    socket.setEncoding('utf8').on('data', (text: string) => {
      answer += text;
    });
    socket.write(
      `POST /v1/usage HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${PLATFORM_KEY}\r\n` +
        `content-type: application/json\r\ncontent-length: ${body.length}\r\nexpect: 100-continue\r\n\r\n`,
    );
    await eventually(() => expect(answer).toMatch(/^HTTP\/1.1 100 /));
    api.child.kill('SIGTERM');
    await eventually(() => expect(api.output()).toContain('draining'));
    await eventually(() => expect(fetch(`${api.url}/healthz`)).rejects.toThrow('fetch failed'));
    socket.write(body);
    const [code] = await once(api.child, 'exit');
    expect(answer).toMatch(/HTTP\/1.1 200 /);
    expect(answer).toContain('"rejected"');
    expect(code).toBe(0);
  });

  test('says in one sentence that the database or the port is not to be had', async () => {
    const away = await start({ DATABASE_URL: `postgres://nobody@${NOBODY_LISTENS}/nothing` });
    expect((await once(away.child, 'exit'))[0]).toBe(1);
    expect(away.output()).toMatch(/^The database at DATABASE_URL cannot be reached/m);
    const first = await start({});
    await ready(first);
    const second = await start({ PORT: String(first.port) });
    expect((await once(second.child, 'exit'))[0]).toBe(1);
    expect(second.output()).toMatch(/Another program has the port/);
  });

  test('names every setting that is missing, and does not start', async () => {
    const { child, output } = await start({ DATABASE_URL: '', TOKEN_SECRET: 'short' });
    const [code] = await once(child, 'exit');
    expect(code).toBe(1);
    expect(output()).toMatch(/DATABASE_URL is not set/);
    expect(output()).toMatch(/TOKEN_SECRET needs at least 32 characters/);
  });
});

describe('readiness', () => {
  test('without the database it is not ready, with Temporal away it is', async () => {
    const away = () => Promise.reject(new Error('away'));
    const here = () => Promise.resolve();
    for (const [readiness, status] of [
      [{ database: away, temporal: here }, 503],
      [{ database: here, temporal: away }, 200],
    ] as const) {
      const api = await startTestApi({ readiness });
      try {
        const answer = await api.nobody('GET', '/readyz');
        expect(answer.status).toBe(status);
        expect(answer.body.checks).toEqual({
          database: { reachable: readiness.database === here },
          temporal: { reachable: readiness.temporal === here },
        });
        expect((await api.nobody('GET', '/healthz')).body).toEqual({ status: 'ok' });
      } finally {
        await api.close();
      }
    }
  });

  test('a check that hangs counts as away', async () => {
    const hangs = () => new Promise<void>(() => undefined);
    const api = await startTestApi({ readiness: { database: hangs, temporal: null } });
    try {
      expect((await api.nobody('GET', '/readyz')).status).toBe(503);
    } finally {
      await api.close();
    }
  });
});
