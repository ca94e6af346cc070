import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { ensureWeb } from '../../dev/web-build.ts';

const BUILT = new URL('../../dist/web/', import.meta.url);
const FIRST_LOAD_BYTES = 200_000;

type Chunk = { file: string; isEntry?: boolean; imports?: string[]; dynamicImports?: string[] };

describe('the built pages', () => {
  let manifest: Record<string, Chunk>;
  beforeAll(async () => {
    await ensureWeb();
    manifest = JSON.parse(await readFile(new URL('credits.manifest.json', BUILT), 'utf8')) as typeof manifest;
  });

  /** A chunk and all that it cannot run without. */
  function needed(name: string, seen = new Set<string>()): Set<string> {
    if (seen.has(name)) return seen;
    seen.add(name);
    for (const one of manifest[name]?.imports ?? []) needed(one, seen);
    return seen;
  }

  test("the credits page's first script is below 200 kB gzipped", async () => {
    const files = [...needed('credits.html')].map((name) => manifest[name]!.file);
    const scripts = await Promise.all(files.map((file) => readFile(new URL(file, BUILT))));
    const bytes = scripts.reduce((sum, script) => sum + gzipSync(script).length, 0);
    console.log(`first script of the credits page: ${(bytes / 1_000).toFixed(1)} kB gzipped`);
    expect(bytes).toBeGreaterThan(10_000);
    expect(bytes).toBeLessThan(FIRST_LOAD_BYTES);
  });

  test('no chart library is among what the page loads first', async () => {
    const files = [...needed('credits.html')].map((name) => manifest[name]!.file);
    const scripts = await Promise.all(files.map((file) => readFile(new URL(file, BUILT), 'utf8')));
    expect(scripts.filter((script) => /recharts-|uplot/.test(script))).toEqual([]);
  });

  test('a second build has nothing to do', async () => {
    expect(await ensureWeb()).toBe(false);
  });
});
