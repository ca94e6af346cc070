import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureWeb } from '../../dev/web-build.ts';
import { createExampleAccount } from '../support/example-account.ts';
import { startStack, type Stack } from '../support/stack.ts';
import { expectAccessible, expectAccessibleInEveryLook } from './support/axe.ts';
import { startBrowser, type Browser } from './support/browser.ts';
import { openCredits, signedInUrl, untilLive } from './support/credits.ts';

/** What the stack of the tests signs tokens with. */
const TOKEN_SECRET = 'a-secret-of-at-least-thirty-two-characters';
const HOUR_SECONDS = 60 * 60;
const LEFT_SECONDS = 3;

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

  it('the clock of the device does not matter', async () => {
    const account = await createExampleAccount(stack);
    for (const hours of [-2, 2]) {
      const { page, complaints, context } = await browser.open();
      await page.clock.install({ time: Date.now() + hours * 60 * 60 * 1_000 });
      await openCredits(page, stack, account.id);
      await untilLive(page);
      expect(complaints()).toEqual([]);
      await context.close();
    }
  });

  it('a token that the API takes no longer while the page is open ends the session', async () => {
    const account = await createExampleAccount(stack, { profile: { locale: 'en' } });
    const { page, complaints, allow } = await browser.open();
    allow(/status of 401/);
    await page.goto(`${stack.apiUrl}/credits#token=${await tokenThatEndsSoon(account.id)}`);
    await page.getByTestId('wallet-call_minutes').waitFor();
    await page.getByRole('heading', { name: 'Your session has expired.' }).waitFor({ timeout: 40_000 });
    expect(await page.getByTestId('wallet-call_minutes').count()).toBe(0);
    expect(complaints()).toEqual([]);
  });

  it('a token that the API does not take ends the session, and nothing of the account is shown', async () => {
    const account = await createExampleAccount(stack);
    const url = new URL(await signedInUrl(stack, account.id));
    const { page, complaints, allow } = await browser.open();
    allow(/status of 401/);
    await page.goto(url.href.replace(/.{8}$/, 'AAAAAAAA'));
    await page.getByRole('heading', { name: 'Your session has expired.' }).waitFor();
    await expectAccessibleInEveryLook(page, 'expired');
    await page.reload();
    await page.getByRole('heading', { name: 'Open this page from your dashboard' }).waitFor();
    expect(complaints()).toEqual([]);
  });
});

/** As the API signs them, but issued almost an hour ago: the page counts on the hour that the token itself names. */
async function tokenThatEndsSoon(accountId: string): Promise<string> {
  const nowSeconds = Math.floor(Date.now() / 1_000);
  return new SignJWT()
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuer('auto-top-up')
    .setAudience('auto-top-up/customer')
    .setSubject(accountId)
    .setIssuedAt(nowSeconds + LEFT_SECONDS - HOUR_SECONDS)
    .setExpirationTime(nowSeconds + LEFT_SECONDS)
    .sign(new TextEncoder().encode(TOKEN_SECRET));
}
