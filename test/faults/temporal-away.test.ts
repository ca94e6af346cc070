import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePorts } from '../../dev/ports.ts';
import { SEARCH_ATTRIBUTE_TYPES, startTemporal } from '../../dev/temporal.ts';
import { eventually } from '../support/eventually.ts';
import { call, createExampleAccount, type TopUpItem } from '../support/example-account.ts';
import { startStack, type Stack } from '../support/stack.ts';

/** How long Temporal is away. The shortest that outlasts every retry inside one request. */
const AWAY_MS = 20_000;

describe('while Temporal is away', () => {
  let folder: string;
  let stack: Stack;
  let temporal: Awaited<ReturnType<typeof startTemporal>>;
  let start: () => ReturnType<typeof startTemporal>;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'temporal-away-'));
    const [port = 0, uiPort = 0] = await freePorts(2);
    start = () =>
      startTemporal({
        port,
        uiPort,
        namespace: 'default',
        dbFile: join(folder, 'temporal.db'),
        searchAttributes: SEARCH_ATTRIBUTE_TYPES,
      });
    temporal = await start();
    stack = await startStack({ temporalAddress: temporal.address });
  });
  afterAll(async () => {
    await stack.stop();
    await temporal.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('every usage request is answered 200, and the top-up follows once after it is back', {
    timeout: 150_000,
  }, async () => {
    const account = await createExampleAccount(stack);
    await account.grant('call_minutes', 60);
    await account.enable('call_minutes');
    await temporal.stop();

    const events = Array.from({ length: 56 }, () => call(60));
    const pauseMs = AWAY_MS / events.length;
    for (const event of events) {
      expect(await account.use([event])).toMatchObject([{ id: event.id, status: 'accepted' }]);
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
    expect((await account.read()).wallets['call_minutes']?.balance).toBe(4);
    expect(await account.list('top-ups')).toEqual([]);

    temporal = await start();
    const onceItIsBack = { timeoutMs: 60_000, pauseMs: 200 };
    await eventually(async () => {
      expect((await account.read()).wallets['call_minutes']?.balance).toBe(458);
    }, onceItIsBack);
    expect(await account.list<TopUpItem>('top-ups')).toMatchObject([{ state: 'credited', attempts: 1 }]);
    await eventually(async () => {
      const tags = (await stack.mails(account.email)).map((mail) => mail.Tag).sort();
      expect(tags).toEqual(['balance.alert', 'top_up.succeeded']);
    }, onceItIsBack);
  });
});
