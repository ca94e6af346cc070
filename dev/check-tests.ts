import { relative } from 'node:path';
import { inspect } from 'node:util';
import { startVitest } from 'vitest/node';
import type { TestCase, TestModule, Vitest } from 'vitest/node';
import type { Tally } from './check.ts';

/** Runs the tests with Vitest's own output, and counts them. That none was run is a failure, and so is a
 *  file that could not be loaded or an error outside of any test. */
export async function runTests(filters: readonly string[]): Promise<Tally> {
  const vitest = await startVitest('test', [...filters], { watch: false });
  try {
    return tallyOf(vitest);
  } finally {
    await vitest.close();
  }
}

function tallyOf(vitest: Vitest): Tally {
  const modules = vitest.state.getTestModules();
  const tests = modules.flatMap((module) => [...module.children.allTests()]);
  const inState = (state: string) => tests.filter((test) => test.result().state === state);
  const brokenFiles = modules.filter((module) => module.errors().length > 0).map(fileOf);
  const strayErrors = vitest.state
    .getUnhandledErrors()
    .map((error) => `outside of a test: ${wordsOf(error)}`);
  return {
    passed: inState('passed').length,
    failed: [
      ...inState('failed').map(titleOf),
      // What a broken-off run left undone has not passed.
      ...inState('pending').map((test) => `${titleOf(test)} (did not end)`),
      ...brokenFiles.map((file) => `${file} (the file itself)`),
      ...strayErrors,
      ...(tests.length === 0 ? ['no test was run'] : []),
    ],
    skipped: inState('skipped').map((test) => `${titleOf(test)}: ${reasonOf(test)}`),
  };
}

/** What was thrown in a worker arrives as a plain object that may not even have a prototype. */
function wordsOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error);
  return 'message' in error && typeof error.message === 'string' ? error.message : inspect(error);
}

function titleOf(test: TestCase): string {
  return `${fileOf(test.module)} > ${test.fullName}`;
}

function fileOf(module: TestModule): string {
  return relative(process.cwd(), module.moduleId);
}

function reasonOf(test: TestCase): string {
  const result = test.result();
  const note = result.state === 'skipped' ? result.note : undefined;
  return note ?? 'no reason given';
}
