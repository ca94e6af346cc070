import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { reportFinding } from '../../db/findings.ts';
import { createTopUps } from '../../db/top-ups.ts';
import { accountId, topUpId, type AccountId, type TopUpId } from '../../domain/ids.ts';
import { cents, CURRENCY } from '../../domain/money.ts';
import { POLICY } from '../../domain/policy.ts';
import { fromWholeUnits } from '../../domain/quantities.ts';
import type { TopUpState } from '../../domain/top-up.ts';
import type { Wallet } from '../../domain/wallet.ts';
import { ACME, startTestApi, type TestApi } from './support/test-api.ts';

const NO_WAKE = { refresh: [], version: 0 };
let api: TestApi;
let account: AccountId;
let made = 0;

beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());
beforeEach(async () => {
  made += 1;
  account = accountId(`acc_${made}`);
  await api.platform('PUT', `/v1/accounts/${account}`, ACME);
});

/** A purchase in the given state, as its activities would have left it. */
async function topUpIn(
  state: TopUpState,
  { wallet = 'call_minutes', ...more }: { wallet?: Wallet; [column: string]: unknown } = {},
): Promise<TopUpId> {
  made += 1;
  const id = topUpId(wallet, `${made}`);
  await createTopUps(api.db, POLICY).recordIntent({
    topUpId: id,
    accountId: account,
    wallet,
    trigger: 'manual',
    amountCents: cents(50_00),
    currency: CURRENCY,
    units: 454,
    quantity: fromWholeUnits(wallet, 454),
    warrant: null,
  });
  const change = { state, ...more };
  await api.db.sql`update top_ups set ${api.db.sql(change)} where top_up_id = ${id}`;
  await api.db.sql`update account_wakes set refresh = '{}' where account_id = ${account}`;
  return id;
}

let keys = 0;
const newKey = () => `key ${(keys += 1)}`;

function act(url: string, body: Record<string, unknown> = {}, key = newKey()) {
  const asked = { reason: 'asked for by phone', ...body };
  return api.operator('POST', `/v1/operator/${url}`, asked, { 'idempotency-key': key });
}

async function wakeOf(): Promise<{ refresh: string[]; version: number }> {
  const [wake] = await api.db.sql<{ refresh: string[]; version: number }[]>`
    select refresh, version from account_wakes where account_id = ${account}`;
  return wake ?? NO_WAKE;
}

async function auditOf() {
  const { body } = await api.operator('GET', `/v1/operator/audit?account=${account}`);
  return body.items.filter(({ actor }: { actor: string }) => actor.startsWith('operator:'));
}

async function topUpsOf() {
  return api.db.sql<{ topUpId: string; state: string; trigger: string; retryOf: string | null }[]>`
    select top_up_id, state, trigger, retry_of from top_ups where account_id = ${account} order by created_at`;
}

