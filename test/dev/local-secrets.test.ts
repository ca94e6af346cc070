import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadLocalSecrets } from '../../dev/local-secrets.ts';

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'auto-top-up-secrets-'));
  file = join(folder, 'data', 'secrets.json');
});

afterEach(() => rm(folder, { recursive: true, force: true }));

test('secrets are made once: a second start reads what the first wrote', async () => {
  const first = await loadLocalSecrets(file);
  expect(await loadLocalSecrets(file)).toEqual(first);
});

test('only the owner can read the secrets', async () => {
  await loadLocalSecrets(file);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});

test('two stacks have different secrets', async () => {
  const first = await loadLocalSecrets(file);
  const second = await loadLocalSecrets(join(folder, 'other.json'));
  for (const name of Object.keys(first) as (keyof typeof first)[]) {
    expect(second[name]).not.toBe(first[name]);
  }
});

test('a secret that came with a newer version is added, the others stay', async () => {
  const first = await loadLocalSecrets(file);
  const { TOKEN_SECRET: _missing, ...older } = first;
  await writeFile(file, JSON.stringify(older));
  const second = await loadLocalSecrets(file);
  expect(second).toEqual({ ...first, TOKEN_SECRET: second.TOKEN_SECRET });
  expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(second);
});

test('a broken file is reported by name and left as it is', async () => {
  await loadLocalSecrets(file);
  await writeFile(file, '{"PLATFORM_KEY":');
  await expect(loadLocalSecrets(file)).rejects.toThrow(`${file} is not JSON`);
  expect(await readFile(file, 'utf8')).toBe('{"PLATFORM_KEY":');
});
