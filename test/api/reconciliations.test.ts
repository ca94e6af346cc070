import { afterAll, beforeAll, expect, test } from 'vitest';
import { reportFinding, resolveFinding } from '../../db/findings.ts';
import { createReconciliations, type ReconcilerStanding } from '../../db/reconciliations.ts';
import { POLICY } from '../../domain/policy.ts';
import { startTestApi, type TestApi } from './support/test-api.ts';

const FINDING = { kind: 'payment_differs', accountId: null, topUpId: null, detail: 'differs' } as const;

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

test('an operator sees the latest runs, newest first; the platform does not', async () => {
  const runs = createReconciliations(api.db, POLICY);
  const none = { compared: 0, repaired: 0, reported: 0 };
  await runs.begin('first', 'nightly');
  await runs.finish('first', 'nightly', { ...none, compared: 3, repaired: 1 });
  await api.db.sql`update reconciliations set started_at = now() - interval '1 hour'`;
  await runs.begin('second', 'recent');
  const answer = await api.operator('GET', '/v1/operator/reconciliations');
  expect(answer).toMatchObject({
    status: 200,
    body: {
      items: [
        { id: 'second', scope: 'recent', finishedAt: null, invariants: null },
        { id: 'first', scope: 'nightly', compared: 3, repaired: 1, reported: 0 },
      ],
    },
  });
  expect(answer.body.items[1].invariants).toHaveLength(10);
  expect((await api.operator('GET', '/v1/operator/reconciliations?limit=1')).body.items).toHaveLength(1);
  expect((await api.operator('GET', '/v1/operator/reconciliations?limit=0')).status).toBe(422);
  expect((await api.platform('GET', '/v1/operator/reconciliations')).status).toBe(403);
});

test('a scrape tells when it last ran, which invariants held, and what is open', async () => {
  await reportFinding(api.db.sql, { ...FINDING, subject: 'in_1' });
  await reportFinding(api.db.sql, { ...FINDING, subject: 'in_2' });
  await reportFinding(api.db.sql, { ...FINDING, subject: 'in_3' });
  await resolveFinding(api.db.sql, 'payment_differs', 'in_3');
  const { body } = await api.nobody('GET', '/metrics');
  expect(body).toMatch(/^reconciler_last_finished_timestamp_seconds\{scope="nightly"\} 1\d{9}/m);
  expect(body).not.toMatch(/timestamp_seconds\{scope="recent"\}/);
  expect(body).toMatch(/^invariant_broken\{number="1",name="conservation"\} 0$/m);
  expect(body).toMatch(/^findings_open\{kind="payment_differs"\} 2$/m);
});

test.each([
  ['fails', () => Promise.reject(new Error('away'))],
  ['hangs', () => new Promise<ReconcilerStanding>(() => undefined)],
])('a scrape is answered, and soon, while the database %s', async (_how, standing) => {
  const other = await startTestApi({
    reconciliations: { ...createReconciliations(api.db, POLICY), standing },
  });
  try {
    const before = performance.now();
    const answer = await other.nobody('GET', '/metrics');
    expect(answer).toMatchObject({ status: 200 });
    expect(answer.body).toContain('http_request_duration_seconds');
    expect(performance.now() - before).toBeLessThan(3_000);
  } finally {
    await other.close();
  }
});
