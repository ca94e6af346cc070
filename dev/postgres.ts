import { execFile } from 'node:child_process';
import { chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import postgres from 'postgres';
import { startChild } from './child.ts';
import type { Child } from './child.ts';
import { inDataDir } from './data-dir.ts';
import { portFromEnvironment, requireFreePort } from './ports.ts';
import { preparePostgresPlace } from './postgres-place.ts';
import type { PostgresPlace } from './postgres-place.ts';
import { runUntilStopped } from './run-until-stopped.ts';

export type PostgresOptions = {
  readonly port: number;
  readonly dataDir: string;
  /** `full` keeps what was committed through a power cut; `relaxed` is for tests, whose data dies with them. */
  readonly durability: 'full' | 'relaxed';
  readonly onLog?: (line: string) => void;
};

export type RunningPostgres = {
  readonly url: string;
  readonly pid: number;
  /** Where the data really is: not always where it was asked for, see `preparePostgresPlace`. */
  readonly dataDir: string;
  /** One sentence for the terminal when it is elsewhere. */
  readonly note: string | undefined;
  readonly exited: Child['exited'];
  stop(): Promise<void>;
};

export const DEFAULT_POSTGRES_PORT = 54_329;

const run = promisify(execFile);
const SUPERUSER = 'postgres';
/** Protects nothing but local test data, and the server listens on the loopback interface only. */
const PASSWORD = 'local';
const DATABASE = 'app';
const STARTUP_TIMEOUT_MS = 60_000;

/** Starts the PostgreSQL that comes with the project; the first time it makes the data folder and
 *  the database `app`. `stop()` resolves when the server has ended, its data safe on disk.
 *  @throws PortInUseError, or an error that ends with the last lines of the server's log. */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  await requireFreePort(options.port, 'PostgreSQL', 'POSTGRES_PORT');
  const place = await preparePostgresPlace(options.dataDir);
  await removeStaleLock(place.dataDir);
  if (!(await isInitialised(place.dataDir))) await initialise(place, options);
  const server = await startServer(place, options);
  const url = postgresUrl(options.port);
  try {
    await createDatabaseIfMissing(url);
  } catch (error) {
    await server.stop();
    throw error;
  }
  const { dataDir, note } = place;
  return { url, pid: server.pid, dataDir, note, exited: server.exited, stop: () => server.stop() };
}

/** The address of the database that `startPostgres` makes on this port. */
export function postgresUrl(port: number): string {
  return `postgres://${SUPERUSER}:${PASSWORD}@127.0.0.1:${port}/${DATABASE}`;
}

async function isInitialised(dataDir: string): Promise<boolean> {
  return readFile(join(dataDir, 'PG_VERSION')).then(
    () => true,
    () => false,
  );
}

/** A server that was killed leaves `postmaster.pid`. PostgreSQL removes it itself unless the number
 *  belongs to another program by now, which is common where numbers are small (containers).
 *  @throws when a PostgreSQL really runs on the folder. */
async function removeStaleLock(dataDir: string): Promise<void> {
  const lockFile = join(dataDir, 'postmaster.pid');
  const lock = await readFile(lockFile, 'utf8').catch(() => undefined);
  if (lock === undefined) return;
  const [pid = '', , , port = ''] = lock.split('\n');
  if (await isPostgres(pid)) {
    throw new Error(
      `A PostgreSQL already runs on ${dataDir} (process ${pid}, port ${port}): stop the program that started it, or end it with: kill -INT ${pid}`,
    );
  }
  await rm(lockFile, { force: true });
}

async function isPostgres(pid: string): Promise<boolean> {
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8')
    .catch(async () => (await run('ps', ['-p', pid, '-o', 'command='])).stdout)
    .catch(() => '');
  return command.includes('postgres');
}

