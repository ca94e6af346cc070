import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { createPostmarkMailer } from '../../../activities/adapters/postmark-mailer.ts';
import {
  MailerAmbiguousError,
  MailerMisconfiguredError,
  MailerRetryableError,
} from '../../../activities/mailer-errors.ts';
import type { PostmarkSandbox } from '../../../dev/postmark-sandbox/server.ts';
import { startPostmarkSandbox } from '../../../dev/postmark-sandbox/server.ts';

const TOKEN = 'test-token';
const EMAIL = {
  deliveryId: 'delivery-1',
  to: 'ada@shop.example',
  subject: 'Ihr Guthaben: 4,5 Gesprächsminuten',
  html: '<p>Guten Tag</p>',
  text: 'Guten Tag',
  tag: 'balance.alert',
  metadata: { account: 'acc_1' },
};

let sandbox: PostmarkSandbox;
beforeEach(async () => {
  sandbox = await startPostmarkSandbox({ port: 0, serverToken: TOKEN });
});
afterEach(() => sandbox.stop());

const mailer = (
  options: { serverToken?: string; apiBase?: string; from?: string; timeoutMs?: number } = {},
) =>
  createPostmarkMailer({
    serverToken: TOKEN,
    from: 'Billing <b@x.example>',
    apiBase: sandbox.url,
    ...options,
  });

const outbox = async () =>
  (await (await fetch(`${sandbox.url}/outbox.json`)).json()) as { MessageID: string }[];

const failNext = (fault: object) =>
  fetch(`${sandbox.url}/sandbox/switches`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ faults: [fault] }),
  });

test('a mail arrives whole and is found by its delivery id', async () => {
  expect(await mailer().find('delivery-1')).toBeNull();
  const outcome = await mailer().send(EMAIL);
  const [mail] = await outbox();
  expect(mail).toMatchObject({
    To: 'ada@shop.example',
    From: 'Billing <b@x.example>',
    Subject: 'Ihr Guthaben: 4,5 Gesprächsminuten',
    HtmlBody: '<p>Guten Tag</p>',
    TextBody: 'Guten Tag',
    Tag: 'balance.alert',
    Metadata: { account: 'acc_1', delivery_id: 'delivery-1' },
  });
  expect(outcome).toEqual({ status: 'sent', messageId: mail!.MessageID });
  expect(await mailer().find('delivery-1')).toEqual({ messageId: mail!.MessageID });
  expect(await mailer().find('delivery-2')).toBeNull();
});

test('an address that bounced before is a rejection, not a fault', async () => {
  await mailer().send({ ...EMAIL, to: 'ada@bounce.test' });
  expect(await mailer().send({ ...EMAIL, to: 'ada@bounce.test' })).toMatchObject({
    status: 'rejected',
    reason: 'inactive_recipient',
    detail: expect.stringContaining('ada@bounce.test'),
  });
});

test('an address that cannot exist is a rejection, not a fault', async () => {
  expect(await mailer().send({ ...EMAIL, to: 'nowhere' })).toMatchObject({
    status: 'rejected',
    reason: 'invalid_recipient',
  });
});

test.each([
  ['a 500 after the mail was accepted', { answer: 'status', status: 500, accepted: true }],
  ['a 500 before', { answer: 'status', status: 500 }],
  ['a 503', { answer: 'status', status: 503 }],
  ['a gateway time-out', { answer: 'status', status: 504, accepted: true }],
  ['a reset connection', { answer: 'reset', accepted: true }],
  ['a stalled body', { answer: 'stall', accepted: true }],
  ['an answer that comes too late', { answer: 'status', status: 429, accepted: true, delayMs: 2_000 }],
  ['a page of HTML with status 200', { answer: 'html', accepted: true }],
])('after %s the mail may have been sent', async (_case, fault) => {
  await failNext(fault);
  await expect(mailer({ timeoutMs: 400 }).send(EMAIL)).rejects.toBeInstanceOf(MailerAmbiguousError);
  const accepted = 'accepted' in fault ? 1 : 0;
  expect(await outbox()).toHaveLength(accepted);
  const found = await mailer().find('delivery-1');
  expect(found === null ? 0 : 1).toBe(accepted);
});

