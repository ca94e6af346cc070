import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { ConfigError, loadConfig } from '../config.ts';
import { connect } from '../db/connect.ts';
import { createKeys, type KeyStore } from '../db/keys.ts';
import { KEY_ROLES, type KeyRole } from '../db/schema.ts';

const USAGE = [
  'Usage: npm run keys -- create --role platform|operator [--label text]',
  '       npm run keys -- list',
  '       npm run keys -- revoke <key id>',
].join('\n');

/** 256 random bits: far beyond guessing, so a plain SHA-256 of it is safe to store. */
const KEY_BYTES = 32;

export type KeyCommand =
  | { kind: 'create'; role: KeyRole; label: string }
  | { kind: 'list' }
  | { kind: 'revoke'; keyId: string }
  | { kind: 'unclear' };

/** Reads the arguments of the command line. */
export function readKeyCommand(args: readonly string[]): KeyCommand {
  try {
    const { positionals, values } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { role: { type: 'string' }, label: { type: 'string' } },
    });
    const [command, keyId] = positionals;
    const role = KEY_ROLES.find((each) => each === values.role);
    if (command === 'create' && role !== undefined)
      return { kind: command, role, label: values.label ?? role };
    if (command === 'list') return { kind: command };
    if (command === 'revoke' && keyId !== undefined) return { kind: command, keyId };
    return { kind: 'unclear' };
  } catch (error) {
    // Thrown by parseArgs for options that are not known.
    if (error instanceof TypeError) return { kind: 'unclear' };
    throw error;
  }
}

/** Makes a key and stores its digest.
 *  @returns the key, which nobody can read again. */
export async function createKey(
  keys: Pick<KeyStore, 'store'>,
  { role, label }: { role: KeyRole; label: string },
): Promise<string> {
  const key = `${role}_${randomBytes(KEY_BYTES).toString('base64url')}`;
  await keys.store(key, role, label);
  return key;
}

async function run(command: Exclude<KeyCommand, { kind: 'unclear' }>, keys: KeyStore): Promise<void> {
  switch (command.kind) {
    case 'create':
      console.log(await createKey(keys, command));
      console.error('This key is shown once and never again. Only its digest is stored.');
      return;
    case 'list':
      for (const { keyId, role, label, createdAtMs, revokedAtMs } of await keys.list()) {
        const state = revokedAtMs === null ? 'valid' : `revoked ${new Date(revokedAtMs).toISOString()}`;
        console.log([keyId, role, label, new Date(createdAtMs).toISOString(), state].join('\t'));
      }
      return;
    case 'revoke':
      if (await keys.revoke(command.keyId)) return;
      console.error(`There is no valid key ${command.keyId}.`);
      process.exitCode = 1;
  }
}

async function main(args: readonly string[]): Promise<void> {
  const command = readKeyCommand(args);
  if (command.kind === 'unclear') {
    console.error(USAGE);
    process.exitCode = 2;
    return;
  }
  const { DATABASE_URL } = loadConfig('keys');
  const db = connect(DATABASE_URL, { max: 1, applicationName: 'auto-top-up-keys', log: console });
  try {
    await run(command, createKeys(db));
  } finally {
    await db.end();
  }
}

if (import.meta.main) {
  try {
    await main(process.argv.slice(2));
  } catch (error) {
    console.error(error instanceof ConfigError ? error.message : error);
    process.exitCode = 1;
  }
}
