import { z } from 'zod';
import { POLICY, type Policy } from './domain/policy.ts';

/** The parts of the service that read configuration; each demands only what it uses. */
export type Part = 'api' | 'worker' | 'migrate' | 'keys' | 'check' | 'archive';

type Setting = {
  schema: z.ZodType;
  /** Parts that cannot run without it. */
  requiredBy: readonly Part[];
  description: string;
};

const port = z.coerce.number().int().min(1).max(65_535);
const secret = z.string().min(16, 'needs at least 16 characters');
const commaList = z
  .string()
  .transform((text) =>
    text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== ''),
  )
  .pipe(z.array(z.string()).min(1));

/** Ids and base64 keys: `id:base64,id2:base64`. The first one encrypts, all of them decrypt. */
const payloadKeys = z
  .string()
  .transform((text) =>
    text.split(',').map((pair) => {
      const [id = '', key = ''] = pair.trim().split(':');
      return { id, key: Buffer.from(key, 'base64') };
    }),
  )
  .refine((keys) => keys.every(({ id, key }) => id !== '' && key.length === 32), {
    message: 'needs `id:base64` pairs with keys of 32 bytes',
  });

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

const webhookUrl = z.url({ protocol: /^https?$/ }).refine(
  (text) => {
    const { protocol, hostname, username, password } = new URL(text);
    return (protocol === 'https:' || LOOPBACK.test(hostname)) && username + password === '';
  },
  { message: 'needs to be https, without a user or password' },
);

/** Plain HTTP only to a provider on this machine, such as that of a test. */
const issuerUrl = z.url({ protocol: /^https?$/ }).refine(
  (text) => {
    const { protocol, hostname } = new URL(text);
    return protocol === 'https:' || LOOPBACK.test(hostname);
  },
  { message: 'needs to be https' },
);

/** As Standard Webhooks writes them: `whsec_` and 24 to 64 random bytes in base64. */
const webhookSecrets = commaList.refine(
  (secrets) =>
    secrets.every((text) => {
      const [, encoded = ''] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(text) ?? [];
      const { length } = Buffer.from(encoded, 'base64');
      return length >= 24 && length <= 64;
    }),
  { message: 'needs `whsec_` and base64 of 24 to 64 bytes' },
);

/** As `Content-Security-Policy` takes them; anything else in the list would widen or break the policy. */
const frameAncestors = commaList.refine(
  (origins) => origins.every((text) => URL.canParse(text) && new URL(text).origin === text),
  { message: 'needs origins such as https://app.example, without a path' },
);

/** One that is too wide lets anybody choose the address that limits go by; one that is no address would be ignored. */
const proxy = z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()]).refine((text) => !text.endsWith('/0'));
const proxies = commaList.refine((list) => list.every((text) => proxy.safeParse(text).success), {
  message: 'needs IP addresses or networks such as 10.0.0.0/8',
});

const policyOverrides = z
  .string()
  .transform((text, context) => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      context.addIssue({ code: 'custom', message: 'is not JSON' });
      return z.NEVER;
    }
  })
  .pipe(
    z
      .strictObject(
        Object.fromEntries(
          Object.entries(POLICY).map(([name, value]) => [
            name,
            Array.isArray(value) ? z.array(z.number().int().min(0)) : z.number().int().min(0),
          ]),
        ),
      )
      .partial(),
  );

const ALL: readonly Part[] = ['api', 'worker', 'migrate', 'keys', 'check', 'archive'];
const SERVICE: readonly Part[] = ['api', 'worker'];

