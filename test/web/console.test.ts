import postgres from 'postgres';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ensureWeb } from '../../dev/web-build.ts';
import { eventually } from '../support/eventually.ts';
import { chat, createExampleAccount, makeCardBehaveAs } from '../support/example-account.ts';
import { startStack, type Stack } from '../support/stack.ts';
import { expectAccessible } from './support/axe.ts';
import { startBrowser, type Browser } from './support/browser.ts';
import {
  asOperator,
  CARDS,
  chargeWith,
  IN_THE_END,
  openConsole,
  beginOutage,
  endOutages,
  topUpIn,
} from './support/console.ts';

const POLICY = { unknownLookUpEveryMs: 500, unknownQuietMs: 1_000 };

describe('the console', () => {
  let stack: Stack;
  let browser: Browser;
  let sql: postgres.Sql;
  beforeAll(async () => {
    await ensureWeb();
    const environment = { TEMPORAL_UI_URL: 'http://127.0.0.1:8233' };
    [stack, browser] = await Promise.all([startStack({ policy: POLICY, environment }), startBrowser()]);
    sql = postgres(stack.databaseUrl, { max: 1 });
  });
  afterAll(async () => {
    await sql?.end();
    await browser?.stop();
    await stack?.stop();
  });

  afterEach(() => endOutages(stack));

  it('retries many charges during an outage of Stripe: all are credited after it, each paid once', {
    timeout: 180_000,
  }, async () => {
    const charges = await Promise.all(
      Array.from({ length: 3 }, () => chargeWith(stack, CARDS.insufficientFunds, 'retrying')),
    );
    const { page, complaints } = await browser.open();
    await openConsole(page, stack, '');
    await page.getByRole('table', { name: 'Charges' }).getByRole('row').nth(3).waitFor();
    await page.getByRole('checkbox', { name: 'Choose all that are shown' }).check();
    await page.getByText('3 charges chosen').waitFor();
    for (const { account } of charges) await makeCardBehaveAs(stack, account, CARDS.visa);
    await beginOutage(stack);

    await page.getByRole('button', { name: 'Try again …' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText(/3 charges of 30\s€ net together are made\./).waitFor();
    expect(await dialog.getByText(/charges 10\s€ now on visa •••• 4242, instead of later/).count()).toBe(3);
    await expectAccessible(page, 'the preview');
    await dialog.getByLabel('Reason').fill('The bank is back.');
    await dialog.getByRole('button', { name: 'Try 3 again' }).click();
    await dialog.getByText('3 of 3 ordered').waitFor();
    await dialog.getByText('All ordered.').waitFor();
    expect(await dialog.locator('[data-fate="credited"]').count()).toBe(0);
    await expectAccessible(page, 'the progress');
    await endOutages(stack);
    await eventually(async () => expect(await dialog.locator('[data-fate="credited"]').count()).toBe(3), {
      ...IN_THE_END,
      timeoutMs: 120_000,
    });
    await dialog.getByText('3 have ended.').waitFor();
    for (const { account } of charges) {
      const { stripeCustomerId: customer } = await account.read();
      const { data } = await stack.stripe.paymentIntents.list({ customer });
      expect(data.filter(({ status }) => status === 'succeeded')).toHaveLength(1);
      expect((await account.read()).wallets['chat_credits']?.balance).toBe(1_325);
    }
    await dialog.getByRole('button', { name: 'Close' }).last().click();
    await page.getByText('Nothing to do').waitFor();
    expect(complaints()).toEqual([]);
  });

  it('narrows the queue by filters that stand in the address, and keeps them as a view', {
    timeout: 120_000,
  }, async () => {
    const soft = await chargeWith(stack, CARDS.insufficientFunds, 'retrying');
    const hard = await chargeWith(stack, CARDS.lost, 'failed');
    const { page, complaints } = await browser.open();
    await openConsole(page, stack);
    const row = (id: string) => page.locator(`[data-charge="${id}"]`);
    await row(soft.id).waitFor();
    await row(hard.id).waitFor();
    await page.getByText(/^will be tried again: /).click();
    await row(soft.id).waitFor({ state: 'detached' });
    await row(hard.id).waitFor();
    await page.getByLabel('Reason').selectOption({ label: 'card lost or stolen: 1' });
    expect(new URL(page.url()).searchParams.get('reason')).toBe('lost_or_stolen_card');
    await page.getByRole('button', { name: 'Save this view' }).click();
    await page.getByLabel('Name of the view').fill('Lost cards');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('button', { name: 'Reset filters' }).click();
    await row(soft.id).waitFor();
    await page.reload();
    await page.getByLabel('Saved views').selectOption('Lost cards');
    await row(soft.id).waitFor({ state: 'detached' });
    await page.getByLabel('Account id').fill(soft.account.id);
    await page.getByText('Nothing to do').waitFor();
    await page.getByRole('button', { name: 'Reset filters' }).click();
    await page.getByLabel('From (EUR)').fill('10,01');
    await page.getByText('Nothing to do').waitFor();
    await page.getByLabel('From (EUR)').fill('10');
    await row(hard.id).waitFor();
    await page.getByLabel('To (EUR)').fill('9.99');
    await page.getByText('Nothing to do').waitFor();
    await page.getByRole('button', { name: 'Reset filters' }).click();
    await page.getByLabel('Balance', { exact: true }).selectOption('call_minutes');
    await page.getByText('Nothing to do').waitFor();
    await page.getByText('failed: 0', { exact: true }).waitFor();
    await page.getByLabel('Balance', { exact: true }).selectOption('chat_credits');
    await row(hard.id).waitFor();
    await page.getByLabel('Age', { exact: true }).selectOption({ label: 'Older than 1 hour' });
    await row(hard.id).waitFor({ state: 'detached' });
    await sql`update top_ups set created_at = now() - interval '61 minutes' where top_up_id = ${hard.id}`;
    await row(hard.id).waitFor();
    await page.getByLabel('Age', { exact: true }).selectOption({ label: 'From the last hour' });
    await row(hard.id).waitFor({ state: 'detached' });
    await row(soft.id).waitFor();
    expect(complaints()).toEqual([]);
  });

  it('shows nothing for a filter that cannot be asked, and says what is wrong with it', async () => {
    const { id } = await chargeWith(stack, CARDS.insufficientFunds, 'retrying');
    const { page, complaints } = await browser.open();
    await openConsole(page, stack);
    const row = page.locator(`[data-charge="${id}"]`);
    await row.waitFor();
    for (const [label, text, fault] of [
      ['Account id', 'Müller GmbH', 'This is no account id.'],
      ['From (EUR)', 'ten', 'Write an amount such as 12.50.'],
    ] as const) {
      await page.getByLabel(label).fill(text);
      await page.getByText(fault).waitFor();
      await page.getByText('Nothing is shown').waitFor();
      expect(await page.getByRole('checkbox', { name: 'Choose all that are shown' }).count()).toBe(0);
      await page.getByRole('button', { name: 'Reset filters' }).click();
      await row.waitFor();
    }
    await page.goto(`${stack.apiUrl}/console?reason=bad_luck`);
    await page.getByText('There is no such reason.').waitFor();
    await page.getByText('Nothing is shown').waitFor();
    expect(complaints()).toEqual([]);
  });

  it('tells of a charge what happened, what it means and why, and follows what an operator does', {
    timeout: 120_000,
  }, async () => {
    const { account, id } = await chargeWith(stack, CARDS.lost, 'failed');
    const { page, complaints } = await browser.open();
    await openConsole(page, stack, `/charges/${id}`);
    await page.getByText('The card was reported lost or stolen').first().waitFor();
    await page.getByText('Never try this card again.').waitFor();
    await page.getByText('Code of the bank: lost_card').waitFor();
    await page.getByText('Balance then').waitFor();
    await page.getByText('Settings of then (version 1)').waitFor();
    await eventually(async () => {
      expect(await page.getByText('Mail: sent').count()).toBeGreaterThan(0);
    }, IN_THE_END);
    const workflow = await page.getByRole('link', { name: 'Workflow at Temporal' }).getAttribute('href');
    expect(workflow).toBe(`http://127.0.0.1:8233/namespaces/default/workflows/account%2F${account.id}`);
    const invoice = await page.getByRole('link', { name: 'Invoice at Stripe' }).getAttribute('href');
    expect(invoice).toMatch(/\/in_/);
    await makeCardBehaveAs(stack, account, CARDS.visa);
    await page.getByRole('button', { name: 'Try again …' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('The same amount is charged anew').waitFor();
    const confirm = dialog.getByRole('button', { name: 'Try again' });
    expect(await confirm.isDisabled()).toBe(true);
    await dialog.getByLabel('Reason').fill('A new card.');
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    await topUpIn(account, 'credited');
    await page.getByText('credited', { exact: true }).waitFor();
    await page.getByText('Credited 1,285 credits').waitFor();
    expect(page.url()).not.toContain(id);
    expect(complaints()).toEqual([]);
  });

  it('shows an account with a difference flagged, and adjusts, tests, pauses and resumes it', {
    timeout: 120_000,
  }, async () => {
    const account = await createExampleAccount(stack, { profile: { locale: 'en' } });
    await account.grant('chat_credits', 60);
    await account.enable('chat_credits', { topUpBelow: 0, alertBelow: 10 });
    const { page, complaints } = await browser.open();
    await openConsole(page, stack, '/accounts');
    await page.getByRole('searchbox').fill(account.id.slice(0, 20));
    await page.getByRole('link', { name: 'Example GmbH' }).click();
    await page.getByText('Both say the same.').waitFor();
    const beside = page.getByRole('table', { name: 'Workflow beside database' });
    await beside.getByRole('row', { name: /^balance Chat credits 60 60$/ }).waitFor();
    expect(await page.locator('[data-difference]').count()).toBe(0);

    await sql`update wallets set balance = balance + 1000 where account_id = ${account.id} and wallet = 'chat_credits'`;
    await page.locator('[data-difference="balance"]').waitFor();
    await page.getByText('They differ, and no news are on the way.').waitFor();
    await sql`update wallets set balance = balance - 1000 where account_id = ${account.id} and wallet = 'chat_credits'`;
    await page.getByText('Both say the same.').waitFor();

    const dialog = page.getByRole('dialog');
    const act = async (name: string, fill: () => Promise<void> = async () => undefined) => {
      await page.getByRole('button', { name: `${name} …` }).click();
      await fill();
      await dialog.getByLabel('Reason').fill('Asked for by phone.');
      await dialog.getByRole('button', { name, exact: true }).click();
      await dialog.waitFor({ state: 'detached' });
    };
    await act('Adjust balance', async () => {
      await dialog.getByLabel('Balance').selectOption('chat_credits');
      await dialog.getByLabel('Minutes or credits to add').fill('-2,5');
    });
    await page.getByTestId('balance-chat_credits').getByText('57.5 credits').waitFor();
    await act('Send test alert');
    await eventually(async () => {
      const subjects = (await stack.mails(account.email)).map(({ Subject }) => Subject);
      expect(subjects).toEqual([expect.stringContaining('Test alert')]);
    }, IN_THE_END);
    await act('Pause');
    await page.getByText('Automatic top-up is paused').first().waitFor();
    await act('Resume');
    await page.getByRole('button', { name: 'Pause …' }).waitFor();

    await page.getByRole('link', { name: 'In the audit log' }).click();
    await page.getByText('Sent a test alert').last().waitFor();
    expect(await page.getByRole('article').count()).toBeGreaterThanOrEqual(4);
    await page.getByLabel('Search in who').fill('adjust');
    await eventually(async () => expect(await page.getByRole('article').count()).toBe(1), IN_THE_END);
    expect(complaints()).toEqual([]);
  });

  it('shows health, and replays a dead letter from there', { timeout: 120_000 }, async () => {
    const account = await createExampleAccount(stack, { paymentMethod: null });
    await account.grant('chat_credits', 200);
    await account.enable('chat_credits', { topUpBelow: 0 });
    await account.use([chat(120)]);
    await eventually(async () => {
      const dead = await sql`
        update deliveries set status = 'dead', sending_since = null, detail = 'not accepted within 24 hours'
        where account_id = ${account.id} and status = 'sent'`;
      expect(dead.count).toBe(1);
    }, IN_THE_END);
    const { page, complaints } = await browser.open();
    await openConsole(page, stack, '/health');
    await page.getByText('1 mail, 0 webhooks').waitFor();
    await page.getByText('answers', { exact: true }).waitFor();
    await page.getByRole('main').getByRole('link', { name: 'Have a look' }).first().click();
    await page.getByRole('button', { name: /^Send again: / }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Reason').fill('Postmark is back.');
    await dialog.getByRole('button', { name: 'Send again' }).click();
    await page.getByText('Every mail has arrived or is on its way').waitFor();
    await eventually(async () => expect(await stack.mails(account.email)).toHaveLength(2), IN_THE_END);
    expect(complaints()).toEqual([]);
  });

  it('has nothing that axe finds, on every page, in both languages and colours, wide and narrow', {
    timeout: 300_000,
  }, async () => {
    const { account, id } = await chargeWith(stack, CARDS.insufficientFunds, 'retrying');
    await asOperator(stack, 'POST', `accounts/${account.id}/suspend`, { reason: 'axe' });
    await sql`
      insert into findings (finding_id, kind, subject, account_id, top_up_id, detail)
      values ('f1', 'refund_failed', 're_1', ${account.id}, ${id}, 'The refund re_1 failed.')`;
    const { body } = await asOperator(stack, 'GET', 'audit');
    expect((body as { items: unknown[] }).items.length).toBeGreaterThan(0);
    const paths = [
      '',
      `/charges/${id}`,
      '/accounts',
      `/accounts/${account.id}`,
      '/health',
      '/findings',
      '/letters',
      '/audit',
      '/nowhere',
    ];
    for (const locale of ['en', 'de'] as const) {
      for (const scheme of ['light', 'dark'] as const) {
        const width = scheme === 'light' ? 1440 : 360;
        const { page, complaints } = await browser.open({ locale, scheme, width });
        await openConsole(page, stack);
        for (const path of paths) {
          await page.goto(`${stack.apiUrl}/console${path}`);
          await page.getByRole('main').getByText(/\S/).first().waitFor();
          await eventually(async () =>
            expect(await page.locator('[role=status] .mantine-Skeleton-root').count()).toBe(0),
          );
          await expectAccessible(page, `${path}, ${locale}, ${scheme}, ${width}`);
          const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
          expect({ path, width, overflow: Math.max(0, overflow) }).toEqual({ path, width, overflow: 0 });
        }
        expect(complaints()).toEqual([]);
      }
    }
  });
});
