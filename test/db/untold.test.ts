import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { NoticeRequest } from '../../domain/commands.ts';
import type { AccountId, TopUpId } from '../../domain/ids.ts';
import { quantity } from '../../domain/quantities.ts';
import {
  asOwner,
  choice,
  grant,
  newAccount,
  openStores,
  order,
  paidTopUp,
  usage,
  type TestStores,
} from './support.ts';

let stores: TestStores;
beforeAll(async () => {
  stores = await openStores();
});
afterAll(() => stores.close());

async function enabledAccount(): Promise<AccountId> {
  const id = await newAccount(stores);
  await stores.settings.save(id, 'call_minutes', choice(), { ifVersion: null });
  return id;
}

async function untold(id: AccountId, since: { call_minutes: number; chat_credits: number } | null = null) {
  return (await stores.accounts.readSnapshot(id, since)).untold;
}

async function tell(id: AccountId, request: NoticeRequest): Promise<string> {
  const notice = await stores.notifications.compose(id, request);
  const recorded = await stores.notifications.record(id, request, notice, { title: 't', body: 'b' });
  return recorded!.deliveryId;
}

async function credited(id: AccountId): Promise<TopUpId> {
  const topUp = await paidTopUp(stores, id);
  await stores.ledger.creditTopUp(topUp.topUpId);
  return topUp.topUpId;
}

/** Failed at this attempt; 0 before the first was begun. */
async function failed(id: AccountId, attempt: number): Promise<TopUpId> {
  const ordered = order(id, { trigger: 'manual', warrant: null });
  await stores.topUps.recordIntent(ordered);
  if (attempt > 0) await stores.topUps.beginAttempt(ordered.topUpId, attempt, 'pm_1');
  await stores.topUps.close(ordered.topUpId, { state: 'failed', failure: 'expired_card', suspend: null });
  return ordered.topUpId;
}

const failure = (id: TopUpId, attempt: number): NoticeRequest => ({
  kind: 'top_up.failed',
  topUpId: id,
  attempt,
  reason: 'expired_card',
  nextAttemptAtMs: null,
});

const softFailure = (id: TopUpId, attempt: number) =>
  ({ ...failure(id, attempt), nextAttemptAtMs: 5 }) as NoticeRequest;

describe('at first sight, still to be told is', () => {
  test('a credit without a notice, until its mail is sent', async () => {
    const id = await enabledAccount();
    const request: NoticeRequest = { kind: 'top_up.succeeded', topUpId: await credited(id) };
    expect(await untold(id)).toEqual([request]);
    const deliveryId = await tell(id, request);
    expect(await untold(id)).toEqual([request]);
    await stores.notifications.beginSending(deliveryId, 1);
    expect(await untold(id)).toEqual([request]);
    expect(await tell(id, request)).toBe(deliveryId);
    await stores.notifications.finishSending(deliveryId, {
      status: 'sent',
      messageId: 'm',
      ambiguous: false,
    });
    expect(await untold(id)).toEqual([]);
  });

  test.each([
    ['no attempt was told', 2, [], true],
    ['only the first of two was told, which promised another', 2, [1], true],
    ['the last attempt was told with another to come', 2, [1, 2], true],
    ['the end was told', 2, [1, 'end'], false],
    ['the end was told, of an attempt that never came as far as the database', 1, ['later end'], false],
    ['it failed before the first, which was told', 0, ['end'], false],
    ['it failed before the first, and nobody was told', 0, [], true],
  ])('a failure of which %s', async (_name, last, told, isUntold) => {
    const id = await enabledAccount();
    const topUp = await failed(id, last);
    for (const what of told) {
      const end = failure(topUp, what === 'later end' ? last + 1 : last);
      const deliveryId = await tell(id, typeof what === 'string' ? end : softFailure(topUp, what));
      await stores.notifications.finishSending(deliveryId, { status: 'dead', detail: 'test' });
    }
    expect(await untold(id)).toEqual(isUntold ? [failure(topUp, last)] : []);
  });

  test('every notice whose mail is pending, as it was asked for', async () => {
    const id = await enabledAccount();
    await grant(stores, id, 200);
    await stores.ledger.ingest([usage(id, { quantity: quantity(250) })]);
    const topUp = await failed(id, 1);
    const balance = { wallet: 'call_minutes' as const, balance: quantity(-50), seq: 2 };
    const requests: NoticeRequest[] = [
      { kind: 'balance.alert', ...balance, alertVersion: 1 },
      { kind: 'balance.depleted', ...balance },
      softFailure(topUp, 1),
      failure(topUp, 1),
      { kind: 'top_up.action_required', topUpId: topUp, untilMs: 6 },
      { kind: 'top_up.action_reminder', topUpId: topUp, untilMs: 6 },
      { kind: 'auto_top_up.suspended', reason: 'hard_decline', sinceMs: 7 },
      { kind: 'auto_top_up.resumed', sinceMs: 8 },
    ];
    const deliveries = [];
    for (const request of requests) deliveries.push(await tell(id, request));
    const found = await untold(id);
    expect(found).toHaveLength(requests.length);
    expect(found).toEqual(expect.arrayContaining(requests));
    const again = [];
    for (const request of found) again.push(await tell(id, request));
    expect(again.toSorted()).toEqual(deliveries.toSorted());
    expect(await untold(await enabledAccount())).toEqual([]);
  });

  test('nothing of a day ago, and nothing that was canceled', async () => {
    const id = await enabledAccount();
    const topUp = await failed(id, 1);
    await tell(id, { kind: 'top_up.action_required', topUpId: topUp, untilMs: 6 });
    await credited(id);
    await asOwner(stores, async (sql) => {
      await sql`update top_ups set closed_at = closed_at - interval '24 hours',
        credited_at = credited_at - interval '24 hours' where account_id = ${id}`;
      await sql`update notifications set created_at = created_at - interval '24 hours'
        where account_id = ${id}`;
    });
    const canceled = order(id, { trigger: 'manual', warrant: null });
    await stores.topUps.recordIntent(canceled);
    await stores.topUps.close(canceled.topUpId, { state: 'canceled', failure: null, suspend: null });
    expect(await untold(id)).toEqual([]);
  });
});

test('later, the workflow knows itself what it has told', async () => {
  const id = await enabledAccount();
  await credited(id);
  expect(await untold(id, { call_minutes: 0, chat_credits: 0 })).toEqual([]);
});

test('a suspension by an operator is untold until it was told, or was long ago', async () => {
  const id = await newAccount(stores);
  const suspend = (reason: string, hoursAgo: number) => stores.db.sql`
    update accounts
    set suspension_reason = ${reason}, suspended_at = now() - ${hoursAgo}::integer * interval '1 hour'
    where account_id = ${id}`;
  await suspend('hard_decline', 1);
  expect(await untold(id)).toEqual([]);
  await suspend('operator', 25);
  expect(await untold(id)).toEqual([]);
  await suspend('operator', 1);
  const suspension = (await stores.accounts.read(id))?.suspension;
  const [request] = await untold(id);
  expect(request).toEqual({ kind: 'auto_top_up.suspended', ...suspension });
  await stores.notifications.finishSending(await tell(id, request!), {
    status: 'sent',
    messageId: 'm',
    ambiguous: false,
  });
  expect(await untold(id)).toEqual([]);
});