/** Every variable that the service reads. `docs/configuration.md` is generated from this object. */
export const SETTINGS = {
  PORT: {
    schema: port.default(3000),
    requiredBy: [],
    description: 'Port of the HTTP API.',
  },
  HOST: {
    schema: z.string().default('127.0.0.1'),
    requiredBy: [],
    description: 'Address that the HTTP API listens on; `0.0.0.0` inside a container.',
  },
  PUBLIC_URL: {
    schema: z.url(),
    requiredBy: SERVICE,
    description: 'Where customers reach the API and the credits page; links in emails start with it.',
  },
  TRUSTED_PROXIES: {
    schema: proxies.default([]),
    requiredBy: [],
    description:
      'Addresses or networks of the proxies in front of the API, with commas between them. Their `X-Forwarded-For` says who asks, which wrong keys and sign-ins are counted by. Unset, the address of the connection does.',
  },
  FRAME_ANCESTORS: {
    schema: frameAncestors.default([]),
    requiredBy: [],
    description:
      'Origins that may show the credits page in a frame, with commas between them. Unset, only PUBLIC_URL itself may.',
  },
  PLATFORM_KEY: {
    schema: secret.optional(),
    requiredBy: [],
    description:
      'A platform key for tests and local use, stored hashed at boot. Production makes keys with `npm run keys`.',
  },
  OPERATOR_KEY: {
    schema: secret.optional(),
    requiredBy: [],
    description: 'An operator key for tests and local use, stored hashed at boot.',
  },
  DATABASE_URL: {
    schema: z.url({ protocol: /^postgres(ql)?$/ }),
    requiredBy: ALL,
    description:
      'PostgreSQL 15 or later. The service gives up the rights of this login for those of its own role.',
  },
  DATABASE_POOL: {
    schema: z.coerce.number().int().min(2).max(200).default(10),
    requiredBy: [],
    description: 'Connections that one process may open.',
  },
  TEMPORAL_ADDRESS: {
    schema: z.string().min(1),
    requiredBy: ['worker'],
    description: 'Host and port of the Temporal frontend.',
  },
  TEMPORAL_NAMESPACE: {
    schema: z.string().default('default'),
    requiredBy: [],
    description: 'Temporal namespace.',
  },
  TEMPORAL_TASK_QUEUE: {
    schema: z.string().default('auto-top-up'),
    requiredBy: [],
    description: 'Task queue of the account workflows and their activities.',
  },
  TEMPORAL_API_KEY: {
    schema: z.string().optional(),
    requiredBy: [],
    description: 'API key of Temporal Cloud; turns TLS on.',
  },
  TEMPORAL_TLS: {
    schema: z.stringbool().default(false),
    requiredBy: [],
    description: 'Connect to Temporal with TLS.',
  },
  TEMPORAL_UI_URL: {
    schema: z.url().optional(),
    requiredBy: [],
    description: "Temporal's web UI, for links to an account's workflow.",
  },
  STRIPE_SECRET_KEY: {
    schema: z
      .string()
      .regex(/^(sk|rk)_(test|live)_/, 'needs to start with sk_test_, sk_live_, rk_test_ or rk_live_'),
    requiredBy: SERVICE,
    description: 'Stripe secret key, or a restricted key with the rights listed in docs/stripe.md.',
  },
  STRIPE_WEBHOOK_SECRET: {
    schema: commaList,
    requiredBy: ['api'],
    description: 'Signing secret of the webhook endpoint; two with a comma between them while it is rotated.',
  },
  STRIPE_API_BASE: {
    schema: z.url().default('https://api.stripe.com'),
    requiredBy: [],
    description: 'Another address of the Stripe API, such as the local sandbox.',
  },
  POSTMARK_SERVER_TOKEN: {
    schema: z.string().min(1),
    requiredBy: ['worker'],
    description: 'Postmark server token.',
  },
  POSTMARK_API_BASE: {
    schema: z.url().default('https://api.postmarkapp.com'),
    requiredBy: [],
    description: 'Another address of the Postmark API, such as the local sandbox.',
  },
  POSTMARK_FROM: {
    schema: z.string().default('Auto Top-up <billing@auto-top-up.example>'),
    requiredBy: [],
    description: 'Sender of all mails; a confirmed sender signature at Postmark.',
  },
  POSTMARK_WEBHOOK_USER: {
    schema: z.string().min(1),
    requiredBy: ['api'],
    description: "User name that Postmark's webhooks authenticate with.",
  },
  POSTMARK_WEBHOOK_PASSWORD: {
    schema: commaList,
    requiredBy: ['api'],
    description: 'Password of the same; two with a comma between them while it is rotated.',
  },
  TOKEN_SECRET: {
    schema: z.string().min(32, 'needs at least 32 characters'),
    requiredBy: ['api'],
    description: 'Signs the short-lived tokens of customers.',
  },
  OIDC_ISSUER: {
    schema: issuerUrl.optional(),
    requiredBy: [],
    description:
      'OpenID provider by which operators may sign in to the console (docs/operators.md). Unset, they sign in by key.',
  },
  OIDC_CLIENT_ID: {
    schema: z.string().min(1).optional(),
    requiredBy: [],
    description: "The console's client at that provider.",
  },
  OIDC_CLIENT_SECRET: {
    schema: z.string().min(1).optional(),
    requiredBy: [],
    description: 'Its secret.',
  },
  OIDC_OPERATOR_GROUP: {
    schema: z.string().min(1).optional(),
    requiredBy: [],
    description:
      'Group or role (claim `groups` or `roles`) that makes a person an operator. Unset, everybody whom the provider lets in is one.',
  },
  PLATFORM_WEBHOOK_URL: {
    schema: webhookUrl.optional(),
    requiredBy: [],
    description:
      'Where the worker tells the platform what happened (docs/webhooks.md). Unset, no webhooks are made.',
  },
  PLATFORM_WEBHOOK_SECRET: {
    schema: webhookSecrets.optional(),
    requiredBy: [],
    description:
      'Signs them: `whsec_` and base64 of 24 to 64 random bytes; two with a comma between them while it is rotated.',
  },
  PAYLOAD_KEYS: {
    schema: payloadKeys,
    requiredBy: ['worker'],
    description:
      'AES-256 keys for what Temporal stores: `id:base64`, newest first, with commas between them.',
  },
  POLICY: {
    schema: policyOverrides.optional(),
    requiredBy: [],
    description: 'JSON that overrides numbers of domain/policy.ts, for rehearsals.',
  },
  LOG_LEVEL: {
    schema: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
    requiredBy: [],
    description: 'Level of the JSON logs on standard output.',
  },
  METRICS_PORT: {
    schema: port.optional(),
    requiredBy: [],
    description: "Port on which the worker serves its own and the SDK's Prometheus metrics, at `/metrics`.",
  },
  WORKFLOW_CACHE: {
    schema: z.coerce.number().int().min(0).max(100_000).default(500),
    requiredBy: [],
    description:
      'Account workflows that a worker keeps in memory; others are replayed when they are woken. docs/operations.md tells what one takes.',
  },
} as const satisfies Record<string, Setting>;

