import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ensureWeb } from '../../dev/web-build.ts';
import { eventually } from '../support/eventually.ts';
import { createExampleAccount } from '../support/example-account.ts';
import { startStack, type Stack } from '../support/stack.ts';
import { expectAccessibleInEveryLook } from './support/axe.ts';
import { startBrowser, type Browser, type BrowserPage } from './support/browser.ts';
import { openCredits, signedInUrl, textOf } from './support/credits.ts';

/** More than the header has, so that the way leads into the content. */
const STOPS = 10;
const SOON = { timeoutMs: 30_000, pauseMs: 100 };

describe('the credits page while it is open', { timeout: 120_000 }, () => {
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

  const english = () => createExampleAccount(stack, { profile: { locale: 'en' } });

  it('shows a balance as it changes, and reads out what was added', async () => {
    const account = await english();
    open = await browser.open();
    const { page } = open;
    await openCredits(page, stack, account.id);
    await page.getByTestId('liveness').getByText('Live').waitFor();
    await account.grant('call_minutes', 42);
    await page.getByTestId('balance-call_minutes').getByText('42 min').waitFor();
    await eventually(async () => {
      expect(await page.getByTestId('announcer').textContent()).toBe('Call minutes: balance 42 min');
    }, SOON);
  });

  it('without a connection it says so, and with it again it shows what has changed meanwhile', async () => {
    const account = await english();
    open = await browser.open();
    const { page, context } = open;
    open.allow(/ERR_INTERNET_DISCONNECTED/);
    await openCredits(page, stack, account.id);
    await page.getByTestId('liveness').getByText('Live').waitFor();
    await context.setOffline(true);
    await page.getByTestId('offline').waitFor();
    await page.getByTestId('liveness').getByText('Connecting').waitFor();
    await account.grant('chat_credits', 7);
    await expectAccessibleInEveryLook(page, 'offline');
    // Nothing is lost of what is tried meanwhile: it is told, and can be tried again.
    const chat = page.getByTestId('wallet-chat_credits');
    await chat.getByLabel('Enable Chat Credits Auto Top-up').click();
    await chat.getByRole('button', { name: 'Save Chat Credits' }).click();
    await chat.getByText('The service cannot be reached.').waitFor();
    await context.setOffline(false);
    await page.getByTestId('offline').waitFor({ state: 'detached' });
    await page.getByTestId('balance-chat_credits').getByText('7 credits').waitFor();
    await chat.getByRole('button', { name: 'Save Chat Credits' }).click();
    await page.getByText('The settings are saved.').waitFor();
  });

  it("another account's token shows nothing of this account", async () => {
    const mine = await english();
    await mine.grant('call_minutes', 1_234);
    const other = await english();
    await other.grant('call_minutes', 55);
    open = await browser.open();
    const { page } = open;
    const asked: { url: string; token: string | undefined }[] = [];
    page.on('request', (request) => {
      asked.push({ url: request.url(), token: request.headers()['authorization'] });
    });
    await openCredits(page, stack, mine.id);
    await page.getByTestId('balance-call_minutes').getByText('1,234 min').waitFor();
    // In the same tab: only the fragment differs, so the page is not loaded anew.
    await page.goto(await signedInUrl(stack, other.id));
    await page.getByTestId('balance-call_minutes').getByText('55 min').waitFor();
    expect(page.url()).not.toContain('token');
    expect(await textOf(page.locator('body'))).not.toContain('1,234');
    const token = asked.find(({ url }) => url.includes(other.id))?.token;
    expect(token).toMatch(/^Bearer ./);
    expect(asked.filter((each) => each.token === token && each.url.includes(mine.id))).toEqual([]);
    await mine.grant('call_minutes', 1);
    await other.grant('call_minutes', 2);
    await page.getByTestId('balance-call_minutes').getByText('57 min').waitFor();
    expect(await textOf(page.locator('body'))).not.toContain('1,235');
  });

  it("follows the account's language and time zone, until another is chosen", async () => {
    const account = await createExampleAccount(stack, { profile: { locale: 'de' } });
    open = await browser.open({ locale: 'en' });
    const { page } = open;
    await openCredits(page, stack, account.id);
    await page.getByRole('heading', { name: 'Gesprächsminuten' }).waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('de');
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('heading', { name: 'Call minutes' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Call minutes' }).waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
  });

  it('can be used by keyboard alone on a small screen', async () => {
    open = await browser.open({ width: 360, height: 740 });
    const { page } = open;
    await openCredits(page, stack, (await english()).id);
    await page.keyboard.press('Tab');
    expect(await textOf(page.locator(':focus'))).toBe('Skip to the content');
    await page.keyboard.press('Enter');
    expect(await page.locator(':focus').getAttribute('id')).toBe('content');
    const menu = page.getByRole('button', { name: 'Open the menu' });
    await menu.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Add credits' }).focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Add credits' });
    await dialog.waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    const wide = await page.evaluate(
      'document.documentElement.scrollWidth > document.documentElement.clientWidth',
    );
    expect(wide).toBe(false);
  });

  it('a menu that is closed is not there for the keyboard, and leads back to its button', async () => {
    open = await browser.open({ width: 360, height: 740 });
    const { page } = open;
    await openCredits(page, stack, (await english()).id);
    await page.getByRole('button', { name: 'Enable' }).or(page.getByRole('switch')).first().waitFor();
    const isInMenu = () => page.evaluate("document.activeElement?.closest('nav') !== null");
    for (let stop = 1; stop <= STOPS; stop += 1) {
      await page.keyboard.press('Tab');
      expect(await isInMenu()).toBe(false);
    }
    const menu = page.getByRole('button', { name: 'Open the menu' });
    await menu.press('Enter');
    await page.getByRole('link', { name: 'Email preferences' }).press('Enter');
    await page.getByRole('heading', { name: 'Email preferences', level: 1 }).waitFor();
    await page.getByRole('navigation').waitFor({ state: 'hidden' });
    expect(await page.locator(':focus').getAttribute('aria-label')).toBe('Open the menu');
  });

  it('warns before the session ends, so that nothing that is unsaved is lost', async () => {
    open = await browser.open();
    const { page } = open;
    await page.clock.install();
    await openCredits(page, stack, (await english()).id);
    await page.clock.fastForward('00:54:00');
    expect(await page.getByTestId('ending').count()).toBe(0);
    await page.clock.fastForward('00:02:00');
    await page.getByTestId('ending').getByText('Save what you have changed').waitFor();
    await expectAccessibleInEveryLook(page, 'a session that ends soon');
  });

  it('a token that runs out ends the visit in plain words', async () => {
    const account = await english();
    open = await browser.open();
    const { page } = open;
    await page.clock.install();
    await openCredits(page, stack, account.id);
    await page.clock.fastForward('01:01:00');
    await page.getByRole('heading', { name: 'Your session has expired.' }).waitFor();
    expect(await textOf(page.locator('body'))).not.toContain('Balance');
  });
});
