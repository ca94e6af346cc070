import { expect } from 'vitest';
import type { Stack } from './stack.ts';

/** Faults of the sandbox for the next mails (dev/postmark-sandbox/switches.ts), in place of those that were there. */
export async function setMailFaults(
  { postmarkUrl }: Pick<Stack, 'postmarkUrl'>,
  faults: readonly Record<string, unknown>[],
): Promise<void> {
  const response = await fetch(`${postmarkUrl}/sandbox/switches`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ faults }),
  });
  expect(response.status).toBe(200);
}

/** The faults of the sandbox that no mail has met yet. */
export async function waitingMailFaults({
  postmarkUrl,
}: Pick<Stack, 'postmarkUrl'>): Promise<{ to?: string }[]> {
  const response = await fetch(`${postmarkUrl}/sandbox/switches`);
  expect(response.status).toBe(200);
  return ((await response.json()) as { faults: { to?: string }[] }).faults;
}
