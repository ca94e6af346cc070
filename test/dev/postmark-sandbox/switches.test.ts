import { expect, test } from 'vitest';
import { sandboxes, sendMail, setSwitches } from './sandbox.ts';

const start = sandboxes();

const outboxSize = async (sandbox: { url: string }) =>
  ((await (await fetch(`${sandbox.url}/outbox.json`)).json()) as unknown[]).length;

test('the next n sends fail with the code asked for, and no mail is accepted', async () => {
  const sandbox = await start();
  await setSwitches(sandbox, { faults: [{ answer: 'status', status: 429, retryAfterSeconds: 7, count: 2 }] });
  const first = await sendMail(sandbox);
  expect(first.status).toBe(429);
  expect(first.headers.get('retry-after')).toBe('7');
  expect(await first.json()).toMatchObject({ ErrorCode: 429 });
  expect((await sendMail(sandbox)).status).toBe(429);
  expect(await outboxSize(sandbox)).toBe(0);
  expect((await sendMail(sandbox)).status).toBe(200);
  expect(await outboxSize(sandbox)).toBe(1);
});

test('a lost response leaves the mail accepted', async () => {
  const sandbox = await start();
  await setSwitches(sandbox, { faults: [{ answer: 'status', status: 500, accepted: true }] });
  expect((await sendMail(sandbox)).status).toBe(500);
  expect(await outboxSize(sandbox)).toBe(1);
});

test.each([true, false])('a connection is reset, the mail accepted: %s', async (accepted) => {
  const sandbox = await start();
  await setSwitches(sandbox, { faults: [{ answer: 'reset', accepted }] });
  await expect(sendMail(sandbox)).rejects.toThrow('fetch failed');
  expect(await outboxSize(sandbox)).toBe(accepted ? 1 : 0);
});

test('a stalled body never ends, and does not keep the sandbox from stopping', async () => {
  const sandbox = await start();
  await setSwitches(sandbox, { faults: [{ answer: 'stall', accepted: true }] });
  const response = await sendMail(sandbox);
  expect(response.status).toBe(200);
  const reader = response.body!.getReader();
  const { value } = await reader.read();
  expect(new TextDecoder().decode(value)).toBe('{"ErrorCode":');
  const rest = reader.read();
  expect(await outboxSize(sandbox)).toBe(1);
  await sandbox.stop();
  await expect(rest).rejects.toThrow('terminated');
});

test('a page of HTML with status 200 comes instead of JSON', async () => {
  const sandbox = await start();
  await setSwitches(sandbox, { faults: [{ answer: 'html' }] });
  const response = await sendMail(sandbox);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toContain('text/html');
});

test('a fault for one recipient leaves the others alone', async () => {
  const sandbox = await start();
  await setSwitches(sandbox, { faults: [{ answer: 'status', status: 503, to: 'eve@shop.example' }] });
  expect((await sendMail(sandbox)).status).toBe(200);
  expect((await sendMail(sandbox, { To: 'Eve <EVE@shop.example>' })).status).toBe(503);
});

test('a delay holds the answer back, not the mail', async () => {
  const sandbox = await start();
  await setSwitches(sandbox, { delayMs: 300 });
  const startedAt = performance.now();
  await sendMail(sandbox);
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(290);
});

test('a switch that does not exist is refused by name', async () => {
  const sandbox = await start();
  const response = await setSwitches(sandbox, { explode: true });
  expect(response.status).toBe(400);
  expect(await response.text()).toContain('explode');
});

test('switches are read back, and reset', async () => {
  const sandbox = await start();
  await setSwitches(sandbox, { searchLagMs: 5, faults: [{ answer: 'html' }] });
  const read = async () => (await fetch(`${sandbox.url}/sandbox/switches`)).json();
  expect(await read()).toMatchObject({ searchLagMs: 5, faults: [{ answer: 'html', on: 'send', count: 1 }] });
  await fetch(`${sandbox.url}/sandbox/switches`, { method: 'DELETE' });
  expect(await read()).toMatchObject({ searchLagMs: 0, faults: [] });
});
