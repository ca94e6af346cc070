import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { cpus, loadavg, release, totalmem, type } from 'node:os';
import { promisify } from 'node:util';
import { Connection } from '@temporalio/client';
import postgres from 'postgres';
import type { BenchServers } from './servers.ts';

/** What the figures were taken on, as lines of a table. */
export type Machine = Readonly<Record<string, string>>;

const run = promisify(execFile);
const GIB = 1024 ** 3;
const FULL_DURABILITY = ['fsync', 'synchronous_commit', 'full_page_writes'] as const;
/** What the benches write. */
const RESULTS = ['bench/RESULTS.md', 'bench/results.json', 'docs/scaling.md'] as const;
const SIZES = ['shared_buffers', 'max_wal_size'] as const;

/** Describes the machine and the servers as they are at this moment. */
export async function describeMachine(
  servers: Pick<BenchServers, 'databaseUrl' | 'temporal'>,
): Promise<Machine> {
  const [{ version, settings }, temporal, commit, system] = await Promise.all([
    askPostgres(servers.databaseUrl),
    askTemporal(servers.temporal.address),
    describeCommit(),
    describeSystem(),
  ]);
  const processors = cpus();
  return {
    processor: `${processors.length} × ${processors[0]?.model.trim() ?? 'unknown'}`,
    memory: `${(totalmem() / GIB).toFixed(1)} GiB`,
    system,
    node: process.version,
    postgresql: `${version} (${settings})`,
    temporal: `${temporal}, development server on SQLite`,
    commit,
    date: new Date().toISOString(),
    'load average at start': loadavg()
      .map((load) => load.toFixed(2))
      .join(' '),
  };
}

async function askPostgres(url: string): Promise<{ version: string; settings: string }> {
  const sql = postgres(url, { max: 1 });
  try {
    const [row] = await sql<{ version: string }[]>`select current_setting('server_version') as version`;
    const settings = await sql<{ setting: string }[]>`
      select name || ' ' || current_setting(name) as setting
      from unnest(${[...FULL_DURABILITY, ...SIZES]}::text[]) as name`;
    return {
      version: row?.version ?? 'unknown',
      settings: settings.map(({ setting }) => setting).join(', '),
    };
  } finally {
    await sql.end();
  }
}

async function askTemporal(address: string): Promise<string> {
  const connection = await Connection.connect({ address });
  try {
    const { serverVersion } = await connection.workflowService.getSystemInfo({});
    return serverVersion ?? 'unknown';
  } finally {
    await connection.close();
  }
}

/** Of the working copy, and whether it has changes that no commit has; they are not the bench's own results. */
async function describeCommit(): Promise<string> {
  try {
    const [commit, changes] = await Promise.all([
      run('git', ['rev-parse', '--short=10', 'HEAD']),
      run('git', ['status', '--porcelain', '--', '.', ...RESULTS.map((file) => `:!${file}`)]),
    ]);
    return `${commit.stdout.trim()}${changes.stdout.trim() === '' ? '' : ' with uncommitted changes'}`;
  } catch {
    return 'unknown (no git here)';
  }
}

async function describeSystem(): Promise<string> {
  const kernel = `${type()} ${release()}`;
  const text = await readFile('/etc/os-release', 'utf8').catch(() => '');
  const [, name] = /^PRETTY_NAME="?([^"\n]+)/m.exec(text) ?? [];
  return name === undefined ? kernel : `${name}, ${kernel}`;
}
