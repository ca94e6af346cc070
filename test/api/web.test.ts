import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadConfig } from '../../config.ts';
import { startTestApi, type TestApi } from './support/test-api.ts';

const HTML = '<!doctype html><html lang="en"><head><title>T</title></head><body></body></html>';

describe('the pages', () => {
  let folder: string;
  let api: TestApi;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'web-'));
    await mkdir(join(folder, 'assets'));
    await writeFile(join(folder, 'credits.html'), HTML);
    await writeFile(join(folder, 'console.html'), HTML);
    await writeFile(join(folder, 'assets', 'credits-abc123.js'), 'plain');
    await writeFile(join(folder, 'assets', 'credits-abc123.js.br'), 'brotli');
    await writeFile(join(folder, 'secret.txt'), 'secret');
    api = await startTestApi({
      web: { folder, frameAncestors: ['https://app.example', 'https://www.example'] },
      publicUrl: 'https://top-up.example/billing',
    });
  });
  afterAll(async () => {
    await api.close();
    await rm(folder, { recursive: true });
  });

  test.each(['/credits', '/credits/history', '/credits/a/b', '/console', '/console/charges/1'])(
    '%s is a page that is never kept, and finds its parts below the public address',
    async (url) => {
      const page = await api.nobody('GET', url);
      expect(page).toMatchObject({ status: 200, type: 'text/html' });
      expect(page.headers['cache-control']).toBe('no-store');
      expect(page.body).toContain('<base href="/billing/" />');
    },
  );

  test('a page runs only its own scripts', async () => {
    const { headers } = await api.nobody('GET', '/credits');
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("connect-src 'self'");
    expect(policy).not.toMatch(/unsafe-eval|script-src[^;]*unsafe-inline|\*/);
  });

  test('only the credits page may stand in a frame, and only in those allowed', async () => {
    const credits = await api.nobody('GET', '/credits');
    expect(credits.headers['content-security-policy']).toMatch(
      /frame-ancestors https:\/\/app\.example https:\/\/www\.example$/,
    );
    expect(credits.headers['x-frame-options']).toBeUndefined();
    const console = await api.nobody('GET', '/console');
    expect(console.headers['content-security-policy']).toMatch(/frame-ancestors 'none'$/);
    expect(console.headers['x-frame-options']).toBeDefined();
  });

  test('a part is kept for a year, in the form that the browser understands', async () => {
    const plain = await api.nobody('GET', '/assets/credits-abc123.js');
    expect(plain).toMatchObject({ status: 200, body: 'plain' });
    expect(plain.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    const small = await api.nobody('GET', '/assets/credits-abc123.js', undefined, {
      'accept-encoding': 'br',
    });
    expect(small.headers['content-encoding']).toBe('br');
    expect(small.body).toBe('brotli');
  });

  test.each(['/assets/none.js', '/assets/../secret.txt', '/assets/%2e%2e/secret.txt', '/secret.txt'])(
    '%s is not there',
    async (url) => {
      const answer = await api.nobody('GET', url);
      expect(answer.status).toBe(404);
      expect(answer.headers['cache-control'] ?? '').not.toContain('immutable');
    },
  );

  test('without a build, the answer says what to run', async () => {
    const unbuilt = await startTestApi();
    const page = await unbuilt.nobody('GET', '/credits');
    expect(page).toMatchObject({ status: 503, body: { code: 'unavailable' } });
    expect(page.body.detail).toContain('npm run build:web');
    await unbuilt.close();
  });

  test.each(['*', 'app.example', 'https://app.example/path', "https://a.example 'unsafe'"])(
    'FRAME_ANCESTORS does not take %s',
    (text) => {
      expect(() => loadConfig('keys', { DATABASE_URL: 'postgres://x/y', FRAME_ANCESTORS: text })).toThrow(
        /FRAME_ANCESTORS needs origins/,
      );
    },
  );
});
