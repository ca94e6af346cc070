import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import type { Bench, BenchContext } from '../../bench/bench.ts';
import { BENCHES } from '../../bench/benches.ts';
import { readOptions } from '../../bench/harness/options.ts';
import { isMet } from '../../bench/harness/results.ts';
import { runBenches } from '../../bench/harness/run-benches.ts';

async function bench(...args: readonly string[]) {
  const script = fileURLToPath(new URL('../../bench/run.ts', import.meta.url));
  return execa(process.execPath, [script, ...args], { reject: false });
}

function contextWith(more: Partial<BenchContext> = {}): Omit<BenchContext, 'leftMs'> {
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
  ['--quick --write', 'not for quoting'],
  ['--minutes soon', '--minutes takes a whole number from 1 on, not soon.'],
])('%s is refused in words, before anything is started', async (line, message) => {
  const { exitCode, stdout, stderr } = await bench(...line.split(' '));
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

test('the time of each bench can be told in minutes', () => {
  expect(readOptions([], [])).not.toHaveProperty('minutes');
  expect(readOptions(['--minutes', '30'], []).minutes).toBe(30);
});

test('a bench that takes its time is left out of a quick look unless it is named, and never of a full run', () => {
  const registry = [benchThat('short', measures), { ...benchThat('long', measures), notInQuick: 'an hour' }];
  const names = (...args: string[]) => readOptions(args, registry).benches.map(({ name }) => name);
  expect(names('--quick')).toEqual(['short']);
  expect(names('--quick', 'long')).toEqual(['long']);
  expect(names()).toEqual(['short', 'long']);
});

test('what opens the most workflows on the Temporal that all share is run last', () => {
  expect(BENCHES.at(-1)?.name).toBe('workflows');
  expect(readOptions([], BENCHES).benches).toEqual(BENCHES);
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

test('when the time of the whole run is over, what is left is reported as failed and not begun', async () => {
  const began: string[] = [];
  const benches = ['one', 'two'].map((name) =>
    benchThat(name, () => {
      began.push(name);
      return name === 'one' ? new Promise(() => undefined) : measures();
    }),
  );
  const endsAtMs = performance.now() + 50;
  const outcomes = await runBenches({
    benches,
    context: contextWith(),
    machine: {},
    limitMs: 10_000,
    endsAtMs,
  });
  expect(outcomes.map((outcome) => outcome.status === 'failed' && outcome.error)).toEqual([
    'it was interrupted, or has taken too long',
    'the time of the whole run was over before it began',
  ]);
  expect(began).toEqual(['one']);
});

test('a target whose bench failed, or that a bench has left out, is reported as not measured', async () => {
  const claims = [
    { claim: 'fast', target: { atLeast: 2 } },
    { claim: 'small', target: { atMost: 1 } },
  ] as const;
  const measuresOne = () => Promise.resolve({ tables: [], targets: [{ ...claims[0], measured: 3 }] });
  const benches = [benchThat('whole', fails), benchThat('half', measuresOne)].map((each) => ({
    ...each,
    targets: () => claims,
  }));
  const outcomes = await runBenches({ benches, context: contextWith(), machine: {}, limitMs: 10_000 });
  expect(outcomes.map(({ targets }) => targets.map(({ measured }) => measured))).toEqual([
    [null, null],
    [3, null],
  ]);
  expect(outcomes.flatMap(({ targets }) => targets.map(isMet))).toEqual([false, false, true, false]);
});

test('every target of the issue is claimed before it is measured, each in words of its own', () => {
  for (const quick of [true, false]) {
    const claims = BENCHES.flatMap(({ targets }) => targets?.(quick).map(({ claim }) => claim) ?? []);
    expect(new Set(claims).size).toBe(claims.length);
    expect(claims.length).toBeGreaterThanOrEqual(11);
  }
});
