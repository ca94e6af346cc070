import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Secrets of a local stack. They are kept, so that a second start can read what the first has written. */
export type LocalSecrets = Readonly<Record<keyof typeof MAKERS, string>>;

const MAKERS = {
  PLATFORM_KEY: () => `platform_${token()}`,
  OPERATOR_KEY: () => `operator_${token()}`,
  TOKEN_SECRET: () => token(),
  PAYLOAD_KEYS: () => `local:${randomBytes(32).toString('base64')}`,
  STRIPE_WEBHOOK_SECRET: () => `whsec_${token()}`,
  POSTMARK_WEBHOOK_PASSWORD: () => token(),
} as const satisfies Record<string, () => string>;

/** Reads the secrets, and makes those that are missing. The file can be read by its owner only. */
export async function loadLocalSecrets(file: string): Promise<LocalSecrets> {
  const kept = await readKept(file);
  const entries = Object.entries(MAKERS).map(([name, make]) => [name, kept[name] ?? make()] as const);
  const secrets = Object.fromEntries(entries) as Record<keyof typeof MAKERS, string>;
  if (entries.some(([name]) => kept[name] === undefined)) await save(file, { ...kept, ...secrets });
  return secrets;
}

async function readKept(file: string): Promise<Readonly<Record<string, string>>> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
    throw error;
  }
  try {
    return JSON.parse(text) as Record<string, string>;
  } catch (cause) {
    throw new Error(`${file} is not JSON: mend it, or delete .data to start with nothing.`, { cause });
  }
}

async function save(file: string, secrets: Readonly<Record<string, string>>): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const unfinished = `${file}.${process.pid}`;
  await writeFile(unfinished, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  await rename(unfinished, file);
}

function token(): string {
  return randomBytes(24).toString('hex');
}
