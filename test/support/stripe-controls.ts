import { expect } from 'vitest';
import { eventually } from './eventually.ts';
import type { Stack } from './stack.ts';

type Sandbox = Pick<Stack, 'stripeUrl'>;

/** Calls one of the Stripe sandbox's own controls, by its path below `/sandbox`. */
export async function control<T>(
  { stripeUrl }: Sandbox,
  path: string,
  { method = 'GET', body }: { method?: string; body?: object } = {},
): Promise<T> {
  const response = await fetch(`${stripeUrl}/sandbox/${path}`, {
    method,
    ...(body === undefined
      ? {}
      : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  expect(response.status).toBeLessThan(300);
  return (response.status === 204 ? null : await response.json()) as T;
}

/** Turns a fault on (dev/stripe-sandbox/README.md), as often as `count` says: once unless told. */
export async function failOnce(
  sandbox: Sandbox,
  fault: { kind: string; customer: string } & Record<string, unknown>,
): Promise<void> {
  await control(sandbox, 'switches', { method: 'POST', body: { count: 1, ...fault } });
}

/** How often the switches of a customer have struck. */
export async function strikesOf(sandbox: Sandbox, customer: string): Promise<number> {
  const { items } = await control<{ items: { customer?: string; struck: number }[] }>(sandbox, 'switches');
  return items.filter((one) => one.customer === customer).reduce((sum, { struck }) => sum + struck, 0);
}

export async function untilStruck(sandbox: Sandbox, customer: string): Promise<void> {
  await eventually(async () => expect(await strikesOf(sandbox, customer)).toBeGreaterThan(0), {
    timeoutMs: 60_000,
  });
}

export type SandboxRequest = { method: string; path: string; key: string | null; replayed: boolean };
