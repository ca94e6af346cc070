import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { call, createExampleAccount, type TopUpItem } from '../support/example-account.ts';
import { setMailFaults } from '../support/postmark-controls.ts';
import { reportUsage } from '../support/report-usage.ts';
import { startStack, type Stack } from '../support/stack.ts';

/** More than twice as many as a worker runs activities at once. */
const MAILS = 250;
const AT_A_TIME = 25;
/** A mail is waited for so long; charges would wait for three rounds of them. */
const MAIL_TIMEOUT_MS = 10_000;

describe(`while Postmark hangs and ${MAILS} mails are to be sent`, () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({ policy: { mailSearchLagMs: 2_000 } });
  });
  afterAll(() => stack.stop());

  async function readyAccount() {
    const account = await createExampleAccount(stack);
    await account.grant('call_minutes', 12);
    await account.enable('call_minutes');
    return account;
  }

  it('a charge does not wait for them, and every mail arrives once afterwards', {
    timeout: 360_000,
  }, async () => {
    const accounts: Awaited<ReturnType<typeof readyAccount>>[] = [];
    while (accounts.length < MAILS) {
      accounts.push(...(await Promise.all(Array.from({ length: AT_A_TIME }, readyAccount))));
    }
    const charged = await readyAccount();
    await setMailFaults(stack, [{ answer: 'stall', count: 100_000 }]);
    await reportUsage(
      stack,
      accounts.map(({ id }) => ({ ...call(2.5 * 60), account: id })),
    );
    // Each has been noticed, and its mail is on its way or waits.
    await eventually(
      async () => {
        const last = await Promise.all(
          accounts.slice(-AT_A_TIME).map((account) => account.list('notifications')),
        );
        expect(last.every((notices) => notices.length === 1)).toBe(true);
      },
      { timeoutMs: 120_000, pauseMs: 200 },
    );
    await charged.use([call(8 * 60)]);
    await eventually(
      async () => expect((await charged.read()).wallets['call_minutes']?.balance).toBe(4 + 454),
      { timeoutMs: MAIL_TIMEOUT_MS * 0.7, pauseMs: 100 },
    );
    expect(await charged.list<TopUpItem>('top-ups')).toMatchObject([{ state: 'credited', attempts: 1 }]);

    await setMailFaults(stack, []);
    for (const { email } of accounts) {
      await eventually(async () => expect(await stack.mails(email)).toHaveLength(1), {
        timeoutMs: 180_000,
        pauseMs: 500,
      });
    }
  });
});
