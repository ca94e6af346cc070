import { z } from 'zod';
import { fromDisplayUnits, fromSeconds, type Quantity } from '../../domain/quantities.ts';
import type { HoldRequest } from '../../db/holds.ts';
import { CALL_SOURCES } from './usage.ts';
import { accountIdSchema, callerIdSchema, instantSchema, unitsSchema } from './values.ts';

/** A refused campaign call may charge for all that it asked for, so a mistake in it must stay small. Longer calls
 *  hold again while they run. */
const MAX_HOLD_SECONDS = 4 * 60 * 60;
const MAX_HOLD_CREDITS = 10_000;
/** No call runs longer; and what a platform forgets to end must not stay reserved. */
const MAX_EXPIRY_SECONDS = 24 * 60 * 60;

const expiresInSeconds = z
  .number()
  .int()
  .min(1)
  .max(MAX_EXPIRY_SECONDS)
  .describe('When it stops reserving by itself: a little more than what it reserves for can take.');

const callHold = z.strictObject({
  wallet: z.literal('call_minutes'),
  source: z
    .enum(CALL_SOURCES)
    .describe('Only `campaign` counts as activity that starts a top-up, granted or refused.'),
  seconds: unitsSchema({ min: 0.001, max: MAX_HOLD_SECONDS }),
  expiresInSeconds,
});

const chatHold = z.strictObject({
  wallet: z.literal('chat_credits'),
  credits: unitsSchema({ min: 0.001, max: MAX_HOLD_CREDITS }),
  expiresInSeconds,
});

export const holdBody = z.discriminatedUnion('wallet', [callHold, chatHold]).meta({
  id: 'HoldRequest',
  examples: [{ wallet: 'call_minutes', source: 'campaign', seconds: 600, expiresInSeconds: 900 }],
});

export const holdHeaders = z.object({
  'idempotency-key': callerIdSchema
    .optional()
    .describe('The same request again under the same key holds once. A refusal leaves the key free.'),
});

export const holdSchema = z
  .object({
    id: z.string().describe('Name it as `hold` in the usage that it was for.'),
    expiresAt: instantSchema,
  })
  .meta({ id: 'Hold', examples: [{ id: 'hold_1', expiresAt: '2026-11-22T10:15:00.000Z' }] });

export const holdPath = z.object({ id: accountIdSchema, hold: callerIdSchema });

/** What is asked of the ledger. */
export function toHoldRequest(body: z.output<typeof holdBody>): Omit<HoldRequest, 'accountId'> {
  const { wallet } = body;
  return {
    wallet,
    source: body.wallet === 'call_minutes' ? body.source : null,
    quantity: quantityOf(body),
    expiresInMs: body.expiresInSeconds * 1_000,
  };
}

function quantityOf(body: z.output<typeof holdBody>): Quantity {
  return body.wallet === 'call_minutes'
    ? fromSeconds(body.seconds)
    : fromDisplayUnits(body.wallet, body.credits);
}
