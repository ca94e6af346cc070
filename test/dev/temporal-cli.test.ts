import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { buildCli, resolveTemporalCli } from '../../dev/temporal-cli.ts';

let folder: string;
let cacheDir: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'auto-top-up-cli-'));
  cacheDir = join(folder, 'cache', 'auto-top-up', 'temporal-v1.5.1');
  vi.stubEnv('XDG_CACHE_HOME', join(folder, 'cache'));
  // The shell and its commands, but neither `temporal` nor `go`.
  vi.stubEnv('PATH', `${join(folder, 'bin')}:/bin`);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

async function program(file: string, script: string): Promise<string> {
  await mkdir(join(file, '..'), { recursive: true });
  await writeFile(file, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return file;
}

test('a temporal on the PATH comes first', async () => {
  await program(join(cacheDir, 'temporal'), 'exit 0');
  const onPath = await program(join(folder, 'bin', 'temporal'), 'exit 0');
  expect(await resolveTemporalCli(undefined, [])).toBe(onPath);
});

test('then the one in the cache', async () => {
  const cached = await program(join(cacheDir, 'temporal'), 'exit 0');
  expect(await resolveTemporalCli(undefined, [])).toBe(cached);
});

test('then it is installed into the cache, by the first way that works', async () => {
  const cli = await resolveTemporalCli(undefined, [
    () => Promise.resolve(undefined),
    (workshop) => program(join(workshop, 'made'), 'exit 42'),
  ]);
  expect(cli).toBe(join(cacheDir, 'temporal'));
  expect(await readFile(cli, 'utf8')).toContain('exit 42');
  expect(await readdir(cacheDir)).toEqual(['temporal']);
});

test('Go builds the pinned version, and progress is shown while it does', async () => {
  await program(
    join(folder, 'bin', 'go'),
    'echo "$@" > "$GOBIN/../arguments"; echo package/one >&2; sleep 1.2; echo "#!/bin/sh" > "$GOBIN/temporal"; chmod +x "$GOBIN/temporal"',
  );
  const told: string[] = [];
  const cli = await resolveTemporalCli((message) => told.push(message), [buildCli]);
  expect(cli).toBe(join(cacheDir, 'temporal'));
  expect(await readFile(join(cacheDir, 'arguments'), 'utf8')).toBe(
    'install -v github.com/temporalio/cli/cmd/temporal@v1.5.1\n',
  );
  expect(told).toContain('building Temporal v1.5.1 with Go, about 4 minutes: 1 s, 1 packages');
});

test('a build that fails shows why, leaves nothing behind, and ends with what to do', async () => {
  await program(join(folder, 'bin', 'go'), 'touch "$GOBIN/half"; echo "no space left" >&2; exit 1');
  const told: string[] = [];
  await expect(resolveTemporalCli((message) => told.push(message), [buildCli])).rejects.toThrow(
    /There is no Temporal server to use[^]*install the Temporal CLI[^]*TEMPORAL_ADDRESS/,
  );
  expect(told.join()).toContain('no space left');
  expect(await readdir(cacheDir)).toEqual([]);
});

test('without Go there is nothing to build with', async () => {
  await expect(resolveTemporalCli(undefined, [buildCli])).rejects.toThrow(
    /There is no Temporal server to use/,
  );
});
