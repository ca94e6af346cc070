import { glob, readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { PICTURES } from './support/pictures.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const FOLDER = join(ROOT, 'docs', 'screenshots');
const MOST_BYTES = 4_000_000;

test('every picture that the command takes is kept, and no other', async () => {
  expect((await readdir(FOLDER)).sort()).toEqual(PICTURES.map(({ name }) => name).sort());
});

test('the pictures are small enough to be cloned', async () => {
  const files = await Promise.all(PICTURES.map(({ name }) => stat(join(FOLDER, name))));
  expect(files.reduce((sum, { size }) => sum + size, 0)).toBeLessThan(MOST_BYTES);
});

test('every picture that a page of the documentation shows is there', async () => {
  const shown: string[] = [];
  for await (const page of glob(['README.md', 'docs/**/*.md'], { cwd: ROOT })) {
    const text = await readFile(join(ROOT, page), 'utf8');
    for (const [, path = ''] of text.matchAll(/(?:!\[[^\]]*\]\(|src=")([^)"\s]+\.png)/g)) {
      if (!/^https?:/.test(path)) shown.push(join(dirname(join(ROOT, page)), path));
    }
  }
  expect(shown.length).toBeGreaterThan(0);
  for (const path of shown) expect((await stat(path)).isFile()).toBe(true);
});
