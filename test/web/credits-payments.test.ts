import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ensureWeb } from '../../dev/web-build.ts';
import {
  createExampleAccount,
  makeCardBehaveAs,
  type ExampleAccount,
  type TopUpItem,
} from '../support/example-account.ts';
import { startStack, type Stack } from '../support/stack.ts';
import { expectAccessible, expectAccessibleInEveryLook } from './support/axe.ts';
import { startBrowser, type Browser, type BrowserPage } from './support/browser.ts';
import { openCredits } from './support/credits.ts';
import { NO_ICON, payOnPage, saveCardOnPage } from './support/stripe-pages.ts';

/** A charge goes through workflow, provider and webhook. */
const CHARGED = { timeout: 40_000 };

describe('paying from the credits page', { timeout: 120_000 }, () => {
  let stack: Stack;
  let browser: Browser;
  let open: BrowserPage;
  beforeAll(async () => {
    await ensureWeb();
    [stack, browser] = await Promise.all([startStack(), startBrowser()]);
  });
  afterEach(async () => {
    expect(open.complaints()).toEqual([]);
    await open.context.close();
  });
  afterAll(async () => {
    await browser?.stop();
    await stack?.stop();
  });

  const english = (paymentMethod: string | null = 'pm_card_visa') =>
    createExampleAccount(stack, { paymentMethod, profile: { locale: 'en' } });
  const visit = async (account: ExampleAccount): Promise<Page> => {
    open = await browser.open();
    open.allow(NO_ICON);
    await openCredits(open.page, stack, account.id);
    return open.page;
  };
  /** The provider's pages say in its query what was done there. */
  const isCreditsPage = ({ origin, pathname }: URL) => origin === stack.apiUrl && pathname === '/credits';
  const openBuying = async (page: Page) => {
    await page.getByRole('button', { name: 'Add credits' }).click();
    const dialog = page.getByRole('dialog', { name: 'Add credits' });
    await dialog.waitFor();
    return dialog;
  };
  it('a payment that the bank wants confirmed leads to 3-D Secure, and is credited once', async () => {
    const account = await english('pm_card_authenticationRequired');
    await account.grant('chat_credits', 40);
    await account.enable('chat_credits');
    const page = await visit(account);
    const banner = page.getByRole('alert').filter({ hasText: 'Your bank wants you to confirm a payment' });
    await banner.waitFor(CHARGED);
    await banner.getByText('11.90 €').waitFor();
    await expectAccessibleInEveryLook(page, 'action required');
    await banner.getByRole('link', { name: 'Confirm payment' }).click();
    await page.locator('#authenticate, #pay').first().waitFor();
    if (await page.locator('#authenticate').isVisible()) await page.locator('#authenticate').click();
    else {
      await page.locator('input[name=method]').first().check();
      await page.locator('#pay').click();
    }
    await page.locator('#complete').click();
    await openCredits(page, stack, account.id);
    await page.getByTestId('balance-chat_credits').getByText('1,325 credits').waitFor(CHARGED);
    await banner.waitFor({ state: 'detached' });
    expect(await account.list<TopUpItem>('top-ups')).toMatchObject([{ state: 'credited', total: 11.9 }]);
  });

  it('a card that was refused for good stops it; mended, the customer resumes and is topped up', async () => {
    const account = await english();
    await makeCardBehaveAs(stack, account, '4000000000009987');
    await account.grant('chat_credits', 40);
    await account.enable('chat_credits');
    const page = await visit(account);
    const banner = page.getByRole('alert').filter({ hasText: 'Auto Top-up is stopped' });
    await banner.waitFor(CHARGED);
    await banner.getByText('Your bank has refused the card for good.').waitFor();
    await expectAccessibleInEveryLook(page, 'suspended');
    await makeCardBehaveAs(stack, account, '4242424242424242');
    await banner.getByRole('button', { name: 'Resume Auto Top-up' }).click();
    await page.getByText('Auto Top-up is running again.').waitFor();
    await banner.waitFor({ state: 'detached' });
    await page.getByTestId('balance-chat_credits').getByText('1,325 credits').waitFor(CHARGED);
  });

  it('the card is replaced on the hosted page, and the customer comes back to the page signed in', async () => {
    const account = await english();
    const page = await visit(account);
    await page.getByText('Visa ending in 4242').waitFor(CHARGED);
    await page.getByText('Expires 12/2034').waitFor();
    await page.getByRole('button', { name: 'Replace card' }).click();
    await page.getByRole('heading', { name: 'Save a card' }).waitFor();
    await saveCardOnPage(page, '5555 5555 5555 4444');
    await page.waitForURL(isCreditsPage);
    await page.getByText('Mastercard ending in 4444').waitFor(CHARGED);
  });

  it('credits are bought by the saved card with one click, and only once', async () => {
    const account = await english();
    const page = await visit(account);
    await page.getByText('Visa ending in 4242').waitFor(CHARGED);
    const dialog = await openBuying(page);
    await dialog.getByText('454 call minutes').waitFor();
    await expectAccessible(page, 'buying');
    await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
    await expectAccessible(page, 'buying, dark');
    await dialog.getByRole('button', { name: 'Buy for 50 € plus VAT' }).click();
    await page.getByText('Your card is being charged.', { exact: false }).first().waitFor();
    await page.getByTestId('balance-call_minutes').getByText('454 min').waitFor(CHARGED);
    expect(await account.list<TopUpItem>('top-ups')).toMatchObject([{ state: 'credited', amount: 50 }]);
  });

  it('without a card, credits are bought on the payment page, and the customer comes back signed in', async () => {
    const account = await english(null);
    const page = await visit(account);
    const dialog = await openBuying(page);
    await dialog.getByText('Chat credits', { exact: true }).click();
    await dialog.getByText('1,285 chat credits').waitFor();
    await dialog.getByRole('button', { name: 'To the payment page' }).click();
    await page.getByRole('heading', { name: 'Pay' }).waitFor();
    await payOnPage(page);
    await page.waitForURL(isCreditsPage);
    await page.getByTestId('balance-chat_credits').getByText('1,285 credits').waitFor(CHARGED);
  });

  it('a purchase that is still open is found again, by its banner and when buying again', async () => {
    const account = await english(null);
    await stack.call(
      'POST',
      `/v1/accounts/${account.id}/top-ups`,
      { wallet: 'chat_credits', amount: 10, method: 'checkout' },
      { 'idempotency-key': crypto.randomUUID() },
    );
    const page = await visit(account);
    open.allow(/status of 409/);
    await page.getByRole('alert').filter({ hasText: 'A purchase waits for payment' }).waitFor();
    await expectAccessibleInEveryLook(page, 'an open purchase');
    const dialog = await openBuying(page);
    await dialog.getByText('Chat credits', { exact: true }).click();
    await dialog.getByLabel('Amount (EUR)').fill('20');
    await dialog.getByRole('button', { name: 'To the payment page' }).click();
    await dialog.getByText('Another purchase of this balance is under way.', { exact: false }).waitFor();
    await dialog.getByRole('link', { name: 'To the open payment' }).click();
    await page.getByRole('heading', { name: 'Pay' }).waitFor();
  });
});
