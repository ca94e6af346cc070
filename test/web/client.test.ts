import { mkdtemp, readFile, glob, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { generateClient } from '../../dev/generate-client.ts';

const COMMITTED = new URL('../../web/client', import.meta.url).pathname;

test('the committed client is the one that the API describes (else: npm run generate:client)', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'client-'));
  try {
    await generateClient(dir);
    const [made, committed] = await Promise.all([contents(dir), contents(COMMITTED)]);
    expect([...made.keys()]).toEqual([...committed.keys()]);
    const stale = [...made].filter(([file, text]) => committed.get(file) !== text).map(([file]) => file);
    expect(stale).toEqual([]);
    expect(made.size).toBeGreaterThan(5);
  } finally {
    await rm(dir, { recursive: true });
  }
});

async function contents(dir: string): Promise<ReadonlyMap<string, string>> {
  const files: string[] = [];
  for await (const file of glob('**/*.ts', { cwd: dir })) files.push(file);
  return new Map(
    await Promise.all(
      files.sort().map(async (file) => [file, await readFile(join(dir, file), 'utf8')] as const),
    ),
  );
}
