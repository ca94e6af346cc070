import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ensureWeb } from '../../dev/web-build.ts';
import { createExampleAccount } from '../support/example-account.ts';
import { startStack, type Stack } from '../support/stack.ts';
import { startBrowser, type Browser } from './support/browser.ts';
import { openCredits, untilLive } from './support/credits.ts';

const BUILT = new URL('../../dist/web/', import.meta.url);
const FIRST_LOAD_BYTES = 200_000;

describe('the first load of the credits page', { timeout: 120_000 }, () => {
  let stack: Stack;
  let browser: Browser;
  /** The scripts that a browser has asked for until it was live and the forms were filled, by their content. */
  let scripts: Map<string, string>;
  beforeAll(async () => {
    await ensureWeb();
    [stack, browser] = await Promise.all([startStack({ worker: false }), startBrowser()]);
    const account = await createExampleAccount(stack, { paymentMethod: null, profile: { locale: 'en' } });
    const { page } = await browser.open();
    // What is loaded when there is nothing else to do is not needed to use the page.
    await page.addInitScript('window.requestIdleCallback = () => 0');
    const asked = new Set<string>();
    page.on('request', (request) => {
      const [, file] = /\/(assets\/[^/]+\.js)$/.exec(request.url()) ?? [];
      if (file !== undefined) asked.add(file);
    });
    await openCredits(page, stack, account.id);
    for (const quote of ['454 call minutes', '1,285 chat credits']) await page.getByText(quote).waitFor();
    await untilLive(page);
    const read = async (file: string) => [file, await readFile(new URL(file, BUILT), 'utf8')] as const;
    scripts = new Map(await Promise.all([...asked].map(read)));
  });
  afterAll(async () => {
    await browser?.stop();
    await stack?.stop();
  });

  test('is below 200 kB of script gzipped until the page is live and can be used', () => {
    const bytes = [...scripts.values()].reduce((sum, script) => sum + gzipSync(script).length, 0);
    console.log(`first load of the credits page: ${(bytes / 1_000).toFixed(1)} kB of script gzipped`);
    expect(bytes).toBeGreaterThan(10_000);
    expect(bytes).toBeLessThan(FIRST_LOAD_BYTES);
  });

  test('is no more than what the build prints', async () => {
    const text = await readFile(new URL('credits.first-load.json', BUILT), 'utf8');
    const { files, gzippedBytes } = JSON.parse(text) as { files: string[]; gzippedBytes: number };
    expect([...scripts.keys()].filter((file) => !files.includes(file))).toEqual([]);
    expect(gzippedBytes).toBeLessThan(FIRST_LOAD_BYTES);
  });

  test('has no chart library', () => {
    const charts = [...scripts].filter(([, script]) => /recharts-|uplot/.test(script));
    expect(charts.map(([file]) => file)).toEqual([]);
  });

  test('a second build has nothing to do', async () => {
    expect(await ensureWeb()).toBe(false);
  });
});
