import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import type { Bench, BenchContext } from '../../bench/bench.ts';
import { BENCHES } from '../../bench/benches.ts';
import { readOptions } from '../../bench/harness/options.ts';
import { runBenches } from '../../bench/harness/run-benches.ts';

async function bench(...args: readonly string[]) {
  const script = fileURLToPath(new URL('../../bench/run.ts', import.meta.url));
  return execa(process.execPath, [script, ...args], { reject: false });
}

function contextWith(more: Partial<BenchContext> = {}): BenchContext {
  return {
    quick: true,
    rounds: 1,
    createDatabase: () => Promise.reject(new Error('no bench of this test wants one')),
    temporal: { address: '', namespace: '' },
    processes: { postgres: 0, temporal: 0 },
    signal: new AbortController().signal,
    say: () => undefined,
    ...more,
  };
}

function benchThat(name: string, run: Bench['run']): Bench {
  return { name, question: `${name}?`, run };
}

const measures = () => Promise.resolve({ tables: [], targets: [] });
// As from another process, whose stack stands in the message.
const fails = () => Promise.reject(new Error('the disk is full\n    at /home/somebody/bench.ts:1:1'));

async function outcomesOf(benches: readonly Bench[], context = contextWith(), limitMs = 10_000) {
  const outcomes = await runBenches({ benches, context, machine: {}, limitMs });
  return outcomes.map((outcome) => [
    outcome.name,
    outcome.status,
    outcome.status === 'failed' ? outcome.error : null,
  ]);
}

test('every bench has a name of its own, as it is typed on the command line', () => {
  const names = BENCHES.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) expect(name).toMatch(/^[a-z]+$/);
});

test('help names every bench and starts nothing', async () => {
  const { exitCode, stdout, stderr } = await bench('--help');
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  const lines = stdout.split('\n').map((line) => line.trim().replace(/ +/, ' '));
  for (const { name, question } of BENCHES) {
    expect(lines.filter((line) => line.startsWith(`${name} ${question}`))).toHaveLength(1);
  }
});

test.each([
  ['no-such-bench', 'There is no bench called no-such-bench. There are: ingest, '],
  ['--no-such-option', '--no-such-option'],
])('%s is refused in words, before anything is started', async (argument, message) => {
  const { exitCode, stdout, stderr } = await bench(argument);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toContain(message);
  expect(stderr).not.toContain('    at ');
});

test('named benches are run in the order of the registry, and all of them when none is named', () => {
  const registry = ['ingest', 'growth', 'cost'].map((name) => benchThat(name, measures));
  const names = (...args: string[]) => readOptions(args, registry).benches.map(({ name }) => name);
  expect(names('cost', 'ingest', '--quick')).toEqual(['ingest', 'cost']);
  expect(names('--json')).toEqual(['ingest', 'growth', 'cost']);
});

test('a bench that takes its time is only run when it is named', () => {
  const registry = [benchThat('short', measures), { ...benchThat('long', measures), onlyByName: 'an hour' }];
  expect(readOptions([], registry).benches.map(({ name }) => name)).toEqual(['short']);
  expect(readOptions(['long'], registry).benches.map(({ name }) => name)).toEqual(['long']);
});

test('a bench that fails loses nobody else’s results', async () => {
  const benches = [benchThat('one', measures), benchThat('two', fails), benchThat('three', measures)];
  expect(await outcomesOf(benches)).toEqual([
    ['one', 'measured', null],
    ['two', 'failed', 'the disk is full'],
    ['three', 'measured', null],
  ]);
});

test('a bench that never ends is given up, and the next one is run', async () => {
  const never = benchThat('never', () => new Promise(() => undefined));
  expect(await outcomesOf([never, benchThat('next', measures)], contextWith(), 20)).toEqual([
    ['never', 'failed', 'it was interrupted, or has taken too long'],
    ['next', 'measured', null],
  ]);
});

test('after an interruption the bench that runs is given up and no other is begun', async () => {
  const controller = new AbortController();
  const interrupted = benchThat('interrupted', () => {
    controller.abort();
    return new Promise(() => undefined);
  });
  const context = contextWith({ signal: controller.signal });
  expect(await outcomesOf([interrupted, benchThat('next', measures)], context)).toEqual([
    ['interrupted', 'failed', 'it was interrupted, or has taken too long'],
  ]);
});
