import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { control } from '../../support/stripe-controls.ts';
import { eventually } from '../../support/eventually.ts';
import {
  chat,
  createExampleAccount,
  makeCardBehaveAs,
  type ExampleAccount,
  type TopUpItem,
} from '../../support/example-account.ts';
import type { Stack } from '../../support/stack.ts';

export const IN_THE_END = { timeoutMs: 60_000, pauseMs: 200 };
export const CARDS = {
  insufficientFunds: '4000000000009995',
  lost: '4000000000009987',
  visa: '4242424242424242',
} as const;

/** Calls the API as an operator. */
export function asOperator(stack: Stack, method: string, path: string, body?: object) {
  return stack.call(method, `/v1/operator/${path}`, body, {
    authorization: `Bearer ${stack.operatorKey}`,
    'idempotency-key': crypto.randomUUID(),
  });
}

/** The console's address with a code that signs in once. */
export async function signInUrl(stack: Stack, path = ''): Promise<string> {
  const { status, body } = await asOperator(stack, 'POST', 'sign-in-codes');
  expect(status).toBe(201);
  const url = new URL((body as { url: string }).url);
  url.pathname += path;
  return url.href;
}

/** Opens a page of the console, signed in. */
export async function openConsole(page: Page, stack: Stack, path = ''): Promise<void> {
  await page.goto(await signInUrl(stack, path));
  // On a small screen they are in the menu, which is closed.
  const links = page
    .getByRole('navigation', { includeHidden: true })
    .getByRole('link', { includeHidden: true });
  await links.first().waitFor({ state: 'attached' });
  await page.getByRole('heading', { level: 1 }).waitFor();
}

/** An account whose chat credits fell below the top-up value, with a card that behaves as the number says, and the
 *  charge that came of it. */
export async function chargeWith(stack: Stack, card: string, state: string) {
  const account = await createExampleAccount(stack);
  await makeCardBehaveAs(stack, account, card);
  await account.grant('chat_credits', 60);
  await account.enable('chat_credits');
  await account.use([chat(20)]);
  const topUp = await topUpIn(account, state);
  return { account, id: topUp.id };
}

export async function topUpIn(account: ExampleAccount, state: string): Promise<TopUpItem> {
  return eventually(async () => {
    const found = (await account.list<TopUpItem>('top-ups')).find((topUp) => topUp.state === state);
    if (found === undefined) throw new Error(`no top-up is ${state}`);
    return found;
  }, IN_THE_END);
}

/** Stripe answers nothing but errors until `endOutages`. */
export async function beginOutage(stack: Stack): Promise<void> {
  const body = { kind: 'error_before', status: 503, stored: false };
  await control(stack, 'switches', { method: 'POST', body });
}

export async function endOutages(stack: Stack): Promise<void> {
  await control(stack, 'switches', { method: 'DELETE' });
}
