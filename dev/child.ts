import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** How a child ended: its exit code, or the signal that ended it. */
export type ChildExit = { readonly code: number | null; readonly signal: NodeJS.Signals | null };

/** A process of its own process group. `stop()` resolves when the process and its group are gone. */
export type Child = {
  readonly name: string;
  readonly pid: number;
  readonly exited: Promise<ChildExit>;
  stop(): Promise<void>;
};

export type ChildOptions = {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Runs the child as this user; only root may ask for it. */
  readonly user?: { readonly uid: number; readonly gid: number } | undefined;
  readonly stopSignal?: NodeJS.Signals;
  /** How long `stop()` waits before it sends SIGKILL. */
  readonly graceMs?: number;
  readonly onLine?: ((line: string) => void) | undefined;
};

const DEFAULT_GRACE_MS = 10_000;
const LAST_WORDS_TIMEOUT_MS = 1_000;

/** Starts a process that cannot outlive this one: it ends with `stop()`, and a guard ends it when
 *  this process dies without the chance to (SIGKILL, crash).
 *  @throws when the command cannot be started. */
export async function startChild(options: ChildOptions): Promise<Child> {
  const stopSignal = options.stopSignal ?? 'SIGTERM';
  const graceMs = options.graceMs ?? DEFAULT_GRACE_MS;
  const spawned = spawn(options.command, options.args, {
    cwd: options.cwd,
    env: options.env ?? process.env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...options.user,
  });
  const exited = exitOf(spawned);
  const pid = await pidOf(spawned, options);
  forwardLines(spawned.stdout, options.onLine);
  forwardLines(spawned.stderr, options.onLine);
  const guard = startGuard(pid, stopSignal, graceMs);
  let ended = false;
  void exited.then(() => {
    ended = true;
    guard.kill('SIGKILL');
  });
  return {
    name: options.name,
    pid,
    exited,
    async stop() {
      // Once it has ended, its number may belong to somebody else.
      if (!ended) await stopGroup(pid, exited, stopSignal, graceMs);
    },
  };
}

/** Resolves when the child has ended and its last words have been read. */
function exitOf(child: ChildProcess): Promise<ChildExit> {
  return new Promise((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal }));
    child.once('error', () => resolve({ code: 127, signal: null }));
    child.once('exit', (code, signal) => {
      // Whatever the leader left behind in its group goes with it.
      if (child.pid !== undefined) signalGroup(child.pid, 'SIGKILL');
      // A descendant that left the group may hold the pipes open for ever.
      setTimeout(() => resolve({ code, signal }), LAST_WORDS_TIMEOUT_MS).unref();
    });
  });
}

function pidOf(child: ChildProcess, options: ChildOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', (cause) => {
      reject(
        new Error(`${options.name} could not be started (${options.command}): ${cause.message}`, { cause }),
      );
    });
    child.once('spawn', () => {
      if (child.pid !== undefined) resolve(child.pid);
    });
  });
}

function forwardLines(stream: Readable, onLine: ((line: string) => void) | undefined): void {
  if (onLine === undefined) {
    stream.resume();
    return;
  }
  createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }).on('line', onLine);
}

/** The guard is a shell that reads from a pipe held open by this process. The pipe closes when this
 *  process ends in whatever way, SIGKILL included; then the guard ends the child's group. */
function startGuard(pid: number, stopSignal: NodeJS.Signals, graceMs: number): ChildProcess {
  const script = `cat >/dev/null
    kill -s "$2" -- "-$1" 2>/dev/null || exit 0
    waited=0
    while kill -s 0 -- "-$1" 2>/dev/null && [ "$waited" -lt "$3" ]; do sleep 1; waited=$((waited + 1)); done
    kill -s KILL -- "-$1" 2>/dev/null`;
  const graceSeconds = Math.ceil(graceMs / 1000);
  const guard = spawn(
    '/bin/sh',
    ['-c', script, 'guard', String(pid), stopSignal.slice('SIG'.length), String(graceSeconds)],
    { detached: true, stdio: ['pipe', 'ignore', 'ignore'] },
  );
  guard.unref();
  // A child that has ended takes its guard along, which may close the pipe from the other side.
  guard.stdin.on('error', () => undefined);
  if ('unref' in guard.stdin && typeof guard.stdin.unref === 'function') guard.stdin.unref();
  return guard;
}

async function stopGroup(
  pid: number,
  exited: Promise<ChildExit>,
  stopSignal: NodeJS.Signals,
  graceMs: number,
): Promise<void> {
  signalGroup(pid, stopSignal);
  const killTimer = setTimeout(() => signalGroup(pid, 'SIGKILL'), graceMs);
  await exited;
  clearTimeout(killTimer);
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    // ESRCH: the group is gone already, which is what was wanted.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
