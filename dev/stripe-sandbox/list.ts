import { invalidRequest, noSuchObject } from './errors.ts';
import type { ObjectName, ObjectTypes } from './objects.ts';
import type { Params } from './params.ts';
import type { Query, Store } from './store.ts';

export interface List<Item> {
  object: 'list';
  data: Item[];
  has_more: boolean;
  url: string;
}

export function listOf<Item>(data: Item[], url: string, hasMore = false): List<Item> {
  return { object: 'list', data, has_more: hasMore, url };
}

/** One page, newest first, by `limit`, `starting_after`, `ending_before` and `created`, as every list of Stripe's. */
export function listPage<Name extends ObjectName>(
  store: Store,
  object: Name,
  url: string,
  params: Params,
  query: Query = {},
): List<ObjectTypes[Name]> {
  const limit = params.integer('limit') ?? 10;
  if (limit < 1 || limit > 100) {
    throw invalidRequest(`This value must be between 1 and 100 (it currently is '${limit}').`, {
      param: 'limit',
    });
  }
  const olderThan = cursor(store, params, 'starting_after');
  const newerThan = cursor(store, params, 'ending_before');
  const found = store.list(object, {
    ...query,
    ...createdRange(params),
    olderThan,
    newerThan,
    limit: limit + 1,
  });
  const hasMore = found.length > limit;
  // With ending_before the surplus row is the newest one, at the front.
  const page = newerThan === undefined ? found.slice(0, limit) : found.slice(hasMore ? 1 : 0);
  return listOf(page, url, hasMore);
}

function cursor(store: Store, params: Params, name: string): string | undefined {
  const id = params.text(name) ?? undefined;
  if (id !== undefined && store.any(id) === undefined) throw noSuchObject('object', id, name);
  return id;
}

function createdRange(params: Params): Pick<Query, 'createdFrom' | 'createdTo'> {
  const given = params.values['created'];
  if (typeof given === 'string') {
    const at = params.integer('created');
    return { createdFrom: at, createdTo: at };
  }
  const range = params.hash('created');
  if (range === undefined || range === null) return {};
  const after = range.integer('gt');
  const before = range.integer('lt');
  return {
    createdFrom: range.integer('gte') ?? (after === undefined ? undefined : after + 1),
    createdTo: range.integer('lte') ?? (before === undefined ? undefined : before - 1),
  };
}
