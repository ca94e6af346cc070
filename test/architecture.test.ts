import { readFileSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';

async function sourceFiles(): Promise<readonly string[]> {
  // What is committed, and what is about to be.
  const { stdout } = await execa('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.ts']);
  return stdout.split('\n').filter((file) => file !== '');
}

async function cruise(cwd: string): Promise<string> {
  const config = resolve('.dependency-cruiser.mjs');
  const { all } = await execa('depcruise', ['--config', config, '.'], {
    cwd,
    preferLocal: true,
    localDir: process.cwd(),
    all: true,
    reject: false,
  });
  return all;
}

test('every import keeps to the layers of the design', async () => {
  expect(await cruise('.')).toContain('no dependency violations found');
}, 60_000);

/** One import each that the design forbids. */
const FORBIDDEN = [
  ['domain/rule.ts', 'db/ledger.ts'],
  ['workflows/account.ts', 'db/ledger.ts'],
  ['workflows/account.ts', 'activities/charge.ts'],
  ['activities/charge.ts', 'db/ledger.ts'],
  ['activities/charge.ts', 'temporal/relay.ts'],
  ['activities/adapters/stripe.ts', 'db/ledger.ts'],
  ['db/ledger.ts', 'temporal/relay.ts'],
  ['db/ledger.ts', 'activities/ports.ts'],
  ['temporal/relay.ts', 'api/app.ts'],
  ['api/app.ts', 'activities/adapters/stripe.ts'],
  ['api/app.ts', 'temporal/relay.ts'],
  ['api/server.ts', 'workflows/account.ts'],
  ['api/app.ts', 'config.ts'],
  ['worker.ts', 'dev/start.ts'],
  ['dev/start.ts', 'test/support.ts'],
  ['dev/start.ts', 'worker.ts'],
] as const;

test('an import against the design is found, whichever it is', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'auto-top-up-architecture-'));
  try {
    await copyFile('tsconfig.json', join(folder, 'tsconfig.json'));
    for (const [index, [from, to]] of FORBIDDEN.entries()) {
      // A file of its own for each import, beside the one that is named.
      const importer = join(folder, `${from.slice(0, -'.ts'.length)}${importerSuffix(from, index)}`);
      const imported = join(folder, to);
      await mkdir(dirname(importer), { recursive: true });
      await mkdir(dirname(imported), { recursive: true });
      await writeFile(imported, 'export const thing = 1;\n', { flag: 'a' });
      const path = relative(dirname(importer), imported);
      await writeFile(importer, `import { thing } from './${path}';\nexport const use = thing;\n`);
    }
    const output = await cruise(folder);
    for (const [index, [from, to]] of FORBIDDEN.entries()) {
      const importer = `${from.slice(0, -'.ts'.length)}${importerSuffix(from, index)}`;
      expect(output).toContain(`${importer} → ${to}`);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}, 60_000);

/** Rules that name one file (`worker.ts`, `api/server.ts`) need it by that name. */
function importerSuffix(from: string, index: number): string {
  return from === 'worker.ts' || from === 'api/server.ts' ? '.ts' : `-${index}.ts`;
}

test('only config.ts reads the environment; what is made for development may too', async () => {
  const readers = (await sourceFiles())
    .filter((file) => !/^(dev|test|bench)\//.test(file) && !file.endsWith('.config.ts'))
    .filter((file) => /\bprocess\s*\.\s*env\b|\benv\b.*from 'node:process'/.test(readFileSync(file, 'utf8')));
  expect(readers).toEqual(['config.ts']);
});

test('no file of the source that people write is longer than can be read in one sitting', async () => {
  const long = (await sourceFiles())
    .filter((file) => !file.startsWith('test/') && !file.startsWith('web/client/'))
    .map((file) => ({ file, lines: readFileSync(file, 'utf8').split('\n').length }))
    .filter(({ lines }) => lines > 350);
  expect(long).toEqual([]);
});
