import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect } from '../../db/connect.ts';
import { createKeys } from '../../db/keys.ts';
import { createLedger } from '../../db/ledger.ts';
import { POLICY } from '../../domain/policy.ts';
import { ACME, PLATFORM_KEY, startTestApi, type TestApi } from './support/test-api.ts';

describe('problems', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi();
    await api.platform('PUT', '/v1/accounts/acme', ACME);
  });
  afterAll(() => api.close());

  const raw = (payload: string, type = 'application/json') =>
    api.platform('POST', '/v1/usage', payload, { 'content-type': type });

  const problem = (status: number, code: string) => ({
    status,
    type: 'application/problem+json',
    body: {
      type: `urn:auto-top-up:problem:${code}`,
      status,
      code,
      title: expect.any(String),
      requestId: expect.any(String),
    },
  });

  test('an unknown address', async () => {
    const answer = await api.nobody('GET', '/');
    expect(answer.headers['x-request-id']).toBe(answer.body.requestId);
    expect(await api.platform('GET', '/v1/nothing')).toMatchObject(problem(404, 'not_found'));
    expect(await api.nobody('GET', '/')).toMatchObject(problem(404, 'not_found'));
  });

  test('an unknown method, with those that are known', async () => {
    const answer = await api.platform('DELETE', '/v1/accounts/acme');
    expect(answer).toMatchObject(problem(405, 'method_not_allowed'));
    expect(String(answer.headers['allow']).split(', ').sort()).toEqual(['GET', 'HEAD', 'PUT']);
  });

  test('what is not JSON', async () => {
    for (const text of ['{"events":', 'x', '{"__proto__":{}}', '{"constructor":{"prototype":{}}}']) {
      expect(await raw(text)).toMatchObject(problem(400, 'malformed_json'));
    }
  });

  test('another media type', async () => {
    expect(await raw('<x/>', 'application/xml')).toMatchObject(problem(415, 'unsupported_media_type'));
    expect(await raw('{}', 'text/plain')).toMatchObject(problem(415, 'unsupported_media_type'));
  });

  test('a body beyond the limit', async () => {
    expect(await raw(`"${'x'.repeat(1024 * 1024)}"`)).toMatchObject(problem(413, 'body_too_large'));
    const small = { ...ACME, name: 'x'.repeat(70_000) };
    expect(await api.platform('PUT', '/v1/accounts/acme', small)).toMatchObject(
      problem(413, 'body_too_large'),
    );
  });

  test('an address that cannot be decoded, and one that is too long', async () => {
    expect(await api.platform('GET', '/v1/accounts/%zz')).toMatchObject(problem(400, 'malformed_request'));
    expect(await api.platform('GET', `/v1/accounts/${'x'.repeat(500)}`)).toMatchObject(
      problem(404, 'not_found'),
    );
  });

  test('every field that does not fit is named, unknown ones too', async () => {
    const answer = await api.platform('PUT', '/v1/accounts/acme', {
      ...ACME,
      email: 'nobody',
      locale: 'fr',
      country: 'Germany',
      vatId: 'DE1',
      name: 'line\nbreak',
    });
    expect(answer).toMatchObject(problem(422, 'invalid_request'));
    const paths = answer.body.errors.map(({ path }: { path: string }) => path);
    expect(paths.sort()).toEqual(['country', 'email', 'locale', 'name', 'vatId']);
  });

  test('a time zone is one that the database can count months in', async () => {
    for (const timeZone of ['Mars/Olympus', '+02:00', 'Europe', '']) {
      const answer = await api.platform('PUT', '/v1/accounts/acme', { ...ACME, timeZone });
      expect(answer).toMatchObject(problem(422, 'invalid_request'));
      expect(answer.body.errors).toMatchObject([{ path: 'timeZone' }]);
    }
  });

  test('a missing body', async () => {
    expect(await api.platform('PUT', '/v1/accounts/acme')).toMatchObject(problem(422, 'invalid_request'));
  });

  test('a fault of ours says nothing of its cause', async () => {
    const broken = await startTestApi({
      accounts: { ...api.deps.accounts, read: () => Promise.reject(new Error('the secret of the cause')) },
    });
    try {
      const answer = await broken.platform('GET', '/v1/accounts/acme/ledger');
      expect(answer).toMatchObject(problem(500, 'internal'));
      expect(JSON.stringify(answer.body)).not.toContain('secret');
    } finally {
      await broken.close();
    }
  });
});

describe('while the database is away', () => {
  test('usage is refused with 503 and a time to try again, never acknowledged', async () => {
    const away = connect('postgres://nobody@127.0.0.1:1/nothing', {
      max: 1,
      applicationName: 'away',
      log: { warn: () => undefined },
    });
    const api = await startTestApi({ ledger: createLedger(away, POLICY) });
    try {
      const event = {
        id: 'c1',
        account: 'acme',
        type: 'sms',
        credits: 1,
        occurredAt: '2026-11-22T10:00:00Z',
      };
      const answer = await api.platform('POST', '/v1/usage', { events: [event] });
      expect(answer).toMatchObject({ status: 503, body: { code: 'unavailable' } });
      // A connection that breaks at the commit leaves it open.
      expect(answer.body.detail).toMatch(
        /may have been carried out or not: send it again, with the same ids/,
      );
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    } finally {
      await api.close();
      await away.end();
    }
  });

  test('no key can be checked, which is not the same as a wrong one', async () => {
    const away = connect('postgres://nobody@127.0.0.1:1/nothing', {
      max: 1,
      applicationName: 'away',
      log: { warn: () => undefined },
    });
    const broken = await startTestApi({ keys: createKeys(away) });
    try {
      expect((await broken.as(PLATFORM_KEY)('GET', '/v1/accounts/acme')).status).toBe(503);
    } finally {
      await Promise.all([broken.close(), away.end()]);
    }
  });
});
