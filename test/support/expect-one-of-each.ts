import { expect } from 'vitest';
import { eventually } from './eventually.ts';
import type { ExampleAccount, TopUpItem } from './example-account.ts';
import type { Stack } from './stack.ts';

/** Waits until each account, of whose 104 call minutes 100 were used, was alerted and topped up once. */
export async function expectOneOfEach(
  stack: Stack,
  accounts: readonly ExampleAccount[],
  patience: { timeoutMs: number; pauseMs: number },
): Promise<void> {
  for (const account of accounts) {
    await eventually(async () => {
      expect((await account.read()).wallets['call_minutes']?.balance).toBe(4 + 454);
      expect((await stack.mails(account.email)).map((mail) => mail.Tag).sort()).toEqual([
        'balance.alert',
        'top_up.succeeded',
      ]);
    }, patience);
    const topUps = await account.list<TopUpItem>('top-ups');
    expect(topUps).toMatchObject([{ state: 'credited', attempts: 1, units: 454 }]);
  }
}
