import { Stripe } from 'stripe';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HANDLED_STRIPE_EVENTS } from '../../api/routes/stripe-webhook.ts';
import { createNotifications } from '../../db/notifications.ts';
import { accountId } from '../../domain/ids.ts';
import { POLICY } from '../../domain/policy.ts';
import { ACME, POSTMARK, startTestApi, WEBHOOK_SECRETS, type TestApi } from './support/test-api.ts';

function event(id: string, type: string, object: Record<string, unknown>): string {
  const created = Math.floor(Date.now() / 1_000);
  return JSON.stringify({ id, object: 'event', type, created, data: { object } });
}

function signed(payload: string, secret: string, ageSeconds = 0): Record<string, string> {
  const timestamp = Math.floor(Date.now() / 1_000) - ageSeconds;
  const signature = Stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp });
  return { 'content-type': 'application/json', 'stripe-signature': signature };
}

describe('webhooks of Stripe', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi();
    await api.platform('PUT', '/v1/accounts/acme', ACME);
  });
  afterAll(() => api.close());

  const [secret] = WEBHOOK_SECRETS;
  const send = (payload: string, headers = signed(payload, secret)) =>
    api.nobody('POST', '/webhooks/stripe', payload, headers);
  const version = async () => {
    const [wake] = await api.db.sql`select version from account_wakes where account_id = 'acme'`;
    return wake?.['version'];
  };
  const customer = { id: 'cus_acme', object: 'customer' };

  test('an event of ours is recorded once and wakes its account once', async () => {
    const before = await version();
    const payload = event('evt_1', 'customer.updated', customer);
    expect(await send(payload)).toMatchObject({ status: 200, body: { received: true, outcome: 'recorded' } });
    expect(await send(payload)).toMatchObject({ status: 200, body: { outcome: 'duplicate' } });
    expect(await version()).toBe(before + 1);
  });

  test('both secrets are good while they are rotated', async () => {
    for (const [at, each] of WEBHOOK_SECRETS.entries()) {
      const payload = event(`evt_rotation_${at}`, 'customer.updated', customer);
      expect((await send(payload, signed(payload, each))).status).toBe(200);
    }
  });

  test('what is unsigned, forged, changed or old is refused and changes nothing', async () => {
    const before = await version();
    const payload = event('evt_2', 'customer.updated', customer);
    const json = { 'content-type': 'application/json' };
    const attempts = [
      send(payload, json),
      send(payload, { ...json, 'stripe-signature': 't=1,v1=00' }),
      send(payload, signed(payload, 'whsec_of_somebody')),
      send(`${payload} `, signed(payload, secret)),
      send(payload, signed(payload, secret, 3_600)),
    ];
    for (const answer of await Promise.all(attempts)) {
      expect(answer).toMatchObject({ status: 400, type: 'application/problem+json' });
    }
    expect(await version()).toBe(before);
  });

  test('an event of somebody else, or of an unknown type, is acknowledged and counted', async () => {
    const foreign = event('evt_3', 'customer.updated', { id: 'cus_nobody', object: 'customer' });
    expect((await send(foreign)).body.outcome).toBe('unrelated');
    const unknown = event('evt_4', 'radar.early_fraud_warning.created', {
      object: 'x',
      customer: 'cus_acme',
    });
    expect((await send(unknown)).body.outcome).toBe('ignored');
    const { body } = await api.nobody('GET', '/metrics');
    expect(body).toMatch(/webhooks_total\{.*type="radar.early_fraud_warning.created",outcome="ignored"\} 1/);
  });

  test('every payment outcome of an invoice is among the handled types', () => {
    for (const outcome of ['paid', 'payment_failed', 'payment_action_required', 'voided']) {
      expect(HANDLED_STRIPE_EVENTS).toContain(`invoice.${outcome}`);
    }
  });

  test('a failing database answers 5xx, and the same event sent again has its effect', async () => {
    const payload = event('evt_5', 'customer.updated', customer);
    const away = () => Promise.reject(Object.assign(new Error('gone'), { code: 'ECONNREFUSED' }));
    const broken = await startTestApi({
      stripe: { ...api.deps.stripe, events: { recordStripeEvent: away } },
    });
    try {
      const answer = await broken.nobody('POST', '/webhooks/stripe', payload, signed(payload, secret));
      expect(answer.status).toBe(503);
    } finally {
      await broken.close();
    }
    expect((await send(payload)).body.outcome).toBe('recorded');
  });
});

