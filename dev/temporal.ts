import { mkdir } from 'node:fs/promises';
import { connect } from 'node:net';
import { dirname, resolve } from 'node:path';
import { Connection } from '@temporalio/client';
import { SEARCH_ATTRIBUTES } from '../workflows/search-attributes.ts';
import { startChild } from './child.ts';
import type { Child } from './child.ts';
import { inDataDir } from './data-dir.ts';
import { portFromEnvironment, requireFreePort } from './ports.ts';
import { printNowAndThen } from './progress.ts';
import type { Tell } from './progress.ts';
import { runUntilStopped } from './run-until-stopped.ts';
import { resolveTemporalCli } from './temporal-cli.ts';

export type TemporalOptions = {
  readonly port: number;
  readonly uiPort: number;
  /** Unset: everything is kept in memory and lost at the end. */
  readonly dbFile?: string;
  readonly namespace: string;
  readonly searchAttributes: Readonly<Record<string, 'Keyword'>>;
  /** Added to the environment of this process. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly onLog?: (line: string) => void;
  readonly onProgress?: Tell;
};

export type RunningTemporal = {
  readonly address: string;
  readonly pid: number;
  readonly uiUrl: string;
  readonly exited: Child['exited'];
  stop(): Promise<void>;
};

export const DEFAULT_TEMPORAL_PORT = 7233;
export const DEFAULT_TEMPORAL_UI_PORT = 8233;

/** What the account workflow is found by in Temporal's web page, as the server's options name it. */
export const SEARCH_ATTRIBUTE_TYPES: Readonly<Record<string, 'Keyword'>> = Object.fromEntries(
  SEARCH_ATTRIBUTES.map(({ name }) => [name, 'Keyword']),
);

const STARTUP_TIMEOUT_MS = 60_000;
const PROBE_TIMEOUT_MS = 2_000;
const PROBE_PAUSE_MS = 50;

/** Starts Temporal's development server with its web page, and waits until it answers over gRPC.
 *  `stop()` resolves when the process has ended: before that its file cannot be opened again.
 *  @throws PortInUseError, or an error that ends with the last lines of the server's log. */
export async function startTemporal(options: TemporalOptions): Promise<RunningTemporal> {
  await requireFreePort(options.port, 'Temporal', 'TEMPORAL_PORT');
  await requireFreePort(options.uiPort, "Temporal's web page", 'TEMPORAL_UI_PORT');
  const cli = await resolveTemporalCli(options.onProgress);
  if (options.dbFile !== undefined) await mkdir(dirname(resolve(options.dbFile)), { recursive: true });
  const lastLines: string[] = [];
  const server = await startChild({
    name: 'Temporal',
    command: cli,
    args: ['server', 'start-dev', ...flags(options)],
    env: { ...process.env, ...options.environment },
    // What is kept in memory is lost anyway, so there is nothing to wait a second for.
    stopSignal: options.dbFile === undefined ? 'SIGKILL' : 'SIGTERM',
    onLine(line) {
      options.onLog?.(line);
      lastLines.push(line);
      if (lastLines.length > 12) lastLines.shift();
    },
  });
  const address = `127.0.0.1:${options.port}`;
  try {
    await untilHealthy(options, server);
  } catch (cause) {
    await server.stop();
    throw new Error(`Temporal did not start:\n${lastLines.join('\n')}`, { cause });
  }
  return {
    address,
    pid: server.pid,
    uiUrl: `http://127.0.0.1:${options.uiPort}`,
    exited: server.exited,
    stop: () => server.stop(),
  };
}

function flags(options: TemporalOptions): readonly string[] {
  const file = options.dbFile === undefined ? [] : ['--db-filename', resolve(options.dbFile)];
  const attributes = Object.entries(options.searchAttributes).flatMap(([name, type]) => [
    '--search-attribute',
    `${name}=${type}`,
  ]);
  return [
    '--ip=127.0.0.1',
    `--port=${options.port}`,
    '--ui-ip=127.0.0.1',
    `--ui-port=${options.uiPort}`,
    `--namespace=${options.namespace}`,
    '--log-level=warn',
    ...file,
    ...attributes,
  ];
}

async function untilHealthy(options: TemporalOptions, server: Child): Promise<void> {
  const deadline = performance.now() + STARTUP_TIMEOUT_MS;
  let ended = false;
  void server.exited.then(() => {
    ended = true;
  });
  for (;;) {
    try {
      await probe(options);
      return;
    } catch (error) {
      if (ended || performance.now() > deadline) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, PROBE_PAUSE_MS));
  }
}

async function probe({ port, namespace }: TemporalOptions): Promise<void> {
  // A gRPC connection that was refused waits for a second; a plain socket tells at once.
  await listening(port);
  const connection = await Connection.connect({
    address: `127.0.0.1:${port}`,
    connectTimeout: PROBE_TIMEOUT_MS,
  });
  try {
    await connection.workflowService.describeNamespace({ namespace });
  } finally {
    await connection.close();
  }
}

function listening(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.destroy();
      resolve();
    });
  });
}

if (import.meta.main) {
  const given = process.env['TEMPORAL_ADDRESS'];
  if (given !== undefined && given !== '') {
    console.log(`TEMPORAL_ADDRESS is ${given}: that server is used, none is started.`);
  } else {
    await runUntilStopped(async () => {
      const server = await startTemporal({
        port: portFromEnvironment('TEMPORAL_PORT', DEFAULT_TEMPORAL_PORT),
        uiPort: portFromEnvironment('TEMPORAL_UI_PORT', DEFAULT_TEMPORAL_UI_PORT),
        dbFile: inDataDir('temporal.db'),
        namespace: process.env['TEMPORAL_NAMESPACE'] || 'default',
        searchAttributes: SEARCH_ATTRIBUTE_TYPES,
        onLog: (line) => console.log(line),
        onProgress: printNowAndThen(),
      });
      console.log(`Temporal is ready: ${server.address}, web page ${server.uiUrl}`);
      return server;
    });
  }
}
