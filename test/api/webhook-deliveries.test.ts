import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { webhookMessage } from '../../activities/webhooks/webhook-payload.ts';
import { createAudit } from '../../db/audit.ts';
import { createNotifications } from '../../db/notifications.ts';
import { accountId } from '../../domain/ids.ts';
import { POLICY } from '../../domain/policy.ts';
import { ACME, startTestApi, type TestApi } from './support/test-api.ts';

const LIST = '/v1/operator/webhook-deliveries';

describe('webhooks to the platform, for operators', () => {
  let api: TestApi;
  const messages: string[] = [];
  beforeAll(async () => {
    api = await startTestApi();
    for (const name of ['acme', 'other']) {
      await api.platform('PUT', `/v1/accounts/${name}`, ACME);
      const id = accountId(name);
      for (const sinceMs of [1, 2]) {
        const request = { kind: 'auto_top_up.resumed', sinceMs } as const;
        const notice = { ...request, wallet: null };
        const text = { title: 'Title', body: 'Body', webhook: webhookMessage(id, notice, 0) };
        await createNotifications(api.db, POLICY).record(id, request, notice, text);
      }
    }
    const { body } = await api.operator('GET', LIST);
    messages.push(...body.items.map((item: { id: string }) => item.id));
  });
  afterAll(() => api.close());

  const bury = (id: string | undefined) =>
    api.db.sql`update webhook_deliveries set status = 'dead', attempts = 10, detail = 'answered 500',
      response_status = 500 where message_id = ${id ?? ''}`;
  const replay = (id: string | undefined, key: string, reason = 'the endpoint is back') =>
    api.operator('POST', `${LIST}/${id}/replay`, { reason }, { 'idempotency-key': key });

  test('are listed newest first, page by page, by account and by status', async () => {
    expect(messages).toHaveLength(4);
    expect([...messages].sort().toReversed()).toEqual(messages);
    const first = await api.operator('GET', `${LIST}?limit=3`);
    const second = await api.operator('GET', `${LIST}?limit=3&cursor=${first.body.next}`);
    const walked = [...first.body.items, ...second.body.items];
    expect(walked.map(({ id }: { id: string }) => id)).toEqual(messages);
    expect(second.body.next).toBeNull();
    const ofAcme = await api.operator('GET', `${LIST}?account=acme`);
    expect(ofAcme.body.items).toHaveLength(2);
    expect(ofAcme.body.items[1]).toEqual({
      id: expect.stringMatching(/^msg_/),
      account: 'acme',
      notification: expect.any(String),
      type: 'auto_top_up.resumed',
      status: 'pending',
      attempts: 0,
      nextAttemptAt: expect.stringMatching(/Z$/),
      responseStatus: null,
      detail: null,
      payload: {
        type: 'auto_top_up.resumed',
        timestamp: '1970-01-01T00:00:00.001Z',
        data: { account: 'acme', wallet: null },
      },
      createdAt: expect.stringMatching(/Z$/),
      updatedAt: expect.stringMatching(/Z$/),
    });
    expect((await api.operator('GET', `${LIST}?status=dead`)).body).toEqual({ items: [], next: null });
    expect((await api.operator('GET', `${LIST}?cursor=nonsense`)).status).toBe(422);
  });

  test('a dead one is replayed once for a key, under its id, and the audit says by whom and why', async () => {
    const [id] = messages;
    await bury(id);
    const dead = await api.operator('GET', `${LIST}?status=dead`);
    expect(dead.body.items).toMatchObject([{ id, status: 'dead', nextAttemptAt: null, responseStatus: 500 }]);
    const first = await replay(id, 'key-1');
    expect(first).toMatchObject({ status: 200, body: { id, status: 'pending', attempts: 0 } });
    await bury(id);
    expect((await replay(id, 'key-1')).body).toEqual(first.body);
    expect((await api.operator('GET', `${LIST}?status=dead`)).body.items).toHaveLength(1);
    expect((await replay(id, 'key-1', 'something else')).body.code).toBe('idempotency_conflict');
    expect(await replay(id, 'key-2')).toMatchObject({ status: 200 });
    const { items: audited } = await createAudit(api.db).list({ accountId: accountId('other'), limit: 10 });
    expect(audited).toMatchObject([
      { action: 'webhook.replay', target: id, reason: 'the endpoint is back', before: { status: 'dead' } },
      { action: 'webhook.replay', target: id, actor: expect.stringMatching(/^operator:/) },
    ]);
  });

  test('a replay needs a key, a reason and a message that there is', async () => {
    const [id] = messages;
    const withoutKey = await api.operator('POST', `${LIST}/${id}/replay`, { reason: 'r' });
    expect(withoutKey).toMatchObject({ status: 422, type: 'application/problem+json' });
    expect((await replay(id, 'key-3', ' ')).status).toBe(422);
    const unknown = await replay(`msg_${randomUUID()}`, 'key-4');
    expect(unknown).toMatchObject({ status: 404, body: { code: 'webhook_delivery_unknown' } });
  });
});
