import postgres from 'postgres';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureWeb } from '../../dev/web-build.ts';
import { eventually } from '../support/eventually.ts';
import { call, createExampleAccount, type ExampleAccount } from '../support/example-account.ts';
import { startStack, type Stack } from '../support/stack.ts';
import { expectAccessible } from './support/axe.ts';
import { startBrowser, type Browser, type PageOptions } from './support/browser.ts';
import { openCredits } from './support/credits.ts';
import { createLivedAccount, notify } from './support/lived-account.ts';

const SECTIONS = ['/history', '/usage', '/notifications', '/emails'] as const;

describe('the history of a balance on the credits page', () => {
  let stack: Stack;
  let browser: Browser;
  let lived: ExampleAccount;
  beforeAll(async () => {
    await ensureWeb();
    [stack, browser] = await Promise.all([startStack({ worker: false }), startBrowser()]);
    lived = await createLivedAccount(stack);
  });
  afterAll(async () => {
    await browser?.stop();
    await stack?.stop();
  });

  async function open(account: ExampleAccount, path: string, options: PageOptions = {}) {
    const opened = await browser.open(options);
    await openCredits(opened.page, stack, account.id, path);
    // The account's language wins over the browser's until somebody chooses.
    const language = options.locale === 'de' ? 'Deutsch' : 'English';
    await opened.page.getByRole('button', { name: language }).click();
    return opened;
  }

  const loaded = async (page: Page) => {
    await page.locator('.mantine-Skeleton-root').first().waitFor({ state: 'detached' });
  };

  it('every section is accessible and fits, in both languages and schemes, on every width', async () => {
    for (const [locale, scheme, width] of [
      ['en', 'light', 1440],
      ['de', 'dark', 768],
      ['de', 'light', 360],
    ] as const) {
      for (const path of SECTIONS) {
        const { page, context, complaints } = await open(lived, path, { locale, scheme, width });
        await loaded(page);
        const what = `${path}, ${locale}, ${scheme}, ${width}`;
        const overflow = await page.evaluate('document.documentElement.scrollWidth - window.innerWidth');
        expect({ what, overflow }).toEqual({ what, overflow: 0 });
        await expectAccessible(page, what);
        expect({ what, complaints: complaints() }).toEqual({ what, complaints: [] });
        await context.close();
      }
    }
  }, 180_000);

  it('a chart tells the last 30 days, in words and as a table too', async () => {
    const { page, context } = await open(lived, '/usage');
    const chart = page.getByRole('img', { name: /^Call minutes over the last 30 days: now [\d,]+ minutes/ });
    await chart.locator('canvas').waitFor();
    expect(await chart.getAttribute('aria-label')).toMatch(/; \d+ top-ups, \d+ warnings\.$/);
    const forecast = await page.getByTestId('forecast').innerText();
    expect(forecast).toMatch(/^About \d+ minutes a day lately\. .*(warning|top-up) (in \d+|tomorrow)/);
    await page.getByText('Show as a table').click();
    const rows = page.getByTestId('balance-table').getByRole('row');
    expect(await rows.count()).toBeGreaterThan(15);
    expect(await rows.filter({ hasText: 'Top-up' }).count()).toBeGreaterThan(1);
    await context.close();
  });

  it('the entries are filtered by keyboard, and the file has what the table has', async () => {
    const { page, context } = await open(lived, '/usage');
    const table = page.getByTestId('ledger');
    await table.waitFor();
    await page.getByLabel('What').focus();
    await page.keyboard.type('Incl');
    await page.getByText('plan minutes').waitFor();
    await eventually(async () => expect(await table.getByRole('row').count()).toBe(2));
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download as CSV' }).press('Enter');
    const file = await download;
    expect(file.suggestedFilename()).toBe(`ledger-${lived.id}.csv`);
    const [, ...lines] = (await readText(await file.createReadStream())).trim().split('\r\n');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(',call_minutes,1,grant,200,200,,,plan minutes,g1,');
    await context.close();
  });

  it('days are those of the account, and older entries follow on demand', async () => {
    const { page, context } = await open(lived, '/usage');
    const rows = page.getByTestId('ledger').getByRole('row');
    await rows.nth(25).waitFor();
    await page.getByRole('button', { name: 'Show older ones' }).click();
    await rows.nth(50).waitFor();
    await page.getByLabel('From', { exact: true }).fill('2020-01-01');
    await page.getByLabel('Up to and including').fill('2020-01-02');
    await page.getByText('Nothing fits these filters.').waitFor();
    expect(await rows.count()).toBe(0);
    await context.close();
  });

  it('a booking appears without a reload', async () => {
    const account = await createExampleAccount(stack, { paymentMethod: null });
    const { page, context } = await open(account, '/usage');
    await page.getByText('Nothing fits these filters.').waitFor();
    await account.use([call(90, 'inbound')]);
    await page.getByTestId('ledger').getByText('Inbound').waitFor();
    expect(await page.getByTestId('ledger').getByRole('row').count()).toBe(2);
    await context.close();
  });

  it('each top-up says how it stands, what it cost with VAT, and leads to its invoice or to what is to be done', async () => {
    const { page, context } = await open(lived, '/history');
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
    await context.close();
  });

  it('a new notification is counted by the bell, told in the corner, and read', async () => {
    const account = await createExampleAccount(stack, { paymentMethod: null });
    const { page, context } = await open(account, '/notifications');
    await page.getByText('Nothing yet').waitFor();
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
    await context.close();
  });

  it('a mail is switched off and on by keyboard and stays so, and what matters cannot be', async () => {
    const { page, context } = await open(lived, '/emails');
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
    await context.close();
  });

  it('a section that cannot be loaded says so and is tried again', async () => {
    const { page, context, allow } = await open(lived, '/emails');
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
    await context.close();
  });
});

async function readText(stream: AsyncIterable<Buffer>): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}
