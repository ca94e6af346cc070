import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { takeQueuedMails } from '../../db/queued-mails.ts';
import { reportFinding } from '../../db/findings.ts';
import { initialState } from '../../domain/account-state.ts';
import { accountId, topUpId, type AccountId } from '../../domain/ids.ts';
import { cents, CURRENCY } from '../../domain/money.ts';
import { POLICY } from '../../domain/policy.ts';
import { fromWholeUnits } from '../../domain/quantities.ts';
import type { TopUpState, Warrant } from '../../domain/top-up.ts';
import type { WorkflowReading } from '../../api/ports.ts';
import { createTopUps } from '../../db/top-ups.ts';
import type { Wallet } from '../../domain/wallet.ts';
import { ACME, startTestApi, type TestApi } from './support/test-api.ts';

let api: TestApi;
let account: AccountId;
let reading: WorkflowReading;
let made = 0;

beforeAll(async () => {
  api = await startTestApi({ workflows: { read: async () => reading } });
});
afterAll(() => api.close());
beforeEach(async () => {
  made += 1;
  account = accountId(`acc_${made}`);
  reading = { status: 'unreachable' };
  await api.platform('PUT', `/v1/accounts/${account}`, {
    ...ACME,
    name: `Company ${made}`,
    email: `c${made}@x.example`,
  });
});

const get = (path: string) => api.operator('GET', `/v1/operator/${path}`);
const act = (path: string, body: object, key: string = randomUUID()) =>
  api.operator(
    'POST',
    `/v1/operator/${path}`,
    { reason: 'asked for by phone', ...body },
    { 'idempotency-key': key },
  );

