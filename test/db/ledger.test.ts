import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAudit } from '../../db/audit.ts';
import { accountId } from '../../domain/ids.ts';
import { quantity } from '../../domain/quantities.ts';
import { newAccount, openStores, usage, type TestStores } from './support.ts';

let stores: TestStores;
beforeAll(async () => {
  stores = await openStores();
});
afterAll(() => stores.close());

describe('a grant', () => {
  const grantOf = (id: ReturnType<typeof accountId>, change: object = {}) =>
    stores.ledger.grant({
      accountId: id,
      grantId: 'g1',
      wallet: 'call_minutes',
      quantity: quantity(100),
      reason: 'plan minutes',
      actor: 'key:abc',
      ...change,
    });

  test('sent by 20 callers at once is booked once, and each is told the same', async () => {
    const id = await newAccount(stores);
    const results = await Promise.all(Array.from({ length: 20 }, () => grantOf(id)));
    expect(results.filter(({ status }) => status === 'accepted')).toHaveLength(1);
    expect(results.filter(({ status }) => status === 'duplicate')).toHaveLength(19);
    for (const result of results) expect(result).toMatchObject({ seq: 1, balance: 100 });
  });

  test.each([{ quantity: quantity(101) }, { wallet: 'chat_credits' }, { reason: 'goodwill' }])(
    'with the same id and other content (%o) is a conflict and changes nothing',
    async (change) => {
      const id = await newAccount(stores);
      await grantOf(id);
      expect(await grantOf(id, change)).toMatchObject({ status: 'conflict' });
      const overview = await stores.accounts.overview(id);
      expect(overview!.wallets.call_minutes).toMatchObject({ balance: 100, seq: 1 });
      expect(overview!.wallets.chat_credits).toMatchObject({ balance: 0, seq: 0 });
    },
  );

  test('is audited with who, why, before and after', async () => {
    const id = await newAccount(stores);
    await grantOf(id);
    await grantOf(id);
    const { items: entries } = await createAudit(stores.db).list({ accountId: id, limit: 10 });
    expect(entries).toMatchObject([
      {
        actor: 'key:abc',
        action: 'grant',
        target: 'grant:g1',
        reason: 'plan minutes',
        before: { balance: 0 },
        after: { balance: 100 },
      },
    ]);
  });

  test('to an account that nobody knows is refused', async () => {
    expect(await grantOf(accountId('nobody'))).toEqual({ status: 'unknown_account' });
  });
});

test('the entries page through both wallets once, newest first, while more are added', async () => {
  const id = await newAccount(stores);
  for (let index = 0; index < 9; index += 1) {
    const wallet = index % 3 === 0 ? ('chat_credits' as const) : ('call_minutes' as const);
    await stores.ledger.ingest([usage(id, { wallet, id: `e${index}` })]);
  }
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof stores.ledger.list>> = await stores.ledger.list(id, {
      cursor,
      limit: 4,
    });
    seen.push(...page.items.map(({ cause }) => cause));
    cursor = page.next;
    await stores.ledger.ingest([usage(id)]);
  } while (cursor !== null);
  expect(seen).toEqual(Array.from({ length: 9 }, (_, index) => `usage:e${8 - index}`));
  const chat = await stores.ledger.list(id, { wallet: 'chat_credits', limit: 10 });
  expect(chat.items.map(({ seq }) => seq)).toEqual([3, 2, 1]);
  expect(chat.next).toBeNull();
  await expect(stores.ledger.list(id, { cursor: 'nonsense', limit: 2 })).rejects.toThrow('not a cursor');
});
