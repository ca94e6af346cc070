import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureWeb } from '../../dev/web-build.ts';
import { createExampleAccount } from '../support/example-account.ts';
import { startStack, type Stack } from '../support/stack.ts';
import { expectAccessible } from './support/axe.ts';
import { startBrowser, type Browser } from './support/browser.ts';
import { openCredits, signedInUrl } from './support/credits.ts';

describe('who may see the credits page', { timeout: 120_000 }, () => {
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

  it('the token leaves the address bar, and the page is there again after a reload', async () => {
    const account = await createExampleAccount(stack);
    const { page, complaints } = await browser.open();
    await openCredits(page, stack, account.id);
    expect(page.url()).toBe(`${stack.apiUrl}/credits`);
    await page.reload();
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect(complaints()).toEqual([]);
  });

  it('without a token, the page says where to open it', async () => {
    for (const locale of ['en', 'de'] as const) {
      for (const scheme of ['light', 'dark'] as const) {
        const { page, complaints } = await browser.open({ locale, scheme });
        await page.goto(`${stack.apiUrl}/credits`);
        const title =
          locale === 'en'
            ? 'Open this page from your dashboard'
            : 'Öffnen Sie diese Seite aus Ihrem Dashboard';
        await page.getByRole('heading', { name: title }).waitFor();
        await expectAccessible(page, `no session, ${locale}, ${scheme}`);
        expect(complaints()).toEqual([]);
      }
    }
  });

  it('a token that the API does not take ends the session, and nothing of the account is shown', async () => {
    const account = await createExampleAccount(stack);
    const url = new URL(await signedInUrl(stack, account.id));
    const { page, complaints, allow } = await browser.open();
    allow(/status of 401/);
    await page.goto(url.href.replace(/.{8}$/, 'AAAAAAAA'));
    await page.getByRole('heading', { name: 'Your session has expired.' }).waitFor();
    await expectAccessible(page, 'expired');
    await page.reload();
    await page.getByRole('heading', { name: 'Open this page from your dashboard' }).waitFor();
    expect(complaints()).toEqual([]);
  });
});
