import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterEach, expect, test } from 'vitest';
import { startChild } from '../../dev/child.ts';
import type { Child, ChildOptions } from '../../dev/child.ts';
import { eventually } from '../support/eventually.ts';
import { isRunning } from '../support/processes.ts';

const children: Child[] = [];

afterEach(async () => {
  await Promise.all(children.splice(0).map((child) => child.stop()));
});

async function nodeChild(script: string, options: Partial<ChildOptions> = {}): Promise<Child> {
  const child = await startChild({
    name: 'child',
    command: process.execPath,
    args: ['-e', script],
    ...options,
  });
  children.push(child);
  return child;
}

test('a stopped child is gone when stop() resolves', async () => {
  const child = await nodeChild('setInterval(() => {}, 1000)');
  await child.stop();
  expect(await isRunning(child.pid)).toBe(false);
});

test('a child may finish its work before it ends', async () => {
  const lines: string[] = [];
  const child = await nodeChild(
    "process.on('SIGTERM', () => setTimeout(() => { console.log('saved'); process.exit(3) }, 50)); setInterval(() => {}, 1000); console.log('up')",
    { onLine: (line) => lines.push(line) },
  );
  await eventually(() => expect(lines).toContain('up'));
  await child.stop();
  expect(await child.exited).toEqual({ code: 3, signal: null });
  await eventually(() => expect(lines).toContain('saved'));
});

test('a child that does not react is killed after its grace', async () => {
  const lines: string[] = [];
  const child = await nodeChild(
    "process.on('SIGTERM', () => {}); console.log('deaf'); setInterval(() => {}, 1000)",
    { graceMs: 100, onLine: (line) => lines.push(line) },
  );
  await eventually(() => expect(lines).toContain('deaf'));
  await child.stop();
  expect(await child.exited).toEqual({ code: null, signal: 'SIGKILL' });
});

test("a child's own children go with it, also when it ends by itself", async () => {
  const lines: string[] = [];
  const child = await nodeChild(
    "const c = require('node:child_process').spawn('sleep', ['600']); console.log(c.pid); setTimeout(() => process.exit(0), 50)",
    { onLine: (line) => lines.push(line) },
  );
  await child.exited;
  const grandchild = await eventually(() => {
    expect(lines).toHaveLength(1);
    return Number(lines[0]);
  });
  await eventually(async () => expect(await isRunning(grandchild)).toBe(false));
});

test('a command that does not exist is an error that names it', async () => {
  await expect(startChild({ name: 'ghost', command: '/no/such/program', args: [] })).rejects.toThrow(
    /ghost could not be started \(\/no\/such\/program\)/,
  );
});

test('no child outlives a parent that was killed with SIGKILL', async () => {
  const parent = execa(process.execPath, [fileURLToPath(new URL('./fixtures/parent.ts', import.meta.url))], {
    reject: false,
  });
  const childPid = await new Promise<number>((resolve) => {
    parent.stdout.once('data', (data: Buffer) => resolve(Number(data.toString())));
  });
  expect(await isRunning(childPid)).toBe(true);
  parent.kill('SIGKILL');
  await parent;
  await eventually(async () => expect(await isRunning(childPid)).toBe(false));
});
