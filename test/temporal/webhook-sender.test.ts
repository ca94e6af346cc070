import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createPlatformWebhooks } from '../../activities/adapters/platform-webhooks.ts';
import { webhookMessage } from '../../activities/webhooks/webhook-payload.ts';
import { createWebhookDeliveries } from '../../db/webhook-deliveries.ts';
import { createWebhookOutbox } from '../../db/webhook-outbox.ts';
import { runWebhookSender } from '../../temporal/webhook-sender.ts';
import { newAccount, openStores, type TestStores } from '../db/support.ts';
import { eventually } from '../support/eventually.ts';
import { startPlatformEndpoint, webhookSecret, type PlatformEndpoint } from '../support/platform-endpoint.ts';

const SECRET = webhookSecret(1);

type Sender = { dead: string[]; faults: unknown[]; stop(): Promise<void> };

describe('the sender of webhooks', () => {
  let stores: TestStores;
  let platform: PlatformEndpoint;
  const senders: Sender[] = [];
  beforeAll(async () => {
    stores = await openStores();
  });
  afterAll(() => stores.close());
  beforeEach(async () => {
    platform = await startPlatformEndpoint(SECRET);
  });
  afterEach(async () => {
    await Promise.all(senders.splice(0).map((sender) => sender.stop()));
    await platform.stop();
    // What one test left undelivered is no business of the next one.
    await stores.db.sql`update webhook_deliveries set status = 'dead' where status = 'pending'`;
  });

  /** @param retryDelaysMs how long it waits after each attempt. */
  function startSender(
    retryDelaysMs: readonly number[] = [20, 20, 20],
    { secrets = [SECRET], timeoutMs = 2_000 }: { secrets?: string[]; timeoutMs?: number } = {},
  ): Sender {
    const stopping = new AbortController();
    const dead: string[] = [];
    const faults: unknown[] = [];
    const running = runWebhookSender(
      {
        outbox: createWebhookOutbox(stores.db),
        platform: createPlatformWebhooks({ url: platform.url, secrets, timeoutMs }),
        policy: { webhookRetryDelaysMs: retryDelaysMs, webhookTimeoutMs: timeoutMs },
        onDead: ({ messageId, detail }) => void dead.push(`${messageId} ${detail}`),
        onFault: ({ error }) => void faults.push(error),
      },
      stopping.signal,
    );
    const sender = {
      dead,
      faults,
      stop: async () => {
        stopping.abort();
        await running;
      },
    };
    senders.push(sender);
    return sender;
  }

  /** Tells an account of something; @returns the message's id. */
  async function tell(): Promise<string> {
    const id = await newAccount(stores);
    const request = { kind: 'auto_top_up.resumed', sinceMs: 1_750_000_000_000 } as const;
    const notice = { ...request, wallet: null };
    const webhook = webhookMessage(id, notice, 0);
    const text = { title: 'Title', body: 'Body', webhook };
    await stores.notifications.record(id, request, notice, text);
    await stores.notifications.record(id, request, notice, text);
    const rows = await stores.db.sql`select message_id from webhook_deliveries where account_id = ${id}`;
    expect(rows).toHaveLength(1);
    return String(rows[0]?.['messageId']);
  }

  const read = async (messageId: string) => {
    const { items } = await createWebhookDeliveries(stores.db).list({ limit: 100 });
    return items.find((item) => item.messageId === messageId);
  };
  const becomes = (messageId: string, status: string) =>
    eventually(async () => expect(await read(messageId)).toMatchObject({ status }));
  const timesOf = (messageId: string) => platform.received.filter(({ id }) => id === messageId).length;

  test('delivers a message once, under its id, as the reference library verifies it', async () => {
    const messageId = await tell();
    const sender = startSender();
    await becomes(messageId, 'delivered');
    expect(platform.received).toMatchObject([
      { id: messageId, body: { type: 'auto_top_up.resumed', timestamp: '2025-06-15T15:06:40.000Z' } },
    ]);
    expect(await read(messageId)).toMatchObject({ attempts: 1, responseStatus: 204 });
    expect(sender.dead).toEqual([]);
  });

  test('tries again after an error under the same id, with a timestamp and signature of its own', async () => {
    platform.answer(() => (platform.received.length === 1 ? 500 : 200));
    const messageId = await tell();
    startSender([1_100]);
    await becomes(messageId, 'delivered');
    const [first, second, ...more] = platform.received;
    expect(more).toEqual([]);
    expect([first?.id, second?.id]).toEqual([messageId, messageId]);
    expect(Number(second?.timestamp)).toBeGreaterThan(Number(first?.timestamp));
    expect(second?.signature).not.toBe(first?.signature);
    expect(second?.body).toEqual(first?.body);
  });

  test('a platform that never takes it gets it on the whole schedule, then it is dead until it is replayed', async () => {
    platform.answer(() => 500);
    const messageId = await tell();
    const sender = startSender([10, 10, 10]);
    await becomes(messageId, 'dead');
    expect(timesOf(messageId)).toBe(4);
    expect(sender.dead).toEqual([`${messageId} answered 500`]);
    const deliveries = createWebhookDeliveries(stores.db);
    const { items } = await deliveries.list({ status: 'dead', limit: 100 });
    expect(items.map((item) => item.messageId)).toContain(messageId);

    platform.answer(() => 200);
    const replay = { messageId, key: messageId, actor: 'operator:test', reason: 'the endpoint is back' };
    expect(await deliveries.replay(replay)).toMatchObject({ status: 'done', answer: { status: 'pending' } });
    await becomes(messageId, 'delivered');
    expect(await deliveries.replay(replay)).toMatchObject({ status: 'repeated' });
    expect(await read(messageId)).toMatchObject({ status: 'delivered', attempts: 1 });
    expect(timesOf(messageId)).toBe(5);
  });

  test('410 is the end at once', async () => {
    platform.answer(() => 410);
    const messageId = await tell();
    startSender();
    await becomes(messageId, 'dead');
    expect(timesOf(messageId)).toBe(1);
  });

  test('a redirect is not followed, and is no delivery', async () => {
    platform.answer(() => 307, { location: '/elsewhere' });
    const messageId = await tell();
    startSender([]);
    await becomes(messageId, 'dead');
    expect(await read(messageId)).toMatchObject({ responseStatus: 307 });
    expect(timesOf(messageId)).toBe(1);
  });

  test('no answer in time is an attempt, and holds up no other message', async () => {
    const silent = await tell();
    platform.answer(({ id }) => (id === silent ? null : 200));
    startSender([], { timeoutMs: 1_500 });
    await eventually(() => expect(timesOf(silent)).toBe(1));
    const quick = await tell();
    await eventually(async () => {
      expect(await read(quick)).toMatchObject({ status: 'delivered' });
      expect(await read(silent)).toMatchObject({ status: 'pending' });
    });
    await becomes(silent, 'dead');
    expect(await read(silent)).toMatchObject({ responseStatus: null, detail: 'no answer within 1500 ms' });
  });

  test('a message that somebody is claiming at the moment is left to them, without waiting', async () => {
    const messageId = await tell();
    const outbox = createWebhookOutbox(stores.db);
    await stores.db.transaction(async (transaction) => {
      await transaction`select 1 from webhook_deliveries where message_id = ${messageId} for update`;
      expect(await outbox.claim({ limit: 10, leaseMs: 60_000 })).toEqual([]);
    });
    expect(await outbox.claim({ limit: 10, leaseMs: 60_000 })).toMatchObject([{ messageId }]);
  });

  test('of many who claim at the same moment, each gets messages that no other has', async () => {
    const messageIds = await Promise.all(Array.from({ length: 40 }, tell));
    const outbox = createWebhookOutbox(stores.db);
    const claims = await Promise.all(
      Array.from({ length: 8 }, () => outbox.claim({ limit: 10, leaseMs: 60_000 })),
    );
    const claimed = claims.flat().map(({ messageId }) => messageId);
    expect(claimed.length).toBeGreaterThanOrEqual(10);
    expect(new Set(claimed).size).toBe(claimed.length);
    expect(messageIds).toEqual(expect.arrayContaining(claimed));
  });

  test('two senders side by side send each message once', async () => {
    const messageIds = await Promise.all(Array.from({ length: 40 }, tell));
    const both = [startSender(), startSender()];
    await eventually(async () => {
      const { items } = await createWebhookDeliveries(stores.db).list({ status: 'pending', limit: 100 });
      expect(items).toEqual([]);
    });
    expect(platform.received.map(({ id }) => id).sort()).toEqual([...messageIds].sort());
    expect(both.flatMap(({ faults }) => faults)).toEqual([]);
  });

  test('what somebody had in hand and did not finish is sent again under its id when the lease has run out', async () => {
    const messageId = await tell();
    const outbox = createWebhookOutbox(stores.db);
    const [claimed] = await outbox.claim({ limit: 10, leaseMs: 600 });
    expect(claimed).toMatchObject({ messageId, attempt: 1 });
    expect(await outbox.claim({ limit: 10, leaseMs: 600 })).toEqual([]);
    startSender();
    await becomes(messageId, 'delivered');
    expect(await read(messageId)).toMatchObject({ attempts: 2 });
    // The one that was believed dead comes back with a failure: it changes nothing.
    await outbox.settle(claimed!, { status: 'dead' }, { responseStatus: 500, detail: 'late' });
    expect(await read(messageId)).toMatchObject({ status: 'delivered', responseStatus: 204 });
  });

  test('while secrets are rotated either one verifies; a message signed by neither is refused', async () => {
    const rotated = await tell();
    const sender = startSender([], { secrets: [webhookSecret(2), SECRET] });
    await becomes(rotated, 'delivered');
    expect(platform.received[0]?.signature.split(' ')).toHaveLength(2);
    await sender.stop();
    const foreign = await tell();
    startSender([], { secrets: [webhookSecret(3)] });
    await becomes(foreign, 'dead');
    expect(platform.refused).toHaveLength(1);
    expect(await read(foreign)).toMatchObject({ responseStatus: 401 });
  });
});
