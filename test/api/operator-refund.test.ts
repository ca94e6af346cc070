import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAccounts } from '../../db/accounts.ts';
import { createSettings } from '../../db/settings.ts';
import { createTopUps } from '../../db/top-ups.ts';
import { POLICY } from '../../domain/policy.ts';
import { choice, newAccount, order, PAID_INVOICE } from '../db/support.ts';
import { startTestApi, type TestApi } from './support/test-api.ts';

describe('POST /v1/operator/top-ups/{id}/refund', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi();
  });
  afterAll(() => api.close());

  /** A top-up of 1.19 € that is paid unless said otherwise. */
  async function topUp({ isPaid = true } = {}) {
    const account = await newAccount({ accounts: createAccounts(api.db, POLICY) });
    await createSettings(api.db).save(account, 'call_minutes', choice(), { ifVersion: null });
    const ordered = order(account);
    const topUps = createTopUps(api.db, POLICY);
    await topUps.recordIntent(ordered);
    if (isPaid)
      await topUps.markPaid(ordered.topUpId, { ...PAID_INVOICE, invoiceId: `in_${ordered.topUpId}` });
    return { account, id: ordered.topUpId };
  }

  const refund = (id: string, body: object, key: string = randomUUID()) =>
    api.operator('POST', `/v1/operator/top-ups/${id}/refund`, body, { 'idempotency-key': key });

  test('answers 202, writes the audit and wakes the account, which Stripe is not needed for', async () => {
    const { account, id } = await topUp();
    const before = await api.db.sql`select version from account_wakes where account_id = ${account}`;
    const answer = await refund(id, { reason: 'goodwill', amount: 0.5 });
    expect(answer).toMatchObject({
      status: 202,
      body: { topUp: id, account, amount: 0.5, state: 'requested', reason: 'goodwill' },
    });
    const audit = await api.db.sql`select action, target, reason from audit where account_id = ${account}`;
    expect([...audit]).toEqual([{ action: 'top_up.refund', target: id, reason: 'goodwill' }]);
    const [after] = await api.db
      .sql`select version, refresh from account_wakes where account_id = ${account}`;
    expect(after).toMatchObject({ refresh: expect.arrayContaining(['operator']) as string[] });
    expect(after!['version']).toBeGreaterThan((before[0]?.['version'] as number | undefined) ?? 0);
  });

  test('the same key is the same refund, and another request under it a conflict', async () => {
    const { account, id } = await topUp();
    const key = randomUUID();
    const first = await refund(id, { reason: 'goodwill' }, key);
    expect(first).toMatchObject({ status: 202, body: { amount: 1.19 } });
    expect((await refund(id, { reason: 'goodwill' }, key)).body).toEqual(first.body);
    expect(await refund(id, { reason: 'other' }, key)).toMatchObject({
      status: 409,
      body: { code: 'idempotency_conflict' },
    });
    expect((await api.db.sql`select 1 from refund_requests where account_id = ${account}`).count).toBe(1);
  });

  test('what is more than is left, or not paid, is refused with 409, and leaves the key free', async () => {
    const { id } = await topUp();
    const key = randomUUID();
    expect(await refund(id, { reason: 'goodwill', amount: 1.2 }, key)).toMatchObject({
      status: 409,
      body: { code: 'top_up_not_refundable', detail: '1.19 € are left to refund.' },
    });
    expect((await refund(id, { reason: 'goodwill', amount: 1.1 }, key)).status).toBe(202);
    expect((await refund(id, { reason: 'goodwill', amount: 0.1 })).status).toBe(409);
    const unpaid = await topUp({ isPaid: false });
    expect((await refund(unpaid.id, { reason: 'goodwill' })).status).toBe(409);
  });

  test('an unknown top-up is 404; a request without key or reason 422', async () => {
    expect((await refund('tu_call_nobody', { reason: 'goodwill' })).status).toBe(404);
    const { id } = await topUp();
    expect((await refund(id, {})).status).toBe(422);
    const path = `/v1/operator/top-ups/${id}/refund`;
    expect((await api.operator('POST', path, { reason: 'goodwill' })).status).toBe(422);
  });

  test('is for operators only', async () => {
    const { id, account } = await topUp();
    const path = `/v1/operator/top-ups/${id}/refund`;
    const headers = { 'idempotency-key': randomUUID() };
    for (const caller of [api.platform, await api.customer(account)]) {
      expect((await caller('POST', path, { reason: 'goodwill' }, headers)).status).toBe(403);
    }
  });
});
