import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ensureWeb } from '../../dev/web-build.ts';
import { eventually } from '../support/eventually.ts';
import { createExampleAccount, type ExampleAccount } from '../support/example-account.ts';
import { startStack, type Stack } from '../support/stack.ts';
import { expectAccessible, expectAccessibleInEveryLook, inEveryLook } from './support/axe.ts';
import { startBrowser, type Browser, type BrowserPage } from './support/browser.ts';
import { asOperator } from './support/console.ts';
import { openCredits, untilLive } from './support/credits.ts';

const SOON = { timeoutMs: 30_000, pauseMs: 100 };

describe('what a customer is told', { timeout: 120_000 }, () => {
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

  const newAccount = (locale: 'de' | 'en' = 'en') =>
    createExampleAccount(stack, { paymentMethod: null, profile: { locale } });
  const alert = async ({ id }: ExampleAccount) => {
    const body = { wallet: 'call_minutes', reason: 'test' };
    expect((await asOperator(stack, 'POST', `accounts/${id}/send-test-alert`, body)).status).toBe(202);
  };

  it('while the service cannot be reached the page says so, and then lists what came meanwhile', async () => {
    const account = await newAccount();
    open = await browser.open({ width: 360, height: 740 });
    const { page } = open;
    open.allow(/ERR_FAILED .*\/stream$/);
    await page.route('**/stream', (route) => route.abort());
    await openCredits(page, stack, account.id, '/notifications');
    await page.getByText('Nothing yet').waitFor();
    await page.getByTestId('unreachable').getByText('The service cannot be reached').waitFor();
    await expectAccessibleInEveryLook(page, 'unreachable');
    await alert(account);
    await page.unroute('**/stream');
    await page.getByTestId('notification').getByText('Test alert').waitFor();
    await page.getByTestId('unreachable').waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'Notifications, 1 unread' }).waitFor();
  });

  it('a stream that opens and tells nothing does not count as live', async () => {
    const account = await newAccount();
    open = await browser.open();
    const { page } = open;
    await page.route('**/stream', (route) =>
      route.fulfill({ contentType: 'text/event-stream', body: 'retry: 3000\n\n: still here\n\n' }),
    );
    await openCredits(page, stack, account.id, '/notifications');
    await page.getByTestId('unreachable').waitFor();
    await page.unroute('**/stream');
    await untilLive(page);
    await page.getByTestId('unreachable').waitFor({ state: 'detached' });
  });

  it("is marked as what it is in: the account's language, whatever the page's", async () => {
    const account = await newAccount('de');
    await alert(account);
    open = await browser.open();
    const { page } = open;
    await openCredits(page, stack, account.id, '/notifications');
    await page.getByRole('button', { name: 'English' }).click();
    const told = page.getByTestId('notification').getByText('Testwarnung');
    await told.waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
    expect(await told.getAttribute('lang')).toBe('de');
    await untilLive(page);
    const toast = page.locator('.mantine-Notification-root');
    await inEveryLook(page, async (look) => {
      await alert(account);
      // It stays as long as it is pointed at.
      await toast.hover();
      expect(await toast.getByText('Testwarnung').getAttribute('lang')).toBe('de');
      await expectAccessible(page, `a toast, ${look}`);
      await toast.getByRole('button').click();
      await toast.waitFor({ state: 'detached' });
    });
  });

  it('keeps the focus where it was when it is marked as read', async () => {
    const account = await newAccount();
    for (let count = 1; count <= 3; count += 1) await alert(account);
    open = await browser.open();
    const { page } = open;
    await openCredits(page, stack, account.id, '/notifications');
    const cards = page.getByTestId('notification');
    const focused = () => page.evaluate('document.activeElement?.dataset.testid');
    await eventually(async () => expect(await cards.count()).toBe(3), SOON);
    await cards.first().getByRole('button').press('Enter');
    await page.getByRole('link', { name: 'Notifications, 2 unread' }).waitFor();
    await eventually(async () => expect(await focused()).toBe('notification'), SOON);
    const isFirst = "document.activeElement === document.querySelector('[data-testid=notification]')";
    expect(await page.evaluate(isFirst)).toBe(true);
    // Where only unread ones are shown, the card goes as well.
    await page.getByText('Unread (2)').click();
    await eventually(async () => expect(await cards.count()).toBe(2), SOON);
    await cards.first().getByRole('button').press('Enter');
    await eventually(async () => expect(await cards.count()).toBe(1), SOON);
    await eventually(async () => expect(await focused()).toBe('notification'), SOON);
  });

  it('by email is what was chosen last: a choice that fails is taken back, and undoes no other', async () => {
    const account = await newAccount();
    open = await browser.open();
    const { page } = open;
    open.allow(/ERR_FAILED .*\/email-preferences$/);
    await openCredits(page, stack, account.id, '/emails');
    const low = page.getByRole('switch', { name: 'Low balance' });
    const credited = page.getByRole('switch', { name: 'Top-up credited' });
    await low.waitFor();
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    let isFirst = true;
    await page.route('**/email-preferences', async (route) => {
      if (route.request().method() !== 'PUT' || !isFirst) return route.continue();
      isFirst = false;
      await held;
      return route.abort();
    });
    await low.press('Space');
    await credited.press('Space');
    expect([await low.isChecked(), await credited.isChecked()]).toEqual([false, false]);
    release();
    await eventually(async () => {
      const { body } = await stack.call('GET', `/v1/accounts/${account.id}/email-preferences`);
      expect((body as { muted: string[] }).muted).toEqual(['top_up.succeeded']);
    }, SOON);
    await eventually(async () => {
      expect([await low.isChecked(), await credited.isChecked()]).toEqual([true, false]);
    }, SOON);
    await page.getByText('The service cannot be reached.').waitFor();
  });
});
