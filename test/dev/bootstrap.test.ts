import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import type { Options } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { isRunning } from '../support/processes.ts';

let project: string;

const LOCKED = { '': {}, 'node_modules/there': { version: '1.0.0' } };

beforeEach(async () => {
  project = await mkdtemp(join(tmpdir(), 'auto-top-up-bootstrap-'));
  await mkdir(join(project, 'dev'));
  await mkdir(join(project, 'node_modules', '.bin'), { recursive: true });
  await copyFile('dev/bootstrap.mjs', join(project, 'dev', 'bootstrap.mjs'));
  await symlink(process.execPath, join(project, 'node_modules', '.bin', 'node'));
  await writeLocks(LOCKED, LOCKED);
});

afterEach(() => rm(project, { recursive: true, force: true }));

async function writeLocks(wanted: object, installed: object): Promise<void> {
  await writeFile(join(project, 'package-lock.json'), JSON.stringify({ packages: wanted }));
  const installedFile = join(project, 'node_modules', '.package-lock.json');
  await writeFile(installedFile, JSON.stringify({ packages: installed }));
}

/** Puts a program in the place of npm that notes its arguments and installs what is said. */
async function fakeNpm(script: string): Promise<string> {
  const file = join(project, 'fake-npm.js');
  await writeFile(file, script);
  return file;
}

function bootstrap(program: string, options: Options = {}) {
  return execa(process.execPath, ['dev/bootstrap.mjs', '-e', program, 'an-argument'], {
    cwd: project,
    reject: false,
    ...options,
    env: { npm_execpath: join(project, 'no-npm.js'), ...options.env },
  });
}

test('when everything is installed, the program runs at once with its arguments and its exit code', async () => {
  const { stdout, exitCode } = await bootstrap('console.log(process.argv[1]); process.exit(7)');
  expect({ stdout, exitCode }).toEqual({ stdout: 'an-argument', exitCode: 7 });
});

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  '%s reaches the program, which ends as it wants',
  async (signal) => {
    const running = bootstrap(
      `process.on('${signal}', () => { console.log('told'); process.exit(3) }); setInterval(() => {}, 1000); console.log('up')`,
    );
    await new Promise((resolve) => running.stdout?.once('data', resolve));
    running.kill(signal);
    const { stdout, exitCode } = await running;
    expect({ stdout, exitCode }).toEqual({ stdout: 'up\ntold', exitCode: 3 });
  },
);

test('the program learns that the bootstrap was killed with SIGKILL', async () => {
  const running = bootstrap(
    "process.on('disconnect', () => process.exit()); setInterval(() => {}, 1000); console.log(process.pid)",
  );
  const pid = await new Promise<number>((resolve) => {
    running.stdout?.once('data', (data: Buffer) => resolve(Number(data.toString())));
  });
  running.kill('SIGKILL');
  await running;
  await eventually(async () => expect(await isRunning(pid)).toBe(false));
});

test.each([
  ['a package is missing', { '': {} }],
  ['a package has another version', { 'node_modules/there': { version: '0.9.0' } }],
])('when %s, npm is run first, and then the program', async (_name, installed) => {
  await writeLocks(LOCKED, installed);
  const npm = await fakeNpm(
    `require('node:fs').writeFileSync('node_modules/.package-lock.json', '${JSON.stringify({ packages: LOCKED })}')`,
  );
  const { stdout, exitCode } = await bootstrap("console.log('ran')", { env: { npm_execpath: npm } });
  expect(exitCode).toBe(0);
  expect(String(stdout).split('\n')).toEqual([
    'Installing packages … 0 s',
    expect.stringMatching(/^Installing packages: done in \d+ s$/),
    'ran',
  ]);
});

test('a package for another system may be missing', async () => {
  await writeLocks({ ...LOCKED, 'node_modules/other-system': { version: '1.0.0', optional: true } }, LOCKED);
  const { stdout } = await bootstrap("console.log('ran')");
  expect(stdout).toBe('ran');
});

test('an installation that fails is told with what npm says, and nothing is run', async () => {
  await writeLocks(LOCKED, {});
  const npm = await fakeNpm("console.error('npm error code ECONNREFUSED'); process.exit(1)");
  const { stderr, stdout, exitCode } = await bootstrap("console.log('ran')", { env: { npm_execpath: npm } });
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/^Installing packages failed after \d+ s:\nnpm error code ECONNREFUSED$/);
  expect(stdout).not.toContain('ran');
});

test('a missing lockfile is one sentence', async () => {
  await rm(join(project, 'package-lock.json'));
  const { stderr, exitCode } = await bootstrap("console.log('ran')");
  expect({ stderr, exitCode }).toEqual({
    stderr: 'package-lock.json is missing: get it back with `git checkout package-lock.json`.',
    exitCode: 1,
  });
});
