import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call, createExampleAccount } from '../support/example-account.ts';
import { expectOneOfEach } from '../support/expect-one-of-each.ts';
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
    const results = await reportUsage(
      stack,
      accounts.map(({ id }) => ({ ...call(100 * 60), account: id })),
    );
    expect(results.every(({ status }) => status === 'accepted')).toBe(true);
    await expectOneOfEach(stack, accounts, AFTERWARDS);
  });
});