describe('webhooks of Postmark', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi();
    await api.platform('PUT', '/v1/accounts/acme', ACME);
    await api.db.sql`insert into deliveries (account_id, delivery_id, notification_id, channel, status)
      values ('acme', 'd1', 'n1', 'email', 'sent'), ('acme', 'd2', 'n2', 'email', 'sent')`;
  });
  afterAll(() => api.close());

  const basic = (user: string, password: string) => ({
    authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
  });
  const send = (body: Record<string, unknown>, headers = basic(POSTMARK.user, POSTMARK.passwords[0])) =>
    api.nobody('POST', '/webhooks/postmark', body, headers);
  const delivery = async (id: string) => {
    const [row] = await api.db.sql`select status, detail from deliveries where delivery_id = ${id}`;
    return row;
  };
  const bounce = (id: string) => ({
    RecordType: 'Bounce',
    Type: 'HardBounce',
    Description: 'The server was unable to deliver your message',
    MessageID: 'm1',
    Metadata: { delivery_id: id },
  });

  test('only Postmark may report, with either password while it is changed', async () => {
    for (const headers of [
      { authorization: '' },
      basic('postmark', 'wrong'),
      basic('x', POSTMARK.passwords[0]),
    ]) {
      const answer = await send(bounce('d1'), headers);
      expect(answer).toMatchObject({ status: 401, type: 'application/problem+json' });
      expect(answer.headers['www-authenticate']).toMatch(/^Basic/);
    }
    const second = await send({ RecordType: 'Open' }, basic(POSTMARK.user, POSTMARK.passwords[1]));
    expect(second).toMatchObject({ status: 200, body: { outcome: 'ignored' } });
  });

  test('a bounce rejects the delivery, whenever the report of its delivery comes', async () => {
    const delivered = (id: string) => ({ RecordType: 'Delivery', Metadata: { delivery_id: id } });
    expect((await send(delivered('d1'))).body.outcome).toBe('recorded');
    expect(await delivery('d1')).toEqual({ status: 'sent', detail: 'delivered' });
    await send(bounce('d1'));
    await send(bounce('d2'));
    await send(delivered('d2'));
    const bounced = {
      status: 'rejected',
      detail: 'bounced: HardBounce: The server was unable to deliver your message',
    };
    expect(await delivery('d1')).toEqual(bounced);
    expect(await delivery('d2')).toEqual(bounced);
  });

  test("the dashboard shows what became of a notification's mail", async () => {
    const request = { kind: 'auto_top_up.resumed', sinceMs: 1 } as const;
    const recorded = await createNotifications(api.db, POLICY).record(
      accountId('acme'),
      request,
      { ...request, wallet: null },
      { title: 'Title', body: 'Body' },
    );
    const id = String(recorded?.deliveryId);
    const shown = async () => {
      const { body } = await api.platform('GET', '/v1/accounts/acme/notifications');
      return body.items[0].email;
    };
    expect(await shown()).toEqual({ status: 'pending', detail: null });
    await api.db.sql`update deliveries set status = 'sent' where delivery_id = ${id}`;
    expect(await shown()).toEqual({ status: 'sent', detail: null });
    await send({ RecordType: 'Delivery', Metadata: { delivery_id: id } });
    expect(await shown()).toEqual({ status: 'delivered', detail: null });
    await send(bounce(id));
    const detail = 'HardBounce: The server was unable to deliver your message';
    expect(await shown()).toEqual({ status: 'bounced', detail });
    await send({ RecordType: 'SpamComplaint', Metadata: { delivery_id: id } });
    expect(await shown()).toEqual({ status: 'complained', detail: null });
  });

  test('a mail of somebody else changes nothing', async () => {
    expect((await send(bounce('d9'))).body.outcome).toBe('unrelated');
  });
});
