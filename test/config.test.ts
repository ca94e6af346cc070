import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { ConfigError, loadConfig, policyOf } from '../config.ts';
import { configurationDoc } from '../dev/configuration-doc.ts';
import { POLICY } from '../domain/policy.ts';

const WORKER = {
  PUBLIC_URL: 'https://credits.example',
  DATABASE_URL: 'postgres://localhost/app',
  TEMPORAL_ADDRESS: 'localhost:7233',
  STRIPE_SECRET_KEY: 'sk_test_1',
  POSTMARK_SERVER_TOKEN: 'token',
  PAYLOAD_KEYS: `k1:${Buffer.alloc(32, 1).toString('base64')}`,
};

describe('loadConfig', () => {
  it('names every variable that is missing or wrong, in one go', () => {
    const { DATABASE_URL: _, ...rest } = WORKER;
    const load = () => loadConfig('worker', { ...rest, STRIPE_SECRET_KEY: 'pk_live_1', PORT: 'http' });
    expect(load).toThrow(ConfigError);
    expect(load).toThrow(/DATABASE_URL is not set/);
    expect(load).toThrow(/STRIPE_SECRET_KEY needs to start with/);
    expect(load).toThrow(/PORT/);
  });

  it('demands of each part only what it uses', () => {
    expect(loadConfig('worker', WORKER).TEMPORAL_NAMESPACE).toBe('default');
    expect(() => loadConfig('api', WORKER)).toThrow(/TOKEN_SECRET is not set/);
    expect(loadConfig('migrate', { DATABASE_URL: WORKER.DATABASE_URL }).PORT).toBe(3000);
  });

  it('counts an empty variable as unset', () => {
    expect(loadConfig('worker', { ...WORKER, LOG_LEVEL: '' }).LOG_LEVEL).toBe('info');
  });

  it('takes two secrets while one of them is rotated, and several payload keys', () => {
    const config = loadConfig('api', {
      ...WORKER,
      TOKEN_SECRET: 'x'.repeat(32),
      STRIPE_WEBHOOK_SECRET: 'whsec_new, whsec_old',
      POSTMARK_WEBHOOK_USER: 'postmark',
      POSTMARK_WEBHOOK_PASSWORD: 'one',
    });
    expect(config.STRIPE_WEBHOOK_SECRET).toEqual(['whsec_new', 'whsec_old']);
    const short = { ...WORKER, PAYLOAD_KEYS: 'k1:c2hvcnQ=' };
    expect(() => loadConfig('worker', short)).toThrow(/PAYLOAD_KEYS needs/);
  });

  it('takes the webhook address of the platform with its secret, and neither alone', () => {
    const url = 'https://platform.example/hooks';
    const secret = `whsec_${Buffer.alloc(24, 1).toString('base64')}`;
    const load = (address: string, secrets: string) =>
      loadConfig('worker', { ...WORKER, PLATFORM_WEBHOOK_URL: address, PLATFORM_WEBHOOK_SECRET: secrets });
    expect(load(url, `${secret}, ${secret}`)).toMatchObject({ PLATFORM_WEBHOOK_SECRET: [secret, secret] });
    expect(load('http://127.0.0.1:8080/hooks', secret).PLATFORM_WEBHOOK_URL).toContain('127.0.0.1');
    expect(() => load(url, '')).toThrow(/set together/);
    expect(() => load('', secret)).toThrow(/set together/);
    expect(() => load('http://platform.example/hooks', secret)).toThrow(
      /PLATFORM_WEBHOOK_URL needs to be https/,
    );
    expect(() => load('https://user:password@platform.example', secret)).toThrow(
      /PLATFORM_WEBHOOK_URL needs/,
    );
    expect(() => load(url, 'whsec_c2hvcnQ=')).toThrow(/PLATFORM_WEBHOOK_SECRET needs/);
  });

  it('takes as trusted proxies only what is an address or a network', () => {
    const proxies = (text: string) =>
      loadConfig('worker', { ...WORKER, TRUSTED_PROXIES: text }).TRUSTED_PROXIES;
    expect(proxies('10.0.0.0/8, 192.0.2.7,2001:db8::/32')).toEqual([
      '10.0.0.0/8',
      '192.0.2.7',
      '2001:db8::/32',
    ]);
    expect(proxies('')).toEqual([]);
    for (const wrong of ['proxy.example', '10.0.0.0/33', '0.0.0.0/0', '10.0.0.0/8/8', 'true']) {
      expect(() => proxies(wrong)).toThrow(/TRUSTED_PROXIES needs/);
    }
  });

  it('overrides single numbers of the policy and refuses unknown ones', () => {
    const config = loadConfig('worker', { ...WORKER, POLICY: '{"coalesceMs":50}' });
    expect(policyOf(config)).toEqual({ ...POLICY, coalesceMs: 50 });
    expect(() => loadConfig('worker', { ...WORKER, POLICY: '{"coalesce":50}' })).toThrow(/POLICY/);
    expect(() => loadConfig('worker', { ...WORKER, POLICY: '{' })).toThrow(/POLICY is not JSON/);
  });

  it('is what docs/configuration.md says', async () => {
    const page = await readFile(new URL('../docs/configuration.md', import.meta.url), 'utf8');
    expect(page).toBe(configurationDoc());
  });
});
