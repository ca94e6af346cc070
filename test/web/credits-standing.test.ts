import type { Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ensureWeb } from '../../dev/web-build.ts';
import { eventually } from '../support/eventually.ts';
import { createExampleAccount, type ExampleAccount } from '../support/example-account.ts';
import { startStack, type Stack } from '../support/stack.ts';
import { expectAccessibleInEveryLook } from './support/axe.ts';
import { startBrowser, type Browser, type BrowserPage, type PageOptions } from './support/browser.ts';
import { openCredits, signedInUrl, textOf, walletCard } from './support/credits.ts';
import { holdRequests } from './support/gate.ts';
import { createLivedAccount } from './support/lived-account.ts';
import { asOwner, putCardOnFile } from './support/owner.ts';
import { payOnPage } from './support/stripe-pages.ts';

const SOON = { timeoutMs: 20_000, pauseMs: 100 };
const MOST_TABS = 80;
const FAR_OFF = new Date(Date.UTC(new Date().getUTCFullYear() + 2, 0));

/** Without a worker, so that an account stays in the state that a test has put it into. */
describe('where an account stands, on the credits page', { timeout: 120_000 }, () => {
  let stack: Stack;
  let browser: Browser;
  let open: BrowserPage | undefined;
  beforeAll(async () => {
    await ensureWeb();
    [stack, browser] = await Promise.all([startStack({ worker: false }), startBrowser()]);
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

  const english = () => createExampleAccount(stack, { paymentMethod: null, profile: { locale: 'en' } });
  const visit = async ({ id }: ExampleAccount, options: PageOptions = {}): Promise<Page> => {
    open = await browser.open(options);
    // The sandbox's pages name no icon, which the browser looks for all the same.
    open.allow(/favicon|status of 404/);
    await openCredits(open.page, stack, id);
    return open.page;
  };
  const shows = (locator: Locator, text: string | RegExp) =>
    eventually(async () => {
      const shown = await textOf(locator);
      if (typeof text === 'string') expect(shown).toContain(text);
      else expect(shown).toMatch(text);
    }, SOON);

  it('the form can be used after one round trip: all that it needs is asked for before anything is answered', async () => {
    const { id } = await english();
    open = await browser.open();
    const { page } = open;
    const early = await holdRequests(page, '**/v1/**');
    await page.goto(await signedInUrl(stack, id));
    const paths = () => early.sent.map((request) => new URL(request.url()).pathname);
    const needed = ['', '/auto-top-up/call_minutes', '/auto-top-up/chat_credits', '/top-ups', '/stream'];
    await eventually(() => {
      expect(paths()).toEqual(expect.arrayContaining(needed.map((rest) => `/v1/accounts/${id}${rest}`)));
    }, SOON);
    // What is asked for from now on is not answered at all.
    const first = new Set(early.sent.map((request) => request.url()));
    const late = await holdRequests(page, '**/v1/**', (request) => !first.has(request.url()));
    early.open();
    const calls = walletCard(page, 'call_minutes');
    await calls.getByLabel('Amount to top up (EUR)').fill('80');
    expect(await calls.getByRole('button', { name: 'Save Auto Top-up Settings' }).isEnabled()).toBe(true);
    await walletCard(page, 'chat_credits').getByLabel('Top up when credits below').fill('70');
    late.open();
    await page.unrouteAll({ behavior: 'ignoreErrors' });
  });

  it('without a card, a banner says that nothing can be charged and leads to where one is saved', async () => {
    const account = await english();
    await account.enable('chat_credits');
    const page = await visit(account);
    const banner = page.getByRole('alert').filter({ hasText: 'Auto Top-up cannot charge' });
    await banner.getByText('No card is saved that could be charged.').waitFor();
    await expectAccessibleInEveryLook(page, 'blocked');
    await banner.getByRole('button', { name: 'Save a card' }).click();
    await page.getByRole('heading', { name: 'Save a card' }).waitFor();
  });

  it('with an incomplete address it leads to the billing profile, and says when the provider is away', async () => {
    const account = await english();
    await account.enable('chat_credits');
    await putCardOnFile(stack, account.id, FAR_OFF);
    await asOwner(
      stack,
      (sql) => sql`
        update accounts set block_reason = 'tax_location_unknown', updated_at = now() where account_id = ${account.id}`,
    );
    const page = await visit(account);
    open?.allow(/status of 503/);
    const banner = page.getByRole('alert').filter({ hasText: 'Your billing address is incomplete' });
    await banner.waitFor();
    await page.route('**/payment-method', (route) =>
      route.fulfill({ status: 503, json: { code: 'provider_unavailable', status: 503 } }),
    );
    const button = banner.getByRole('button', { name: 'Billing profile and VAT' });
    await button.click();
    await banner.getByText('The payment provider does not answer right now.', { exact: false }).waitFor();
    await page.unrouteAll({ behavior: 'wait' });
    const asked = page.waitForRequest('**/payment-method');
    await button.click();
    expect((await asked).postDataJSON()).toEqual({ for: 'profile' });
  });

  it('that the page for another card cannot be opened is told where its button is', async () => {
    const account = await english();
    await putCardOnFile(stack, account.id, new Date());
    const page = await visit(account);
    open?.allow(/status of 503/);
    await page.route('**/payment-method', (route) =>
      route.fulfill({ status: 503, json: { code: 'provider_unavailable', status: 503 } }),
    );
    const banner = page.getByRole('alert').filter({ hasText: 'Your card expires soon' });
    await banner.getByRole('button', { name: 'Replace card' }).click();
    await banner.getByText('The payment provider does not answer right now.', { exact: false }).waitFor();
  });

  it('who has paid is thanked, and not asked to pay while the news of it is on its way', async () => {
    const account = await english();
    const page = await visit(account);
    await page.getByRole('button', { name: 'Add credits' }).click();
    const dialog = page.getByRole('dialog', { name: 'Add credits' });
    await dialog.getByRole('button', { name: 'To the payment page' }).click();
    const listed = page.waitForResponse('**/top-ups?*state=action_required*');
    await payOnPage(page);
    const thanks = page.getByTestId('returned');
    await thanks.getByText('Thank you. As soon as the payment has arrived', { exact: false }).waitFor();
    expect((await listed).status()).toBe(200);
    await page.getByTestId('wallet-call_minutes').waitFor();
    expect(page.url()).toBe(`${stack.apiUrl}/credits`);
    // The API still lists it as unpaid, because nothing here has credited it.
    const path = `/v1/accounts/${account.id}/top-ups?state=action_required`;
    expect((await stack.call('GET', path)).body).toMatchObject({ items: [{ wallet: 'call_minutes' }] });
    expect(await page.getByText('A purchase waits for payment').count()).toBe(0);
    await expectAccessibleInEveryLook(page, 'paid');
    await thanks.getByRole('button', { name: 'Close' }).click();
    await thanks.waitFor({ state: 'detached' });
  });

  it('after a charge that failed it says why, and when it is tried again', async () => {
    const account = await english();
    await account.grant('chat_credits', 20);
    await account.enable('chat_credits');
    await putCardOnFile(stack, account.id, FAR_OFF);
    const closedAt = new Date(Date.now() - 60_000);
    await asOwner(stack, async (sql) => {
      await sql`update accounts set failures_since = now() - interval '1 day' where account_id = ${account.id}`;
      await sql`
        insert into top_ups (account_id, top_up_id, wallet, trigger, state, amount_cents, currency, units, quantity,
          warrant, failure, created_at, closed_at)
        values (${account.id}, ${`tu_${account.id}`}, 'chat_credits', 'auto', 'failed', 1000, 'EUR', 1285, 1285000, '{}',
          'card_declined', ${closedAt}, ${closedAt})`;
    });
    const page = await visit(account);
    const card = walletCard(page, 'chat_credits');
    const again = new Intl.DateTimeFormat('en-GB', {
      timeStyle: 'short',
      timeZone: 'Europe/Berlin',
    }).format(closedAt.getTime() + 3_600_000);
    await shows(card.getByTestId('state'), 'Trying again Your bank declined the charge. Next step:');
    await shows(card.getByTestId('state'), again);
    const now = page.getByTestId('preview-chat_credits').getByTestId('preview-now');
    await shows(now, 'Nothing is charged now: the last charge failed.');
    await shows(now, again);
  });

  it('the last 30 days are told in words: how often, how much, and how early the customer was warned', async () => {
    const account = await createLivedAccount(stack, { isWaiting: false });
    const settings = { enabled: true, alertBelow: 60, topUpBelow: 30, amount: 50 };
    const { body } = await stack.call(
      'POST',
      `/v1/accounts/${account.id}/auto-top-up/call_minutes/preview`,
      settings,
    );
    const { replay } = body as {
      replay: { topUps: number; amount: number; firstWarningBeforeTopUpHours: number };
    };
    expect(replay.topUps).toBeGreaterThan(1);
    const page = await visit(account);
    const past = page.getByTestId('preview-call_minutes').getByTestId('preview-past');
    await page.getByRole('button', { name: 'English', exact: true }).click();
    const euros = new Intl.NumberFormat('en-GB').format(replay.amount);
    await shows(past, `They would have topped up ${replay.topUps} times, for ${euros} € net.`);
    await shows(
      past,
      /You would have been warned (an hour|\d+ hours|a day|\d+ days) before the first top-up\./,
    );
    await page.getByRole('button', { name: 'Deutsch', exact: true }).click();
    await shows(past, `Es wäre ${replay.topUps}-mal aufgeladen worden`);
    await shows(
      past,
      /Sie wären (eine Stunde|\d+ Stunden|einen Tag|\d+ Tage) vor der ersten Aufladung gewarnt worden\./,
    );
  });

  it('warns of a value that no call comes down to, of an amount that does not reach it, and of a cap without room', async () => {
    const account = await english();
    await account.grant('call_minutes', 100);
    const call = { wallet: 'call_minutes', source: 'campaign', seconds: 600, expiresInSeconds: 900 };
    for (let calls = 0; calls < 5; calls += 1) {
      expect((await stack.call('POST', `/v1/accounts/${account.id}/holds`, call)).status).toBe(201);
    }
    const page = await visit(account);
    const card = walletCard(page, 'call_minutes');
    const preview = page.getByTestId('preview-call_minutes');
    await shows(preview, 'A campaign call usually reserves 10 minutes, so calls are refused before');
    await card.getByLabel('Top up when balance below').fill('900');
    await shows(preview, 'One amount does not lift an empty balance to the top-up value');
    expect(await textOf(preview)).not.toContain('usually reserves');
    await card.getByRole('button', { name: 'Advanced' }).click();
    await card.getByLabel('Monthly cap (EUR)').fill('20');
    await shows(preview, 'The monthly cap is below one amount');
  });

  it('what is wrong with a field is said in the language that is chosen afterwards, too', async () => {
    const page = await visit(await english());
    const card = walletCard(page, 'call_minutes');
    await card.locator('input[name=alertBelow]').fill('');
    await card.locator('input[name=amount]').fill('80');
    await card.locator('button[type=submit]').click();
    await card.getByText('Enter a number.').waitFor();
    await page.getByRole('button', { name: 'Deutsch', exact: true }).click();
    await card.getByText('Geben Sie eine Zahl ein.').waitFor();
    expect(await card.getByText('Enter a number.').count()).toBe(0);
  });

  it('the keyboard alone leads from the top of the page to saved settings', async () => {
    const account = await english();
    const page = await visit(account);
    const tabTo = async (target: Locator) => {
      for (let tabs = 0; tabs < MOST_TABS; tabs += 1) {
        await page.keyboard.press('Tab');
        if ((await target.and(page.locator(':focus')).count()) > 0) return;
      }
      throw new Error('the focus does not come there');
    };
    const card = walletCard(page, 'call_minutes');
    await card.getByLabel('Amount to top up (EUR)').waitFor();
    await tabTo(card.getByRole('switch', { name: 'Enable Auto Top-up', exact: true }));
    await page.keyboard.press('Space');
    await tabTo(card.getByLabel('Amount to top up (EUR)'));
    await page.keyboard.type('75');
    await tabTo(card.getByRole('button', { name: 'Save Auto Top-up Settings' }));
    await page.keyboard.press('Enter');
    await page.getByText('The settings are saved.').waitFor();
    const { body } = await stack.call('GET', `/v1/accounts/${account.id}/auto-top-up/call_minutes`);
    expect(body).toMatchObject({ enabled: true, amount: 75, version: 1 });
  });

  it('the German settings fit a screen of 360 px, whatever they have to say', async () => {
    const account = await createLivedAccount(stack);
    const page = await visit(account, { width: 360, height: 740, locale: 'de' });
    await page.getByRole('button', { name: 'Erweitert' }).first().click();
    await page.getByTestId('preview-call_minutes').getByTestId('preview-past').waitFor();
    const card = walletCard(page, 'call_minutes');
    await card.locator('input[name=amount]').fill('1.000');
    await card.locator('input[name=monthlyCap]').fill('75.5');
    await card.locator('input[name=alertBelow]').fill('20');
    await shows(page.getByTestId('preview-call_minutes'), 'So lassen sich diese Werte nicht speichern.');
    const overflow = () => page.evaluate('document.documentElement.scrollWidth - window.innerWidth');
    expect(await overflow()).toBe(0);
    await card.locator('input[name=monthlyCap]').fill('20');
    await shows(page.getByTestId('preview-call_minutes'), 'Das Monatslimit liegt unter einem Betrag');
    expect(await overflow()).toBe(0);
  });
});
