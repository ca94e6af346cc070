import postgres from 'postgres';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ensureWeb } from '../../dev/web-build.ts';
import { eventually } from '../support/eventually.ts';
import { chat, createExampleAccount, type ExampleAccount } from '../support/example-account.ts';
import { startStack, type Stack } from '../support/stack.ts';
import { expectAccessible, expectAccessibleInEveryLook, LOOKS } from './support/axe.ts';
import { startBrowser, type Browser, type BrowserPage, type PageOptions } from './support/browser.ts';
import { openCredits, untilLive } from './support/credits.ts';
import { createLivedAccount, notify } from './support/lived-account.ts';
import { NO_ICON } from './support/stripe-pages.ts';

const WIDTHS = [360, 768, 1440] as const;
const SECTIONS = ['/history', '/usage', '/notifications', '/emails'] as const;

describe('the history of a balance on the credits page', () => {
  let stack: Stack;
  let browser: Browser;
  let lived: ExampleAccount;
  const opened: BrowserPage[] = [];
  beforeAll(async () => {
    await ensureWeb();
    [stack, browser] = await Promise.all([startStack({ worker: false }), startBrowser()]);
    lived = await createLivedAccount(stack);
  });
  afterEach(async () => {
    for (const { context, complaints } of opened.splice(0)) {
      expect(complaints()).toEqual([]);
      await context.close();
    }
  });
  afterAll(async () => {
    await browser?.stop();
    await stack?.stop();
  });

  async function open(account: ExampleAccount, path: string, options: PageOptions = {}) {
    const one = await browser.open(options);
    opened.push(one);
    await openCredits(one.page, stack, account.id, path);
    // The account's language wins over the browser's until somebody chooses.
    const language = options.locale === 'de' ? 'Deutsch' : 'English';
    await one.page.getByRole('button', { name: language }).click();
    return one;
  }

  const loaded = async (page: Page) => {
    await page.locator('.mantine-Skeleton-root').first().waitFor({ state: 'detached' });
  };

  it('every section is accessible and fits, in both languages and schemes, on every width', async () => {
    for (const path of SECTIONS) {
      const { page } = await open(lived, path);
      await loaded(page);
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 900 });
        for (const [language, scheme] of LOOKS) {
          await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
          await page.getByRole('button', { name: language, exact: true }).click();
          await loaded(page);
          const what = `${path}, ${language}, ${scheme}, ${width}`;
          const overflow = await page.evaluate('document.documentElement.scrollWidth - window.innerWidth');
          expect({ what, overflow }).toEqual({ what, overflow: 0 });
          // What axe judges differs between the widths by the menu, which the narrowest and the widest show.
          if (width === 360 || (width === 1440 && scheme === 'light')) await expectAccessible(page, what);
        }
      }
    }
  }, 400_000);

  it('what has nothing yet, what is not there and what cannot be loaded are accessible too', async () => {
    const account = await createExampleAccount(stack, { paymentMethod: null });
    const { page, allow } = await open(account, '/history');
    for (const [section, words] of [
      ['Top-ups and invoices', 'No top-ups yet'],
      ['Usage and balance', 'No entries'],
      ['Notifications', 'Nothing yet'],
    ] as const) {
      await page.getByRole('link', { name: section }).first().click();
      await page.getByText(words).waitFor();
      await loaded(page);
      await expectAccessibleInEveryLook(page, `${section}, empty`);
    }
    allow(/status of 503/);
    await page.route(/\/(top-ups|ledger|balance-history|notifications|email-preferences)(\?|$)/, (route) =>
      route.fulfill({ status: 503, json: { code: 'unavailable' } }),
    );
    await openCredits(page, stack, account.id, '/emails');
    for (const section of [
      'Email preferences',
      'Top-ups and invoices',
      'Usage and balance',
      'Notifications',
    ]) {
      await page.getByRole('link', { name: section }).first().click();
      await page.getByText('The service cannot answer right now.').first().waitFor();
      await loaded(page);
      await expectAccessibleInEveryLook(page, `${section}, failed`);
    }
    await page.unrouteAll();
    await openCredits(page, stack, account.id, '/nowhere');
    await expectAccessibleInEveryLook(page, 'not found');
  }, 240_000);

  it('each top-up says how it stands, what it cost with VAT, and leads to its invoice or to what is to be done', async () => {
    const { page } = await open(lived, '/history');
    const waiting = page.getByTestId('top-up').filter({ hasText: 'Needs your confirmation' });
    const confirm = waiting.getByRole('link', { name: 'Confirm the payment' });
    expect(await confirm.getAttribute('href')).toBe('https://pay.example/confirm');
    const credited = page.getByTestId('top-up').filter({ hasText: 'Credited' }).first();
    const words = (await credited.innerText()).replaceAll('\u00a0', ' ');
    expect(words).toContain('50 € + 9.50 € VAT = 59.50 €');
    const invoice = credited.getByRole('link', { name: /^Invoice ACME-.* opens in a new tab$/ });
    expect(await invoice.getAttribute('href')).toBe('https://pay.example/invoice.pdf');
    await page.getByLabel('Balance').selectOption('chat_credits');
    await eventually(async () => expect(await page.getByTestId('top-up').count()).toBe(1));
  });

  it('the invoice of a top-up opens as a PDF', async () => {
    const worker = await stack.startWorker();
    const account = await createExampleAccount(stack);
    await account.grant('chat_credits', 60);
    await account.enable('chat_credits');
    await account.use([chat(20)]);
    const { page, context, allow } = await open(account, '/history');
    allow(NO_ICON);
    const invoice = page
      .getByTestId('top-up')
      .filter({ hasText: 'Credited' })
      .getByRole('link', { name: /^Invoice / });
    await invoice.waitFor({ timeout: 60_000 });
    const href = (await invoice.getAttribute('href')) ?? '';
    // Chromium without a head saves what others show, so the document itself is asked for.
    await Promise.all([context.waitForEvent('page'), invoice.click()]);
    const answer = await page.request.get(href);
    expect({ status: answer.status(), type: answer.headers()['content-type'] }).toEqual({
      status: 200,
      type: 'application/pdf',
    });
    expect((await answer.body()).subarray(0, 5).toString()).toBe('%PDF-');
    await worker.stop();
  }, 120_000);

  it('a new notification is counted by the bell, told in the corner, and read', async () => {
    const account = await createExampleAccount(stack, { paymentMethod: null });
    const { page } = await open(account, '/notifications');
    await page.getByText('Nothing yet').waitFor();
    await untilLive(page);
    const sql = postgres(stack.databaseUrl, { max: 1, onnotice: () => undefined });
    try {
      for (const kind of ['balance.alert', 'top_up.succeeded']) await notify(sql, account.id, kind, 0);
    } finally {
      await sql.end();
    }
    await page.getByRole('link', { name: 'Notifications, 2 unread' }).waitFor();
    await page.locator('.mantine-Notification-root').first().waitFor();
    const unread = page.locator('[data-testid="notification"][data-unread="true"]');
    await eventually(async () => expect(await unread.count()).toBe(2));
    await unread
      .first()
      .getByRole('button', { name: /^Mark “/ })
      .click();
    await page.getByRole('link', { name: 'Notifications, 1 unread' }).waitFor();
    await page.getByText('Unread (1)').click();
    await eventually(async () => expect(await page.getByTestId('notification').count()).toBe(1));
    await page.getByRole('button', { name: 'Mark all as read' }).click();
    await page.getByRole('link', { name: 'Notifications, none unread' }).waitFor();
    await page.getByText('Everything is read').waitFor();
  });

  it('a mail is switched off and on by keyboard and stays so, and what matters cannot be', async () => {
    const { page } = await open(lived, '/emails');
    const low = page.getByRole('switch', { name: 'Low balance' });
    await low.press('Space');
    await page.getByTestId('announcer').getByText('Saved.').waitFor({ state: 'attached' });
    await page.reload();
    await low.waitFor();
    expect(await low.isChecked()).toBe(false);
    await low.press('Space');
    const muted = async () => {
      const { body } = await stack.call('GET', `/v1/accounts/${lived.id}/email-preferences`);
      return (body as { muted: string[] }).muted;
    };
    await eventually(async () => expect(await muted()).toEqual([]));
    expect(await page.getByRole('switch').count()).toBe(4);
    await page.getByText('Balance used up').waitFor();
  });

  it('a section that cannot be loaded says so and is tried again', async () => {
    const { page, allow } = await open(lived, '/emails');
    allow(/status of 503/);
    await page.getByRole('switch').first().waitFor();
    await page.route('**/top-ups?*', (route) =>
      route.fulfill({ status: 503, json: { code: 'unavailable' } }),
    );
    await page.route('**/top-ups', (route) => route.fulfill({ status: 503, json: { code: 'unavailable' } }));
    await page.getByRole('link', { name: 'Top-ups and invoices' }).click();
    await page.getByText('The service cannot answer right now.').waitFor();
    await page.unrouteAll();
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByTestId('top-up').first().waitFor();
    expect(await page.getByText('The service cannot answer right now.').count()).toBe(0);
  });
});
