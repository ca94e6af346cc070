import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { call, createExampleAccount, type TopUpItem } from '../support/example-account.ts';
import { startStack, type Stack } from '../support/stack.ts';
import { startStoppableTemporal, type StoppableTemporal } from '../support/stoppable-temporal.ts';

/** How long Temporal is away. The shortest that outlasts every retry inside one request. */
const AWAY_MS = 20_000;

describe('while Temporal is away', () => {
  let stack: Stack;
  let temporal: StoppableTemporal;

  beforeAll(async () => {
    temporal = await startStoppableTemporal();
    stack = await startStack({ temporalAddress: temporal.address });
  });
  afterAll(async () => {
    await stack.stop();
    await temporal.remove();
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

    await temporal.start();
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
