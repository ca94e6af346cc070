import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { call, createExampleAccount, type TopUpItem } from '../support/example-account.ts';
import { reportUsage } from '../support/report-usage.ts';
import { startStack, type Stack } from '../support/stack.ts';

const ACCOUNTS = 30;
const AFTERWARDS = { timeoutMs: 60_000, pauseMs: 200 };

describe('an API and a worker with two connections to the database each, the fewest that they accept', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({ environment: { DATABASE_POOL: '2' } });
  });
  afterAll(() => stack.stop());

  it(`top up ${ACCOUNTS} accounts that cross at the same moment, once each`, {
    timeout: 120_000,
  }, async () => {
    const accounts = await Promise.all(Array.from({ length: ACCOUNTS }, () => createExampleAccount(stack)));
    await Promise.all(
      accounts.map(async (account) => {
        await account.grant('call_minutes', 104);
        await account.enable('call_minutes');
      }),
    );
    await reportUsage(
      stack,
      accounts.map(({ id }) => ({ ...call(100 * 60), account: id })),
    );
    for (const account of accounts) {
      await eventually(async () => {
        expect((await account.read()).wallets['call_minutes']?.balance).toBe(4 + 454);
        expect((await stack.mails(account.email)).map((mail) => mail.Tag).sort()).toEqual([
          'balance.alert',
          'top_up.succeeded',
        ]);
      }, AFTERWARDS);
      expect(await account.list<TopUpItem>('top-ups')).toMatchObject([{ state: 'credited', attempts: 1 }]);
    }
  });
});
