import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureWeb } from '../../dev/web-build.ts';
import { createExampleAccount } from '../support/example-account.ts';
import { startStack, type Stack } from '../support/stack.ts';
import { expectAccessible } from './support/axe.ts';
import { startBrowser, type Browser } from './support/browser.ts';
import { signedInUrl } from './support/credits.ts';
import { NO_ICON, payOnPage, saveCardOnPage } from './support/stripe-pages.ts';

const REFUSED = /frame-ancestors|refused to connect|ERR_BLOCKED_BY_RESPONSE/i;

/** A charge goes through workflow, provider and webhook. */
const CHARGED = { timeout: 40_000 };

/** A dashboard of another site, not only of another origin: the service is reached by its address. It shows in a frame what its address asks for. */
async function startDashboard(): Promise<{ origin: string; server: Server }> {
  const server = createServer((request, response) => {
    const shown = new URL(request.url ?? '/', 'http://dashboard').searchParams.get('shows') ?? '';
    response
      .setHeader('content-type', 'text/html')
      .end(
        `<!doctype html><html lang="en"><link rel="icon" href="data:,"><title>Dashboard</title><h1>Dashboard</h1>` +
          `<iframe title="Credits" width="1000" height="800" src="${shown.replaceAll('"', '&quot;')}"></iframe>`,
      );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { origin: `http://localhost:${(server.address() as AddressInfo).port}`, server };
}

describe('the credits page in a frame', { timeout: 120_000 }, () => {
  let allowed: { origin: string; server: Server };
  let stranger: { origin: string; server: Server };
  let stack: Stack;
  let unset: Stack;
  let browser: Browser;
  beforeAll(async () => {
    await ensureWeb();
    [allowed, stranger] = await Promise.all([startDashboard(), startDashboard()]);
    [stack, unset, browser] = await Promise.all([
      startStack({ environment: { FRAME_ANCESTORS: allowed.origin } }),
      startStack({ worker: false }),
      startBrowser(),
    ]);
  });
  afterAll(async () => {
    await browser?.stop();
    await Promise.all([stack?.stop(), unset?.stop()]);
    allowed?.server.close();
    stranger?.server.close();
  });

  const frameOn = async (dashboard: { origin: string }, shows: string) => {
    const opened = await browser.open();
    await opened.page.goto(`${dashboard.origin}/?shows=${encodeURIComponent(shows)}`);
    return { ...opened, frame: opened.page.frameLocator('iframe') };
  };

  it('is there for an allowed origin: it shows the balance live, and saves', async () => {
    const account = await createExampleAccount(stack, { profile: { locale: 'en' } });
    const { frame, page, complaints } = await frameOn(allowed, await signedInUrl(stack, account.id));
    await frame.getByTestId('liveness').getByText('Live').waitFor();
    await account.grant('chat_credits', 321);
    await frame.getByTestId('balance-chat_credits').getByText('321 credits').waitFor();
    const card = frame.getByTestId('wallet-chat_credits');
    await card.getByLabel('Enable Chat Credits Auto Top-up').click();
    await card.getByRole('button', { name: 'Save Chat Credits Auto Top-up Settings' }).click();
    await frame.getByText('The settings are saved.').waitFor();
    expect(page.url().startsWith(allowed.origin)).toBe(true);
    expect(complaints()).toEqual([]);
  });

  it('its customer replaces the card and pays in tabs beside the dashboard, and the page in it follows', async () => {
    const account = await createExampleAccount(stack, { profile: { locale: 'en' } });
    const opened = await frameOn(allowed, await signedInUrl(stack, account.id));
    const { frame, page, context } = opened;
    opened.allow(NO_ICON);
    const tabAfter = async (click: Promise<void>) =>
      (await Promise.all([context.waitForEvent('page'), click]))[0];
    await frame.getByText('Visa ending in 4242').waitFor(CHARGED);

    const cards = await tabAfter(frame.getByRole('button', { name: 'Replace card' }).click());
    await cards.getByRole('heading', { name: 'Save a card' }).waitFor();
    await saveCardOnPage(cards, '5555 5555 5555 4444');
    await cards.getByRole('heading', { name: 'Your card is saved' }).waitFor();
    await cards.getByText('You can close this tab and go on in your dashboard.').waitFor();
    await expectAccessible(cards, 'back without a session');
    await cards.close();
    await frame.getByText('Mastercard ending in 4444').waitFor(CHARGED);

    await frame.getByRole('button', { name: 'Add credits' }).click();
    const dialog = frame.getByRole('dialog', { name: 'Add credits' });
    await dialog.getByText('Chat credits', { exact: true }).click();
    await dialog.getByText('On the payment page').click();
    const given = await tabAfter(dialog.getByRole('button', { name: 'To the payment page' }).click());
    await given.locator('#cancel').click();
    await given.getByRole('heading', { name: 'Nothing was changed' }).waitFor();
    await given.close();

    const again = await tabAfter(frame.getByRole('link', { name: 'To the payment page' }).click());
    await again.getByRole('heading', { name: 'Pay' }).waitFor();
    await payOnPage(again);
    await again.getByRole('heading', { name: 'Thank you for your payment' }).waitFor();
    await frame.getByTestId('balance-chat_credits').getByText('1,285 credits').waitFor(CHARGED);
    expect(page.url().startsWith(allowed.origin)).toBe(true);
    expect(opened.complaints()).toEqual([]);
  });

  it.each(['an origin that is not allowed', 'any other origin when none is'])(
    'is not there for %s',
    async (whom) => {
      const [of, from] = whom.startsWith('an origin') ? [stack, stranger] : [unset, allowed];
      const account = await createExampleAccount(of, { profile: { locale: 'en' } });
      await expectRefused(from, await signedInUrl(of, account.id));
    },
  );

  it('nor is the console, for anybody', async () => {
    await expectRefused(allowed, `${stack.apiUrl}/console`);
  });

  async function expectRefused(dashboard: { origin: string }, shows: string): Promise<void> {
    const opened = await frameOn(dashboard, shows);
    opened.allow(REFUSED);
    await opened.page.waitForLoadState('networkidle');
    const [, inside] = opened.page.frames();
    expect(inside?.url()).toMatch(/^chrome-error:/);
    expect(opened.complaints()).toEqual([]);
  }
});
