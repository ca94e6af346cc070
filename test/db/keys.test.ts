import { afterAll, beforeAll, expect, test } from 'vitest';
import { createKeys, type KeyStore } from '../../db/keys.ts';
import { openStores, type TestStores } from './support.ts';

let stores: TestStores;
let keys: KeyStore;
beforeAll(async () => {
  stores = await openStores();
  keys = createKeys(stores.db);
});
afterAll(() => stores.close());

test('a stored key is recognised with its role, and no other is', async () => {
  const { keyId } = await keys.store('platform_abc', 'platform', 'CI');
  expect(await keys.authenticate('platform_abc')).toEqual({ role: 'platform', keyId });
  expect(await keys.authenticate('platform_abd')).toBeNull();
});

test('the table holds nothing that opens anything', async () => {
  await keys.store('operator_secret', 'operator', 'person');
  const rows = await stores.db.sql`select * from api_keys`;
  expect(JSON.stringify(rows)).not.toContain('operator_secret');
});

test('a revoked key opens nothing any more, even when it is stored again', async () => {
  const { keyId } = await keys.store('platform_old', 'platform', 'old');
  expect(await keys.revoke(keyId)).toBe(true);
  expect(await keys.revoke(keyId)).toBe(false);
  await keys.store('platform_old', 'platform', 'old');
  expect(await keys.authenticate('platform_old')).toBeNull();
  const listed = (await keys.list()).find((key) => key.keyId === keyId);
  expect(listed).toMatchObject({ role: 'platform', label: 'old', revokedAtMs: expect.any(Number) });
});

test('an id that is none revokes nothing', async () => {
  await keys.store('platform_safe', 'platform', 'safe');
  expect(await keys.revoke('%')).toBe(false);
  expect(await keys.authenticate('platform_safe')).not.toBeNull();
});
