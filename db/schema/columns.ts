import { sql, type SQL } from 'drizzle-orm';
import { bigint, customType, type AnyPgColumn } from 'drizzle-orm/pg-core';
import type { Cents } from '../../domain/money.ts';
import type { Quantity } from '../../domain/quantities.ts';

/** An instant, in code milliseconds since the epoch. The column keeps milliseconds only, so that an instant
 *  that was read and comes back (in a cursor) is still the same one. */
export const instant = customType<{ data: number; driverData: number }>({
  dataType: () => 'timestamp(3) with time zone',
});

export const quantity = () => bigint({ mode: 'number' }).$type<Quantity>();
export const cents = () => bigint({ mode: 'number' }).$type<Cents>();
export const count = () => bigint({ mode: 'number' });

/** The database's time: money rules must not depend on the clock of a worker. */
export const NOW = sql`now()`;

/** A check that a text column has one of the values; a null passes. */
export function oneOf(column: AnyPgColumn, values: readonly string[]): SQL {
  const list = values.map((value) => `'${value.replaceAll("'", "''")}'`).join(', ');
  return sql`${column} in (${sql.raw(list)})`;
}

/** A check that a number is exact in JavaScript. */
export function safeInteger(column: AnyPgColumn): SQL {
  return sql`${column} between ${sql.raw(String(Number.MIN_SAFE_INTEGER))} and ${sql.raw(String(Number.MAX_SAFE_INTEGER))}`;
}