describe('the list of charges', () => {
  test('shows what failed or is stuck, oldest first, with reason, attempts, next try and links', async () => {
    const nextAttemptAt = new Date('2027-01-01T10:00:00Z');
    const retrying = await topUpIn('retrying', {
      failure: 'insufficient_funds',
      next_attempt_at: nextAttemptAt,
      attempt: 1,
      customer_id: 'cus_1',
      invoice_id: `in_${made}`,
      payment_intent_id: 'pi_1',
    });
    const decline = { kind: 'soft', reason: 'insufficient_funds', code: 'insufficient_funds' };
    await api.db.sql`
      insert into charge_attempts (account_id, top_up_id, attempt, payment_method_id, outcome, finished_at)
      values (${account}, ${retrying}, 1, 'pm_1',
        ${JSON.stringify({ status: 'declined', decline })}::text::jsonb, now())`;
    const unknown = await topUpIn('unknown', { wallet: 'chat_credits', unknown_since: new Date() });
    const { status, body } = await api.operator('GET', `/v1/operator/top-ups?account=${account}`);
    expect(status).toBe(200);
    expect(body.items.map(({ id }: { id: string }) => id)).toEqual([retrying, unknown]);
    expect(body.items[0]).toMatchObject({
      account,
      state: 'retrying',
      failure: 'insufficient_funds',
      attempts: 1,
      nextAttemptAt: '2027-01-01T10:00:00.000Z',
      attemptLog: [
        {
          attempt: 1,
          outcome: 'declined',
          declineCode: 'insufficient_funds',
          failure: 'insufficient_funds',
        },
      ],
      links: {
        stripeInvoice: expect.stringMatching(/^https:\/\/dashboard\.stripe\.com\/test\/invoices\/in_/),
        stripePayment: 'https://dashboard.stripe.com/test/payments/pi_1',
        stripeCustomer: 'https://dashboard.stripe.com/test/customers/cus_1',
        workflow: `https://temporal.example/namespaces/prod/workflows/account%2F${account}`,
      },
    });
    expect(body.items[1]).toMatchObject({ unknownSince: expect.any(String), links: { stripeInvoice: null } });
    const one = await api.operator('GET', `/v1/operator/top-ups/${retrying}`);
    expect(one.body).toEqual(body.items[0]);
  });

  test('is filtered, counted, and walked in pages without a gap or a repetition', async () => {
    for (let at = 0; at < 5; at += 1) await topUpIn('failed', { failure: 'card_declined' });
    await topUpIn('credited', { paid_at: new Date() });
    const ids: string[] = [];
    let cursor = '';
    for (let page = 0; page < 9; page += 1) {
      const { body } = await api.operator(
        'GET',
        `/v1/operator/top-ups?account=${account}&limit=2&state=failed,canceled&state=unknown${cursor}`,
      );
      ids.push(...body.items.map(({ id }: { id: string }) => id));
      if (body.next === null) break;
      cursor = `&cursor=${body.next}`;
    }
    const failed = (await topUpsOf()).filter(({ state }) => state === 'failed');
    expect(ids).toEqual(failed.map(({ topUpId: id }) => id));
    const count = async (query: string) =>
      (await api.operator('GET', `/v1/operator/top-ups?account=${account}&${query}`)).body.items.length;
    expect(await count('failure=expired_card')).toBe(0);
    expect(await count('failure=card_declined&minAmount=50')).toBe(5);
    expect(await count('minAmount=50.01')).toBe(0);
    expect(await count('wallet=chat_credits')).toBe(0);
    expect(await count('olderThan=2020-01-01T00:00:00Z')).toBe(0);
    expect(await count('state=credited')).toBe(1);
    const { body } = await api.operator('GET', '/v1/operator/top-ups/counts');
    expect(body.counts.failed).toBeGreaterThanOrEqual(5);
    expect(body.counts).not.toHaveProperty('credited');
    expect((await api.operator('GET', '/v1/operator/top-ups?state=broken')).status).toBe(422);
    expect((await api.operator('GET', '/v1/operator/top-ups/tu_none')).status).toBe(404);
  });
});

describe('the queue', () => {
  type Counts = { counts: Record<string, number>; reasons: { failure: string | null; count: number }[] };
  const listed = async (query = '', superseded = 'exclude') => {
    const { body } = await api.operator(
      'GET',
      `/v1/operator/top-ups?account=${account}&superseded=${superseded}${query}`,
    );
    return body.items.map(({ id }: { id: string }) => id) as string[];
  };
  const counted = async (query = '', superseded = 'exclude') =>
    (
      await api.operator(
        'GET',
        `/v1/operator/top-ups/counts?account=${account}&superseded=${superseded}${query}`,
      )
    ).body as Counts;

  test('leaves out what failed and was tried again, or was followed by a credited one, and shows it when asked', async () => {
    const retried = await topUpIn('failed');
    const { body } = await act(`top-ups/${retried}/retry`);
    expect(await listed()).toEqual([]);
    await api.db.sql`update top_ups set state = 'failed' where top_up_id = ${body.topUp.id}`;
    expect(await listed()).toEqual([body.topUp.id]);
    await topUpIn('refunded', { paid_at: new Date() });
    await topUpIn('credited', { wallet: 'chat_credits', paid_at: new Date() });
    expect(await listed()).toEqual([body.topUp.id]);
    expect((await counted()).counts['failed']).toBe(1);
    await topUpIn('credited', { paid_at: new Date() });
    expect(await listed()).toEqual([]);
    expect((await counted()).counts).not.toHaveProperty('failed');
    expect(await listed('', 'include')).toEqual([retried, body.topUp.id]);
    expect((await counted('', 'include')).counts['failed']).toBe(2);
    const today = await topUpIn('failed');
    expect(await listed()).toEqual([today]);
  });

  test('is narrowed to what is new', async () => {
    await topUpIn('failed', { created_at: new Date('2026-01-01T00:00:00Z') });
    const today = await topUpIn('failed');
    expect(await listed('&newerThan=2026-01-02T00:00:00Z')).toEqual([today]);
    expect((await counted('&newerThan=2026-01-02T00:00:00Z')).counts).toEqual({ failed: 1 });
  });

  test('is counted as it is filtered; by reason, whatever reason is asked for', async () => {
    await topUpIn('failed', { failure: 'expired_card' });
    await topUpIn('failed', { failure: 'card_declined', wallet: 'chat_credits' });
    expect((await counted('&wallet=call_minutes')).counts).toEqual({ failed: 1 });
    expect((await counted('&minAmount=50.01')).counts).toEqual({});
    const { counts, reasons } = await counted('&failure=expired_card');
    expect(counts).toEqual({ failed: 1 });
    expect(new Set(reasons.map(({ failure }) => failure))).toEqual(
      new Set(['card_declined', 'expired_card']),
    );
  });
});

