import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Bench } from '../bench.ts';
import { asMarkdown } from './report.ts';
import { mergeResults, type Outcome, type Results } from './results.ts';
import { writeScalingPage } from './scaling-page.ts';

const JSON_FILE = fileURLToPath(new URL('../results.json', import.meta.url));
const PAGE_FILE = fileURLToPath(new URL('../RESULTS.md', import.meta.url));

/** Writes the page and the data behind it. Benches that were not run keep what was measured of them before. */
export async function writeResults(
  outcomes: readonly Outcome[],
  registry: readonly Pick<Bench, 'name'>[],
): Promise<void> {
  const results = mergeResults(await readEarlier(), outcomes, registry);
  await writeFile(JSON_FILE, `${JSON.stringify(results, null, 2)}\n`);
  await writeFile(PAGE_FILE, asMarkdown(results));
  await writeScalingPage(results);
}

async function readEarlier(): Promise<Results | null> {
  const text = await readFile(JSON_FILE, 'utf8').catch(() => null);
  return text === null ? null : (JSON.parse(text) as Results);
}
