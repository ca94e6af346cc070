import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { freePorts } from '../dev/ports.ts';
import { startPostgres } from '../dev/postgres.ts';
import { printNowAndThen } from '../dev/progress.ts';
import { resolveTemporalCli } from '../dev/temporal-cli.ts';
import { SEARCH_ATTRIBUTE_TYPES, startTemporal } from '../dev/temporal.ts';

/** A server for the tests. Why it failed is told to the tests that need it; the others still run. */
export type TestServer<Details> =
  | ({ readonly status: 'ready' } & Details)
  | { readonly status: 'failed'; readonly reason: string };

export type TestPostgres = TestServer<{ readonly templateUrl: string }>;
export type TestTemporal = TestServer<{
  readonly address: string;
  readonly namespace: string;
  readonly uiUrl: string;
}>;

declare module 'vitest' {
  interface ProvidedContext {
    postgres: TestPostgres;
    temporal: TestTemporal;
  }
}

type Started<Details> = { readonly provided: TestServer<Details>; stop(): Promise<void> };

/** Starts one PostgreSQL (with the migrated template database `app`) and one Temporal server for all
 *  tests, both at once; together they take about one second. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const [database, temporal] = await Promise.all([orReason(testPostgres()), orReason(testTemporal())]);
  project.provide('postgres', database.provided);
  project.provide('temporal', temporal.provided);
  return async () => {
    await Promise.all([database.stop(), temporal.stop()]);
  };
}

async function testPostgres(): Promise<Started<{ templateUrl: string }>> {
  const [port = 0] = await freePorts(1);
  const server = await startPostgres({
    port,
    dataDir: join(tmpdir(), `auto-top-up-test-${process.pid}-${port}`),
    durability: 'relaxed',
  });
  const stop = async () => {
    await server.stop();
    await rm(server.dataDir, { recursive: true, force: true });
  };
  try {
    const { migrate } = await import('../db/migrate.ts');
    await migrate(server.url);
  } catch (error) {
    await stop();
    throw error;
  }
  return { provided: { status: 'ready', templateUrl: server.url }, stop };
}

async function testTemporal(): Promise<Started<{ address: string; namespace: string; uiUrl: string }>> {
  const namespace = 'default';
  const onProgress = printNowAndThen();
  // Building it takes minutes, in which a port that was free may be taken.
  await resolveTemporalCli(onProgress);
  const [port = 0, uiPort = 0] = await freePorts(2);
  const server = await startTemporal({
    port,
    uiPort,
    namespace,
    searchAttributes: SEARCH_ATTRIBUTE_TYPES,
    onProgress,
  });
  const { address, uiUrl } = server;
  return { provided: { status: 'ready', address, namespace, uiUrl }, stop: () => server.stop() };
}

async function orReason<Details>(starting: Promise<Started<Details>>): Promise<Started<Details>> {
  try {
    return await starting;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { provided: { status: 'failed', reason }, stop: () => Promise.resolve() };
  }
}
