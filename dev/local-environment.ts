import type { LocalSecrets } from './local-secrets.ts';
import { portFromEnvironment } from './ports.ts';
import { DEFAULT_POSTGRES_PORT } from './postgres.ts';
import { DEFAULT_TEMPORAL_PORT, DEFAULT_TEMPORAL_UI_PORT } from './temporal.ts';

export type LocalPorts = {
  readonly api: number;
  readonly postgres: number;
  readonly temporal: number;
  readonly temporalUi: number;
  readonly stripeSandbox: number;
  readonly postmarkSandbox: number;
};

/** What `npm start` brings up itself, and the environment that makes the parts find each other. */
export type LocalPlan = {
  readonly ports: LocalPorts;
  /** False: the caller's environment names one that runs already. */
  readonly starts: {
    readonly postgres: boolean;
    readonly temporal: boolean;
    readonly stripeSandbox: boolean;
  };
  readonly environment: Readonly<Record<string, string>>;
};

const DEFAULT_API_PORT = 3000;
const DEFAULT_STRIPE_SANDBOX_PORT = 12_111;
const DEFAULT_POSTMARK_SANDBOX_PORT = 12_112;
export const POSTMARK_WEBHOOK_USER = 'postmark';

/** The ports of the local stack: those of the environment, else the defaults. */
export function localPorts(): LocalPorts {
  return {
    api: portFromEnvironment('PORT', DEFAULT_API_PORT),
    postgres: portFromEnvironment('POSTGRES_PORT', DEFAULT_POSTGRES_PORT),
    temporal: portFromEnvironment('TEMPORAL_PORT', DEFAULT_TEMPORAL_PORT),
    temporalUi: portFromEnvironment('TEMPORAL_UI_PORT', DEFAULT_TEMPORAL_UI_PORT),
    stripeSandbox: portFromEnvironment('STRIPE_SANDBOX_PORT', DEFAULT_STRIPE_SANDBOX_PORT),
    postmarkSandbox: portFromEnvironment('POSTMARK_SANDBOX_PORT', DEFAULT_POSTMARK_SANDBOX_PORT),
  };
}

/** Completes the caller's variables to everything that API and worker need; what is given wins.
 *
 *  `STRIPE_SECRET_KEY=sk_test_…` takes real Stripe in test mode; mails go to the sandbox in any case
 *  but that of a given POSTMARK_API_BASE, because the demo's addresses are made up.
 *  @throws when a live key of Stripe is given: the demo must not charge real cards. */
export function planLocalStack(
  given: NodeJS.ProcessEnv,
  secrets: LocalSecrets,
  ports: LocalPorts,
  databaseUrl: string,
): LocalPlan {
  const stripeKey = given['STRIPE_SECRET_KEY'] ?? '';
  if (/^[sr]k_live_/.test(stripeKey)) {
    throw new Error(
      'STRIPE_SECRET_KEY is a live key: npm start makes test charges, so give it a key of test mode.',
    );
  }
  const starts = {
    postgres: !isGiven(given, 'DATABASE_URL'),
    temporal: !isGiven(given, 'TEMPORAL_ADDRESS'),
    stripeSandbox: stripeKey === '' && !isGiven(given, 'STRIPE_API_BASE'),
  };
  const defaults: Record<string, string> = {
    ...secrets,
    PORT: String(ports.api),
    HOST: '127.0.0.1',
    PUBLIC_URL: `http://127.0.0.1:${ports.api}`,
    DATABASE_URL: databaseUrl,
    TEMPORAL_ADDRESS: `127.0.0.1:${ports.temporal}`,
    TEMPORAL_NAMESPACE: 'default',
    STRIPE_SECRET_KEY: 'sk_test_sandbox',
    POSTMARK_SERVER_TOKEN: 'local',
    POSTMARK_API_BASE: `http://127.0.0.1:${ports.postmarkSandbox}`,
    POSTMARK_WEBHOOK_USER,
    LOG_LEVEL: 'info',
    ...(starts.temporal ? { TEMPORAL_UI_URL: `http://127.0.0.1:${ports.temporalUi}` } : {}),
    ...(starts.stripeSandbox ? { STRIPE_API_BASE: `http://127.0.0.1:${ports.stripeSandbox}` } : {}),
  };
  const entries = Object.entries({ ...defaults, ...withoutEmpty(given) });
  return { ports, starts, environment: Object.fromEntries(entries) };
}

/** Whether the caller's environment sets a variable; empty counts as unset. */
function isGiven(given: NodeJS.ProcessEnv, name: string): boolean {
  return (given[name] ?? '') !== '';
}

function withoutEmpty(given: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(given).filter((entry): entry is [string, string] => (entry[1] ?? '') !== ''),
  );
}
