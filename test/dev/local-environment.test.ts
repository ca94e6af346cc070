import { expect, test } from 'vitest';
import { loadConfig } from '../../config.ts';
import { planLocalStack } from '../../dev/local-environment.ts';
import type { LocalPlan } from '../../dev/local-environment.ts';

const PORTS = {
  api: 3000,
  postgres: 54_329,
  temporal: 7233,
  temporalUi: 8233,
  stripeSandbox: 12_111,
  postmarkSandbox: 12_112,
};

const SECRETS = {
  PLATFORM_KEY: 'platform_0123456789abcdef',
  OPERATOR_KEY: 'operator_0123456789abcdef',
  TOKEN_SECRET: '0123456789abcdef0123456789abcdef',
  PAYLOAD_KEYS: `local:${Buffer.alloc(32, 1).toString('base64')}`,
  STRIPE_WEBHOOK_SECRET: 'whsec_0123456789',
  POSTMARK_WEBHOOK_PASSWORD: '0123456789abcdef',
};

function plan(given: NodeJS.ProcessEnv): LocalPlan {
  return planLocalStack(given, SECRETS, PORTS, 'postgres://local@127.0.0.1:54329/app');
}

test.each(['api', 'worker', 'migrate', 'keys'] as const)(
  'with nothing set, the %s has all that its configuration requires',
  (part) => {
    expect(() => loadConfig(part, { ...plan({}).environment })).not.toThrow();
  },
);

test('with nothing set, everything is started here', () => {
  expect(plan({}).starts).toEqual({ postgres: true, temporal: true, stripeSandbox: true });
});

test('a variable that is set wins, and its part is not started', () => {
  const { environment, starts } = plan({
    DATABASE_URL: 'postgres://elsewhere/app',
    TEMPORAL_ADDRESS: 'elsewhere:7233',
  });
  expect(environment).toMatchObject({
    DATABASE_URL: 'postgres://elsewhere/app',
    TEMPORAL_ADDRESS: 'elsewhere:7233',
  });
  expect(starts).toEqual({ postgres: false, temporal: false, stripeSandbox: true });
});

test('an empty variable counts as unset', () => {
  expect(plan({ DATABASE_URL: '', STRIPE_SECRET_KEY: '' })).toEqual(plan({}));
});

test("with a test key, charges go to Stripe itself and mails stay in the sandbox's outbox", () => {
  const { environment, starts } = plan({ STRIPE_SECRET_KEY: 'sk_test_given' });
  expect(starts.stripeSandbox).toBe(false);
  expect(environment['STRIPE_API_BASE']).toBeUndefined();
  expect(environment['POSTMARK_API_BASE']).toBe('http://127.0.0.1:12112');
});

test.each(['sk_live_1', 'rk_live_1'])('a live key (%s) is refused', (key) => {
  expect(() => plan({ STRIPE_SECRET_KEY: key })).toThrow(/live key/);
});