describe('a finding that nothing else closes', () => {
  test.each(['refund_failed', 'refund_refused'] as const)(
    '%s is closed by an operator with a reason, once, and is open again when it is seen again',
    async (kind) => {
      const subject = `re_${made}`;
      const finding = { kind, subject, accountId: account, topUpId: null, detail: 'The refund failed.' };
      await reportFinding(api.db.sql, finding);
      const open = async () =>
        (await api.operator('GET', '/v1/operator/findings?limit=100')).body.items.find(
          (item: { subject: string }) => item.subject === subject,
        );
      const { id } = await open();
      expect((await act(`findings/${id}/resolve`, { reason: ' ' })).status).toBe(422);
      const key = newKey();
      const done = await act(`findings/${id}/resolve`, { reason: 'Paid back by bank transfer.' }, key);
      expect(done).toMatchObject({ status: 200, body: { id, kind, resolvedAt: expect.any(String) } });
      expect(await open()).toBeUndefined();
      expect(
        (await act(`findings/${id}/resolve`, { reason: 'Paid back by bank transfer.' }, key)).body,
      ).toEqual(done.body);
      expect((await act(`findings/${id}/resolve`)).status).toBe(200);
      expect(await auditOf()).toMatchObject([
        { action: 'finding.resolve', target: subject, reason: 'Paid back by bank transfer.' },
      ]);
      await reportFinding(api.db.sql, finding);
      expect(await open()).toMatchObject({ id, resolvedAt: null });
      expect((await act('findings/none/resolve')).status).toBe(404);
      expect((await act(`findings/${id}/resolve`)).status).toBe(200);
    },
  );
});

