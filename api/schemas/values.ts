import { z } from 'zod';
import { ACCOUNT_ID_PATTERN, accountId, type AccountId } from '../../domain/ids.ts';
import { fromEuros, type Cents } from '../../domain/money.ts';
import { fromDisplayUnits } from '../../domain/quantities.ts';
import { WALLETS } from '../../domain/wallet.ts';

/** Beyond any balance that a customer could mean, and far within exact arithmetic. */
const MAX_UNITS = 10_000_000;

export const walletSchema = z.enum(WALLETS).meta({
  id: 'Wallet',
  description: 'One of the two independent balances: minutes of calls, or credits for chat messages.',
});

export const accountIdSchema = z
  .string()
  .regex(ACCOUNT_ID_PATTERN)
  .transform((text): AccountId => accountId(text))
  .meta({ description: "The platform's own id of the account." });

/** Text that people read: no control characters, which PostgreSQL and mail headers would not take. */
export function plainText(maxLength: number) {
  return z
    .string()
    .trim()
    .min(1)
    .max(maxLength)
    .refine((text) => !CONTROL_CHARACTERS.test(text) && text.isWellFormed(), 'contains control characters');
}

// oxlint-disable-next-line no-control-regex -- finding them is the purpose
const CONTROL_CHARACTERS = /[\u0000-\u001f\u007f]/;

/** Ids that callers make for events and grants. */
export const callerIdSchema = z
  .string()
  .regex(/^[\x21-\x7e]{1,128}$/, 'has to be 1 to 128 printable ASCII characters without spaces');

/** Minutes or credits on the wire: at most three decimals, parsed by the domain's own arithmetic. */
export function unitsSchema({ min, max = MAX_UNITS }: { min: number; max?: number }) {
  return z
    .number()
    .min(min)
    .max(max)
    .refine((value) => isExact(() => fromDisplayUnits('chat_credits', value)), 'at most 3 decimals')
    .meta({ multipleOf: 0.001 });
}

/** Euros on the wire: at most two decimals.
 *  @param min cents, and so is `max`. */
export function eurosSchema({ min, max }: { min: Cents; max: Cents }) {
  return z
    .number()
    .min(min / 100)
    .max(max / 100)
    .refine((value) => isExact(() => fromEuros(value)), 'at most 2 decimals')
    .meta({ multipleOf: 0.01 });
}

/** A query parameter that is a number: text on the wire, checked as strictly as a number in a body. */
export function numberInQuery<Inner extends z.ZodType<number, number>>(inner: Inner) {
  return z
    .string()
    .regex(/^-?\d{1,12}(\.\d{1,3})?$/, 'not a number')
    .transform(Number)
    .pipe(inner)
    .meta({ type: 'number' });
}

/** An instant in ISO 8601, UTC. */
export const instantSchema = z.iso.datetime();

export function instant(atMs: number): string {
  return new Date(atMs).toISOString();
}

export function instantOrNull(atMs: number | null): string | null {
  return atMs === null ? null : instant(atMs);
}

function isExact(parse: () => unknown): boolean {
  try {
    parse();
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** The path of everything below one account. */
export const accountPath = z.object({ id: accountIdSchema });
export const walletPath = z.object({ id: accountIdSchema, wallet: walletSchema });

/** What every list answers: a page and the cursor of the next one. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({
    items: z.array(item),
    next: z.string().nullable().describe('Pass it as `cursor` for the next page; null after the last one.'),
  });
}

export const limitSchema = z
  .string()
  .regex(/^[1-9]\d{0,2}$/, 'not a whole number from 1 to 100')
  .transform(Number)
  .pipe(z.number().int().min(1).max(100))
  .default(25)
  .meta({ type: 'integer' });
