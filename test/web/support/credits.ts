import type { Locator, Page } from 'playwright-core';
import type { Stack } from '../../support/stack.ts';

/** The address of the credits page, signed in for an account; `path` names a section. */
export async function signedInUrl(stack: Stack, accountId: string, path = ''): Promise<string> {
  const { status, body } = await stack.call('POST', `/v1/accounts/${accountId}/sessions`);
  if (status !== 201) throw new Error(`no session: ${status} ${JSON.stringify(body)}`);
  const url = new URL((body as { url: string }).url);
  url.pathname += path;
  return url.href;
}

/** Opens the credits page of an account and waits until it shows it. */
export async function openCredits(page: Page, stack: Stack, accountId: string, path = ''): Promise<void> {
  await page.goto(await signedInUrl(stack, accountId, path));
  await page.getByRole('heading', { level: 1 }).waitFor();
}

/** Waits until the page hears of changes as they happen: what comes before is counted and listed, but no news. */
export async function untilLive(page: Page): Promise<void> {
  await page.locator('[data-testid="liveness"][data-live="true"]').waitFor({ state: 'attached' });
}

/** The card of a wallet. */
export function walletCard(page: Page, wallet: 'call_minutes' | 'chat_credits'): Locator {
  return page.getByTestId(`wallet-${wallet}`);
}

/** What a locator shows, with the spaces that keep a number and its sign together as plain ones. */
export async function textOf(locator: Locator): Promise<string> {
  return (await locator.innerText()).replaceAll(/\s+/g, ' ').trim();
}
