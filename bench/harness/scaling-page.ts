import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Results } from './results.ts';
import { scalingTables } from './scaling-tables.ts';

const PAGE_FILE = fileURLToPath(new URL('../../docs/scaling.md', import.meta.url));
const BEGIN = '<!-- figures: written by npm run bench -- --write -->';
const END = '<!-- end of figures -->';

/** Writes the figures into docs/scaling.md, between its marks; the text around them stays as it is.
 *  @throws when the marks are missing. */
export async function writeScalingPage(results: Results): Promise<void> {
  const page = await readFile(PAGE_FILE, 'utf8');
  const [before, rest] = page.split(BEGIN);
  const [, after] = (rest ?? '').split(END);
  if (before === undefined || after === undefined) throw new Error(`${PAGE_FILE} has lost its marks`);
  await writeFile(PAGE_FILE, `${before}${BEGIN}\n${scalingTables(results)}\n${END}${after}`);
}
