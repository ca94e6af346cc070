import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Stripe } from 'stripe';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startStripeSandbox, type StripeSandbox } from '../../../dev/stripe-sandbox/server.ts';
import { control, plainClient } from './recorder.ts';
import { fault } from './shop.ts';

const SECRET = 'whsec_test';

interface Received {
  type: string;
  id: string;
  name: unknown;
  verified: boolean;
}

describe('webhooks', () => {
  let sandbox: StripeSandbox;
  let stripe: Stripe;
  let receiver: Server;
  let url: string;
  let received: Received[];
  let answers: number[];

  beforeEach(async () => {
    received = [];
    answers = [];
    receiver = createServer((request, response) => {
      void (async () => {
        const chunks: Buffer[] = [];
        for await (const chunk of request) chunks.push(chunk as Buffer);
        received.push(
          read(stripe, Buffer.concat(chunks).toString(), String(request.headers['stripe-signature'])),
        );
        response.statusCode = answers.shift() ?? 200;
        response.end();
      })();
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => receiver.once('listening', resolve));
    url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
    sandbox = await startStripeSandbox({ port: 0, webhookUrl: url, webhookSecret: SECRET });
    stripe = plainClient(sandbox);
  });
  afterEach(async () => {
    await sandbox.stop();
    receiver.close();
  });

  const names = (): unknown[] => received.map((one) => one.name);

  it('every event arrives in order with a signature that Stripe’s SDK accepts', async () => {
    for (const name of ['a', 'b', 'c']) await stripe.customers.create({ name });
    await vi.waitFor(() => expect(names()).toEqual(['a', 'b', 'c']));
    expect(received.every((one) => one.verified)).toBe(true);
  });

  it('one that is not answered with 2xx comes again, as the same event', async () => {
    answers = [500, 503];
    await stripe.customers.create({ name: 'again' });
    await vi.waitFor(() => expect(received).toHaveLength(3), { timeout: 5000 });
    expect(new Set(received.map((one) => one.id)).size).toBe(1);
  });

  it('can be doubled, forged, aged, held back and left out', async () => {
    await fault(sandbox.url, { kind: 'webhook_duplicate', count: 1 });
    await stripe.customers.create({ name: 'twice' });
    await vi.waitFor(() => expect(names()).toEqual(['twice', 'twice']));
    await fault(sandbox.url, { kind: 'webhook_bad_signature', count: 1 });
    await stripe.customers.create({ name: 'forged' });
    await fault(sandbox.url, { kind: 'webhook_old_signature', count: 1 });
    await stripe.customers.create({ name: 'aged' });
    await vi.waitFor(() => expect(received).toHaveLength(4));
    expect(received.slice(2)).toMatchObject([{ verified: false }, { verified: false }]);
    await fault(sandbox.url, { kind: 'webhooks_off', count: 1 });
    const { id } = await stripe.customers.create({ name: 'left out' });
    await fault(sandbox.url, { kind: 'webhook_late', count: 1, ms: 300 });
    await stripe.customers.create({ name: 'late' });
    await stripe.customers.create({ name: 'early' });
    await vi.waitFor(() => expect(names().slice(4)).toEqual(['early', 'late']));
    const { data } = await stripe.events.list({ type: 'customer.created' });
    expect(data.map((event) => (event.data.object as Stripe.Customer).id)).toContain(id);
  });

  it('can arrive in reverse', async () => {
    await fault(sandbox.url, { kind: 'webhook_reorder', path: 'customer.*', count: 3, ms: 100 });
    for (const name of ['a', 'b', 'c']) await stripe.customers.create({ name });
    await vi.waitFor(() => expect(names()).toEqual(['c', 'b', 'a']));
  });

  it('an endpoint made by API gets only what it asked for, under a secret of its own', async () => {
    await control(sandbox.url, 'PUT', '/sandbox/webhook', { url: null });
    const endpoint = await stripe.webhookEndpoints.create({ url, enabled_events: ['customer.deleted'] });
    expect(endpoint.secret).toMatch(/^whsec_/);
    const { id } = await stripe.customers.create({ name: 'x' });
    await stripe.customers.del(id);
    await vi.waitFor(() => expect(received).toMatchObject([{ type: 'customer.deleted', verified: false }]));
    expect((await stripe.webhookEndpoints.list()).data).toHaveLength(1);
    expect(await stripe.webhookEndpoints.del(endpoint.id)).toMatchObject({ deleted: true });
  });

  it('any event can be sent by hand, also of a type that nobody knows', async () => {
    const { id } = await stripe.customers.create({ name: 'by hand' });
    await control(sandbox.url, 'POST', '/sandbox/events', { type: 'customer.sneezed', object: id });
    await vi.waitFor(() => expect(received.map((one) => one.type)).toContain('customer.sneezed'));
  });

  it('what was not delivered before a restart is delivered after it', async () => {
    const dataFile = join(mkdtempSync(join(tmpdir(), 'stripe-sandbox-')), 'data.sqlite');
    const first = await startStripeSandbox({
      port: 0,
      dataFile,
      webhookUrl: 'http://127.0.0.1:9/',
      webhookSecret: SECRET,
    });
    await plainClient(first).customers.create({ name: 'kept' });
    await first.stop();
    const second = await startStripeSandbox({ port: 0, dataFile, webhookUrl: url, webhookSecret: SECRET });
    await vi.waitFor(() => expect(names()).toEqual(['kept']), { timeout: 5000 });
    await second.stop();
  });
});

function read(stripe: Stripe, payload: string, signature: string): Received {
  const event = JSON.parse(payload) as Stripe.Event;
  const { name } = event.data.object as { name?: unknown };
  return { type: event.type, id: event.id, name, verified: verifies(stripe, payload, signature) };
}

function verifies(stripe: Stripe, payload: string, signature: string): boolean {
  try {
    stripe.webhooks.constructEvent(payload, signature, SECRET);
    return true;
  } catch (error) {
    if (error instanceof Stripe.errors.StripeSignatureVerificationError) return false;
    throw error;
  }
}