/** Makes the data folder beside its place and moves it there, so that it is whole or not there. */
async function initialise(place: PostgresPlace, options: PostgresOptions): Promise<void> {
  const unfinished = `${place.dataDir}.new`;
  const passwordFile = `${place.dataDir}.password`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true, mode: 0o700 });
  await writeFile(passwordFile, `${PASSWORD}\n`, { mode: 0o600 });
  if (place.user !== undefined) {
    await chown(unfinished, place.user.uid, place.user.gid);
    await chown(passwordFile, place.user.uid, place.user.gid);
  }
  const args = [
    `--pgdata=${unfinished}`,
    `--username=${SUPERUSER}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--no-locale',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    ...(options.durability === 'relaxed' ? ['--no-sync'] : []),
  ];
  try {
    await run(join(place.binDir, 'initdb'), args, {
      cwd: place.binDir,
      env: serverEnvironment(),
      ...place.user,
    });
  } finally {
    await rm(passwordFile, { force: true });
  }
  await rm(place.dataDir, { recursive: true, force: true });
  await rename(unfinished, place.dataDir);
}

async function startServer(place: PostgresPlace, options: PostgresOptions): Promise<Child> {
  const lastLines: string[] = [];
  const ready = Promise.withResolvers<'ready'>();
  const server = await startChild({
    name: 'PostgreSQL',
    command: join(place.binDir, 'postgres'),
    args: ['-D', place.dataDir, '-p', String(options.port), ...settings(options.durability)],
    cwd: place.binDir,
    env: serverEnvironment(),
    user: place.user,
    // SIGINT is PostgreSQL's fast shutdown; SIGTERM would wait until every client has gone.
    stopSignal: 'SIGINT',
    onLine(line) {
      options.onLog?.(line);
      lastLines.push(line);
      if (lastLines.length > 12) lastLines.shift();
      if (line.includes('database system is ready to accept connections')) ready.resolve('ready');
    },
  });
  const timer = setTimeout(() => void server.stop(), STARTUP_TIMEOUT_MS);
  const outcome = await Promise.race([ready.promise, server.exited]);
  clearTimeout(timer);
  if (outcome !== 'ready') throw new Error(`PostgreSQL did not start:\n${lastLines.join('\n')}`);
  return server;
}

function settings(durability: PostgresOptions['durability']): readonly string[] {
  const common = {
    listen_addresses: '127.0.0.1',
    // The usual folder of the socket does not exist or is not writable on many machines.
    unix_socket_directories: '',
    max_connections: '200',
    timezone: 'UTC',
    log_timezone: 'UTC',
    // After each checkpoint the first change of a page writes all of it to the log, and usage touches two pages of
    // indexes an event: with the default of 1 GB that would go on for ever under load.
    max_wal_size: '8GB',
    checkpoint_timeout: '15min',
  };
  const kept = { shared_buffers: sharedBuffers() };
  const relaxed = { fsync: 'off', full_page_writes: 'off' };
  const chosen = { ...common, ...(durability === 'relaxed' ? relaxed : kept) };
  return Object.entries(chosen).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** A quarter of the memory, as PostgreSQL's manual recommends; it is taken as the database grows. The default of 128 MB
 *  does not hold the last pages of the ledger's indexes when more than some thousand accounts are busy. */
function sharedBuffers(): string {
  // 0, or more than there is, where nothing limits this process.
  const limit = process.constrainedMemory() || Number.POSITIVE_INFINITY;
  const megabytes = Math.floor(Math.min(totalmem(), limit) / 2 ** 20 / 4);
  return `${Math.max(128, megabytes)}MB`;
}

function serverEnvironment(): NodeJS.ProcessEnv {
  // Messages in English: the line that announces readiness is looked for in the log.
  return { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' };
}

async function createDatabaseIfMissing(url: string): Promise<void> {
  const administration = new URL(url);
  administration.pathname = '/postgres';
  const sql = postgres(administration.href, { max: 1, onnotice: () => undefined });
  try {
    const existing = await sql`select 1 from pg_database where datname = ${DATABASE}`;
    if (existing.length === 0) await sql`create database ${sql(DATABASE)}`;
  } finally {
    await sql.end();
  }
}

if (import.meta.main) {
  await runUntilStopped(async () => {
    const server = await startPostgres({
      port: portFromEnvironment('POSTGRES_PORT', DEFAULT_POSTGRES_PORT),
      dataDir: inDataDir('postgres'),
      durability: 'full',
      onLog: (line) => console.log(line),
    });
    console.log(`PostgreSQL is ready: ${server.url}`);
    if (server.note !== undefined) console.log(server.note);
    return server;
  });
}