test('a rate limit says when to come back, and nothing was sent', async () => {
  await failNext({ answer: 'status', status: 429, retryAfterSeconds: 7 });
  const refusal = mailer().send(EMAIL);
  await expect(refusal).rejects.toBeInstanceOf(MailerRetryableError);
  await expect(refusal).rejects.toMatchObject({ retryAfterMs: 7_000 });
  await failNext({ answer: 'status', status: 429 });
  await expect(mailer().send(EMAIL)).rejects.toMatchObject({ retryAfterMs: 10_000 });
  expect(await outbox()).toHaveLength(0);
});

test('a server that cannot be reached certainly took nothing', async () => {
  await sandbox.stop();
  await expect(mailer().send(EMAIL)).rejects.toBeInstanceOf(MailerRetryableError);
  await expect(mailer().find('delivery-1')).rejects.toBeInstanceOf(MailerRetryableError);
});

test.each([
  ['a wrong token', { serverToken: 'other' }],
  ['a sender that is no address', { from: 'nobody' }],
  ['a base that leads elsewhere', { apiBase: 'elsewhere' }],
])('%s needs a person to mend it', async (_case, options) => {
  const apiBase = 'apiBase' in options ? `${sandbox.url}/elsewhere/` : sandbox.url;
  await expect(mailer({ ...options, apiBase }).send(EMAIL)).rejects.toBeInstanceOf(MailerMisconfiguredError);
});

test.each([
  ['500', { on: 'search', answer: 'status', status: 500 }, MailerRetryableError],
  ['429', { on: 'search', answer: 'status', status: 429 }, MailerRetryableError],
  ['reset', { on: 'search', answer: 'reset' }, MailerRetryableError],
  ['stall', { on: 'search', answer: 'stall' }, MailerRetryableError],
  ['html', { on: 'search', answer: 'html' }, MailerRetryableError],
  ['401', { on: 'search', answer: 'status', status: 401 }, MailerMisconfiguredError],
])('a search that fails by %s is never taken for "not sent"', async (_case, fault, expected) => {
  await mailer().send(EMAIL);
  await failNext(fault);
  await expect(mailer({ timeoutMs: 400 }).find('delivery-1')).rejects.toBeInstanceOf(expected);
});

test('a mail accepted without an answer is found once the search has caught up', async () => {
  await fetch(`${sandbox.url}/sandbox/switches`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ searchLagMs: 400, faults: [{ answer: 'reset', accepted: true }] }),
  });
  await expect(mailer().send(EMAIL)).rejects.toBeInstanceOf(MailerAmbiguousError);
  expect(await mailer().find('delivery-1')).toBeNull();
  await vi.waitFor(async () => expect(await mailer().find('delivery-1')).not.toBeNull(), { timeout: 5_000 });
});

/** Serves the same answer to everything. */
async function answering(answer: object): Promise<string> {
  const server = createServer((_request, response) => response.end(JSON.stringify(answer)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test.each([{}, { ErrorCode: 0, MessageID: '' }, { ErrorCode: 406, MessageID: 'm-1' }])(
  'status 200 with %j is no receipt',
  async (answer) => {
    const apiBase = await answering(answer);
    await expect(mailer({ apiBase }).send(EMAIL)).rejects.toBeInstanceOf(MailerAmbiguousError);
  },
);

test('a search that ignores its filter finds nothing rather than another mail', async () => {
  const apiBase = await answering({
    TotalCount: 1,
    Messages: [{ MessageID: 'm-1', Metadata: { delivery_id: 'other' } }],
  });
  expect(await mailer({ apiBase }).find('delivery-1')).toBeNull();
  expect(await mailer({ apiBase }).find('other')).toEqual({ messageId: 'm-1' });
});
