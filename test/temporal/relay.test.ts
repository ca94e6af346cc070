import { createServer, type AddressInfo, type Socket } from 'node:net';
import { Client, Connection, type WorkflowClientInterceptor } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { workflowIdOf, type AccountId } from '../../domain/ids.ts';
import { bundleWorkflows } from '../../temporal/bundle.ts';
import { createDataConverter } from '../../temporal/data-converter.ts';
import { runRelay, type RelayOptions, type Wake } from '../../temporal/relay.ts';
import { createRunLoads } from '../../temporal/run-loads.ts';
import { oldestTaskAgeMs } from '../../temporal/task-watch.ts';
import { newAccount, openStores, usage, type TestStores } from '../db/support.ts';
import { eventually } from '../support/eventually.ts';
import { testTemporal } from '../support/temporal.ts';

/** What lies between the relay and the real server: signals to some workflows are held up, refused, or sent to a server
 *  that never answers, until their deadline. */
const road = {
  held: new Set<string>(),
  refused: new Set<string>(),
  unanswered: new Set<string>(),
  sendIntoSilence: (): Promise<never> => Promise.reject(new Error('not there yet')),
  tried: [] as string[],
  letGo: Promise.withResolvers<void>(),
};

const interceptor: WorkflowClientInterceptor = {
  async signalWithStart(input, next) {
    const { workflowId } = input.options;
    road.tried.push(workflowId);
    if (road.refused.has(workflowId)) throw new Error('RESOURCE_EXHAUSTED');
    if (road.unanswered.has(workflowId)) return road.sendIntoSilence();
    if (road.held.has(workflowId)) await road.letGo.promise;
    return next(input);
  },
};