async function topUpIn(
  state: TopUpState,
  change: { wallet?: Wallet; warrant?: Warrant; [column: string]: unknown } = {},
) {
  const { wallet = 'call_minutes', warrant = null, ...more } = change;
  made += 1;
  const id = topUpId(wallet, `${made}`);
  const recorded = await createTopUps(api.db, POLICY).recordIntent({
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
  expect(recorded.status).toBe('recorded');
  const json = warrant === null ? null : JSON.stringify(warrant);
  await api.db.sql`
    update top_ups set ${api.db.sql({ state, ...more })}, warrant = ${json}::text::jsonb where top_up_id = ${id}`;
  return id;
}

async function saveCard() {
  await api.db.sql`
    update accounts set payment_method_id = 'pm_1', card_brand = 'visa', card_last4 = '4242', card_exp_month = 1,
      card_exp_year = 2030
    where account_id = ${account}`;
}

describe('the preview of retries', () => {
  const preview = async (ids: string[]) =>
    (await api.operator('POST', '/v1/operator/top-ups/retry/preview', { ids })).body.items as {
      id: string;
      effect: string | null;
      refusal: string | null;
      card: object | null;
      topUp: { amount: number } | null;
    }[];

  test('tells for each what a retry then does, and changes nothing', async () => {
    await saveCard();
    const credited = await topUpIn('credited', { paid_at: new Date() });
    const failed = await topUpIn('failed');
    const retrying = await topUpIn('retrying', { wallet: 'chat_credits' });
    const before = await api.db
      .sql`select version, refresh, dirty from account_wakes where account_id = ${account}`;
    const ids = [retrying, failed, credited, 'tu_call_none'];
    const items = await preview(ids);
    expect(items.map(({ id, effect, refusal }) => ({ id, effect, refusal }))).toEqual([
      { id: retrying, effect: 'hastened', refusal: null },
      { id: failed, effect: 'new_top_up', refusal: null },
      { id: credited, effect: null, refusal: 'top_up_settled' },
      { id: 'tu_call_none', effect: null, refusal: 'top_up_unknown' },
    ]);
    expect(items[1]).toMatchObject({ topUp: { amount: 50 }, card: { brand: 'visa', last4: '4242' } });
    const wake = await api.db
      .sql`select version, refresh, dirty from account_wakes where account_id = ${account}`;
    expect(wake).toEqual(before);
    expect(await api.db.sql`select 1 from top_ups where account_id = ${account}`).toHaveLength(3);
    expect(
      await api.db.sql`select 1 from audit where account_id = ${account} and action = 'top_up.retry'`,
    ).toHaveLength(0);
    const done = [];
    for (const id of ids) {
      const { body } = await act(`top-ups/${id}/retry`, {});
      done.push({ id, effect: body.effect ?? null, refusal: body.code ?? null });
    }
    expect(done).toEqual(items.map(({ id, effect, refusal }) => ({ id, effect, refusal })));
  });

  test('knows that of two failed ones of a wallet only the first can be tried again', async () => {
    const one = await topUpIn('failed');
    const other = await topUpIn('failed');
    expect(await preview([other, one])).toMatchObject([
      { id: other, effect: 'new_top_up', card: null },
      { id: one, effect: null, refusal: 'top_up_in_flight' },
    ]);
  });

  /** An automatic charge of the wallet, decided by the settings of now. */
  async function automatic(state: TopUpState) {
    const choice = { enabled: true, alertBelow: 10, topUpBelow: 5, amount: 50 };
    const saved = await api.platform('PUT', `/v1/accounts/${account}/auto-top-up/call_minutes`, choice);
    const warrant: Warrant = {
      balance: fromWholeUnits('call_minutes', 4),
      seq: 0,
      settingsVersion: saved.body.version,
      target: fromWholeUnits('call_minutes', 5),
      cause: 'campaign',
    };
    return topUpIn(state, { warrant, trigger: 'auto' });
  }
  const grant = (units: number) =>
    api.platform('POST', `/v1/accounts/${account}/grants`, {
      id: randomUUID(),
      wallet: 'call_minutes',
      units,
      reason: 'bought elsewhere',
    });
  const needOf = async (id: string) =>
    (await api.operator('POST', '/v1/operator/top-ups/retry/preview', { ids: [id] })).body.items[0];

  test('says of a failed automatic charge that it is charged although the balance has recovered', async () => {
    await saveCard();
    const id = await automatic('failed');
    const before = { balance: 0, suspension: null, paidLater: null, goneBy: null, wouldCancel: false };
    expect(await needOf(id)).toMatchObject({ effect: 'new_top_up', need: before });
    await grant(10);
    expect(await needOf(id)).toMatchObject({
      effect: 'new_top_up',
      card: { last4: '4242' },
      need: { ...before, balance: 10, goneBy: 'balance_recovered' },
    });
    const retried = await act(`top-ups/${id}/retry`, {});
    await api.db.sql`update top_ups set state = 'failed' where top_up_id = ${retried.body.topUp.id}`;
    expect(await needOf(retried.body.topUp.id)).toMatchObject({ need: { goneBy: 'balance_recovered' } });
  });

  test('says that a later top-up was credited', async () => {
    const id = await topUpIn('failed');
    expect(await needOf(id)).toMatchObject({ need: { paidLater: null, goneBy: null } });
    const later = await topUpIn('credited', { paid_at: new Date() });
    expect(await needOf(id)).toMatchObject({ need: { paidLater: later, goneBy: 'paid_later' } });
  });

  test.each<[string, string, () => Promise<unknown>]>([
    ['balance_recovered', 'the balance has recovered', () => grant(10)],
    ['suspended', 'the account is suspended', () => act(`accounts/${account}/suspend`, {})],
    [
      'switched_off',
      'the customer has switched it off',
      () =>
        api.platform('PUT', `/v1/accounts/${account}/auto-top-up/call_minutes`, {
          enabled: false,
          alertBelow: 10,
          topUpBelow: 5,
          amount: 50,
        }),
    ],
    [
      'monthly_cap',
      'the cap was lowered',
      () => api.db.sql`update settings set monthly_cap_cents = 10 where account_id = ${account}`,
    ],
  ])(
    'says %s of a retrying one that its attempt will cancel because %s',
    async (goneBy, _because, change) => {
      await saveCard();
      const id = await automatic('retrying');
      expect(await needOf(id)).toMatchObject({
        effect: 'hastened',
        card: { last4: '4242' },
        need: { goneBy: null, wouldCancel: false },
      });
      await change();
      expect(await needOf(id)).toMatchObject({
        effect: 'hastened',
        card: null,
        need: { goneBy, wouldCancel: true },
      });
      const outcome = await createTopUps(api.db, POLICY).beginAttempt(id, 1, 'pm_1');
      expect(outcome).toEqual({ status: 'recovered' });
    },
  );

  test('takes a suspension by failed charges for no sign that a failed one is not needed', async () => {
    const id = await automatic('failed');
    await api.db.sql`
      update accounts set suspension_reason = 'hard_decline', suspended_at = now() where account_id = ${account}`;
    expect(await needOf(id)).toMatchObject({ need: { suspension: 'hard_decline', goneBy: null } });
    await act(`accounts/${account}/suspend`, {});
    expect(await needOf(id)).toMatchObject({ need: { suspension: 'operator', goneBy: 'suspended' } });
  });

  test('takes at most a hundred', async () => {
    const ids = Array.from({ length: 101 }, (_, at) => `tu_${at}`);
    expect((await api.operator('POST', '/v1/operator/top-ups/retry/preview', { ids })).status).toBe(422);
  });
});

describe('the story of a charge', () => {
  test('has why it was decided with the settings of then, what was told with the fate of the mail, and its entries', async () => {
    const choice = { enabled: true, alertBelow: 10, topUpBelow: 5, amount: 50 };
    const settings = `/v1/accounts/${account}/auto-top-up/call_minutes`;
    await api.platform('PUT', settings, choice);
    await api.platform('PUT', settings, { ...choice, topUpBelow: 7 });
    const balance = fromWholeUnits('call_minutes', 4);
    const warrant = {
      balance,
      seq: 3,
      settingsVersion: 1,
      target: fromWholeUnits('call_minutes', 5),
      cause: 'campaign',
    } as const;
    const id = await topUpIn('failed', { warrant, trigger: 'auto' });
    await api.db.sql`
      insert into notifications (account_id, notification_id, kind, wallet, cause, notice, title, body)
      values (${account}, 'n1', 'top_up.failed', 'call_minutes', 'c', ${JSON.stringify({ topUpId: id })}::text::jsonb, 'Failed', 'b')`;
    await api.db.sql`
      insert into deliveries (account_id, delivery_id, notification_id, channel, status, detail, attempts)
      values (${account}, ${randomUUID()}, 'n1', 'email', 'rejected', 'bounced: HardBounce', 1)`;
    await api.db.sql`
      insert into ledger_entries (account_id, wallet, seq, kind, quantity, balance_after, cause, occurred_at)
      values (${account}, 'call_minutes', 1, 'top_up', 60000, 60000, ${`top_up:${id}`}, now())`;
    const { status, body } = await get(`top-ups/${id}/story`);
    expect(status).toBe(200);
    expect(body.why).toMatchObject({
      cause: 'campaign',
      balance: 4,
      entry: 3,
      target: 5,
      settings: { version: 1, topUpBelow: 5, amount: 50 },
    });
    expect(body.notices).toMatchObject([
      { title: 'Failed', email: { status: 'bounced', detail: 'HardBounce', attempts: 1, ambiguous: false } },
    ]);
    expect(body.entries).toMatchObject([{ kind: 'top_up', units: 1, balanceAfter: 1 }]);
  });

  test('has no why for what a person ordered, and is none for what there is not', async () => {
    const id = await topUpIn('failed');
    expect((await get(`top-ups/${id}/story`)).body).toMatchObject({ why: null, notices: [], entries: [] });
    expect((await get('top-ups/tu_none/story')).status).toBe(404);
  });
});

describe('an account', () => {
  test('is found by the beginning of its id, name or address, and by nothing that is a pattern', async () => {
    const found = async (text: string) =>
      (await get(`accounts?limit=100&text=${encodeURIComponent(text)}`)).body.items.map(
        ({ id }: { id: string }) => id,
      );
    expect(await found(account)).toContain(account);
    expect(await found(`COMPANY ${made}`)).toEqual([account]);
    expect(await found(`c${made}@x`)).toEqual([account]);
    expect(await found('ompany')).toEqual([]);
    expect(await found('%')).toEqual([]);
    expect(await found('acc%')).toEqual([]);
  });

  test('is shown with its suspension, its links and every version of its settings', async () => {
    const choice = { enabled: true, alertBelow: 10, topUpBelow: 5, amount: 50 };
    for (const amount of [50, 60]) {
      await api.platform('PUT', `/v1/accounts/${account}/auto-top-up/call_minutes`, { ...choice, amount });
    }
    await act(`accounts/${account}/suspend`, {});
    expect((await get(`accounts/${account}`)).body).toMatchObject({
      account: {
        id: account,
        stripeCustomerId: `cus_${account}`,
        wallets: { call_minutes: { settings: { version: 2 } } },
      },
      suspension: { reason: 'operator' },
      links: { stripeCustomer: expect.stringContaining(`cus_${account}`), workflow: expect.any(String) },
    });
    const { body } = await get(`accounts/${account}/settings-history`);
    expect(body.items).toMatchObject([
      { version: 2, amount: 60 },
      { version: 1, amount: 50 },
    ]);
    expect((await get('accounts/nobody')).status).toBe(404);
  });

  test('shows where its workflow differs, and whether it is about to be told', async () => {
    await act(`accounts/${account}/adjust`, { wallet: 'call_minutes', units: 2 });
    expect((await get(`accounts/${account}/workflow`)).body).toMatchObject({
      status: 'unreachable',
      told: null,
      newsOnTheWay: true,
      differences: [],
    });
    const state = initialState(account);
    state.wallets.call_minutes.seq = 1;
    reading = { status: 'answered', state };
    expect((await get(`accounts/${account}/workflow`)).body).toMatchObject({
      status: 'answered',
      told: 0,
      newsOnTheWay: true,
      differences: [{ what: 'balance', wallet: 'call_minutes', workflow: 0, database: 2 }],
    });
    expect((await get(`accounts/${account}/workflow`)).body.facts).toEqual([
      { what: 'balance', wallet: 'call_minutes', workflow: 0, database: 2 },
      { what: 'entry', wallet: 'call_minutes', workflow: 1, database: 1 },
      { what: 'settings', wallet: 'call_minutes', workflow: null, database: null },
      { what: 'top_up', wallet: 'call_minutes', workflow: null, database: null },
      { what: 'balance', wallet: 'chat_credits', workflow: 0, database: 0 },
      { what: 'entry', wallet: 'chat_credits', workflow: 0, database: 0 },
      { what: 'settings', wallet: 'chat_credits', workflow: null, database: null },
      { what: 'top_up', wallet: 'chat_credits', workflow: null, database: null },
      { what: 'suspension', wallet: null, workflow: null, database: null },
    ]);
    const [{ version } = { version: 0 }] = await api.db.sql<{ version: number }[]>`
      update account_wakes set dirty = false where account_id = ${account} returning version`;
    reading = { status: 'answered', state: { ...state, version } };
    expect((await get(`accounts/${account}/workflow`)).body).toMatchObject({
      told: version,
      newsOnTheWay: false,
    });
    // Usage above every threshold waits to be told; what has been sent has to be known meanwhile.
    const standingAt = async (seq: number) => {
      state.wallets.call_minutes.seq = seq;
      reading = { status: 'answered', state: { ...state, version } };
      return (await get(`accounts/${account}/workflow`)).body;
    };
    await api.db.sql`
      update account_wakes
      set dirty = true, version = version + 1, refresh = '{}', due_at = now() + interval '10 minutes'
      where account_id = ${account}`;
    const entry = { what: 'entry', wallet: 'call_minutes', workflow: 0, database: 1 };
    expect(await standingAt(0)).toMatchObject({ newsOnTheWay: true, differences: [entry] });
    await api.db.sql`update account_wakes set signalled_call_seq = 1 where account_id = ${account}`;
    expect(await standingAt(0)).toMatchObject({ newsOnTheWay: false, differences: [entry] });
    expect((await get('accounts/nobody/workflow')).status).toBe(404);
  });
});

describe('a test alert', () => {
  const send = (key?: string) => act(`accounts/${account}/send-test-alert`, { wallet: 'call_minutes' }, key);

  test('is put in line once per key, marked as a test, audited, and told to nobody else', async () => {
    const [one, other] = await Promise.all([send('test 1'), send('test 1')]);
    expect(one).toMatchObject({ status: 202, body: { mail: 'pending', to: `c${made}@x.example` } });
    expect(other.body).toEqual(one.body);
    const rows = await api.db.sql`
      select kind, title, seq, alert_version, notice -> 'test' as test from notifications where account_id = ${account}`;
    expect(rows).toMatchObject([
      {
        kind: 'balance.alert',
        title: 'Testwarnung – es ist nichts passiert',
        seq: null,
        alertVersion: null,
        test: true,
      },
    ]);
    const [mail] = await api.db.sql<{ deliveryId: string }[]>`
      select delivery_id from deliveries where account_id = ${account}`;
    expect(await takeQueuedMails(api.db, 100)).toContain(mail?.deliveryId);
    const history = await api.platform('GET', `/v1/accounts/${account}/balance-history?wallet=call_minutes`);
    expect(history.body.marks).toEqual([]);
    expect(await api.db.sql`select 1 from webhook_deliveries where account_id = ${account}`).toHaveLength(0);
    const { body } = await get(`audit?account=${account}&action=account.test_alert`);
    expect(body.items).toMatchObject([{ reason: 'asked for by phone', target: mail?.deliveryId }]);
  });

  test('is not mailed to who has switched these mails off', async () => {
    await api.db.sql`update accounts set muted_emails = '{balance.alert}' where account_id = ${account}`;
    expect((await send()).body).toMatchObject({ mail: 'muted' });
    const [mail] = await api.db.sql<{ deliveryId: string; status: string }[]>`
      select delivery_id, status from deliveries where account_id = ${account}`;
    expect(mail?.status).toBe('muted');
    expect(await takeQueuedMails(api.db, 100)).not.toContain(mail?.deliveryId);
  });
});

describe('a mail that did not arrive', () => {
  async function mailIn(status: string): Promise<string> {
    const [notificationId, deliveryId] = [randomUUID(), randomUUID()];
    await api.db.sql`
      insert into notifications (account_id, notification_id, kind, wallet, cause, notice, title, body)
      values (${account}, ${notificationId}, 'balance.alert', 'call_minutes', ${notificationId}, '{}', 'Low balance', 'b')`;
    await api.db.sql`
      insert into deliveries (account_id, delivery_id, notification_id, channel, status, detail, attempts)
      values (${account}, ${deliveryId}, ${notificationId}, 'email', ${status}, 'why', 3)`;
    return deliveryId;
  }

  test.each(['dead', 'rejected'])('and is %s is listed, and sent again once per key', async (status) => {
    const id = await mailIn(status);
    await mailIn('sent');
    const listed = async () => (await get(`mails?account=${account}`)).body.items;
    expect(await listed()).toMatchObject([{ id, title: 'Low balance', attempts: 3 }]);
    const answer = await act(`mails/${id}/replay`, {}, `key of ${id}`);
    expect(answer).toMatchObject({ status: 202, body: { id, status: 'pending', attempts: 0 } });
    expect((await act(`mails/${id}/replay`, {}, `key of ${id}`)).body).toEqual(answer.body);
    expect(await listed()).toEqual([]);
    expect(await takeQueuedMails(api.db, 100)).toContain(id);
    const { body } = await get(`audit?account=${account}&action=mail.replay`);
    expect(body.items).toMatchObject([{ target: id, before: { status, attempts: 3 } }]);
  });

  test.each(['pending', 'sending', 'sent', 'muted'])('but is %s is none of these', async (status) => {
    const id = await mailIn(status);
    expect(await act(`mails/${id}/replay`, {})).toMatchObject({
      status: 409,
      body: { code: 'mail_not_replayable' },
    });
    expect(await takeQueuedMails(api.db, 100)).not.toContain(id);
    expect((await act(`mails/${randomUUID()}/replay`, {})).status).toBe(404);
  });

  test('and may have been handed over when it was given up is looked up before it is sent again', async () => {
    const id = await mailIn('dead');
    await api.db.sql`
      update deliveries set sending_since = now() - interval '2 hours' where delivery_id = ${id}`;
    expect((await act(`mails/${id}/replay`, {})).body).toMatchObject({ id, status: 'pending' });
    const [mail] = await api.db.sql<{ status: string; isKnownSince: boolean }[]>`
      select status, sending_since < now() - interval '1 hour' as is_known_since
      from deliveries where delivery_id = ${id}`;
    expect(mail).toEqual({ status: 'sending', isKnownSince: true });
    expect(await takeQueuedMails(api.db, 100)).toContain(id);
  });

  test('after many attempts is a dead letter again', async () => {
    const id = await mailIn('dead');
    await act(`mails/${id}/replay`, {});
    await api.db.sql`update deliveries set attempts = 40 where delivery_id = ${id}`;
    expect(await takeQueuedMails(api.db, 100)).not.toContain(id);
    expect((await get(`mails?account=${account}&status=dead`)).body.items).toMatchObject([{ id }]);
  });
});

describe('the lists', () => {
  test('count charges by state and by reason', async () => {
    await topUpIn('failed', { failure: 'expired_card' });
    const { body } = await get('top-ups/counts');
    const row = body.reasons.find(({ failure }: { failure: string }) => failure === 'expired_card');
    expect(row).toMatchObject({ state: 'failed', count: expect.any(Number) });
    const failed = body.reasons.filter(({ state }: { state: string }) => state === 'failed');
    const sum = failed.reduce((all: number, { count }: { count: number }) => all + count, 0);
    expect(body.counts.failed).toBe(sum);
    expect((await get(`top-ups?account=${account}&maxAmount=49.99`)).body.items).toEqual([]);
    expect((await get(`top-ups?account=${account}&maxAmount=50`)).body.items).toMatchObject([
      { accountName: `Company ${Number(account.slice(4))}` },
    ]);
  });

  test('show findings in pages', async () => {
    for (const subject of ['f1', 'f2', 'f3']) {
      await reportFinding(api.db.sql, {
        kind: 'refund_failed',
        subject,
        accountId: account,
        topUpId: null,
        detail: 'd',
      });
    }
    const subjects: string[] = [];
    let cursor = '';
    for (let page = 0; page < 5; page += 1) {
      const { body } = await get(`findings?limit=1${cursor}`);
      subjects.push(...body.items.map(({ subject }: { subject: string }) => subject));
      if (body.next === null) break;
      cursor = `&cursor=${body.next}`;
    }
    expect(subjects).toEqual(['f1', 'f2', 'f3']);
  });

  test('search the audit by text and time', async () => {
    await act(`accounts/${account}/suspend`, { reason: 'Smells of 100% Fraud' });
    const found = async (query: string) => (await get(`audit?account=${account}&${query}`)).body.items.length;
    expect(await found('text=fraud')).toBe(1);
    expect(await found('text=SUSPEND')).toBe(1);
    expect(await found(`text=${encodeURIComponent('100% F')}`)).toBe(1);
    expect(await found(`text=${encodeURIComponent('s%s')}`)).toBe(0);
    const [past, future] = [-60_000, 60_000].map((ms) => new Date(Date.now() + ms).toISOString());
    expect(await found(`from=${past}&to=${future}`)).toBe(1);
    expect(await found(`from=${future}`)).toBe(0);
    expect(await found(`to=${past}`)).toBe(0);
  });

  test('tell the health of the service', async () => {
    await topUpIn('unknown', { unknown_since: new Date(), wallet: 'chat_credits' });
    const { status, body } = await get('health');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      temporal: 'not_configured',
      unknownCharges: { count: 1, oldestSince: expect.any(String) },
      deadLetters: { mails: 1, webhooks: 0 },
      invariants: [],
      reconciler: { recentAt: null, nightlyAt: null, runs: [] },
    });
    expect(body.relay.waiting).toBeGreaterThan(0);
    expect(body.openFindings).toEqual([{ kind: 'refund_failed', count: 3 }]);
  });
});
