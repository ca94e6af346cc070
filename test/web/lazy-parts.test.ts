import { mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, test } from 'vitest';
import { ensureWeb, keepOlderAssets } from '../../dev/web-build.ts';
import { createExampleAccount } from '../support/example-account.ts';
import { startStack, type Stack } from '../support/stack.ts';
import { expectAccessible, inEveryLook } from './support/axe.ts';
import { startBrowser, type Browser, type BrowserPage } from './support/browser.ts';
import { openCredits, walletCard } from './support/credits.ts';

const CHAT_ALERT = 'Alert when credits below';

describe('a part of the page that loads by itself', { timeout: 120_000 }, () => {
  let stack: Stack;
  let browser: Browser;
  let open: BrowserPage;
  beforeAll(async () => {
    await ensureWeb();
    [stack, browser] = await Promise.all([startStack({ worker: false }), startBrowser()]);
  });
  afterEach(async () => {
    expect(open.complaints()).toEqual([]);
    await open.context.close();
  });
  afterAll(async () => {
    await browser?.stop();
    await stack?.stop();
  });

  const newAccount = () => createExampleAccount(stack, { paymentMethod: null, profile: { locale: 'en' } });

  it('is there without a connection: the question before edits are lost is asked, and they stay', async () => {
    open = await browser.open();
    const { page, context } = open;
    open.allow(/ERR_INTERNET_DISCONNECTED/);
    const loadedAhead = page.waitForResponse(/\/leave-dialog-[^/]*\.js$/);
    await openCredits(page, stack, (await newAccount()).id);
    await (await loadedAhead).finished();
    const alert = walletCard(page, 'chat_credits').getByLabel(CHAT_ALERT);
    await alert.fill('77');
    await context.setOffline(true);
    await page.getByRole('link', { name: 'Top-ups and invoices' }).click();
    const dialog = page.getByRole('dialog', { name: 'Leave without saving?' });
    await dialog.getByRole('button', { name: 'Stay' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(await alert.inputValue()).toBe('77');
    await context.setOffline(false);
  });

  it('is accessible in every look when it is a dialog', async () => {
    open = await browser.open();
    const { page } = open;
    await openCredits(page, stack, (await newAccount()).id);
    const dialog = page.getByRole('dialog');
    const judge = async (what: string) => {
      await dialog.waitFor();
      await expectAccessible(page, what);
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
    };
    await inEveryLook(page, async (look) => {
      await page.getByRole('button', { name: /^(Add credits|Guthaben aufladen)$/ }).click();
      await dialog.getByText('454').waitFor();
      await judge(`buying, ${look}`);
    });
    await walletCard(page, 'chat_credits').getByLabel(CHAT_ALERT).fill('77');
    await inEveryLook(page, async (look) => {
      await page.getByRole('link', { name: /^(Top-ups and invoices|Aufladungen und Rechnungen)$/ }).click();
      await judge(`the question before leaving, ${look}`);
    });
  });

  it('says in its place that it could not be loaded, is tried again there, and nothing around it is lost', async () => {
    open = await browser.open();
    const { page } = open;
    open.allow(/ERR_FAILED .*\.js$/);
    const gone = /\/(leave-dialog|history-section)-[^/]*\.js$/;
    await page.route(gone, (route) => route.abort());
    const triedAhead = ['leave-dialog', 'history-section'].map((part) =>
      page.waitForEvent('requestfailed', (request) => request.url().includes(`/${part}-`)),
    );
    await openCredits(page, stack, (await newAccount()).id);
    // Else the part could be loaded ahead, and mend itself, just when it is about to be tried again.
    await Promise.all(triedAhead);
    await page.evaluate('window.isTheSamePage = true');
    const alert = walletCard(page, 'chat_credits').getByLabel(CHAT_ALERT);
    await alert.fill('77');
    await page.getByRole('link', { name: 'Top-ups and invoices' }).click();
    const notLoaded = page.getByRole('alert').filter({ hasText: 'This part could not be loaded' });
    await notLoaded.waitFor();
    expect(await alert.inputValue()).toBe('77');
    await page.unroute(gone);
    await notLoaded.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('dialog', { name: 'Leave without saving?' }).waitFor();
    await page.route(gone, (route) => route.abort());
    await page.getByRole('button', { name: 'Leave' }).click();
    await notLoaded.waitFor();
    await page.unroute(gone);
    await notLoaded.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('heading', { name: 'Top-ups and invoices', level: 1 }).waitFor();
    expect(await page.evaluate('window.isTheSamePage')).toBe(true);
  });
});

test('a new build keeps the parts of those before it for as long as a page may be open', async () => {
  const [from, to] = [await mkdtemp(join(tmpdir(), 'old-')), await mkdtemp(join(tmpdir(), 'new-'))];
  try {
    await Promise.all([
      writeFile(join(from, 'part-before.js'), 'before'),
      writeFile(join(from, 'part-long-ago.js'), 'long ago'),
      writeFile(join(from, 'part-same.js'), 'same'),
      writeFile(join(to, 'part-same.js'), 'same'),
    ]);
    const yesterday = new Date(Date.now() - 24 * 60 * 60 * 1_000);
    await utimes(join(from, 'part-before.js'), yesterday, yesterday);
    await utimes(join(from, 'part-long-ago.js'), new Date(0), new Date(0));
    await keepOlderAssets(from, to);
    expect((await readdir(to)).sort()).toEqual(['part-before.js', 'part-same.js']);
    // Built yesterday, whoever carries it on.
    const { mtimeMs } = await stat(join(to, 'part-before.js'));
    expect(Math.abs(mtimeMs - yesterday.getTime())).toBeLessThan(1_000);
    await keepOlderAssets(join(from, 'nowhere'), to);
  } finally {
    await Promise.all([from, to].map((folder) => rm(folder, { recursive: true })));
  }
});