describe('a retry', () => {
  test('of a retrying one makes the next attempt due now and wakes the account', async () => {
    const id = await topUpIn('retrying', { next_attempt_at: new Date('2099-01-01T00:00:00Z') });
    const answer = await act(`top-ups/${id}/retry`);
    expect(answer).toMatchObject({ status: 202, body: { effect: 'hastened', topUp: { id } } });
    expect(Date.parse(answer.body.topUp.nextAttemptAt)).toBeLessThanOrEqual(Date.now() + 1_000);
    expect((await wakeOf()).refresh).toEqual(['operator']);
  });

  test.each(['unknown', 'action_required', 'paid'] as const)(
    'of one in %s asks for a look-up and orders nothing',
    async (state) => {
      const id = await topUpIn(state);
      expect(await act(`top-ups/${id}/retry`)).toMatchObject({ status: 202, body: { effect: 'looked_up' } });
      expect((await wakeOf()).refresh).toEqual(['payment']);
      expect(await topUpsOf()).toMatchObject([{ topUpId: id, state }]);
    },
  );

  test.each(['pending', 'charging'] as const)('of one in %s has nothing to do', async (state) => {
    const id = await topUpIn(state);
    const before = await wakeOf();
    expect(await act(`top-ups/${id}/retry`)).toMatchObject({ status: 200, body: { effect: 'none' } });
    expect(await wakeOf()).toEqual(before);
  });

  test.each(['credited', 'refunded', 'disputed'] as const)('of one in %s is refused', async (state) => {
    const id = await topUpIn(state, { paid_at: new Date() });
    expect(await act(`top-ups/${id}/retry`)).toMatchObject({ status: 409, body: { code: 'top_up_settled' } });
    expect(await auditOf()).toEqual([]);
  });

  test.each(['failed', 'canceled'] as const)(
    'of one in %s orders the same anew, once, by a chain of which only the end may be tried again',
    async (state) => {
      const id = await topUpIn(state);
      const key = newKey();
      const [one, other] = await Promise.all([
        act(`top-ups/${id}/retry`, {}, key),
        act(`top-ups/${id}/retry`, {}, key),
      ]);
      expect(one).toMatchObject({ status: 202, body: { effect: 'new_top_up' } });
      expect(other.body).toEqual(one.body);
      expect(one.body.topUp).toMatchObject({
        account,
        wallet: 'call_minutes',
        state: 'pending',
        trigger: 'operator',
        amount: 50,
        units: 454,
        retryOf: id,
      });
      expect(await topUpsOf()).toHaveLength(2);
      expect((await wakeOf()).refresh).toEqual(['operator']);
      const old = await api.operator('GET', `/v1/operator/top-ups/${id}`);
      expect(old.body.retriedBy).toBe(one.body.topUp.id);

      const again = { status: 409, body: { code: 'already_retried' } };
      expect(await act(`top-ups/${id}/retry`)).toMatchObject(again);
      await api.db.sql`update top_ups set state = 'failed' where top_up_id = ${one.body.topUp.id}`;
      expect(await act(`top-ups/${id}/retry`)).toMatchObject(again);
      expect((await act(`top-ups/${one.body.topUp.id}/retry`)).status).toBe(202);
      expect(await topUpsOf()).toHaveLength(3);
    },
  );

  test('by many operators at once orders one', async () => {
    const id = await topUpIn('failed');
    const answers = await Promise.all(Array.from({ length: 8 }, () => act(`top-ups/${id}/retry`)));
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(1);
    expect(await topUpsOf()).toHaveLength(2);
  });

  test('of one that was paid late, or while another is open, orders nothing', async () => {
    const late = await topUpIn('failed', { paid_at: new Date() });
    expect(await act(`top-ups/${late}/retry`)).toMatchObject({ body: { code: 'top_up_settled' } });
    const id = await topUpIn('failed');
    await topUpIn('charging');
    expect(await act(`top-ups/${id}/retry`)).toMatchObject({ body: { code: 'top_up_in_flight' } });
    const page = await topUpIn('canceled', { wallet: 'chat_credits', checkout_session_id: 'cs_1' });
    expect(await act(`top-ups/${page}/retry`)).toMatchObject({ body: { code: 'not_retryable' } });
    // A page that was never made leaves no id.
    const pageless = await topUpIn('canceled', {
      wallet: 'chat_credits',
      trigger: 'manual',
      attempt: 0,
      customer_id: 'cus_1',
      payment_method_id: null,
    });
    expect(await act(`top-ups/${pageless}/retry`)).toMatchObject({ body: { code: 'not_retryable' } });
    expect(await topUpsOf()).toHaveLength(5);
  });
});

describe('a cancel', () => {
  test.each(['pending', 'charging', 'retrying', 'action_required', 'unknown'] as const)(
    'of one in %s is remembered and wakes the account; a retry is refused then',
    async (state) => {
      const id = await topUpIn(state);
      const answer = await act(`top-ups/${id}/cancel`);
      expect(answer).toMatchObject({
        status: 202,
        body: { effect: 'cancel_requested', topUp: { id, state } },
      });
      expect(answer.body.topUp.cancelRequestedAt).toMatch(/Z$/);
      expect((await wakeOf()).refresh).toEqual(['operator']);
      expect(await act(`top-ups/${id}/retry`)).toMatchObject({ body: { code: 'cancel_requested' } });
      const attempt = await createTopUps(api.db, POLICY).beginAttempt(id, 9, 'pm_1');
      expect(attempt).toEqual({ status: 'recovered' });
    },
  );

  test.each(['failed', 'canceled'] as const)('of one in %s changes nothing', async (state) => {
    const id = await topUpIn(state);
    expect(await act(`top-ups/${id}/cancel`)).toMatchObject({
      status: 200,
      body: { effect: 'none', topUp: { state, cancelRequestedAt: null } },
    });
  });

  test.each(['paid', 'credited', 'failed'] as const)(
    'of one in %s that was paid is refused',
    async (state) => {
      const id = await topUpIn(state, { paid_at: new Date() });
      expect(await act(`top-ups/${id}/cancel`)).toMatchObject({
        status: 409,
        body: { code: 'top_up_settled' },
      });
    },
  );
});

