/** A cursor that this build did not make. */
export class CursorError extends Error {
  override readonly name = 'CursorError';

  constructor(cursor: string) {
    super(`not a cursor of this list: ${JSON.stringify(cursor)}`);
  }
}

/** One page of a list, newest first. */
export type Page<T> = {
  items: T[] /** Where the next page begins; null on the last one. */;
  next: string | null;
};

export type PageRequest = { cursor?: string | null | undefined; limit: number };

/** A place in a list that is ordered by an instant, then by an id. */
export type Place = { atMs: number; id: string };

/** @throws CursorError */
export function parsePlace(cursor: string | null | undefined): Place | null {
  if (cursor === null || cursor === undefined) return null;
  const [, atMs, id] = /^(\d{1,15})\.([\w.-]+)$/.exec(cursor) ?? [];
  if (atMs === undefined || id === undefined) throw new CursorError(cursor);
  return { atMs: Number(atMs), id };
}

/** Cuts a page out of rows that were read one further than the page is long. */
export function toPage<T>(rows: readonly T[], limit: number, placeOf: (row: T) => Place): Page<T> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  if (last === undefined || rows.length <= limit) return { items, next: null };
  const { atMs, id } = placeOf(last);
  return { items, next: `${atMs}.${id}` };
}
