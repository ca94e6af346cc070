import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readKeyCommand } from '../../api/keys.ts';
import { connect, type Database } from '../../db/connect.ts';
import { createKeys } from '../../db/keys.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

describe('npm run keys', { timeout: 90_000 }, () => {
  let database: TestDatabase;
  let db: Database;
  beforeAll(async () => {
    database = await createTestDatabase();
    db = connect(database.url, { max: 1, applicationName: 'keys-test', log: { warn: () => undefined } });
  });
  afterAll(async () => {
    await db.end();
    await database.drop();
  });

  function run(...args: string[]) {
    const { stdout, stderr, status } = spawnSync(process.execPath, ['api/keys.ts', ...args], {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], DATABASE_URL: database.url },
    });
    return { stdout: stdout.trim(), stderr, status };
  }

  test('prints a key once, lists it without telling it, and revokes it', async () => {
    const created = run('create', '--role', 'operator', '--label', 'Anna');
    expect(created).toMatchObject({ status: 0, stdout: expect.stringMatching(/^operator_[\w-]{43}$/) });
    const found = await createKeys(db).authenticate(created.stdout);
    expect(found).toMatchObject({ role: 'operator' });
    const keyId = String(found?.keyId);
    const listed = run('list').stdout;
    expect(listed).toContain(`${keyId}\toperator\tAnna`);
    expect(listed).not.toContain(created.stdout);
    expect(run('revoke', keyId).status).toBe(0);
    expect(await createKeys(db).authenticate(created.stdout)).toBeNull();
    expect(run('list').stdout).toContain('revoked');
    expect(run('revoke', keyId)).toMatchObject({ status: 1 });
  });

  test.each([
    [],
    ['create'],
    ['create', '--role', 'customer'],
    ['create', '--role', 'operator', '--force'],
    ['revoke'],
    ['delete'],
  ])('%s is answered with how it is meant', (...args) => {
    expect(readKeyCommand(args)).toEqual({ kind: 'unclear' });
  });

  test('what is not understood ends with a code of its own', () => {
    expect(run('delete')).toMatchObject({ status: 2, stderr: expect.stringContaining('Usage:') });
  });
});
