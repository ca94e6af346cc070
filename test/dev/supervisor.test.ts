import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startChild } from '../../dev/child.ts';
import type { Child } from '../../dev/child.ts';
import { createSupervisor, SupervisorStopped } from '../../dev/supervisor.ts';
import type { Supervisor } from '../../dev/supervisor.ts';
import { isRunning } from '../support/processes.ts';

let logDir: string;
let supervisor: Supervisor;

beforeEach(async () => {
  logDir = await mkdtemp(join(tmpdir(), 'auto-top-up-logs-'));
  supervisor = createSupervisor({ logDir });
});

afterEach(async () => {
  await supervisor.stop().catch(() => undefined);
  await rm(logDir, { recursive: true, force: true });
});

function startNode(name: string, script: string): Promise<Child> {
  return supervisor.start(name, (log) =>
    startChild({
      name,
      command: process.execPath,
      args: ['-e', script],
      onLine: (line) => log.write(line),
    }),
  );
}

const FOR_EVER = 'setInterval(() => {}, 1000)';

test('parts are stopped one after the other, the last started first', async () => {
  const stopped: string[] = [];
  for (const name of ['database', 'api', 'worker']) {
    await supervisor.start(name, () =>
      Promise.resolve({
        stop: async () => {
          await new Promise((resolve) => setImmediate(resolve));
          stopped.push(name);
        },
      }),
    );
  }
  await supervisor.stop();
  expect(stopped).toEqual(['worker', 'api', 'database']);
});

test('when a part fails to start, those started before it are stopped with the rest', async () => {
  const first = await startNode('first', FOR_EVER);
  await expect(
    supervisor.start('second', () => Promise.reject(new Error('port 1 is in use'))),
  ).rejects.toThrow('port 1 is in use');
  await supervisor.stop();
  expect(await isRunning(first.pid)).toBe(false);
});

test('a part that is just starting when the stop comes is stopped too', async () => {
  const gate = Promise.withResolvers<void>();
  const slow = supervisor.start('slow', async (log) => {
    await gate.promise;
    return startChild({
      name: 'slow',
      command: process.execPath,
      args: ['-e', FOR_EVER],
      onLine: (line) => log.write(line),
    });
  });
  const stopping = supervisor.stop();
  gate.resolve();
  const child = await slow;
  await stopping;
  expect(await isRunning(child.pid)).toBe(false);
});

test('the stop tells a part that waits to become ready', async () => {
  const waiting = supervisor.start(
    'waiting',
    (_log, signal) =>
      new Promise<never>((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(new Error('gave up')));
      }),
  );
  const [outcome] = await Promise.allSettled([waiting, supervisor.stop()]);
  expect(outcome).toMatchObject({ status: 'rejected', reason: new Error('gave up') });
});

test('nothing is started after the stop', async () => {
  await supervisor.stop();
  await expect(startNode('late', FOR_EVER)).rejects.toThrow(SupervisorStopped);
});

test('a part that cannot be stopped does not keep the others from being stopped', async () => {
  const first = await startNode('first', FOR_EVER);
  await supervisor.start('broken', () =>
    Promise.resolve({ stop: () => Promise.reject(new Error('it is stuck')) }),
  );
  await expect(supervisor.stop()).rejects.toThrow('A part could not be stopped');
  expect(await isRunning(first.pid)).toBe(false);
});

test('a part that ends by itself is reported with the end of its log', async () => {
  await startNode('api', "console.error('no database'); setTimeout(() => process.exit(1), 100)");
  const message = await supervisor.crashed;
  expect(message).toContain('api ended by itself');
  expect(message).toContain('no database');
});

test('a part that was told to stop is not reported as crashed', async () => {
  await startNode('api', FOR_EVER);
  let crash: string | undefined;
  void supervisor.crashed.then((message) => {
    crash = message;
  });
  await supervisor.stop();
  expect(crash).toBeUndefined();
});

test('each part logs to a file of its own, and the previous one is kept', async () => {
  await (await startNode('api', "console.log('first run')")).exited;
  await supervisor.stop();
  supervisor = createSupervisor({ logDir });
  await (await startNode('api', "console.log('second run')")).exited;
  await supervisor.stop();
  expect(await readFile(join(logDir, 'api.log'), 'utf8')).toContain('second run');
  expect(await readFile(join(logDir, 'api.previous.log'), 'utf8')).toContain('first run');
});
