import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DemoRun } from '../../dev/demo.ts';
import { liveLinks } from '../../dev/links.ts';
import type { LocalPlan } from '../../dev/local-environment.ts';
import { ensureWeb } from '../../dev/web-build.ts';
import { OIDC_CLIENT, startOidcProvider, type OidcProvider } from '../support/oidc-provider.ts';
import { startStack, type Stack } from '../support/stack.ts';
import { expectAccessible } from './support/axe.ts';
import { startBrowser, type Browser } from './support/browser.ts';
import { openConsole, signInUrl } from './support/console.ts';

describe('signing in to the console', () => {
  let stack: Stack;
  let browser: Browser;
  let provider: OidcProvider;
  beforeAll(async () => {
    await ensureWeb();
    provider = await startOidcProvider();
    const environment = {
      OIDC_ISSUER: provider.issuer,
      OIDC_CLIENT_ID: OIDC_CLIENT.clientId,
      OIDC_CLIENT_SECRET: OIDC_CLIENT.clientSecret,
      OIDC_OPERATOR_GROUP: 'billing',
    };
    [stack, browser] = await Promise.all([startStack({ worker: false, environment }), startBrowser()]);
  });
  afterAll(async () => {
    await browser?.stop();
    await stack?.stop();
    await provider?.stop();
  });

  it('is refused with a wrong key, done with a right one, kept over a reload, and ended by signing out', async () => {
    const { page, complaints, allow, context } = await browser.open();
    allow(/status of 401/);
    await page.goto(`${stack.apiUrl}/console`);
    await page.getByLabel('Operator key').fill('operator_of_nobody');
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByText('This is no operator key').waitFor();
    await page.getByLabel('Operator key').fill(stack.operatorKey);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Charges that need a hand' }).waitFor();
    expect(await page.evaluate('document.cookie')).toBe('');
    const [cookie] = await context.cookies(`${stack.apiUrl}/v1/operator/x`);
    expect(cookie).toMatchObject({ name: 'operator_session', httpOnly: true, sameSite: 'Strict' });
    await page.reload();
    await page.getByRole('heading', { name: 'Charges that need a hand' }).waitFor();
    const queue = () =>
      fetch(`${stack.apiUrl}/v1/operator/top-ups`, {
        headers: { cookie: `${cookie?.name}=${cookie?.value}` },
      });
    expect((await queue()).status).toBe(200);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in to the console' }).waitFor();
    expect((await queue()).status).toBe(401);
    await page.reload();
    await page.getByRole('heading', { name: 'Sign in to the console' }).waitFor();
    expect(complaints()).toEqual([]);
  });

  it('is accessible in both languages and colours', async () => {
    for (const locale of ['en', 'de'] as const) {
      for (const scheme of ['light', 'dark'] as const) {
        const { page, complaints } = await browser.open({ locale, scheme, width: 360 });
        await page.goto(`${stack.apiUrl}/console`);
        await page.getByLabel(locale === 'en' ? 'Operator key' : 'Betriebsschlüssel').waitFor();
        await expectAccessible(page, `sign-in, ${locale}, ${scheme}`);
        expect(complaints()).toEqual([]);
      }
    }
  });

  it('by a link works once, and the code leaves the address bar', async () => {
    const url = await signInUrl(stack);
    const { page, complaints } = await browser.open();
    await page.goto(url);
    await page.getByRole('heading', { name: 'Charges that need a hand' }).waitFor();
    expect(page.url()).toBe(`${stack.apiUrl}/console`);
    expect(complaints()).toEqual([]);
    const other = await browser.open();
    other.allow(/status of 401/);
    await other.page.goto(url);
    await other.page.getByText('This link has been used or is too old').waitFor();
    expect(other.complaints()).toEqual([]);
  });

  it('is what the link does that npm start prints', async () => {
    const { port } = new URL(stack.apiUrl);
    const environment = {
      PLATFORM_KEY: stack.platformKey,
      OPERATOR_KEY: stack.operatorKey,
      POSTMARK_API_BASE: stack.postmarkUrl,
    };
    const plan = { ports: { api: Number(port) }, environment } as unknown as LocalPlan;
    const links = await liveLinks(plan, { accountId: 'nobody' } as DemoRun);
    const link = links.find(({ label }) => label.includes('Console'));
    expect(link?.url).not.toContain(stack.operatorKey);
    const { page, complaints } = await browser.open();
    await page.goto(link?.url ?? '');
    await page.getByRole('heading', { name: 'Charges that need a hand' }).waitFor();
    expect(complaints()).toEqual([]);
  });

  it('by the identity provider lets operators in and nobody else', async () => {
    provider.claims = { sub: 'p1', email: 'ada@ops.example', email_verified: true, groups: ['billing'] };
    const { page, complaints } = await browser.open();
    await page.goto(`${stack.apiUrl}/console`);
    await page.getByRole('link', { name: 'Sign in with your company account' }).click();
    await page.getByText('Signed in as oidc:ada@ops.example').waitFor();
    expect(complaints()).toEqual([]);
    provider.claims = { sub: 'p2', groups: ['sales'] };
    const stranger = await browser.open();
    await stranger.page.goto(`${stack.apiUrl}/console`);
    await stranger.page.getByRole('link', { name: 'Sign in with your company account' }).click();
    await stranger.page.getByText('not one of the operators').waitFor();
    expect(stranger.complaints()).toEqual([]);
  });

  it('shows a menu on a small screen, which is not there for the keyboard while it is closed', async () => {
    const { page, complaints } = await browser.open({ width: 360, height: 740 });
    await openConsole(page, stack);
    for (let stop = 1; stop <= 10; stop += 1) {
      await page.keyboard.press('Tab');
      expect(await page.evaluate("document.activeElement?.closest('nav') !== null")).toBe(false);
    }
    await page.getByRole('button', { name: /^(Menü öffnen|Open the menu)$/ }).press('Enter');
    await page.getByRole('navigation').getByRole('link').first().waitFor();
    expect(complaints()).toEqual([]);
  });

  it('is asked for again when the session is over, and nothing of before is shown', async () => {
    const { page, context, complaints, allow } = await browser.open();
    allow(/status of 401/);
    await openConsole(page, stack);
    await context.clearCookies();
    await page.getByText('Your session is over').waitFor();
    expect(await page.getByRole('navigation').count()).toBe(0);
    expect(complaints()).toEqual([]);
  });
});