type SettingName = keyof typeof SETTINGS;
type ValueOf<N extends SettingName> = z.output<(typeof SETTINGS)[N]['schema']>;

/** Settings that one part demands, plus the optional ones; an unset one that another part demands is absent. */
export type Config<P extends Part> = {
  [N in SettingName]: P extends (typeof SETTINGS)[N]['requiredBy'][number]
    ? ValueOf<N>
    : (typeof SETTINGS)[N]['requiredBy'] extends readonly []
      ? ValueOf<N>
      : ValueOf<N> | undefined;
};

/** One sentence a line, each naming its variable. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** Neither is of use alone. */
const TOGETHER = [
  ['PLATFORM_WEBHOOK_URL', 'PLATFORM_WEBHOOK_SECRET'],
  ['OIDC_ISSUER', 'OIDC_CLIENT_ID'],
  ['OIDC_ISSUER', 'OIDC_CLIENT_SECRET'],
] as const;

/** Reads and checks the environment of one part. An empty variable counts as unset.
 *  @throws ConfigError naming every variable that is missing or wrong. */
export function loadConfig<P extends Part>(part: P, environment: NodeJS.ProcessEnv = process.env): Config<P> {
  const values: Record<string, unknown> = {};
  const problems: string[] = [];
  for (const [name, setting] of Object.entries(SETTINGS) as [SettingName, Setting][]) {
    const text = environment[name] === '' ? undefined : environment[name];
    if (text === undefined && setting.requiredBy.length > 0 && !setting.requiredBy.includes(part)) continue;
    const parsed = setting.schema.safeParse(text);
    if (parsed.success) values[name] = parsed.data;
    else if (text === undefined) problems.push(`${name} is not set. ${setting.description}`);
    else problems.push(`${name} ${parsed.error.issues.map((issue) => issue.message).join(', ')}.`);
  }
  for (const [one, other] of TOGETHER) {
    const isSet = (name: SettingName) => (environment[name] ?? '') !== '';
    if (isSet(one) !== isSet(other)) problems.push(`${one} and ${other} are set together or not at all.`);
  }
  if (problems.length > 0) throw new ConfigError(problems.join('\n'));
  return values as Config<P>;
}

/** The policy with the configured overrides. */
export function policyOf(config: { POLICY?: unknown }): Policy {
  return { ...POLICY, ...(config.POLICY as Partial<Policy> | undefined) };
}
