import type { Page } from 'playwright-core';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureWeb } from '../../dev/web-build.ts';
import { eventually } from '../support/eventually.ts';
import { createExampleAccount } from '../support/example-account.ts';
import { startPlatformEndpoint, webhookSecret, type PlatformEndpoint } from '../support/platform-endpoint.ts';
import { startStack, type Stack } from '../support/stack.ts';
import { expectAccessible } from './support/axe.ts';
import { startBrowser, type Browser } from './support/browser.ts';
import { asOperator, CARDS, chargeWith, IN_THE_END, openConsole } from './support/console.ts';

const SECRET = webhookSecret(7);

describe('what an operator does in the console', () => {
  let stack: Stack;
  let browser: Browser;
  let platform: PlatformEndpoint;
  let sql: postgres.Sql;
  beforeAll(async () => {
    await ensureWeb();
    platform = await startPlatformEndpoint(SECRET);
    const environment = { PLATFORM_WEBHOOK_URL: platform.url, PLATFORM_WEBHOOK_SECRET: SECRET };
    [stack, browser] = await Promise.all([startStack({ environment }), startBrowser()]);
    sql = postgres(stack.databaseUrl, { max: 1 });
  });
  afterAll(async () => {
    await sql?.end();
    await browser?.stop();
    await stack?.stop();
    await platform?.stop();
  });

  async function confirm(page: Page, button: string, reason: string): Promise<void> {
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Reason').fill(reason);
    await dialog.getByRole('button', { name: button, exact: true }).click();
    await dialog.waitFor({ state: 'detached' });
  }

  it('chooses for many retries only what is still needed, stays open while it orders, and can order the rest', {
    timeout: 120_000,
  }, async () => {
    const [needed, recovered, refused] = await Promise.all([
      chargeWith(stack, CARDS.lost, 'failed'),
      chargeWith(stack, CARDS.lost, 'failed'),
      chargeWith(stack, CARDS.lost, 'failed'),
    ]);
    await recovered.account.grant('chat_credits', 500);
    const { page, complaints, allow } = await browser.open();
    allow(/ERR_FAILED/);
    await openConsole(page, stack);
    for (const { id } of [needed, recovered, refused]) {
      await page.locator(`[data-charge="${id}"]`).getByRole('checkbox').check();
    }
    // Another operator is quicker.
    await page.route('**/top-ups/retry/preview', async (route) => {
      await asOperator(stack, 'POST', `top-ups/${refused.id}/retry`, { reason: 'quicker' });
      await route.continue();
    });
    await page.getByRole('button', { name: 'Try again …' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText(/One charge of 10\s€ net is made\./).waitFor();
    await dialog.getByText(/2 are left as they are\./).waitFor();
    await dialog.getByText('left as it is: it was tried again already').waitFor();
    const gone = dialog.locator('[data-gone="balance_recovered"]');
    await gone.getByText('It is no longer needed: the balance has recovered.').waitFor();
    expect(await gone.getByRole('checkbox').isChecked()).toBe(false);
    await dialog.getByText('Balance now: 40 credits. It is still needed.').waitFor();
    await dialog.getByText('whether it is needed is not judged again').waitFor();
    expect(await dialog.getByText('it is canceled instead').count()).toBe(0);

    const answer = Promise.withResolvers<void>();
    await page.route('**/top-ups/*/retry', async (route) => {
      await answer.promise;
      await route.abort();
    });
    await dialog.getByLabel('Reason').fill('The customers called.');
    await dialog.getByRole('button', { name: 'Try it again' }).click();
    await dialog.getByText('0 of 1 ordered').waitFor();
    await page.keyboard.press('Escape');
    expect(await dialog.locator('.mantine-Modal-close').count()).toBe(0);
    await dialog.getByText('0 of 1 ordered').waitFor();
    answer.resolve();
    await dialog.getByText('One was not ordered.').waitFor();
    await dialog.getByText('0 of 1 ordered').waitFor();
    expect(await dialog.getByText('All ordered.').count()).toBe(0);
    await page.unroute('**/top-ups/*/retry');
    await dialog.getByRole('button', { name: 'Order the rest again' }).click();
    await dialog.getByText('1 of 1 ordered').waitFor();
    await dialog.getByText('All ordered.').waitFor();
    const retried = await asOperator(stack, 'GET', `top-ups/${needed.id}`);
    expect((retried.body as { retriedBy: string | null }).retriedBy).not.toBeNull();
    const left = await asOperator(stack, 'GET', `top-ups/${recovered.id}`);
    expect((left.body as { retriedBy: string | null }).retriedBy).toBeNull();
    expect(complaints()).toEqual([]);
  });

  it('sends no more orders once the session is over', { timeout: 120_000 }, async () => {
    const charges = await Promise.all(
      Array.from({ length: 6 }, () => chargeWith(stack, CARDS.lost, 'failed')),
    );
    const { page, context, allow } = await browser.open();
    allow(/status of 401/);
    await openConsole(page, stack);
    for (const { id } of charges) await page.locator(`[data-charge="${id}"]`).getByRole('checkbox').check();
    await page.getByRole('button', { name: 'Try again …' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Reason').fill('The bank is back.');
    const sent: string[] = [];
    page.on('request', (request) => {
      if (request.url().endsWith('/retry')) sent.push(request.url());
    });
    await context.clearCookies();
    await dialog.getByRole('button', { name: 'Try 6 again' }).click();
    await page.getByText('Your session is over').waitFor();
    expect(sent.length).toBeLessThanOrEqual(4);
  });

  it('says of one charge whether it is needed, and charges it all the same', {
    timeout: 120_000,
  }, async () => {
    const { account, id } = await chargeWith(stack, CARDS.lost, 'failed');
    await account.grant('chat_credits', 500);
    const { page, complaints } = await browser.open();
    await openConsole(page, stack, `/charges/${id}`);
    await page.getByRole('button', { name: 'Try again …' }).click();
    const need = page.locator('[data-need="gone"]');
    await need.getByText('It is no longer needed: the balance has recovered.').waitFor();
    await need.getByText('Trying it again charges the card all the same.').waitFor();
    await confirm(page, 'Try again', 'The customer wants it.');
    await page.getByText('ordered by an operator').first().waitFor();
    expect(complaints()).toEqual([]);
  });

  it('is told that an act has been done whose answer was lost, and not to begin again', {
    timeout: 60_000,
  }, async () => {
    const account = await createExampleAccount(stack);
    const { page, complaints, allow } = await browser.open();
    allow(/ERR_FAILED|status of 409/);
    await openConsole(page, stack, `/accounts/${account.id}`);
    await page.getByRole('button', { name: 'Adjust balance …' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Minutes or credits to add').fill('5');
    await dialog.getByLabel('Reason').fill('Goodwill.');
    await page.route(
      '**/adjust',
      async (route) => {
        await route.fetch();
        await route.abort();
      },
      { times: 1 },
    );
    const adjust = dialog.getByRole('button', { name: 'Adjust balance', exact: true });
    await adjust.click();
    await dialog.getByRole('alert').waitFor();
    await dialog.getByLabel('Reason').fill('Goodwill, as agreed.');
    await adjust.click();
    await dialog.getByText('it has already been done').waitFor();
    expect((await account.read()).wallets['call_minutes']?.balance).toBe(5);
    expect(complaints()).toEqual([]);
  });

  it('cancels a charge', { timeout: 120_000 }, async () => {
    const { id } = await chargeWith(stack, CARDS.insufficientFunds, 'retrying');
    const { page, complaints } = await browser.open();
    await openConsole(page, stack, `/charges/${id}`);
    await page.getByRole('button', { name: 'Cancel …' }).click();
    await confirm(page, 'Cancel', 'Asked for by phone.');
    await page.getByText('canceled', { exact: true }).waitFor();
    await page.getByText('An operator asked to cancel it').waitFor();
    expect(complaints()).toEqual([]);
  });

  it('refunds a part of a charge, which the audit log leads back to', { timeout: 120_000 }, async () => {
    const { id } = await chargeWith(stack, CARDS.visa, 'credited');
    const { page, complaints } = await browser.open();
    await openConsole(page, stack);
    await page.goto(`${stack.apiUrl}/console?state=credited`);
    await page.locator(`[data-charge="${id}"]`).getByRole('link', { name: 'Open charge of' }).click();
    await page.getByRole('button', { name: 'Refund …' }).click();
    await page.getByLabel('Euros with VAT').fill('2,50');
    await confirm(page, 'Refund', 'Goodwill.');
    const entries = page.getByRole('table', { name: 'Ledger entries' });
    await entries.getByRole('row').nth(2).waitFor({ timeout: IN_THE_END.timeoutMs });
    await page.getByRole('link', { name: 'In the audit log' }).click();
    await page
      .locator('[data-action="top_up.refund"]')
      .getByRole('link', { name: 'Open the charge' })
      .click();
    await page.getByRole('heading', { name: /for 1,285 credits/ }).waitFor();
    expect(page.url()).toContain(id);
    expect(complaints()).toEqual([]);
  });

  it('sends a dead webhook again', { timeout: 120_000 }, async () => {
    const { account } = await chargeWith(stack, CARDS.visa, 'credited');
    await eventually(async () => {
      const dead = await sql`
        update webhook_deliveries set status = 'dead', detail = 'HTTP 503'
        where account_id = ${account.id} and type = 'top_up.succeeded' and status = 'delivered'`;
      expect(dead.count).toBe(1);
    }, IN_THE_END);
    const before = platform.received.length;
    const { page, complaints } = await browser.open();
    await openConsole(page, stack, '/letters');
    await page.getByRole('button', { name: 'Send again: top_up.succeeded' }).click();
    await confirm(page, 'Send again', 'The platform is back.');
    await page.getByText('Every webhook was taken or is on its way').waitFor();
    await eventually(() => expect(platform.received.length).toBeGreaterThan(before), IN_THE_END);
    expect(complaints()).toEqual([]);
  });

  it('closes a finding that nothing else closes', { timeout: 60_000 }, async () => {
    await sql`
      insert into findings (finding_id, kind, subject, detail)
      values ('f_close', 'refund_failed', 're_close', 'The refund re_close failed.')`;
    const { page, complaints } = await browser.open();
    await openConsole(page, stack, '/findings');
    const finding = page.getByRole('article').filter({ hasText: 're_close' });
    await finding.getByRole('button', { name: 'Dealt with …' }).click();
    await confirm(page, 'Dealt with', 'Paid back by bank transfer.');
    await finding.waitFor({ state: 'detached' });
    await page.goto(`${stack.apiUrl}/console/audit?text=re_close`);
    await page.locator('[data-action="finding.resolve"]').getByText('Paid back by bank transfer.').waitFor();
    expect(complaints()).toEqual([]);
  });

  it('is told that all is well only while that is known, and when what is shown is old', {
    timeout: 120_000,
  }, async () => {
    const { page, allow } = await browser.open();
    allow(/ERR_FAILED/);
    await sql`delete from reconciliations`;
    await openConsole(page, stack, '/health');
    await page.getByText('answers', { exact: true }).waitFor();
    await page.getByText('Something needs a look.').waitFor();
    const holds = JSON.stringify([{ number: 1, name: 'Conservation', holds: true, violations: [] }]);
    await sql`
      insert into reconciliations (run_id, scope, invariants, started_at, finished_at)
      values ('recent', 'recent', null, now(), now()), ('nightly', 'nightly', ${holds}::text::jsonb, now(), now())`;
    await page.getByText('All is well.').waitFor();
    await sql`
      update reconciliations set started_at = now() - interval '26 hours', finished_at = now() - interval '26 hours'
      where run_id = 'nightly'`;
    await page.getByText('Something needs a look.').waitFor();
    await sql`update reconciliations set started_at = now(), finished_at = now() where run_id = 'nightly'`;
    await page.getByText('All is well.').waitFor();
    expect(await page.getByText('Not up to date').count()).toBe(0);
    await page.route('**/v1/operator/health', (route) => route.abort());
    await page.getByText('Not up to date').waitFor();
    await page.getByText('Not known at this moment.').waitFor();
    await page.unroute('**/v1/operator/health');
    await page.getByText('All is well.').waitFor();
    expect(await page.getByText('Not up to date').count()).toBe(0);
  });

  it('is asked in dialogs in which axe finds nothing, in both languages and colours', {
    timeout: 600_000,
  }, async () => {
    const retrying = await chargeWith(stack, CARDS.insufficientFunds, 'retrying');
    const credited = await chargeWith(stack, CARDS.visa, 'credited');
    await sql`
      insert into findings (finding_id, kind, subject, detail)
      values ('f_axe', 'refund_failed', 're_axe', 'The refund re_axe failed.')`;
    const paths = [
      `/charges/${retrying.id}`,
      `/charges/${credited.id}`,
      `/accounts/${retrying.account.id}`,
      '/findings',
      '',
    ];
    for (const locale of ['en', 'de'] as const) {
      for (const scheme of ['light', 'dark'] as const) {
        const { page, complaints } = await browser.open({ locale, scheme });
        await openConsole(page, stack);
        for (const path of paths) {
          await page.goto(`${stack.apiUrl}/console${path}`);
          if (path === '') await page.locator('[data-charge]').first().getByRole('checkbox').check();
          const openers = page.getByRole('main').getByRole('button', { name: / …$/ });
          await openers.first().waitFor();
          for (let at = 0; at < (await openers.count()); at += 1) {
            await openers.nth(at).click();
            const dialog = page.getByRole('dialog');
            await dialog.getByRole('textbox').first().waitFor();
            await expectAccessible(page, `dialog ${at} of ${path}, ${locale}, ${scheme}`);
            await page.keyboard.press('Escape');
            await dialog.waitFor({ state: 'detached' });
          }
        }
        expect(complaints()).toEqual([]);
      }
    }
  });
});