describe('acts on an account', () => {
  const suspensionOf = async () => {
    const { body } = await api.operator('GET', `/v1/accounts/${account}`);
    return body.wallets.call_minutes.autoTopUp;
  };

  test('suspend replaces a reason that a new card would lift, and resume lifts any', async () => {
    await api.platform('PUT', `/v1/accounts/${account}/auto-top-up/call_minutes`, {
      enabled: true,
      alertBelow: 10,
      topUpBelow: 5,
      amount: 50,
    });
    await api.db.sql`
      update accounts set suspension_reason = 'hard_decline', suspended_at = now() where account_id = ${account}`;
    const suspended = await act(`accounts/${account}/suspend`);
    expect(suspended).toMatchObject({ status: 200, body: { account, suspension: { reason: 'operator' } } });
    expect(await suspensionOf()).toMatchObject({ state: 'suspended', reason: 'operator' });
    expect((await act(`accounts/${account}/suspend`)).body).toEqual(suspended.body);
    expect(await act(`accounts/${account}/resume`)).toMatchObject({
      status: 200,
      body: { suspension: null },
    });
    expect(await suspensionOf()).not.toMatchObject({ state: 'suspended' });
    expect((await act(`accounts/${account}/resume`)).body).toEqual({ account, suspension: null });
    expect((await wakeOf()).refresh).toContain('operator');
    expect((await act('accounts/nobody/suspend')).status).toBe(404);
  });

  test('customers resume after failures of their card, and after nothing else', async () => {
    const customer = await api.customer(account);
    const url = `/v1/accounts/${account}/auto-top-up/resume`;
    const suspend = (reason: string) => api.db.sql`
      update accounts set suspension_reason = ${reason}, suspended_at = now() where account_id = ${account}`;
    for (const reason of ['repeated_failures', 'hard_decline']) {
      await suspend(reason);
      expect(await customer('POST', url)).toMatchObject({ status: 200, body: { account, suspension: null } });
    }
    expect((await customer('POST', url, {})).status).toBe(200);
    for (const reason of ['operator', 'dispute']) {
      await suspend(reason);
      expect(await customer('POST', url)).toMatchObject({ status: 409, body: { code: 'not_resumable' } });
    }
    const { body } = await api.operator('GET', `/v1/operator/audit?actor=customer:${account}`);
    expect(body.items.map(({ before }: { before: unknown }) => before)).toMatchObject([
      { suspension: { reason: 'hard_decline' } },
      { suspension: { reason: 'repeated_failures' } },
    ]);
    expect((await (await api.customer('other'))('POST', url)).status).toBe(404);
    expect((await api.operator('POST', url)).status).toBe(403);
  });

  test('adjust books one entry a key, up or down, also below zero', async () => {
    const key = newKey();
    const body = { wallet: 'chat_credits', units: -2.5 };
    const [one, other] = await Promise.all([
      act(`accounts/${account}/adjust`, body, key),
      act(`accounts/${account}/adjust`, body, key),
    ]);
    expect(one).toMatchObject({ status: 200, body: { units: -2.5, seq: 1, balance: -2.5 } });
    expect(other.body).toEqual(one.body);
    expect((await act(`accounts/${account}/adjust`, { ...body, units: 10 })).body.balance).toBe(7.5);
    const { body: ledger } = await api.operator('GET', `/v1/accounts/${account}/ledger`);
    expect(ledger.items).toMatchObject([
      { kind: 'adjustment', units: 10, reason: 'asked for by phone' },
      { kind: 'adjustment', units: -2.5, reference: key },
    ]);
    expect((await act(`accounts/${account}/adjust`, { ...body, units: 0 })).status).toBe(422);
  });
});

