import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { postJson, sandboxes, sendMail, setSwitches } from './sandbox.ts';

const start = sandboxes();

type Hook = { authorization: string | undefined; body: Record<string, unknown> };

/** A receiver that answers with the statuses given, one after the other, and 200 from then on. */
async function receiver(statuses: number[] = []) {
  const hooks: Hook[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>;
      hooks.push({ authorization: request.headers.authorization, body });
      response.writeHead(statuses.shift() ?? 200).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return {
    hooks,
    webhookUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/postmark`,
  };
}

test('a delivery, a bounce and a complaint are told by webhook, with basic auth and metadata', async () => {
  const { hooks, webhookUrl } = await receiver();
  const sandbox = await start({ webhookUrl, webhookUser: 'postmark', webhookPassword: 'sesame' });
  const Metadata = { delivery_id: 'd-1' };
  await sendMail(sandbox, { Metadata });
  await sendMail(sandbox, { Metadata, To: 'ada@bounce.test' });
  await sendMail(sandbox, { Metadata, To: 'ada@complaint.test' });
  await vi.waitFor(() => expect(hooks).toHaveLength(3));
  expect(hooks.map(({ body }) => body)).toMatchObject([
    { RecordType: 'Delivery', Recipient: 'ada@shop.example', Metadata },
    { RecordType: 'Bounce', Type: 'HardBounce', Email: 'ada@bounce.test', Inactive: true, Metadata },
    { RecordType: 'SpamComplaint', Type: 'SpamComplaint', Email: 'ada@complaint.test', Metadata },
  ]);
  const credentials = Buffer.from('postmark:sesame').toString('base64');
  expect(new Set(hooks.map(({ authorization }) => authorization))).toEqual(new Set([`Basic ${credentials}`]));
});

test('a webhook is tried again until it is taken, and in the meantime survives a restart', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'postmark-sandbox-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const dataFile = join(folder, 'outbox.sqlite');
  const { hooks, webhookUrl } = await receiver([500, 503]);
  const first = await start({ dataFile, webhookUrl, webhookRetryDelaysMs: [10, 2_000] });
  await sendMail(first);
  await vi.waitFor(() => expect(hooks).toHaveLength(2));
  await first.stop();
  await start({ dataFile, webhookUrl });
  await vi.waitFor(() => expect(hooks).toHaveLength(3), { timeout: 10_000 });
  expect(new Set(hooks.map(({ body }) => body['MessageID'])).size).toBe(1);
});

test('a webhook answered by 403 is never tried again', async () => {
  const { hooks, webhookUrl } = await receiver([403]);
  const sandbox = await start({ webhookUrl, webhookRetryDelaysMs: [1, 1, 1] });
  await sendMail(sandbox, { Tag: 'forbidden' });
  await vi.waitFor(() => expect(hooks).toHaveLength(1));
  await sendMail(sandbox, { Tag: 'taken' });
  await vi.waitFor(() => expect(hooks).toHaveLength(2));
  expect(hooks.map(({ body }) => body['Tag'])).toEqual(['forbidden', 'taken']);
});

test('webhooks are sent as many times as the switch says', async () => {
  const { hooks, webhookUrl } = await receiver();
  const sandbox = await start({ webhookUrl });
  await setSwitches(sandbox, { webhookCopies: 3 });
  await sendMail(sandbox);
  await vi.waitFor(() => expect(hooks).toHaveLength(3));
});

test('a mail delivered long ago can bounce by command', async () => {
  const { hooks, webhookUrl } = await receiver();
  const sandbox = await start({ webhookUrl });
  const { MessageID } = (await (await sendMail(sandbox)).json()) as { MessageID: string };
  const happened = await postJson(`${sandbox.url}/sandbox/messages/${MessageID}/events`, {
    type: 'HardBounce',
  });
  expect(happened.status).toBe(200);
  await vi.waitFor(() => expect(hooks.map(({ body }) => body['RecordType'])).toEqual(['Delivery', 'Bounce']));
  expect(await (await sendMail(sandbox)).json()).toMatchObject({ ErrorCode: 406 });
});
