import { z } from 'zod';
import { FAILURE_REASONS } from '../../domain/failures.ts';
import { cents, fromEuros } from '../../domain/money.ts';
import { TOP_UP_STATES } from '../../domain/top-up.ts';
import {
  accountIdSchema,
  eurosSchema,
  instantSchema,
  limitSchema,
  numberInQuery,
  walletSchema,
} from './values.ts';

const MAX_FILTER_CENTS = cents(1_000_000_00);
/** Charges that failed, or that wait for something. */
const WORTH_A_LOOK = ['failed', 'retrying', 'action_required', 'unknown'] as const;

const statesSchema = z
  .union([z.string().max(500), z.array(z.string().max(500)).max(TOP_UP_STATES.length)])
  .transform((given) => [given].flat().flatMap((text) => text.split(',')))
  .pipe(z.array(z.enum(TOP_UP_STATES)))
  .default([...WORTH_A_LOOK])
  .meta({
    description: `Several with a comma between them, or given several times. Without it: ${WORTH_A_LOOK.join(', ')}.`,
  });

/** What narrows the list and its counts alike. */
const topUpFilter = {
  wallet: walletSchema.exactOptional(),
  account: accountIdSchema.exactOptional(),
  failure: z.enum(FAILURE_REASONS).exactOptional(),
  olderThan: instantSchema.describe('Made before this instant.').exactOptional(),
  newerThan: instantSchema.describe('Made at this instant or after it.').exactOptional(),
  minAmount: numberInQuery(eurosSchema({ min: cents(0), max: MAX_FILTER_CENTS }))
    .describe('Net euros.')
    .exactOptional(),
  maxAmount: numberInQuery(eurosSchema({ min: cents(0), max: MAX_FILTER_CENTS }))
    .describe('Net euros.')
    .exactOptional(),
  superseded: z
    .enum(['exclude', 'include'])
    .default('include')
    .describe(
      'Failed ones that need nobody any more: tried again since, or followed by a top-up of the same balance that ' +
        'was credited.',
    ),
};

export const topUpCountsQuery = z.strictObject(topUpFilter);

export const operatorTopUpQuery = z.strictObject({
  state: statesSchema,
  ...topUpFilter,
  cursor: z.string().min(1).max(200).describe('`next` of the page before.').exactOptional(),
  limit: limitSchema,
});

/** The filter in the words of the database. */
export function topUpFilterOf(query: z.output<typeof topUpCountsQuery>) {
  const { account, olderThan, newerThan, minAmount, maxAmount, superseded, wallet } = query;
  return {
    wallet,
    accountId: account,
    olderThanMs: olderThan === undefined ? undefined : Date.parse(olderThan),
    newerThanMs: newerThan === undefined ? undefined : Date.parse(newerThan),
    minAmountCents: minAmount === undefined ? undefined : fromEuros(minAmount),
    maxAmountCents: maxAmount === undefined ? undefined : fromEuros(maxAmount),
    withSuperseded: superseded === 'include',
  };
}
