// The one file that runs on the machine's own Node (20.19 or newer): it installs what is missing and
// hands over to the Node 24 that the project brings along. Plain JavaScript without dependencies.
//   node dev/bootstrap.mjs dev/start.ts [arguments]
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const projectNode = join(root, 'node_modules', '.bin', 'node');
const patcher = join(root, 'node_modules', 'patch-package', 'index.js');
const KEPT_LINES = 200;
const SHOWN_LINES = 8;
const PROGRESS_EVERY_MS = process.stdout.isTTY ? 250 : 10_000;
const PARENT_CHECK_EVERY_MS = 1_000;

process.chdir(root);
requireNodeVersion(20, 19);
if (!isInstalled()) await install();
if (!existsSync(projectNode)) await installProjectNode();
runOnProjectNode(process.argv.slice(2));

function requireNodeVersion(major, minor) {
  const [haveMajor = 0, haveMinor = 0] = process.versions.node.split('.').map(Number);
  if (haveMajor > major || (haveMajor === major && haveMinor >= minor)) return;
  fail(
    `This needs Node ${major}.${minor} or newer, and this is Node ${process.versions.node}: see https://nodejs.org/en/download`,
  );
}

/** Compares the lockfile with what npm noted as installed, package by package: so a changed lockfile,
 *  a missing package and an installation that was broken off are all noticed. */
function isInstalled() {
  const wanted = readLock(join(root, 'package-lock.json'));
  const installed = readLock(join(root, 'node_modules', '.package-lock.json'));
  if (wanted === undefined)
    fail('package-lock.json is missing: get it back with `git checkout package-lock.json`.');
  if (installed === undefined) return false;
  return Object.entries(wanted)
    .filter(([path]) => path !== '')
    .every(([path, entry]) => {
      const found = installed[path];
      if (found === undefined) return Boolean(entry.optional || entry.devOptional || entry.peer);
      return found.version === entry.version && found.integrity === entry.integrity;
    });
}

function readLock(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

/** `npm install --no-save` follows the lockfile and leaves it as it is. `npm ci` would do so too, but
 *  refuses a lockfile that was made where packages for other systems could not be looked up. */
async function install() {
  // The parts of `npm start` and `npm test` are development dependencies: NODE_ENV must not leave them out.
  const args = ['install', '--no-save', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  await runWithProgress('Installing packages', npmCommand(args), root);
  if (!isInstalled())
    fail('npm install ended well but packages are missing: delete node_modules and try again.');
  if (existsSync(patcher)) await patch();
}

/** Our own install script does this too; here it is done when scripts are off, and harmless when it has been done. */
async function patch() {
  await runWithProgress(
    'Mending packages (patches/)',
    { file: process.execPath, args: [patcher, '--error-on-fail'] },
    root,
  );
}

/** The install script of the package `node` fetches its program; this does it when scripts are off. */
async function installProjectNode() {
  const command = { file: process.execPath, args: ['installArchSpecificPackage.js'] };
  await runWithProgress('Installing Node 24 for this project', command, join(root, 'node_modules', 'node'));
  if (!existsSync(projectNode))
    fail('Node 24 could not be installed: run `npm rebuild node` and read its output.');
}

function npmCommand(args) {
  const npm = process.env.npm_execpath;
  if (npm?.endsWith('.js')) return { file: process.execPath, args: [npm, ...args] };
  return { file: 'npm', args };
}

/** Runs a command with its output kept back: elapsed seconds while it runs, what went wrong if it fails. */
async function runWithProgress(label, { file, args }, cwd) {
  const startedAt = Date.now();
  const seconds = () => Math.round((Date.now() - startedAt) / 1000);
  const show = () => {
    process.stdout.write(
      process.stdout.isTTY ? `\r${label} … ${seconds()} s` : `${label} … ${seconds()} s\n`,
    );
  };
  show();
  const ticker = setInterval(show, PROGRESS_EVERY_MS);
  const lines = [];
  const child = spawn(file, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      lines.push(...text.split('\n').filter((line) => line.trim() !== ''));
      lines.splice(KEPT_LINES);
    });
  }
  const stop = (signal) => child.kill(signal);
  process.on('SIGINT', stop).on('SIGTERM', stop);
  const code = await new Promise((resolve) => {
    child.once('error', (error) => {
      lines.push(error.message);
      resolve(127);
    });
    child.once('close', (exitCode, signal) => resolve(exitCode ?? 128 + constants.signals[signal]));
  });
  clearInterval(ticker);
  process.off('SIGINT', stop).off('SIGTERM', stop);
  if (process.stdout.isTTY) process.stdout.write('\r\u001B[K');
  if (code !== 0) fail(`${label} failed after ${seconds()} s:\n${reasonIn(lines)}`, code);
  console.log(`${label}: done in ${seconds()} s`);
}

/** npm says the reason first; stack traces and general advice follow. */
function reasonIn(lines) {
  const telling = lines.filter((line) => !/^npm error\s*(at .*)?$/.test(line));
  return telling.slice(0, SHOWN_LINES).join('\n');
}

function runOnProjectNode(args) {
  // The channel tells the program when this process is gone, even by SIGKILL: it then stops by itself.
  const program = spawn(projectNode, args, {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    // Compiled code is kept: it halves the time that each of the processes takes to start again.
    env: { NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'compiled'), ...process.env },
  });
  const forward = (signal) => program.kill(signal);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, forward);
  // npm that was killed cannot pass on a signal; its child only sees that it has a new parent.
  if (process.env.npm_lifecycle_event !== undefined) {
    const parent = process.ppid;
    setInterval(() => {
      if (process.ppid !== parent) program.kill('SIGTERM');
    }, PARENT_CHECK_EVERY_MS).unref();
  }
  program.once('error', (error) => fail(`Node 24 of this project cannot be run: ${error.message}`));
  program.once('exit', (code, signal) => {
    process.exitCode = code ?? 128 + constants.signals[signal];
  });
}

function fail(message, code = 1) {
  console.error(message);
  process.exit(code);
}
