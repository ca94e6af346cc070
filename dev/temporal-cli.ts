import { access, constants, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { startChild } from './child.ts';
import type { Tell } from './progress.ts';

/** The last version that `go install` accepts: later ones have replace directives. */
const CLI_VERSION = 'v1.5.1';
const CLI_MODULE = `github.com/temporalio/cli/cmd/temporal@${CLI_VERSION}`;
const DOWNLOAD_URL = 'https://temporal.download/';
const DOWNLOAD_REACH_TIMEOUT_MS = 5_000;

/** Makes a CLI in a folder. @returns its path, or undefined when this way is not open here. */
export type Installer = (workshop: string, onProgress: Tell) => Promise<string | undefined>;

/** Finds a Temporal CLI, and installs one into the user's cache when there is none. In this order:
 *  `temporal` on PATH, the cache, the download of Temporal's SDK, a build with Go (about 4 minutes).
 *  @returns its path.
 *  @throws with what to do when none of these works. */
export async function resolveTemporalCli(
  onProgress: Tell = () => undefined,
  installers: readonly Installer[] = [downloadCli, buildCli],
): Promise<string> {
  const onPath = await findOnPath('temporal');
  if (onPath !== undefined) return onPath;
  const cacheHome = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  const cacheDir = join(cacheHome, 'auto-top-up', `temporal-${CLI_VERSION}`);
  const cached = join(cacheDir, 'temporal');
  if (await isExecutable(cached)) return cached;

  await mkdir(cacheDir, { recursive: true });
  // Made aside and moved in one step: two starts at once, or a Ctrl-C, leave no half program behind.
  const workshop = await mkdtemp(join(cacheDir, 'installing-'));
  try {
    for (const install of installers) {
      const made = await install(workshop, onProgress);
      if (made === undefined) continue;
      await rename(made, cached);
      return cached;
    }
  } finally {
    await rm(workshop, { recursive: true, force: true });
  }
  throw new Error(NO_TEMPORAL);
}

const NO_TEMPORAL = `There is no Temporal server to use. Do one of these and start again:
  - install the Temporal CLI (https://docs.temporal.io/cli) so that \`temporal\` is on the PATH,
  - install Go 1.23 or newer, and it is built here (about 4 minutes, once),
  - set TEMPORAL_ADDRESS to a server that runs already.`;

async function findOnPath(name: string): Promise<string | undefined> {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const candidate = join(folder, name);
    if (folder !== '' && (await isExecutable(candidate))) return candidate;
  }
  return undefined;
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** Has the SDK download its CLI by starting (and ending) its test server once. */
async function downloadCli(workshop: string, onProgress: Tell): Promise<string | undefined> {
  const reachable = await fetch(DOWNLOAD_URL, {
    method: 'HEAD',
    redirect: 'manual',
    signal: AbortSignal.timeout(DOWNLOAD_REACH_TIMEOUT_MS),
  }).then(
    () => true,
    () => false,
  );
  if (!reachable) return undefined;
  onProgress('downloading the Temporal CLI');
  try {
    // Loaded only here: it brings Temporal's native core along, which takes a while.
    const { TestWorkflowEnvironment } = await import('@temporalio/testing');
    const server = await TestWorkflowEnvironment.createLocal({
      server: { executable: { type: 'cached-download', downloadDir: workshop } },
    });
    await server.teardown();
  } catch (error) {
    onProgress(`the download failed: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
  const [file] = await readdir(workshop);
  return file === undefined ? undefined : join(workshop, file);
}

/** Compiles the CLI; shows that it goes on, because it takes minutes. */
export async function buildCli(workshop: string, onProgress: Tell): Promise<string | undefined> {
  const go = await findOnPath('go');
  if (go === undefined) return undefined;
  const startedAt = performance.now();
  let packages = 0;
  const tell = () => {
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    onProgress(
      `building Temporal ${CLI_VERSION} with Go, about 4 minutes: ${seconds} s, ${packages} packages`,
    );
  };
  const ticker = setInterval(tell, 1_000);
  const lastLines: string[] = [];
  const compiler = await startChild({
    name: 'go install',
    command: go,
    args: ['install', '-v', CLI_MODULE],
    env: { ...process.env, GOBIN: workshop },
    onLine(line) {
      packages += 1;
      lastLines.push(line);
      if (lastLines.length > 5) lastLines.shift();
    },
  });
  let interrupted = false;
  const onSignal = () => {
    interrupted = true;
    void compiler.stop();
  };
  process.once('SIGINT', onSignal);
  process.once('SIGTERM', onSignal);
  const { code } = await compiler.exited;
  clearInterval(ticker);
  process.off('SIGINT', onSignal);
  process.off('SIGTERM', onSignal);
  if (interrupted) throw new Error('The build of Temporal was interrupted; the next one goes on from there.');
  if (code === 0) return join(workshop, 'temporal');
  onProgress(`the build failed:\n${lastLines.join('\n')}`);
  return undefined;
}