describe('the relay', () => {
  let stores: TestStores;
  let silent: Awaited<ReturnType<typeof startSilentServer>>;
  let connection: Connection;
  let client: Client;
  const opened: AccountId[] = [];
  const { address, namespace, taskQueue } = testTemporal();
  const dataConverter = createDataConverter([{ id: 'test', key: Buffer.alloc(32, 7) }]);

  beforeAll(async () => {
    stores = await openStores({ coalesceMs: 0 });
    silent = await startSilentServer();
    road.sendIntoSilence = silent.ask;
    connection = await Connection.connect({ address });
    client = new Client({ connection, namespace, dataConverter, interceptors: { workflow: [interceptor] } });
  });
  afterAll(async () => {
    await Promise.all(
      opened.map((id) =>
        client.workflow
          .getHandle(workflowIdOf(id))
          .terminate('test is over')
          .catch(() => undefined),
      ),
    );
    await connection.close();
    await silent.close();
    await stores.close();
  });
  beforeEach(async () => {
    road.held.clear();
    road.refused.clear();
    road.unanswered.clear();
    road.tried = [];
    road.letGo = Promise.withResolvers();
    await stores.db
      .sql`update account_wakes set dirty = false, outstanding = null, lease = null, refresh = '{}'`;
  });

  async function accounts(count: number): Promise<AccountId[]> {
    const ids = await Promise.all(Array.from({ length: count }, () => newAccount(stores)));
    opened.push(...ids);
    await stores.wakes.acknowledge(await stores.wakes.claim({ limit: 1_000, leaseMs: 60_000 }));
    return ids;
  }

  /** Marks them as usage that can wait and whose time has come. */
  async function markUnhurried(ids: readonly AccountId[]): Promise<void> {
    await stores.ledger.ingest(ids.map((id) => usage(id)));
    await stores.db.sql`update account_wakes set urgent = false where account_id = any(${ids}::text[])`;
  }

  async function whileRelayRuns(
    use: (seen: { sent: Wake[]; statements: { acknowledge: number } }) => Promise<void>,
    onFault: RelayOptions['onFault'] = () => undefined,
    options: Partial<Pick<RelayOptions, 'loads' | 'taskQueue' | 'tasks'>> = {},
  ): Promise<void> {
    const stop = new AbortController();
    const seen = { sent: [] as Wake[], statements: { acknowledge: 0 } };
    const wakes: RelayOptions['wakes'] = {
      ...stores.wakes,
      acknowledge: (sent) => {
        seen.statements.acknowledge += 1;
        return stores.wakes.acknowledge(sent);
      },
    };
    const onSent = ({ wake }: { wake: Wake }) => void seen.sent.push(wake);
    const running = runRelay({ wakes, client, taskQueue, onSent, onFault, ...options }, stop.signal);
    try {
      await use(seen);
    } finally {
      stop.abort();
      road.letGo.resolve();
      await running;
    }
  }

  it('settles each signal by itself, and a few at a time', async () => {
    const ids = await accounts(150);
    await stores.ledger.ingest(ids.map((id) => usage(id)));
    await whileRelayRuns(async ({ sent, statements }) => {
      await eventually(async () => expect((await stores.wakes.backlog()).dirty).toBe(0), {
        timeoutMs: 20_000,
      });
      expect(new Set(sent.map(({ accountId }) => accountId)).size).toBe(150);
      expect(sent).toHaveLength(150);
      expect(statements.acknowledge).toBeLessThan(100);
    });
  });

  it('goes on with what comes back as refused, without a pause for the others', async () => {
    const [refused, ...others] = await accounts(4);
    road.refused.add(workflowIdOf(refused!));
    await whileRelayRuns(async ({ sent }) => {
      await stores.ledger.ingest([usage(refused!)]);
      await eventually(() => expect(road.tried.length).toBeGreaterThanOrEqual(3));
      for (const id of others) {
        const tried = road.tried.length;
        await stores.ledger.ingest([usage(id)]);
        await eventually(() => expect(sent.some(({ accountId }) => accountId === id)).toBe(true));
        // The refused one backs off by itself; nobody waits for it.
        expect(road.tried.length - tried).toBeLessThanOrEqual(3);
      }
      road.refused.clear();
      await eventually(() => expect(sent.map(({ accountId }) => accountId)).toContain(refused), {
        timeoutMs: 15_000,
      });
    });
  });

  it('tells what can wait and other crossings while two accounts are refused without end', async () => {
    const [one, two, crossing, waiting] = await accounts(4);
    for (const id of [one, two]) road.refused.add(workflowIdOf(id!));
    await stores.ledger.ingest([usage(one!), usage(two!)]);
    await whileRelayRuns(async ({ sent }) => {
      const timesTried = (id: AccountId) => road.tried.filter((each) => each === workflowIdOf(id)).length;
      await eventually(() => expect(Math.min(timesTried(one!), timesTried(two!))).toBeGreaterThan(1), {
        timeoutMs: 20_000,
      });
      // So late that both of the others are due before it, at every turn.
      await markUnhurried([waiting!]);
      await eventually(() => expect(sent).toMatchObject([{ accountId: waiting, urgent: false }]), {
        timeoutMs: 8_000,
      });
      await stores.ledger.ingest([usage(crossing!)]);
      await eventually(() => expect(sent).toMatchObject([{}, { accountId: crossing }]), { timeoutMs: 2_000 });
    });
  });

  it('finds a slot for a crossing while every signal of what can wait is held up', async () => {
    const [crossing, ...waiting] = await accounts(100);
    for (const id of waiting) road.held.add(workflowIdOf(id));
    await markUnhurried(waiting);
    await whileRelayRuns(async ({ sent }) => {
      await eventually(() => expect(road.tried.length).toBe(32));
      await stores.ledger.ingest([usage(crossing!)]);
      await eventually(() => expect(sent).toMatchObject([{ accountId: crossing, urgent: true }]));
      expect(road.tried).toHaveLength(33);
    });
    // Stopping waits for what is under way, and settles it.
    expect(await stores.wakes.backlog()).toMatchObject({ dirty: 99 - 32 });
  });

  it('goes on with all others while a writer stands still with an account, and settles that one once it is free', async () => {
    const [frozen, other] = await accounts(2);
    road.held.add(workflowIdOf(frozen!));
    await stores.ledger.ingest([usage(frozen!)]);
    await whileRelayRuns(async ({ sent }) => {
      await eventually(() => expect(road.tried).toHaveLength(1));
      await stores.owner.begin(async (writer) => {
        await writer`select 1 from account_wakes where account_id = ${frozen!} for no key update`;
        road.letGo.resolve();
        await eventually(() => expect(sent).toMatchObject([{ accountId: frozen }]));
        await stores.ledger.ingest([usage(other!)]);
        // Well before the database gives up waiting for a lock.
        await eventually(() => expect(sent.map(({ accountId }) => accountId)).toEqual([frozen, other]), {
          timeoutMs: 5_000,
        });
        await eventually(async () => expect(await stores.wakes.backlog()).toMatchObject({ dirty: 1 }));
      });
      await eventually(async () => expect(await stores.wakes.backlog()).toMatchObject({ dirty: 0 }));
    });
    // It has arrived once, and nobody sent it again.
    expect(road.tried).toEqual([frozen!, other!].map(workflowIdOf));
  });

  it('lets a run rest that hears signals without end, keeps the wake, and tells other accounts meanwhile', async () => {
    const [busy, other] = await accounts(2);
    const loads = createRunLoads({ unspaced: 2, stepMs: 3_600_000 });
    await whileRelayRuns(
      async ({ sent }) => {
        for (let signal = 1; signal <= 3; signal += 1) {
          await stores.ledger.ingest([usage(busy!)]);
          await eventually(() => expect(sent).toHaveLength(signal));
        }
        await stores.ledger.ingest([usage(busy!)]);
        await eventually(async () => {
          const { dirty, oldestDueMs } = await stores.wakes.backlog();
          expect(dirty).toBe(1);
          expect(oldestDueMs).toBeGreaterThan(Date.now() + 3_000_000);
        });
        await stores.ledger.ingest([usage(other!)]);
        await eventually(() => expect(sent.map(({ accountId }) => accountId)).toContain(other));
      },
      undefined,
      { loads },
    );
    expect(road.tried.filter((id) => id === workflowIdOf(busy!))).toHaveLength(3);
  });

  it('finds a slot for a crossing while nothing gets through and every signal of what can wait hangs', async () => {
    const [crossing, ...waiting] = await accounts(33);
    // Two run into their deadline, so that nothing seems to get through; the others are still under way then.
    for (const id of waiting.slice(0, 2)) road.unanswered.add(workflowIdOf(id));
    for (const id of waiting.slice(2)) road.held.add(workflowIdOf(id));
    const failed: Wake[] = [];
    await whileRelayRuns(
      async ({ sent }) => {
        await markUnhurried(waiting);
        await eventually(() => expect(failed).toHaveLength(2));
        const before = road.tried.length;
        expect(before).toBe(32);
        await stores.ledger.ingest([usage(crossing!)]);
        await eventually(() => expect(sent).toMatchObject([{ accountId: crossing, urgent: true }]), {
          timeoutMs: 5_000,
          pauseMs: 10,
        });
        expect(failed).toHaveLength(2);
        expect(road.tried).toHaveLength(before + 1);
      },
      ({ wakes }) => void failed.push(...wakes),
    );
  });

  it('tries a crossing soon in the long pause after what can wait has been refused again and again', async () => {
    const [one, two, crossing] = await accounts(3);
    for (const id of [one, two]) road.refused.add(workflowIdOf(id!));
    await markUnhurried([one!, two!]);
    let faults = 0;
    await whileRelayRuns(
      async ({ sent }) => {
        // By then the pauses are 5 s long.
        await eventually(() => expect(faults).toBeGreaterThanOrEqual(8), { timeoutMs: 25_000 });
        const before = faults;
        await eventually(() => expect(faults).toBeGreaterThan(before), { timeoutMs: 10_000, pauseMs: 10 });
        await stores.ledger.ingest([usage(crossing!)]);
        await eventually(() => expect(sent).toMatchObject([{ accountId: crossing }]), { timeoutMs: 2_500 });
      },
      () => void (faults += 1),
    );
  }, 60_000);

  it('tells crossings at once and what can wait one by one while tasks pile up before the workers', async () => {
    const [first, ...others] = await accounts(51);
    const [waiting, crossing] = [others.slice(0, 40), others.slice(40)];
    const queue = testTemporal().taskQueue;
    const changes: boolean[] = [];
    const tasks: RelayOptions['tasks'] = {
      askAgeMs: () => oldestTaskAgeMs({ client, taskQueue: queue }),
      onChange: ({ isPiledUp }) => changes.push(isPiledUp),
    };
    await markUnhurried([first!]);
    await whileRelayRuns(
      async ({ sent }) => {
        // No worker takes its task, and Temporal counts anew every 5 s.
        await eventually(() => expect(changes).toEqual([true]), { timeoutMs: 20_000 });
        await markUnhurried(waiting);
        await stores.ledger.ingest(crossing.map((id) => usage(id)));
        const told = (ids: readonly AccountId[]) => sent.filter(({ accountId }) => ids.includes(accountId));
        await eventually(() => expect(told(crossing)).toHaveLength(crossing.length), { timeoutMs: 3_000 });
        expect(told(waiting).length).toBeLessThanOrEqual(5);

        const workers = await NativeConnection.connect({ address });
        const worker = await Worker.create({
          connection: workers,
          namespace,
          taskQueue: queue,
          workflowBundle: await bundleWorkflows(),
          dataConverter,
        });
        await worker.runUntil(
          eventually(() => expect(told(waiting)).toHaveLength(waiting.length), { timeoutMs: 20_000 }),
        );
        await workers.close();
        expect(changes).toEqual([true, false]);
      },
      undefined,
      { taskQueue: queue, tasks },
    );
  }, 60_000);

  it('sends one account at a time while nothing gets through', async () => {
    const ids = await accounts(20);
    for (const id of ids) road.refused.add(workflowIdOf(id));
    await stores.ledger.ingest(ids.map((id) => usage(id)));
    const faults: number[] = [];
    await whileRelayRuns(
      async ({ sent }) => {
        await eventually(() => expect(faults.length).toBeGreaterThanOrEqual(4));
        // The first try shows it for all of them; after that one probe at a time is enough.
        expect(Math.max(...faults.slice(-2))).toBe(1);
        expect(road.tried.length).toBeLessThanOrEqual(20 + faults.length);
        road.refused.clear();
        await eventually(() => expect(sent).toHaveLength(20), { timeoutMs: 20_000 });
      },
      ({ wakes }) => void faults.push(wakes.length),
    );
  });
});

/** Takes connections and says nothing, as a server behind a broken network does. */
async function startSilentServer() {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => void sockets.add(socket));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  const connection = Connection.lazy({ address: `127.0.0.1:${port}` });
  return {
    /** @throws when the deadline of a signal has passed. */
    ask: async (): Promise<never> => {
      await connection.withDeadline(Date.now() + 2_000, () =>
        connection.workflowService.describeNamespace({ namespace: 'default' }),
      );
      throw new Error('it has answered');
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await connection.close();
      await new Promise((closed) => server.close(closed));
    },
  };
}
