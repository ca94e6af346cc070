import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { call, createExampleAccount, type TopUpItem } from '../support/example-account.ts';
import { startPlatformEndpoint, webhookSecret, type PlatformEndpoint } from '../support/platform-endpoint.ts';
import { startStack, type Stack } from '../support/stack.ts';

const SECRET = webhookSecret(7);
const SOON = { timeoutMs: 60_000, pauseMs: 100 };
/** A killed worker's messages are sent again after three times this. */
const WEBHOOK_TIMEOUT_MS = 1_000;

describe('what customers are told, by webhook to the platform', () => {
  let stack: Stack;
  let platform: PlatformEndpoint;
  beforeAll(async () => {
    platform = await startPlatformEndpoint(SECRET);
    stack = await startStack({
      worker: false,
      policy: { webhookTimeoutMs: WEBHOOK_TIMEOUT_MS },
      environment: { PLATFORM_WEBHOOK_URL: platform.url, PLATFORM_WEBHOOK_SECRET: SECRET },
    });
  });
  afterAll(async () => {
    await stack.stop();
    await platform.stop();
  });

  it('a crossing and a top-up arrive once each; a worker killed while it sends has them sent again, same id', {
    timeout: 150_000,
  }, async () => {
    const first = await stack.startWorker();
    const account = await createExampleAccount(stack);
    await account.grant('call_minutes', 12);
    await account.enable('call_minutes');
    // The first message stays without an answer until the worker is dead.
    platform.answer(() => null);
    await account.use([call(150)]);
    await eventually(() => expect(platform.received).toHaveLength(1), SOON);
    process.kill(first.pid, 'SIGKILL');
    platform.answer(() => 204);
    await stack.startWorker();
    await eventually(() => expect(platform.received).toHaveLength(2), SOON);
    const [lost, again] = platform.received;
    expect(again?.id).toBe(lost?.id);
    expect(again?.body).toEqual(lost?.body);
    expect(again?.body).toMatchObject({
      type: 'balance.alert',
      data: { account: account.id, wallet: 'call_minutes', balance: 9.5, alertBelow: 10 },
    });

    await account.use([call(300)]);
    await eventually(() => expect(platform.received).toHaveLength(3), SOON);
    const [topUp] = await account.list<TopUpItem>('top-ups');
    expect(platform.received[2]?.body).toMatchObject({
      type: 'top_up.succeeded',
      data: {
        account: account.id,
        wallet: 'call_minutes',
        topUp: topUp?.id,
        trigger: 'auto',
        amount: 50,
        vat: 9.5,
        total: 59.5,
        units: 454,
        balance: 458.5,
        invoiceNumber: topUp?.invoiceNumber,
      },
    });
    expect(platform.refused).toEqual([]);
    expect(JSON.stringify(platform.received)).not.toContain(account.email);
  });
});
