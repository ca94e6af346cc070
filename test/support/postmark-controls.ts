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
