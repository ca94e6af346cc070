import { createServer, connect as connectSocket, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connect, type Database, type Transaction } from '../../db/connect.ts';
import { eventually } from '../support/eventually.ts';
import { newAccount, openStores, type TestStores } from './support.ts';

let stores: TestStores;
beforeAll(async () => {
  stores = await openStores();
});
afterAll(() => stores.close());

const backendOf = async (transaction: Transaction): Promise<number> => {
  const [row] = await transaction<{ pid: number }[]>`select pg_backend_pid() as pid`;
  return row!.pid;
};

/** Resolves when no such backend is left. */
const untilGone = (pid: number): Promise<void> =>
  eventually(async () => {
    expect(await stores.owner`select 1 from pg_stat_activity where pid = ${pid}`).toHaveLength(0);
  });

const rename = (transaction: Transaction, id: string, name: string) =>
  transaction`update accounts set name = ${name} where account_id = ${id}`;

const nameOf = async (id: string): Promise<string> => {
  const [row] = await stores.owner<{ name: string }[]>`select name from accounts where account_id = ${id}`;
  return row!.name;
};

const answers = (db: Database): Promise<void> =>
  eventually(async () => {
    expect(await db.sql`select 1 as one`).toHaveLength(1);
  });

/** What the server said last, what the network said, or the driver's own word for it. */
const LOST = { code: expect.stringMatching(/^(57P01|ECONNRESET|CONNECTION_CLOSED)$/) as string };

test('what a transaction does after the server ended it is refused, and not done in the next transaction', async () => {
  const id = await newAccount(stores);
  const before = await nameOf(id);
  // One connection: the next transaction gets the one that was lost.
  const db = stores.open(1);
  const goOn = Promise.withResolvers<void>();
  const wentOn = Promise.withResolvers<string>();
  const lost = db.transaction(async (transaction) => {
    await transaction`set local idle_in_transaction_session_timeout = 50`;
    await untilGone(await backendOf(transaction));
    await goOn.promise;
    await rename(transaction, id, 'late').then(
      () => wentOn.resolve('done'),
      () => wentOn.resolve('refused'),
    );
  });
  await expect(lost).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' });
  await db.transaction(async (transaction) => {
    await backendOf(transaction);
    goOn.resolve();
    expect(await wentOn.promise).toBe('refused');
  });
  expect(await nameOf(id)).toBe(before);
  await db.end();
});

test('a backend that is killed in the middle of a statement fails its transaction, and the connection comes back', async () => {
  const db = stores.open(1);
  for (let round = 0; round < 5; round += 1) {
    const sleeping = Promise.withResolvers<number>();
    const transaction = db.transaction(async (own) => {
      sleeping.resolve(await backendOf(own));
      await own`select pg_sleep(60)`;
    });
    const ended = transaction.catch((error: unknown) => error);
    const pid = await sleeping.promise;
    await eventually(async () => {
      const active = await stores.owner`
        select 1 from pg_stat_activity where pid = ${pid} and state = 'active' and query like '%pg_sleep%'`;
      expect(active).toHaveLength(1);
    });
    await stores.owner`select pg_terminate_backend(${pid})`;
    expect(await ended).toMatchObject(LOST);
    await answers(db);
  }
  await db.end();
});

test.each(['statement', 'pause'] as const)(
  'a network that breaks during a %s of a transaction leaves no connection behind that never answers',
  async (during) => {
    const network = await breakableNetwork(new URL(stores.url));
    const db = connect(network.url, { max: 1, applicationName: 'test', log: { warn: () => undefined } });
    for (let round = 0; round < 5; round += 1) {
      const broken = db.transaction(async (transaction) => {
        await backendOf(transaction);
        const statement = during === 'statement' ? transaction`select pg_sleep(60)`.execute() : null;
        setTimeout(() => network.breakAll(), 20);
        await (statement ?? new Promise<never>(() => undefined));
      });
      await expect(broken).rejects.toMatchObject(LOST);
      await answers(db);
      await answers(db);
    }
    await db.end();
    await network.close();
  },
);

type Network = { url: string; breakAll(): void; close(): Promise<void> };

/** A way to the database whose connections can be reset, as by a router that forgets them. */
async function breakableNetwork(target: URL): Promise<Network> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((near) => {
    const far = connectSocket(Number(target.port), target.hostname);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(target);
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    breakAll: () => {
      for (const socket of sockets) socket.resetAndDestroy();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
      }),
  };
}