describe('every act', () => {
  test('is audited with who, when, why, before and after, once', async () => {
    const retrying = await topUpIn('retrying', { next_attempt_at: new Date('2099-01-01T00:00:00Z') });
    const acts = [
      [`top-ups/${retrying}/retry`, {}],
      [`top-ups/${retrying}/cancel`, {}],
      [`accounts/${account}/suspend`, {}],
      [`accounts/${account}/resume`, {}],
      [`accounts/${account}/adjust`, { wallet: 'call_minutes', units: 1 }],
    ] as const;
    for (const [url, body] of acts) {
      const key = newKey();
      const first = await act(url, body, key);
      expect((await act(url, body, key)).body).toEqual(first.body);
    }
    const entries = (await auditOf()).toReversed();
    expect(entries).toMatchObject([
      {
        action: 'top_up.retry',
        target: retrying,
        before: { state: 'retrying' },
        after: { effect: 'hastened' },
      },
      {
        action: 'top_up.cancel',
        before: { cancelRequestedAtMs: null },
        after: { cancelRequestedAtMs: expect.any(Number) },
      },
      {
        action: 'account.suspend',
        before: { suspension: null },
        after: { suspension: { reason: 'operator' } },
      },
      {
        action: 'account.resume',
        before: { suspension: { reason: 'operator' } },
        after: { suspension: null },
      },
      { action: 'account.adjust', before: { balance: 0 }, after: { balance: 60_000 } },
    ]);
    for (const entry of entries) {
      expect(entry).toMatchObject({
        actor: expect.stringMatching(/^operator:/),
        account,
        reason: 'asked for by phone',
        at: expect.stringMatching(/Z$/),
      });
    }
    const url = `/v1/operator/audit?account=${account}`;
    const first = await api.operator('GET', `${url}&limit=3`);
    const second = await api.operator('GET', `${url}&limit=3&cursor=${first.body.next}`);
    expect([...first.body.items, ...second.body.items]).toEqual(entries.toReversed());
    expect(second.body.next).toBeNull();
    const suspends = await api.operator('GET', `${url}&action=account.suspend`);
    expect(suspends.body.items).toHaveLength(1);
  });

  test('needs a reason and a key, and a key belongs to one request', async () => {
    const id = await topUpIn('retrying');
    const url = `/v1/operator/top-ups/${id}/cancel`;
    expect((await api.operator('POST', url, { reason: 'r' })).status).toBe(422);
    expect((await act(`top-ups/${id}/cancel`, { reason: ' ' })).status).toBe(422);
    expect((await act(`top-ups/${id}/cancel`, { reason: 'x'.repeat(501) })).status).toBe(422);
    const key = newKey();
    expect((await act(`top-ups/${id}/cancel`, {}, key)).status).toBe(202);
    const conflict = { status: 409, body: { code: 'idempotency_conflict' } };
    expect(await act(`top-ups/${id}/cancel`, { reason: 'another' }, key)).toMatchObject(conflict);
    expect(await act(`accounts/${account}/suspend`, {}, key)).toMatchObject(conflict);
    expect(await auditOf()).toHaveLength(1);
  });

  test('that was refused leaves its key free', async () => {
    const id = await topUpIn('failed');
    const open = await topUpIn('charging');
    const key = newKey();
    expect((await act(`top-ups/${id}/retry`, {}, key)).status).toBe(409);
    await api.db.sql`update top_ups set state = 'canceled' where top_up_id = ${open}`;
    expect((await act(`top-ups/${id}/retry`, {}, key)).status).toBe(202);
  });

  test('findings are listed, oldest first', async () => {
    const finding = { accountId: account, topUpId: null, detail: 'Look at it.' };
    await reportFinding(api.db.sql, { ...finding, kind: 'dispute_opened', subject: 'dp_1' });
    await reportFinding(api.db.sql, { ...finding, kind: 'refund_failed', subject: 're_1' });
    const { status, body } = await api.operator('GET', '/v1/operator/findings?limit=5');
    expect(status).toBe(200);
    expect(body.items).toMatchObject([
      { kind: 'dispute_opened', subject: 'dp_1', account, detail: 'Look at it.' },
      { kind: 'refund_failed', subject: 're_1' },
    ]);
  });
});
