import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ServerClient } from 'postmark';
import { expect, onTestFinished, test, vi } from 'vitest';
import { postJson, sandboxes, sendMail, setSwitches, TOKEN } from './sandbox.ts';

const start = sandboxes();

const clientOf = (sandbox: { port: number }, token = TOKEN, timeout = 5) =>
  new ServerClient(token, { requestHost: `127.0.0.1:${sandbox.port}`, useHttps: false, timeout });

const MAIL = {
  From: 'Billing <billing@shop.example>',
  To: 'ada@shop.example',
  Subject: 'Grüße',
  TextBody: 'Guten Tag',
  HtmlBody: '<p>Guten Tag</p>',
  Tag: 'balance.alert',
  Metadata: { delivery_id: 'd-1' },
};

test('the official client sends a mail and finds it by its metadata', async () => {
  const client = clientOf(await start());
  const sent = await client.sendEmail(MAIL);
  expect(sent).toMatchObject({ To: 'ada@shop.example', ErrorCode: 0, Message: 'OK' });
  expect(Date.parse(sent.SubmittedAt)).toBeGreaterThan(Date.now() - 60_000);
  await client.sendEmail({ ...MAIL, Metadata: { delivery_id: 'd-2' } });

  const found = await client.getOutboundMessages({ metadata_delivery_id: 'd-1', count: 10, offset: 0 });
  expect(found.TotalCount).toBe(1);
  expect(found.Messages[0]).toMatchObject({
    MessageID: sent.MessageID,
    Metadata: { delivery_id: 'd-1' },
    Status: 'Sent',
    Recipients: ['ada@shop.example'],
  });
  const details = await client.getOutboundMessageDetails(sent.MessageID);
  expect(details).toMatchObject({ TextBody: 'Guten Tag', HtmlBody: '<p>Guten Tag</p>' });
  expect(details.MessageEvents).toMatchObject([{ Type: 'Delivered', Recipient: 'ada@shop.example' }]);
});

test('search filters by recipient and tag, and pages from the newest', async () => {
  const client = clientOf(await start());
  for (const [To, Tag] of [
    ['a@x.example', 'one'],
    ['b@x.example', 'one'],
    ['A@x.example', 'two'],
  ] as const) {
    await client.sendEmail({ ...MAIL, To, Tag });
  }
  const byRecipient = await client.getOutboundMessages({ recipient: 'a@x.example', count: 10, offset: 0 });
  expect(byRecipient.Messages.map((message) => message.Tag)).toEqual(['two', 'one']);
  const byTag = await client.getOutboundMessages({ tag: 'one', count: 1, offset: 1 });
  expect(byTag.TotalCount).toBe(2);
  expect(byTag.Messages.map((message) => message.Recipients)).toEqual([['a@x.example']]);
});

test('a wrong or missing token is refused with 401 and code 10', async () => {
  const sandbox = await start();
  await expect(clientOf(sandbox, 'other').sendEmail(MAIL)).rejects.toMatchObject({
    name: 'InvalidAPIKeyError',
    statusCode: 401,
    code: 10,
  });
  expect((await postJson(`${sandbox.url}/email`, MAIL)).status).toBe(401);
  expect(await (await fetch(`${sandbox.url}/outbox.json`)).json()).toEqual([]);
});

test.each([
  ['no recipient', { To: '' }, 'Zero recipients'],
  ['an address without a domain', { To: 'ada' }, "'To'"],
  ['a bad sender', { From: 'nobody' }, "'From'"],
  ['no body', { TextBody: '', HtmlBody: '' }, 'TextBody'],
  ['too long a metadata value', { Metadata: { delivery_id: 'x'.repeat(81) } }, 'delivery_id'],
  ['too long a metadata key', { Metadata: { ['k'.repeat(21)]: 'x' } }, 'longer than 20'],
])('a mail with %s is refused with 422 and code 300', async (_case, change, words) => {
  const sandbox = await start();
  const refusal = clientOf(sandbox).sendEmail({ ...MAIL, ...change });
  await expect(refusal).rejects.toMatchObject({ statusCode: 422, code: 300 });
  await expect(refusal).rejects.toThrow(words);
  expect(await (await fetch(`${sandbox.url}/outbox.json`)).json()).toEqual([]);
});

