import * as fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ACME, startTestApi, type TestApi } from './support/test-api.ts';

const OCCURRED_AT = '2026-11-22T10:00:00Z';

function call(id: string, change: Record<string, unknown> = {}): Record<string, unknown> {
  const event = { type: 'call', source: 'outbound', seconds: 60, occurredAt: OCCURRED_AT };
  return { id, account: 'acme', ...event, ...change };
}

describe('usage', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi();
  });
  afterAll(() => api.close());

  let account = '';
  let made = 0;
  beforeEach(async () => {
    made += 1;
    account = `acc_${made}`;
    await api.platform('PUT', `/v1/accounts/${account}`, ACME);
  });

  const send = (events: unknown[]) => api.platform('POST', '/v1/usage', { events });
  const results = async (events: unknown[]) => (await send(events)).body.results;
  const balances = async () => {
    const { wallets } = (await api.platform('GET', `/v1/accounts/${account}`)).body;
    return [wallets.call_minutes.balance, wallets.chat_credits.balance];
  };

  test('calls use minutes and chat messages use credits', async () => {
    const chat = { account, occurredAt: OCCURRED_AT };
    await send([
      call('c1', { account, seconds: 90 }),
      { id: 'r1', type: 'ai_chat_reply', credits: 1.5, ...chat },
      { id: 'w1', type: 'whatsapp_message', credits: 2, ...chat },
      { id: 's1', type: 'sms', credits: 0.125, ...chat },
    ]);
    expect(await balances()).toEqual([-1.5, -3.625]);
  });

  test('a duplicate changes nothing and other content under the same id is a conflict', async () => {
    expect(await results([call('c1', { account })])).toEqual([{ id: 'c1', status: 'accepted' }]);
    const spelledOtherwise = call('c1', { account, occurredAt: '2026-11-22T11:00:00.000+01:00' });
    expect(await results([spelledOtherwise])).toEqual([{ id: 'c1', status: 'duplicate' }]);
    for (const change of [
      { seconds: 61 },
      { source: 'inbound' },
      { occurredAt: '2026-11-22T10:00:01Z' },
      { hold: 'h1' },
    ]) {
      expect(await results([call('c1', { account, ...change })])).toEqual([{ id: 'c1', status: 'conflict' }]);
    }
    expect(await balances()).toEqual([-1, 0]);
  });

  test('one bad event of five hundred spoils no other', async () => {
    const events: unknown[] = Array.from({ length: 500 }, (_, at) => call(`c${at}`, { account }));
    events[250] = call('c250', { account, seconds: -1 });
    const answers = await results(events);
    expect(answers[250]).toMatchObject({ id: 'c250', status: 'rejected', reason: 'invalid_event' });
    expect(answers.filter(({ status }: { status: string }) => status === 'accepted')).toHaveLength(499);
    expect(await balances()).toEqual([-499, 0]);
  });

  test.each([
    ['no object', 3, null],
    ['null', null, null],
    ['a list', [], null],
    ['an id that is a number', call('x', { id: 7 }), null],
    ['an id with spaces', call('x', { id: 'a b' }), null],
    ['an id that is too long', call('x', { id: 'x'.repeat(129) }), null],
    ['an unknown type', call('x', { type: 'fax' }), 'x'],
    ['an unknown source', call('x', { source: 'spam' }), 'x'],
    ['an unknown field', call('x', { cents: 5 }), 'x'],
    ['no seconds', call('x', { seconds: undefined }), 'x'],
    ['zero seconds', call('x', { seconds: 0 }), 'x'],
    ['seconds as text', call('x', { seconds: '60' }), 'x'],
    ['a fraction of a millisecond', call('x', { seconds: 1.0005 }), 'x'],
    ['more than a day', call('x', { seconds: 86_400.001 }), 'x'],
    ['an instant without a zone', call('x', { occurredAt: '2026-11-22T10:00:00' }), 'x'],
    ['a day that does not exist', call('x', { occurredAt: '2026-02-30T10:00:00Z' }), 'x'],
    ['a clock that was never set', call('x', { occurredAt: '1970-01-01T00:00:00Z' }), 'x'],
    ['the far future', call('x', { occurredAt: '2199-01-01T00:00:00Z' }), 'x'],
    ['an account that cannot be one', call('x', { account: '../x' }), 'x'],
    ['credits of a call', call('x', { credits: 1 }), 'x'],
  ])('%s is rejected by itself', async (_name, event, id) => {
    const [bad, good] = await results([event, call('good', { account })]);
    expect(bad).toEqual({ id, status: 'rejected', reason: 'invalid_event', detail: expect.any(String) });
    expect(good).toEqual({ id: 'good', status: 'accepted' });
  });

  test('a rejected event may be corrected and sent again', async () => {
    await send([call('c1', { account, seconds: 0 })]);
    expect(await results([call('c1', { account, seconds: 1 })])).toEqual([{ id: 'c1', status: 'accepted' }]);
  });

  test('a batch has between one and a thousand events and nothing else', async () => {
    const thousand = Array.from({ length: 1_000 }, (_, at) => call(`c${at}`, { account }));
    expect((await send(thousand)).status).toBe(200);
    const tooMany = await send([...thousand, call('one', { account })]);
    expect(tooMany).toMatchObject({ status: 422, body: { errors: [{ path: 'events' }] } });
    expect((await send([])).status).toBe(422);
    const extra = await api.platform('POST', '/v1/usage', { events: [call('c', { account })], more: 1 });
    expect(extra.body.errors).toEqual([{ path: 'more', detail: 'unknown field' }]);
    expect(await balances()).toEqual([-1_000, 0]);
  });

  test('a thousand events of the greatest size fit', async () => {
    const long = (at: number) => String(at).padEnd(128, 'x');
    const events = Array.from({ length: 1_000 }, (_, at) => call(long(at), { account, hold: long(at) }));
    expect((await send(events)).status).toBe(200);
  });

  test('in whatever batches and however often events are sent, each is booked once', async () => {
    const ids = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(fc.array(ids, { minLength: 1, maxLength: 4 }), async (batches) => {
        made += 1;
        account = `acc_${made}`;
        await api.platform('PUT', `/v1/accounts/${account}`, ACME);
        const answers = await Promise.all(
          batches.map((batch) => results(batch.map((id) => call(`c${id}`, { account, seconds: id * 60 })))),
        );
        const sent = new Set(batches.flat());
        const accepted = answers.flat().filter(({ status }: { status: string }) => status === 'accepted');
        expect(accepted).toHaveLength(sent.size);
        expect(await balances()).toEqual([-[...sent].reduce((sum, id) => sum + id, 0), 0]);
      }),
      { numRuns: 15 },
    );
  });
});
