import type { Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ensureWeb } from '../../dev/web-build.ts';
import { eventually } from '../support/eventually.ts';
import { chat, createExampleAccount, type ExampleAccount } from '../support/example-account.ts';
import { startStack, type Stack } from '../support/stack.ts';
import { startBrowser, type Browser, type BrowserPage } from './support/browser.ts';
import { openCredits, textOf, walletCard } from './support/credits.ts';
import { holdRequests } from './support/gate.ts';

const SOON = { timeoutMs: 20_000, pauseMs: 100 };
const AMOUNT = 'Amount to top up (EUR)';
const SAVE_CALLS = 'Save Auto Top-up Settings';
const CHARGES_10 = 'Your card is charged 10 € plus VAT at once';

/** What the settings page says before it saves, it keeps; and what a customer types, it never loses or changes. */
describe('the promises of the settings page', { timeout: 120_000 }, () => {
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

  const english = () => createExampleAccount(stack, { profile: { locale: 'en' } });
  const visit = async (account: ExampleAccount): Promise<Page> => {
    open = await browser.open();
    await openCredits(open.page, stack, account.id);
    return open.page;
  };
  const shows = (locator: Locator, text: string) =>
    eventually(async () => expect(await textOf(locator)).toContain(text), SOON);
  const pathOf = ({ id }: ExampleAccount, wallet: string) => `/v1/accounts/${id}/auto-top-up/${wallet}`;
  const savedOf = async (account: ExampleAccount, wallet: string) =>
    (await stack.call('GET', pathOf(account, wallet))).body as Record<string, unknown>;
  /** With credits below the value that the form proposes, a card on file, and the switch on. */
  const aboutToCharge = async () => {
    const account = await english();
    await account.grant('chat_credits', 40);
    const page = await visit(account);
    const card = walletCard(page, 'chat_credits');
    await page.getByText('Visa ending in 4242').waitFor();
    await card.getByLabel('Enable Chat Credits Auto Top-up', { exact: true }).click();
    const preview = page.getByTestId('preview-chat_credits');
    await shows(preview, CHARGES_10);
    return { account, page, card, preview };
  };

  it('what saving does now follows the balance, so that nobody is charged against what was said', async () => {
    const account = await english();
    await account.grant('chat_credits', 60);
    const page = await visit(account);
    await page.getByText('Visa ending in 4242').waitFor();
    await walletCard(page, 'chat_credits')
      .getByLabel('Enable Chat Credits Auto Top-up', { exact: true })
      .click();
    const now = page.getByTestId('preview-chat_credits').getByTestId('preview-now');
    await shows(now, 'Nothing is charged: the balance is above the top-up value.');
    await shows(now, 'You are sent an alert at once');
    await account.use([chat(20)]);
    await shows(now, CHARGES_10);
    // A deeper gap takes more than one amount.
    await account.use([chat(1_400)]);
    await shows(now, 'Your card is charged 20 € plus VAT at once');
  });

  it('while other values are asked for, the page promises nothing', async () => {
    const { page, card, preview } = await aboutToCharge();
    const gate = await holdRequests(page, '**/preview');
    await card.getByLabel(AMOUNT).fill('500');
    await shows(preview, 'Calculating …');
    expect(await textOf(preview)).not.toContain('at once');
    await eventually(() => expect(gate.sent).not.toHaveLength(0), SOON);
    expect(await textOf(preview)).not.toContain('at once');
    gate.open();
    await shows(preview, 'Your card is charged 500 € plus VAT at once');
    await card.getByLabel(AMOUNT).fill('');
    await shows(preview, 'These values cannot be saved as they are.');
    expect(await textOf(preview)).not.toContain('at once');
  });

  it('an amount below what may be charged is told at the amount, and nothing else is said of it', async () => {
    const { card, page, preview } = await aboutToCharge();
    open?.allow(/status of 422/);
    await card.getByLabel(AMOUNT).fill('0.5');
    await shows(page.getByTestId('quote-chat_credits'), 'Enter at least 1 €.');
    await shows(preview, 'These values cannot be saved as they are.');
  });

  it("the equivalent is by the rate of the plan that holds now, and never by another's", async () => {
    const account = await english();
    const page = await visit(account);
    const quote = page.getByTestId('quote-call_minutes');
    await shows(quote, '50 € → 454 call minutes');
    const { email } = account;
    const profile = { name: 'Example GmbH', email, locale: 'en', timeZone: 'Europe/Berlin', country: 'DE' };
    await stack.call('PUT', `/v1/accounts/${account.id}`, { ...profile, plan: 'flex' });
    await shows(quote, '50 € → 100 call minutes');
  });

  it.each([
    ['en', '1,000', '1,000 € → 9,090 call minutes', '2,000', '1,5', 'Write the number like 1,000.5.'],
    [
      'de',
      '1.000',
      '1.000 € → 9.090 Gesprächsminuten',
      '2.000',
      '75.5',
      'Schreiben Sie die Zahl so wie 1.000,5.',
    ],
  ] as const)(
    'in the language %s %s is a thousand, and what may mean another number is refused',
    async (locale, thousand, quoted, alert, unclear, refusal) => {
      const account = await createExampleAccount(stack, { profile: { locale } });
      const page = await visit(account);
      const card = walletCard(page, 'call_minutes');
      const field = (name: string) => card.locator(`input[name="${name}"]`);
      const typeInto = async (input: Locator, text: string) => {
        await input.fill('');
        await input.pressSequentially(text);
      };
      await typeInto(field('amount'), thousand);
      await shows(page.getByTestId('quote-call_minutes'), quoted);
      await typeInto(field('alertBelow'), alert);
      await typeInto(field('topUpBelow'), thousand);
      await card.locator('button[type=submit]').click();
      await eventually(async () => {
        const saved = { amount: 1_000, alertBelow: 2_000, topUpBelow: 1_000, version: 1 };
        expect(await savedOf(account, 'call_minutes')).toMatchObject(saved);
      }, SOON);
      await typeInto(field('amount'), unclear);
      await field('topUpBelow').focus();
      await card.getByText(refusal).waitFor();
      await card.locator('button[type=submit]').click();
      await eventually(async () => {
        expect(await page.locator(':focus').getAttribute('name')).toBe('amount');
      }, SOON);
      expect(await savedOf(account, 'call_minutes')).toMatchObject({ amount: 1_000, version: 1 });
    },
  );

  it.each([
    ['en', 'Add credits', '1,000', '1,000 € → 9,090 call minutes', 'Buy for 1,000 € plus VAT'],
    ['de', 'Guthaben aufladen', '1.000', '1.000 € → 9.090 Gesprächsminuten', 'Für 1.000 € zzgl. USt. kaufen'],
  ] as const)(
    'a thousand stays a thousand when buying by hand, too, in the language %s',
    async (locale, button, thousand, quoted, buy) => {
      const account = await createExampleAccount(stack, { profile: { locale } });
      const page = await visit(account);
      await page.getByText('Visa').first().waitFor();
      await page.getByRole('button', { name: button }).click();
      const dialog = page.getByRole('dialog', { name: button });
      const amount = dialog.locator('input[inputmode=decimal]');
      await amount.fill('');
      await amount.pressSequentially(thousand);
      await shows(dialog.getByTestId('quote-call_minutes'), quoted);
      await dialog.getByRole('button', { name: buy }).waitFor();
    },
  );

  it('what is typed while a save is on its way is kept, and is not saved yet', async () => {
    const account = await english();
    const page = await visit(account);
    const card = walletCard(page, 'call_minutes');
    const gate = await holdRequests(
      page,
      '**/auto-top-up/call_minutes',
      (request) => request.method() === 'PUT',
    );
    await card.getByLabel(AMOUNT).fill('80');
    await card.getByRole('button', { name: SAVE_CALLS }).click();
    await eventually(() => expect(gate.sent).toHaveLength(1), SOON);
    const alert = card.getByLabel('Alert when balance below');
    await alert.fill('33');
    gate.open();
    await page.getByText('The settings are saved.').waitFor();
    expect(await savedOf(account, 'call_minutes')).toMatchObject({ amount: 80, alertBelow: 10 });
    expect(await alert.inputValue()).toBe('33');
    await card.getByText('Not saved yet').waitFor();
    await card.getByRole('button', { name: SAVE_CALLS }).click();
    await eventually(async () => {
      expect(await savedOf(account, 'call_minutes')).toMatchObject({ amount: 80, alertBelow: 33 });
    }, SOON);
  });

  it('who has chosen is asked again when others have saved once more in between', async () => {
    const account = await english();
    await account.enable('call_minutes');
    const page = await visit(account);
    open?.allow(/status of 412/);
    const card = walletCard(page, 'call_minutes');
    const merge = page.getByTestId('merge-call_minutes');
    await card.getByLabel(AMOUNT).fill('80');
    await account.enable('call_minutes', { amount: 60 });
    await card.getByRole('button', { name: SAVE_CALLS }).click();
    await merge.getByText('Saved meanwhile: 60 €').waitFor();
    // Back to what it was when the page was opened: to this page that is no change, but to the choice it is.
    await account.enable('call_minutes', { amount: 50 });
    await merge.getByLabel('Yours: 80 €').click();
    await merge.getByRole('button', { name: 'Save this choice' }).click();
    await merge.getByText('Saved meanwhile: 50 €').waitFor();
    expect(await savedOf(account, 'call_minutes')).toMatchObject({ amount: 50, version: 3 });
    await merge.getByRole('button', { name: 'Save this choice' }).click();
    await page.getByText('The settings are saved.').waitFor();
    expect(await savedOf(account, 'call_minutes')).toMatchObject({ amount: 80, version: 4 });
  });

  it('a save that came too late says so even when what was saved meanwhile cannot be read', async () => {
    const account = await english();
    await account.enable('call_minutes');
    const page = await visit(account);
    open?.allow(/status of 412|ERR_FAILED/);
    const card = walletCard(page, 'call_minutes');
    await card.getByLabel(AMOUNT).fill('80');
    await page.route('**/auto-top-up/call_minutes', (route) =>
      route.request().method() === 'GET' ? route.abort() : route.fallback(),
    );
    await account.enable('call_minutes', { amount: 60 });
    await card.getByRole('button', { name: SAVE_CALLS }).click();
    const alert = card.getByRole('alert').filter({ hasText: 'The settings were not saved' });
    await alert.getByText('The service cannot be reached.', { exact: false }).waitFor();
    expect(await savedOf(account, 'call_minutes')).toMatchObject({ amount: 60 });
    await page.unrouteAll({ behavior: 'wait' });
    await card.getByRole('button', { name: SAVE_CALLS }).click();
    await page.getByTestId('merge-call_minutes').getByText('Saved meanwhile: 60 €').waitFor();
  });
});
