import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { METADATA_ENCODING_KEY, ValueError, type Payload, type PayloadCodec } from '@temporalio/common';

/** An AES-256 key with the id under which it is named in what it has encrypted. */
export type PayloadKey = { id: string; key: Uint8Array };

const ENCODING = 'binary/encrypted';
const KEY_ID = 'encryption-key-id';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Encrypts what Temporal stores with AES-256-GCM: arguments, results, failures, state carried over. The first
 *  key encrypts, all of them decrypt, so that keys can be rotated while old histories are still read.
 *
 *  Left readable are bare strings, because in this service those are the summaries and details that people read
 *  in the web UI and nothing else: every argument and result is an object. They hold ids and quantities only. */
export function createPayloadCodec(keys: readonly PayloadKey[]): PayloadCodec {
  const [newest] = keys;
  if (newest === undefined) throw new ValueError('at least one payload key is needed');
  const byId = new Map(keys.map((key) => [key.id, key]));
  return {
    encode: async (payloads) =>
      payloads.map((payload) => (isBareString(payload) ? payload : encrypt(payload, newest))),
    decode: async (payloads) => payloads.map((payload) => decrypt(payload, byId)),
  };
}

function isBareString({ metadata, data }: Payload): boolean {
  const encoding = Buffer.from(metadata?.[METADATA_ENCODING_KEY] ?? []).toString();
  return encoding === 'json/plain' && data?.[0] === '"'.charCodeAt(0);
}

function encrypt(payload: Payload, { id, key }: PayloadKey): Payload {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  const sealed = Buffer.concat([cipher.update(serialize(payload)), cipher.final()]);
  return {
    metadata: { [METADATA_ENCODING_KEY]: Buffer.from(ENCODING), [KEY_ID]: Buffer.from(id) },
    data: Buffer.concat([nonce, cipher.getAuthTag(), sealed]),
  };
}

/** @throws ValueError for an unknown key, or data that was changed. */
function decrypt(payload: Payload, byId: ReadonlyMap<string, PayloadKey>): Payload {
  const { metadata } = payload;
  if (Buffer.from(metadata?.[METADATA_ENCODING_KEY] ?? []).toString() !== ENCODING) return payload;
  const id = Buffer.from(metadata?.[KEY_ID] ?? []).toString();
  const key = byId.get(id);
  if (key === undefined)
    throw new ValueError(`payload is encrypted with the key ${id}, which is not configured`);
  const data = Buffer.from(payload.data ?? []);
  const decipher = createDecipheriv('aes-256-gcm', key.key, data.subarray(0, NONCE_BYTES));
  decipher.setAuthTag(data.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
  const opened = Buffer.concat([decipher.update(data.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]);
  return deserialize(opened);
}

function serialize({ metadata, data }: Payload): Buffer {
  const entries = Object.entries(metadata ?? {}).map(([name, value]) => [name, base64(value)]);
  return Buffer.from(JSON.stringify({ metadata: Object.fromEntries(entries), data: base64(data ?? []) }));
}

function deserialize(bytes: Buffer): Payload {
  const { metadata, data } = JSON.parse(bytes.toString()) as {
    metadata: Record<string, string>;
    data: string;
  };
  const entries = Object.entries(metadata).map(([name, value]) => [name, Buffer.from(value, 'base64')]);
  return {
    metadata: Object.fromEntries(entries) as Record<string, Uint8Array>,
    data: Buffer.from(data, 'base64'),
  };
}

function base64(bytes: Uint8Array | number[]): string {
  return Buffer.from(bytes).toString('base64');
}
