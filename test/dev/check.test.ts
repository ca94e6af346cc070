import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { expect, test } from 'vitest';

async function check(...filters: readonly string[]) {
  const { exitCode, stdout } = await execa(
    process.execPath,
    [fileURLToPath(new URL('../../dev/check.ts', import.meta.url)), ...filters],
    {
      cwd: fileURLToPath(new URL('./fixtures/check/', import.meta.url)),
      // As from a terminal: Vitest inside of Vitest would take over the settings of this run.
      env: { NO_COLOR: '1', VITEST: undefined, VITEST_POOL_ID: undefined, VITEST_WORKER_ID: undefined },
      reject: false,
    },
  );
  const lines = stdout.split('\n');
  return { exitCode, lines, lastLine: lines.at(-1) };
}

test('what passed, failed and was skipped is counted and named, with the reason for a skip', async () => {
  const { exitCode, lines, lastLine } = await check('outcomes');
  expect(exitCode).toBe(1);
  expect(lastLine).toBe('1 passed, 1 failed, 1 skipped');
  expect(lines).toContain('failed  outcomes.case.ts > fails');
  expect(lines).toContain('skipped outcomes.case.ts > is skipped: STRIPE_SECRET_KEY is not set');
});

test('only when everything passes is the exit code 0', async () => {
  expect(await check('passing')).toMatchObject({ exitCode: 0, lastLine: '1 passed, 0 failed' });
});

test('a file that cannot be loaded is a failure, although none of its tests failed', async () => {
  const { exitCode, lines, lastLine } = await check('passing', 'broken');
  expect({ exitCode, lastLine }).toEqual({ exitCode: 1, lastLine: '1 passed, 1 failed' });
  expect(lines).toContain('failed  broken.case.ts (the file itself)');
});

test('what is thrown outside of a test is a failure, and said', async () => {
  const { exitCode, lines, lastLine } = await check('stray');
  expect({ exitCode, lastLine }).toEqual({ exitCode: 1, lastLine: '1 passed, 1 failed' });
  expect(lines).toContain('failed  outside of a test: thrown where nobody catches it');
});

test('a run without any test is a failure', async () => {
  const { exitCode, lines, lastLine } = await check('there-is-no-such-file');
  expect({ exitCode, lastLine }).toEqual({ exitCode: 1, lastLine: '0 passed, 1 failed' });
  expect(lines).toContain('failed  no test was run');
});