test('a body that is no JSON is refused with 422 and code 402', async () => {
  const sandbox = await start();
  const response = await fetch(`${sandbox.url}/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-postmark-server-token': TOKEN },
    body: '{"To":',
  });
  expect(response.status).toBe(422);
  expect(await response.json()).toMatchObject({ ErrorCode: 402 });
});

test('a batch answers 200 with an error code for each bad message', async () => {
  const client = clientOf(await start());
  const answers = await client.sendEmailBatch([MAIL, { ...MAIL, To: 'nowhere' }, MAIL]);
  expect(answers.map((answer) => answer.ErrorCode)).toEqual([0, 300, 0]);
});

test.each(['ada@bounce.test', 'Hard_Bounce@bounce-testing.postmarkapp.com'])(
  '%s hard-bounces once and is inactive from then on, until it is activated',
  async (To) => {
    const client = clientOf(await start());
    const { MessageID } = await client.sendEmail({ ...MAIL, To });
    await expect(client.sendEmail({ ...MAIL, To })).rejects.toMatchObject({
      name: 'InactiveRecipientsError',
      code: 406,
      recipients: [To],
    });
    const { Bounces, TotalCount } = await client.getBounces({ count: 10, offset: 0 });
    expect(TotalCount).toBe(1);
    expect(Bounces[0]).toMatchObject({
      Type: 'HardBounce',
      TypeCode: 1,
      MessageID,
      Email: To,
      Inactive: true,
    });
    await client.activateBounce(Bounces[0]!.ID);
    await expect(client.sendEmail({ ...MAIL, To })).resolves.toMatchObject({ ErrorCode: 0 });
  },
);

test('a soft bounce leaves the address active; a complaint does not', async () => {
  const client = clientOf(await start());
  await client.sendEmail({ ...MAIL, To: 'ada@soft-bounce.test' });
  await expect(client.sendEmail({ ...MAIL, To: 'ada@soft-bounce.test' })).resolves.toBeDefined();
  await client.sendEmail({ ...MAIL, To: 'ada@complaint.test' });
  await expect(client.sendEmail({ ...MAIL, To: 'ada@complaint.test' })).rejects.toMatchObject({ code: 406 });
});

test('a mail to an inactive and an active address goes to the active one', async () => {
  const client = clientOf(await start());
  await client.sendEmail({ ...MAIL, To: 'ada@bounce.test' });
  const sent = await client.sendEmail({ ...MAIL, To: 'ada@bounce.test, eve@shop.example' });
  expect(sent.Message).toContain('will not deliver to these inactive addresses: ada@bounce.test');
  const details = await client.getOutboundMessageDetails(sent.MessageID);
  expect(details.Recipients).toEqual(['eve@shop.example']);
});

test('a mail is found only after the search lag', async () => {
  const sandbox = await start({ searchLagMs: 60_000 });
  const client = clientOf(sandbox);
  const { MessageID } = await client.sendEmail(MAIL);
  const search = { metadata_delivery_id: 'd-1', count: 10, offset: 0 };
  expect((await client.getOutboundMessages(search)).TotalCount).toBe(0);
  await expect(client.getOutboundMessageDetails(MessageID)).rejects.toMatchObject({ code: 701 });
  await setSwitches(sandbox, { searchLagMs: 1 });
  await vi.waitFor(async () => expect((await client.getOutboundMessages(search)).TotalCount).toBe(1));
});

test('accepted mails, bounces and inactive addresses outlive the process', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'postmark-sandbox-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const dataFile = join(folder, 'made', 'outbox.sqlite');
  const first = await start({ dataFile });
  const { MessageID } = await clientOf(first).sendEmail({ ...MAIL, To: 'ada@bounce.test' });
  // A second one on the same file sees what the first has answered, without the first being closed.
  const second = await start({ dataFile });
  expect(await (await fetch(`${second.url}/outbox.json`)).json()).toMatchObject([{ MessageID }]);
  await expect(clientOf(second).sendEmail({ ...MAIL, To: 'ada@bounce.test' })).rejects.toMatchObject({
    code: 406,
  });
});

test('the outbox lists mails as JSON, filtered by recipient and metadata', async () => {
  const sandbox = await start();
  await sendMail(sandbox, { ...MAIL, Headers: [{ Name: 'X-A', Value: 'b' }] });
  await sendMail(sandbox, { ...MAIL, To: 'eve@shop.example', Metadata: { delivery_id: 'd-2', kind: 'x' } });
  const list = async (query: string, headers = {}) =>
    (await fetch(`${sandbox.url}/outbox${query}`, { headers })).json() as Promise<object[]>;
  expect(await list('.json?to=ADA@shop.example')).toEqual([
    {
      MessageID: expect.any(String),
      To: 'ada@shop.example',
      From: 'Billing <billing@shop.example>',
      Subject: 'Grüße',
      TextBody: 'Guten Tag',
      HtmlBody: '<p>Guten Tag</p>',
      Metadata: { delivery_id: 'd-1' },
      Tag: 'balance.alert',
      SubmittedAt: expect.any(String),
      Headers: [{ Name: 'X-A', Value: 'b' }],
    },
  ]);
  expect(
    await list('?metadata_kind=x&metadata_delivery_id=d-2', { accept: 'application/json' }),
  ).toHaveLength(1);
  expect(await list('.json?metadata_kind=y')).toHaveLength(0);
});

test('the outbox page shows each mail as HTML and text, and runs nothing that a mail contains', async () => {
  const sandbox = await start();
  const Subject = '<script>alert(1)</script>';
  await sendMail(sandbox, { Subject, TextBody: 'a < b', HtmlBody: '<script>alert(2)</script><p>Hi</p>' });
  const list = await (await fetch(`${sandbox.url}/outbox`)).text();
  expect(list).toContain('&lt;script&gt;');
  expect(list).not.toContain('<script>');
  const [path] = /\/outbox\/[0-9a-f-]{36}/.exec(list)!;
  const mail = await (await fetch(sandbox.url + path)).text();
  expect(mail).toContain('a &lt; b');
  expect(mail).toContain(`title="HTML part" src="${path}/html">`);
  expect(mail).not.toContain('allow-scripts');
  const part = await fetch(`${sandbox.url}${path}/html`);
  expect(await part.text()).toContain('<p>Hi</p>');
  expect(part.headers.get('content-security-policy')).toContain("default-src 'none'");
});
