import postgres from 'postgres';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ensureWeb } from '../../dev/web-build.ts';
import { eventually } from '../support/eventually.ts';
import { call, createExampleAccount, type ExampleAccount } from '../support/example-account.ts';
import { startStack, type Stack } from '../support/stack.ts';
import { startBrowser, type Browser, type BrowserPage, type PageOptions } from './support/browser.ts';
import { fullestRow, readChart } from './support/chart-pixels.ts';
import { openCredits } from './support/credits.ts';
import { createLivedAccount, notify, writeCard, writeEntries } from './support/lived-account.ts';

const HOUR_MS = 3_600_000;
const SOON = { timeoutMs: 30_000, pauseMs: 200 };
const ZONE = 'Pacific/Auckland';

describe('usage and balance on the credits page', { timeout: 120_000 }, () => {
  let stack: Stack;
  let browser: Browser;
  let lived: ExampleAccount;
  let opened: BrowserPage | undefined;
  beforeAll(async () => {
    await ensureWeb();
    [stack, browser] = await Promise.all([startStack({ worker: false }), startBrowser()]);
    lived = await createLivedAccount(stack);
    await writeCard(stack, lived.id);
  });
  afterEach(async () => {
    expect(opened?.complaints() ?? []).toEqual([]);
    await opened?.context.close();
    opened = undefined;
  });
  afterAll(async () => {
    await browser?.stop();
    await stack?.stop();
  });

  async function open(account: ExampleAccount, options: PageOptions = {}) {
    opened = await browser.open(options);
    const { page } = opened;
    await openCredits(page, stack, account.id, '/usage');
    // The account's language wins over the browser's until somebody chooses.
    await page.getByRole('button', { name: options.locale === 'de' ? 'Deutsch' : 'English' }).click();
    return page;
  }

  it('a chart tells the last 30 days, in words and as a table too', async () => {
    const page = await open(lived);
    const chart = page.getByRole('img', { name: /^Call minutes over the last 30 days: now [\d,]+ minutes/ });
    await chart.locator('canvas').waitFor();
    expect(await chart.getAttribute('aria-label')).toMatch(/; \d+ top-ups, \d+ warnings\.$/);
    const forecast = await page.getByTestId('forecast').innerText();
    expect(forecast).toMatch(/^About \d+ minutes a day lately\. .*(warning|top-up) (in \d+|tomorrow)/);
    expect(forecast).toMatch(/top-up (in \d+ \w+|tomorrow), once a campaign calls\.$/);
    await page.getByText('Show 30 days as a table').click();
    const rows = page.getByTestId('balance-table').getByRole('row');
    expect(await rows.count()).toBeGreaterThan(15);
    expect(await rows.filter({ hasText: 'Top-up' }).count()).toBeGreaterThan(1);
  });

  it('the line passes the values that it is held against, and what happened is marked above it', async () => {
    const page = await open(lived);
    await eventually(async () => {
      const { balance, alert, topUp } = await readChart(page);
      const [alertLine, topUpLine] = [fullestRow(alert), fullestRow(topUp)];
      // Dashes across the picture.
      expect(Math.min(alertLine.pixels, topUpLine.pixels)).toBeGreaterThan(300);
      expect(topUpLine.row).toBeGreaterThan(alertLine.row);
      expect(balance.findLastIndex((pixels) => pixels > 0)).toBeGreaterThan(topUpLine.row + 1);
      const above = (rows: readonly number[]) => rows.slice(0, 30).reduce((sum, pixels) => sum + pixels, 0);
      expect(above(alert)).toBeGreaterThan(60);
      expect(above(topUp)).toBeGreaterThan(60);
    }, SOON);
  });

  it('a top-up value above everything else is in the picture', async () => {
    const account = await createExampleAccount(stack, { paymentMethod: null });
    await account.grant('call_minutes', 100);
    await account.enable('call_minutes', { alertBelow: 10, topUpBelow: 300 });
    const page = await open(account);
    await eventually(async () => {
      expect(fullestRow((await readChart(page)).topUp).pixels).toBeGreaterThan(300);
    }, SOON);
  });

  it('a campaign of an account that is new is seen going, within its first hour', async () => {
    const account = await createExampleAccount(stack, { paymentMethod: null });
    const past = (minutes: number, ago: number) =>
      ({ kind: minutes > 0 ? 'grant' : 'usage', minutes, atMs: Date.now() - ago * 60_000 }) as const;
    await writeEntries(stack, account.id, [past(100, 40), past(-20, 30), past(-20, 20), past(-20, 10)]);
    const page = await open(account);
    await page.getByRole('img', { name: /^Call minutes over the last 1 hour: now 40 minutes/ }).waitFor();
    await eventually(async () => {
      const { balance } = await readChart(page);
      const isLevel = (row: number) => (balance[row] ?? 0) > 100;
      const levels = balance.filter((_, row) => isLevel(row) && !isLevel(row - 1));
      // Nothing, 100, 80 and 60 minutes at least, each for ten minutes or more.
      expect(levels.length).toBeGreaterThanOrEqual(4);
    }, SOON);
    await account.use([call(600)]);
    await page.getByRole('img', { name: /now 30 minutes/ }).waitFor();
    await page.getByText('24 hours').click();
    await page.getByRole('img', { name: /over the last 24 hours/ }).waitFor();
  });

  it('a history that is slow to read answers during a campaign, and is asked for once at a time', async () => {
    const account = await createExampleAccount(stack, { paymentMethod: null });
    await account.grant('call_minutes', 500);
    const page = await open(account);
    const chart = page.getByRole('img', { name: /now 500 minutes/ });
    await chart.waitFor();
    let [reading, mostAtOnce] = [0, 0];
    await page.route(/balance-history\?.*hours=1(&|$)/, async (route) => {
      reading += 1;
      mostAtOnce = Math.max(mostAtOnce, reading);
      const response = await route.fetch();
      // As long as a history of millions of entries takes; the stream tells a new balance each second meanwhile.
      await new Promise((resolve) => setTimeout(resolve, 3_000));
      await route.fulfill({ response }).catch(() => undefined);
      reading -= 1;
    });
    await eventually(
      async () => {
        await account.use([call(60)]);
        expect(await chart.count()).toBe(0);
      },
      { timeoutMs: 20_000, pauseMs: 300 },
    );
    expect(mostAtOnce).toBe(1);
    const { wallets } = await account.read();
    const last = `now ${wallets['call_minutes']?.balance} minutes`;
    await page.getByRole('img', { name: new RegExp(last) }).waitFor();
    await page.unrouteAll({ behavior: 'ignoreErrors' });
  });

  it('the entries are filtered by keyboard, and the file has what the table has', async () => {
    const page = await open(lived);
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
  });

  it('days are those of the account, wherever the browser is, and are read back in the language of the page', async () => {
    const account = await createExampleAccount(stack, {
      paymentMethod: null,
      profile: { timeZone: ZONE },
    });
    const { day, startsMs, warnedMs } = yesterdayIn(ZONE);
    await writeEntries(stack, account.id, [
      { kind: 'grant', minutes: 500, atMs: startsMs - HOUR_MS / 4 },
      { kind: 'usage', minutes: -7, atMs: startsMs + HOUR_MS / 4 },
    ]);
    const sql = postgres(stack.databaseUrl, { max: 1, onnotice: () => undefined });
    try {
      await notify(sql, account.id, 'balance.alert', (Date.now() - warnedMs) / HOUR_MS);
    } finally {
      await sql.end();
    }
    const page = await open(account, { timeZone: 'America/Los_Angeles', locale: 'de' });
    const entries = page.getByTestId('ledger').getByRole('row');
    await eventually(async () => expect(await entries.count()).toBe(3));
    for (const label of ['Von', 'Bis einschließlich']) {
      await page.getByLabel(label, { exact: true }).fill(day);
    }
    await eventually(async () => expect(await entries.count()).toBe(2));
    expect(await entries.nth(1).innerText()).toContain('-7');
    expect(await page.getByText(long(startsMs)).count()).toBe(2);

    await page.getByText('30 Tage als Tabelle anzeigen').click();
    const days = page.getByTestId('balance-table').getByRole('row');
    const cells = async (row: number) =>
      (await days.nth(row).innerText()).replaceAll('\u00a0', ' ').split('\t');
    expect(await cells(1)).toEqual([medium(startsMs), '7 Minuten', '493 Minuten', '493 Minuten', 'Warnung']);
    expect(await cells(2)).toMatchObject([
      medium(startsMs - HOUR_MS),
      '0 Minuten',
      '500 Minuten',
      '500 Minuten',
      '',
    ]);
  });

  it('older entries follow on demand, and a booking appears above them without reading them again', async () => {
    const account = await createExampleAccount(stack, { paymentMethod: null });
    const past = Array.from({ length: 60 }, (_, at) => ({
      kind: 'usage' as const,
      minutes: -1,
      atMs: Date.now() - (61 - at) * HOUR_MS,
    }));
    await writeEntries(stack, account.id, past);
    const page = await open(account);
    const rows = page.getByTestId('ledger').getByRole('row');
    await rows.nth(25).waitFor();
    await page.getByRole('button', { name: 'Show older ones' }).click();
    await rows.nth(50).waitFor();
    const before = await rows.count();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await account.use([call(90, 'inbound')]);
    await page.getByTestId('ledger').getByText('Inbound').waitFor();
    expect(await rows.count()).toBe(before + 1);
    expect(asked.filter((url) => url.includes('/ledger?')).length).toBeGreaterThan(0);
    expect(asked.filter((url) => url.includes('cursor='))).toEqual([]);
  });

  it('a booking appears without a reload', async () => {
    const account = await createExampleAccount(stack, { paymentMethod: null });
    const page = await open(account);
    await page.getByText('Nothing fits these filters.').waitFor();
    await account.use([call(90, 'inbound')]);
    await page.getByTestId('ledger').getByText('Inbound').waitFor();
    expect(await page.getByTestId('ledger').getByRole('row').count()).toBe(2);
  });

  it('filters that nothing fits say so', async () => {
    const page = await open(lived);
    await page.getByTestId('ledger').waitFor();
    await page.getByLabel('From', { exact: true }).fill('2020-01-01');
    await page.getByLabel('Up to and including').fill('2020-01-02');
    await page.getByText('Nothing fits these filters.').waitFor();
    expect(await page.getByTestId('ledger').count()).toBe(0);
  });
});

/** A calendar day that has passed, without a change of clocks. */
function yesterdayIn(timeZone: string): { day: string; startsMs: number; warnedMs: number } {
  const wall = (atMs: number) => new Date(atMs).toLocaleString('sv', { timeZone });
  const hourMs = Math.floor(Date.now() / HOUR_MS) * HOUR_MS - 24 * HOUR_MS;
  const startsMs = Array.from({ length: 25 }, (_, hours) => hourMs - hours * HOUR_MS).find((atMs) =>
    wall(atMs).endsWith(' 00:00:00'),
  );
  if (startsMs === undefined) throw new Error('clocks have changed');
  return { day: wall(startsMs).slice(0, 10), startsMs, warnedMs: startsMs + HOUR_MS / 2 };
}

function long(atMs: number): string {
  return new Date(atMs).toLocaleDateString('de-DE', { dateStyle: 'long', timeZone: ZONE });
}

function medium(atMs: number): string {
  return new Date(atMs).toLocaleDateString('de-DE', { dateStyle: 'medium', timeZone: ZONE });
}

async function readText(stream: AsyncIterable<Buffer>): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}
