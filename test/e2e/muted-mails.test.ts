import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { chat, createExampleAccount } from '../support/example-account.ts';
import { startStack, type Stack } from '../support/stack.ts';

type Told = { kind: string; email: { status: string } | null };

describe('a customer who wants less mail', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack();
  });
  afterAll(() => stack?.stop());

  test('is alerted on the dashboard only, and still gets the mails that were not muted', async () => {
    const account = await createExampleAccount(stack);
    const path = `/v1/accounts/${account.id}/email-preferences`;
    expect(await stack.call('PUT', path, { muted: ['balance.alert'] })).toMatchObject({ status: 200 });
    await account.enable('chat_credits');
    await account.grant('chat_credits', 120);
    await account.use([chat(30)]);
    await eventually(async () => {
      const told = await account.list<Told>('notifications');
      expect(told).toMatchObject([{ kind: 'balance.alert', email: { status: 'muted' } }]);
    });
    await account.use([chat(60)]);
    await eventually(async () => {
      const mails = await stack.mails(account.email);
      expect(mails.map(({ Tag }) => Tag)).toEqual(['top_up.succeeded']);
    });
  });
});
