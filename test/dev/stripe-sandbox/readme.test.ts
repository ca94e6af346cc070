import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { switchSchema } from '../../../dev/stripe-sandbox/switches.ts';

const FOLDER = new URL('../../../dev/stripe-sandbox/', import.meta.url);
const readme = readFileSync(new URL('README.md', FOLDER), 'utf8');

describe('the sandbox’s README', () => {
  it.each(switchSchema.shape.kind.options)('explains the fault %s', (kind) => {
    expect(readme).toContain(`\`${kind}\``);
  });

  it('names every control', () => {
    const sources = ['admin.ts', 'admin-acts.ts']
      .map((file) => readFileSync(new URL(file, FOLDER), 'utf8'))
      .join('\n');
    const paths = [...sources.matchAll(/['`](\/sandbox\/[^'`$]+)/g)].map((match) => match[1]!);
    expect(paths.length).toBeGreaterThan(10);
    for (const path of paths) expect(readme).toContain(path);
  });
});
