import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { freePorts } from '../../dev/ports.ts';
import { SEARCH_ATTRIBUTE_TYPES, startTemporal } from '../../dev/temporal.ts';
import type { RunningTemporal } from '../../dev/temporal.ts';

let folder: string;
let server: RunningTemporal | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'auto-top-up-temporal-'));
});

afterEach(async () => {
  await server?.stop();
  server = undefined;
  await rm(folder, { recursive: true, force: true });
});

async function start(): Promise<RunningTemporal> {
  const [port = 0, uiPort = 0] = await freePorts(2);
  server = await startTemporal({
    port,
    uiPort,
    dbFile: join(folder, 'temporal.db'),
    namespace: 'default',
    searchAttributes: SEARCH_ATTRIBUTE_TYPES,
  });
  return server;
}

async function withClient<T>(address: string, work: (client: Client) => Promise<T>): Promise<T> {
  const connection = await Connection.connect({ address });
  try {
    return await work(new Client({ connection }));
  } finally {
    await connection.close();
  }
}

test('a started server answers at once, with the search attributes and the web page', async () => {
  const { address, uiUrl } = await start();
  const known = await withClient(address, (client) =>
    client.connection.operatorService.listSearchAttributes({ namespace: 'default' }),
  );
  expect(Object.keys(known.customAttributes ?? {})).toEqual(
    expect.arrayContaining(Object.keys(SEARCH_ATTRIBUTE_TYPES)),
  );
  const page = await fetch(uiUrl);
  expect(page.status).toBe(200);
});

test('a workflow survives a stop and a start right after it, on the same file', async () => {
  const first = await start();
  await withClient(first.address, (client) =>
    client.workflow.start('nobody-runs-it', { taskQueue: 'none', workflowId: 'kept' }),
  );
  await first.stop();
  const second = await start();
  const description = await withClient(second.address, (client) =>
    client.workflow.getHandle('kept').describe(),
  );
  expect(description.status.name).toBe('RUNNING');
});
