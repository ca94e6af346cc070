import colors from 'picocolors';
import { runTests } from './check-tests.ts';
import { runTool } from './check-tool.ts';
import type { Tool } from './check-tool.ts';

/** How many tests of a section passed, failed and were skipped; a tool's run counts as one test. */
export type Tally = {
  readonly passed: number;
  readonly failed: readonly string[];
  /** Each with its reason. */
  readonly skipped: readonly string[];
};

const TOOLS: readonly Tool[] = [
  { name: 'types', command: 'tsc', args: ['--noEmit'] },
  { name: 'types of the pages', command: 'tsc', args: ['--noEmit', '-p', 'web'] },
  { name: 'lint', command: 'oxlint', args: ['--type-aware', '--deny-warnings'] },
  { name: 'format', command: 'biome', args: ['format', '.'] },
  { name: 'import rules', command: 'depcruise', args: ['--config', '.dependency-cruiser.mjs', '.'] },
  { name: 'unused', command: 'knip', args: [] },
];

/** `npm test`: all checks and all tests, each section whatever became of the one before. With arguments
 *  only the tests whose files they name. The last line is `N passed, N failed` (and `, N skipped`). */
async function main(filters: readonly string[]): Promise<number> {
  const tallies: Tally[] = [];
  if (filters.length === 0) {
    for (const tool of TOOLS) tallies.push(await runTool(tool));
  }
  tallies.push(await runTests(filters));
  const passed = tallies.reduce((sum, tally) => sum + tally.passed, 0);
  const failed = tallies.flatMap((tally) => tally.failed);
  const skipped = tallies.flatMap((tally) => tally.skipped);
  console.log('');
  for (const test of skipped) console.log(`${colors.yellow('skipped')} ${test}`);
  for (const test of failed) console.log(`${colors.red('failed')}  ${test}`);
  const skippedPart = skipped.length === 0 ? '' : `, ${skipped.length} skipped`;
  console.log(`${passed} passed, ${failed.length} failed${skippedPart}`);
  return failed.length === 0 ? 0 : 1;
}

// Vitest may leave handles open; what there is to wait for has been awaited.
process.exit(await main(process.argv.slice(2)));
