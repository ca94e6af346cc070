import { createHash, randomUUID } from 'node:crypto';
import { cp, glob, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startChild } from './child.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const BUILT = join(ROOT, 'dist', 'web');
/** Says from which sources a build was made. */
const STAMP = 'sources.sha256';
const SHOWN_LINES = 15;
const PAGES = ['credits', 'console'];
/** Longer than anybody leaves a page open: a customer's session ends after an hour, an operator's within a day. */
const KEPT_FOR_MS = 7 * 24 * 60 * 60 * 1_000;

/** Builds the pages unless they have been built from these very sources.
 *  @returns whether there was something to do.
 *  @throws with the end of what the build said when it fails; an earlier build stays. */
export async function ensureWeb(onLine: (line: string) => void = () => undefined): Promise<boolean> {
  const sources = await fingerprint();
  if (await isBuiltFrom(sources)) return false;
  // Beside the old one, which may be in use; two builds at once do not meet.
  const fresh = `${BUILT}.${randomUUID()}`;
  try {
    for (const page of PAGES) await runVite(page, fresh, onLine);
    await keepOlderAssets(join(BUILT, 'assets'), join(fresh, 'assets'));
    await writeFile(join(fresh, STAMP), sources);
    await putInPlace(fresh, sources);
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
  return true;
}

/** Takes the parts of earlier builds along, with the time at which they were built: a page that was opened before goes on
 *  loading its own, whose names change with their content. Those that are too old for any open page are left behind.
 *  @param from the folder of the build that is replaced, which need not be there. */
export async function keepOlderAssets(from: string, to: string): Promise<void> {
  const fresh = new Set(await readdir(to));
  const oldestMs = Date.now() - KEPT_FOR_MS;
  for (const name of await readdir(from).catch(() => [])) {
    // Gone when another build has taken this place meanwhile: it has the same parts.
    const built = await stat(join(from, name)).catch(() => null);
    if (built === null || fresh.has(name) || built.mtimeMs < oldestMs) continue;
    await cp(join(from, name), join(to, name), { preserveTimestamps: true });
  }
}

async function fingerprint(): Promise<string> {
  const files = ['package-lock.json'];
  const isFile = /\.\w+$/;
  for await (const file of glob('web/**', { cwd: ROOT })) if (isFile.test(file)) files.push(file);
  const hash = createHash('sha256');
  for (const file of files.sort()) hash.update(`${file}\0`).update(await readFile(join(ROOT, file)));
  return hash.digest('hex');
}

async function isBuiltFrom(sources: string): Promise<boolean> {
  return (await readFile(join(BUILT, STAMP), 'utf8').catch(() => '')) === sources;
}

async function runVite(page: string, outDir: string, onLine: (line: string) => void): Promise<void> {
  const lines: string[] = [];
  const child = await startChild({
    name: 'vite',
    command: process.execPath,
    args: [
      join(ROOT, 'node_modules', 'vite', 'bin', 'vite.js'),
      'build',
      '--config',
      join(ROOT, 'web', 'vite.config.ts'),
      '--mode',
      page,
      '--outDir',
      outDir,
    ],
    // A test runner's NODE_ENV would make it a build for development.
    env: { ...process.env, NODE_ENV: 'production' },
    onLine: (line) => {
      lines.push(line);
      onLine(line);
    },
  });
  const { code } = await child.exited;
  if (code !== 0) throw new Error(['The pages could not be built:', ...lines.slice(-SHOWN_LINES)].join('\n'));
}

/** Unless another process was quicker with the same. */
async function putInPlace(fresh: string, sources: string): Promise<void> {
  if (await isBuiltFrom(sources)) return;
  const old = `${BUILT}.${randomUUID()}`;
  await rename(BUILT, old).catch(() => undefined);
  try {
    await rename(fresh, BUILT);
  } catch (error) {
    if (!(await isBuiltFrom(sources))) throw error;
  } finally {
    await rm(old, { recursive: true, force: true });
  }
}

if (import.meta.main) {
  try {
    const built = await ensureWeb(console.log);
    if (!built) console.log('dist/web is up to date.');
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
