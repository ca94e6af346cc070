import { mkdir, readdir, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ensureWeb } from '../../../dev/web-build.ts';
import { startStack, type Stack } from '../../support/stack.ts';
import { startBrowser, type Browser } from './browser.ts';
import { openConsole } from './console.ts';
import { openCredits, untilLive } from './credits.ts';
import { createPhotoAccounts } from './photo-accounts.ts';
import { PICTURES, type Picture } from './pictures.ts';

const FOLDER = fileURLToPath(new URL('../../../docs/screenshots/', import.meta.url));
const HEIGHT = 900;
/** The longest picture; only the list of entries goes on below it. */
const MOST_HEIGHT = 3_600;
const MOST_HEIGHT_OF_LIST = 1_300;

let stack: Stack;
let browser: Browser;
beforeAll(async () => {
  await ensureWeb();
  [stack, browser] = await Promise.all([startStack({ worker: false }), startBrowser()]);
});
afterAll(async () => {
  await browser?.stop();
  await stack?.stop();
});

it('takes the pictures of docs/screenshots', { timeout: 600_000 }, async () => {
  const { lived, chargeId } = await createPhotoAccounts(stack);
  const open = {
    credits: (page: Page) => openCredits(page, stack, lived.id),
    usage: (page: Page) => openCredits(page, stack, lived.id, '/usage'),
    console: (page: Page) => openConsole(page, stack),
    charge: (page: Page) => openConsole(page, stack, `/charges/${chargeId}`),
  } satisfies Record<Picture['scene'], (page: Page) => Promise<void>>;
  await mkdir(FOLDER, { recursive: true });
  for (const { name, scene, width, language, scheme } of PICTURES) {
    const { page, context, complaints } = await browser.open({
      width,
      height: HEIGHT,
      locale: language,
      scheme,
    });
    await open[scene](page);
    await page.getByRole('button', { name: language === 'de' ? 'Deutsch' : 'English', exact: true }).click();
    await untilComplete(page, scene);
    await page.setViewportSize({ width, height: await heightOf(page, scene) });
    await page.screenshot({ path: `${FOLDER}${name}` });
    expect({ name, complaints: complaints() }).toEqual({ name, complaints: [] });
    await context.close();
  }
  const names = new Set(PICTURES.map(({ name }) => name));
  for (const file of await readdir(FOLDER)) if (!names.has(file)) await rm(`${FOLDER}${file}`);
});

/** All that the page has, in one window as high as it, so that the sidebar is as high too. */
async function heightOf(page: Page, scene: Picture['scene']): Promise<number> {
  const height = Number(await page.evaluate('document.documentElement.scrollHeight'));
  return Math.min(height, scene === 'usage' ? MOST_HEIGHT_OF_LIST : MOST_HEIGHT);
}

/** Nothing is loading any more, nothing is in focus, and what is told live has been heard. */
async function untilComplete(page: Page, scene: Picture['scene']): Promise<void> {
  if (scene === 'credits' || scene === 'usage') await untilLive(page);
  if (scene === 'credits') await page.getByTestId('preview-past').nth(1).waitFor();
  if (scene === 'usage') await page.getByRole('img').locator('canvas').waitFor();
  if (scene === 'console') await page.locator('[data-charge]').first().waitFor();
  await page.locator('.mantine-Skeleton-root').first().waitFor({ state: 'detached' });
  await page.evaluate('document.activeElement?.blur()');
  await page.mouse.move(0, 0);
}
