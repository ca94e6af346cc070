import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ensureWeb } from '../../dev/web-build.ts';
import { eventually } from '../support/eventually.ts';
import { createExampleAccount, type ExampleAccount } from '../support/example-account.ts';
import { startStack, type Stack } from '../support/stack.ts';
import { expectAccessible, expectAccessibleInEveryLook } from './support/axe.ts';
import { startBrowser, type Browser, type BrowserPage } from './support/browser.ts';
import { openCredits, textOf, walletCard } from './support/credits.ts';

const SOON = { timeoutMs: 20_000, pauseMs: 100 };
const CALLS = [
  'Enable Auto Top-up',
  'Alert when balance below',
  'Top up when balance below',
  'Amount to top up (EUR)',
] as const;
const CHAT = [
  'Enable Chat Credits Auto Top-up',
  'Alert when credits below',
  'Top up when credits below',
  'Amount to top up (EUR)',
] as const;

describe('the settings on the credits page', { timeout: 120_000 }, () => {
  let stack: Stack;
  let browser: Browser;
  let open: BrowserPage | undefined;
  beforeAll(async () => {
    await ensureWeb();
    [stack, browser] = await Promise.all([startStack(), startBrowser()]);
  });
  afterEach(async () => {
    expect(open?.complaints() ?? []).toEqual([]);
    await open?.context.close();
    open = undefined;
  });
  afterAll(async () => {
    await browser?.stop();
    await stack?.stop();
  });

  const visit = async (
    account: ExampleAccount,
    options: Parameters<Browser['open']>[0] = {},
    path = '',
  ): Promise<Page> => {
    open = await browser.open(options);
    await openCredits(open.page, stack, account.id, path);
    return open.page;
  };
  const english = () => createExampleAccount(stack, { profile: { locale: 'en' } });
  const saved = async ({ id }: ExampleAccount, wallet: string) =>
    (await stack.call('GET', `/v1/accounts/${id}/auto-top-up/${wallet}`)).body as Record<string, unknown>;

  it("both cards use the product page's words, and every state of the page is accessible", async () => {
    const page = await visit(await english());
    const calls = walletCard(page, 'call_minutes');
    const chat = walletCard(page, 'chat_credits');
    await calls.getByRole('heading', { name: 'Call minutes' }).waitFor();
    await chat.getByRole('heading', { name: 'Chat credits' }).waitFor();
    for (const label of CALLS) await calls.getByLabel(label, { exact: true }).waitFor();
    for (const label of CHAT) await chat.getByLabel(label, { exact: true }).waitFor();
    await calls.getByRole('button', { name: 'Save Auto Top-up Settings', exact: true }).waitFor();
    await chat.getByRole('button', { name: 'Save Chat Credits Auto Top-up Settings', exact: true }).waitFor();
    expect(await textOf(calls)).toContain('only works for campaigns (outbound)');
    await calls.getByRole('button', { name: 'Advanced' }).click();
    await calls.getByLabel('Monthly cap (EUR)').waitFor();
    await expectAccessibleInEveryLook(page, 'the settings');
  });

  it("the equivalent follows every keystroke, in the language's numbers", async () => {
    const page = await visit(await english());
    const amount = walletCard(page, 'call_minutes').getByLabel('Amount to top up (EUR)');
    const shows = (wallet: string, text: string) =>
      eventually(async () => expect(await textOf(page.getByTestId(`quote-${wallet}`))).toBe(text), SOON);
    await shows('call_minutes', '50 € → 454 call minutes');
    await shows('chat_credits', '10 € → 1,285 chat credits');
    await amount.fill('');
    for (const [key, text] of [
      ['7', '7 € → 63 call minutes'],
      ['5', '75 € → 681 call minutes'],
      ['.', '75 € → 681 call minutes'],
      ['5', '75.50 € → 686 call minutes'],
    ] as const) {
      await amount.press(key);
      await shows('call_minutes', text);
    }
    await page.getByRole('button', { name: 'Deutsch' }).click();
    await shows('call_minutes', '75,50 € → 686 Gesprächsminuten');
    await shows('chat_credits', '10 € → 1.285 Chat-Credits');
    const preview = page.getByTestId('preview-call_minutes');
    await eventually(async () => expect(await textOf(preview)).toContain('= 89,85 €'), SOON);
  });

  it('an answer that comes late is not shown for another amount', async () => {
    const page = await visit(await english());
    const quote = page.getByTestId('quote-call_minutes');
    await quote.getByText('454').waitFor();
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    await page.route('**/quote?**amount=20*', async (route) => {
      await held;
      await route.continue();
    });
    const amount = walletCard(page, 'call_minutes').getByLabel('Amount to top up (EUR)');
    const asked = page.waitForRequest('**/quote?**amount=20*');
    await amount.fill('20');
    await asked;
    expect(await textOf(quote)).toBe('20 € → …');
    await amount.fill('30');
    await quote.getByText('272').waitFor();
    release();
    await page.unrouteAll({ behavior: 'wait' });
    expect(await textOf(quote)).toBe('30 € → 272 call minutes');
  });

  it('each card is saved by itself, and says what it does from then on', async () => {
    const account = await english();
    await account.grant('chat_credits', 200);
    const page = await visit(account);
    const calls = walletCard(page, 'call_minutes');
    const chat = walletCard(page, 'chat_credits');
    await calls.getByLabel(CALLS[0], { exact: true }).click();
    await calls.getByLabel(CALLS[1]).fill('20');
    await calls.getByRole('button', { name: 'Advanced' }).click();
    await calls.getByLabel('Monthly cap (EUR)').fill('200');
    await chat.getByLabel(CHAT[1]).fill('150');
    await calls.getByRole('button', { name: 'Save Auto Top-up Settings' }).click();
    await page.getByText('The settings are saved.').first().waitFor();
    expect(await saved(account, 'call_minutes')).toMatchObject({
      enabled: true,
      alertBelow: 20,
      topUpBelow: 5,
      amount: 50,
      monthlyCap: 200,
      version: 1,
    });
    expect(await saved(account, 'chat_credits')).toMatchObject({ version: 0 });
    // The other card still holds what was typed.
    expect(await chat.getByLabel(CHAT[1]).inputValue()).toBe('150');
    await chat.getByLabel(CHAT[0], { exact: true }).click();
    await chat.getByRole('button', { name: 'Save Chat Credits' }).click();
    await eventually(async () => {
      expect(await saved(account, 'chat_credits')).toMatchObject({
        enabled: true,
        alertBelow: 150,
        version: 1,
      });
    }, SOON);
    await chat.getByText('The balance is high enough.').waitFor();
    await expectAccessibleInEveryLook(page, 'saved settings');
  });

  it('before saving, the page says that saving charges at once, and so it does', async () => {
    const account = await english();
    await account.grant('chat_credits', 40);
    const page = await visit(account);
    const chat = walletCard(page, 'chat_credits');
    await page.getByText(/Visa ending in 4242/).waitFor();
    await chat.getByLabel(CHAT[0], { exact: true }).click();
    const preview = page.getByTestId('preview-chat_credits');
    await eventually(
      async () => expect(await textOf(preview)).toMatch(/card is charged 10 € plus VAT at once/),
      SOON,
    );
    await expectAccessibleInEveryLook(page, 'a charge at once');
    await chat.getByRole('button', { name: 'Save Chat Credits' }).click();
    await page.getByTestId('balance-chat_credits').getByText('1,325 credits').waitFor({ timeout: 30_000 });
    expect((await account.read()).wallets['chat_credits']?.balance).toBe(1_325);
  });

  it('a value that cannot be taken is explained at its field, which gets the focus', async () => {
    const account = await english();
    const page = await visit(account);
    open?.allow(/status of 422/);
    const calls = walletCard(page, 'call_minutes');
    const amount = calls.getByLabel(CALLS[3]);
    await amount.fill('0.5');
    await calls.getByLabel(CALLS[1]).fill('');
    await calls.getByRole('button', { name: 'Save Auto Top-up Settings' }).click();
    const alert = calls.getByLabel(CALLS[1]);
    const focusIsOn = (field: string) =>
      eventually(async () => expect(await page.locator(':focus').getAttribute('name')).toBe(field), SOON);
    await calls.getByText('Enter a number.').waitFor();
    await focusIsOn('alertBelow');
    await alert.fill('10');
    await calls.getByRole('button', { name: 'Save Auto Top-up Settings' }).click();
    await eventually(async () => expect(await textOf(calls)).toContain('Enter at least 1 €.'), SOON);
    await focusIsOn('amount');
    expect(await amount.getAttribute('aria-invalid')).toBe('true');
    await expectAccessibleInEveryLook(page, 'field errors');
    expect(await saved(account, 'call_minutes')).toMatchObject({ version: 0 });
  });

  it('what is allowed and probably not meant is said in plain words', async () => {
    const page = await visit(await english());
    const calls = walletCard(page, 'call_minutes');
    await calls.getByLabel(CALLS[1]).fill('3');
    await calls.getByText('The alert value is not above the top-up value').waitFor();
    await calls.getByLabel(CALLS[1]).fill('30');
    await calls.getByText('The alert value is not above the top-up value').waitFor({ state: 'detached' });
  });

  it('two tabs: the later save is merged field by field, and nothing is overwritten unseen', async () => {
    const account = await english();
    const first = await visit(account);
    open?.allow(/status of 412/);
    const second = await open!.tab();
    await openCredits(second, stack, account.id);
    const mine = walletCard(first, 'call_minutes');
    const theirs = walletCard(second, 'call_minutes');
    // Mine is edited first, so it rests on what was before.
    await mine.getByLabel(CALLS[3]).fill('80');
    await mine.getByLabel(CALLS[1]).fill('12');
    await theirs.getByLabel(CALLS[3]).fill('60');
    await theirs.getByLabel(CALLS[2]).fill('6');
    await theirs.getByRole('button', { name: 'Save Auto Top-up Settings' }).click();
    await second.getByText('The settings are saved.').waitFor();
    await mine.getByText('These settings were just changed elsewhere.').waitFor();
    await mine.getByRole('button', { name: 'Save Auto Top-up Settings' }).click();
    const merge = first.getByTestId('merge-call_minutes');
    await merge.getByText('Someone else has changed these settings').waitFor();
    expect(await textOf(merge)).toContain('Top up when balance below: 6 call minutes');
    expect(await merge.getByRole('radio').count()).toBe(2);
    await expectAccessibleInEveryLook(first, 'the merge');
    await merge.getByLabel('Saved meanwhile: 60 €').click();
    await merge.getByRole('button', { name: 'Save this choice' }).click();
    await first.getByText('The settings are saved.').waitFor();
    expect(await saved(account, 'call_minutes')).toMatchObject({
      alertBelow: 12,
      topUpBelow: 6,
      amount: 60,
      version: 2,
    });
    // The other tab follows, because nothing is unsaved there.
    await eventually(async () => expect(await theirs.getByLabel(CALLS[1]).inputValue()).toBe('12'), SOON);
  });

  it('unsaved changes are not lost by going elsewhere', async () => {
    const page = await visit(await english());
    const alert = walletCard(page, 'chat_credits').getByLabel(CHAT[1]);
    await alert.fill('77');
    await page.getByRole('link', { name: 'Top-ups and invoices' }).click();
    const dialog = page.getByRole('dialog', { name: 'Leave without saving?' });
    await dialog.waitFor();
    await expectAccessible(page, 'the question');
    await dialog.getByRole('button', { name: 'Stay' }).click();
    expect(await alert.inputValue()).toBe('77');
    // The browser asks by itself before a reload.
    const asked = page.waitForEvent('dialog');
    void page.close({ runBeforeUnload: true });
    const question = await asked;
    expect(question.type()).toBe('beforeunload');
    await question.dismiss();
    expect(await alert.inputValue()).toBe('77');
  });
});
