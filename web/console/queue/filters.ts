import type { ListOperatorTopUpsData, OperatorTopUp } from '../../client/types.gen.ts';

type State = OperatorTopUp['state'];
type Query = NonNullable<ListOperatorTopUpsData['query']>;

/** What may be asked for in the queue; those chosen at first come first. */
export const SHOWN_STATES = [
  'failed',
  'retrying',
  'action_required',
  'unknown',
  'paid',
  'charging',
  'pending',
  'disputed',
  'refunded',
] as const satisfies readonly State[];
export const FIRST_STATES: readonly State[] = ['failed', 'retrying', 'action_required', 'unknown'];
export const AGES_HOURS = ['1', '24', '168'] as const;

const FILTERS = ['state', 'reason', 'wallet', 'age', 'min', 'max', 'account'] as const;
export type FilterName = (typeof FILTERS)[number];

/** The filters as they stand in the address and in a saved view; empty ones are left out. */
export type Filters = Readonly<Partial<Record<FilterName, string>>>;

export function filtersOf(search: URLSearchParams): Filters {
  const entries = FILTERS.map((name) => [name, search.get(name) ?? ''] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== ''));
}

/** The address of the queue with these filters, the same whatever order they were set in. */
export function searchOf(filters: Filters): string {
  const entries = FILTERS.flatMap((name) => {
    const value = filters[name];
    return value === undefined ? [] : [[name, value]];
  });
  const text = new URLSearchParams(entries).toString();
  return text === '' ? '/' : `/?${text}`;
}

export function statesOf({ state }: Filters): State[] {
  if (state === undefined) return [...FIRST_STATES];
  const named = state.split(',');
  const known = SHOWN_STATES.filter((each) => named.includes(each));
  return known.length === 0 ? [...FIRST_STATES] : known;
}

/** What the API is asked. What it would not take, such as half a number, is not asked for.
 *  @param nowMs of the last change of a filter: another one at each look would be another question. */
export function queryOf(filters: Filters, nowMs: number): Query {
  const { reason, wallet, age, min, max, account } = filters;
  const states = statesOf(filters);
  return {
    state: states.join(','),
    ...(reason === undefined ? {} : { failure: reason as Query['failure'] }),
    ...(wallet === 'call_minutes' || wallet === 'chat_credits' ? { wallet } : {}),
    ...(AGES_HOURS.some((hours) => hours === age)
      ? { olderThan: new Date(nowMs - Number(age) * 3_600_000).toISOString() }
      : {}),
    ...(isAmount(min) ? { minAmount: Number(min) } : {}),
    ...(isAmount(max) ? { maxAmount: Number(max) } : {}),
    ...(account !== undefined && /^[A-Za-z0-9][\w.-]{0,63}$/.test(account) ? { account } : {}),
  };
}

function isAmount(text: string | undefined): text is string {
  return text !== undefined && /^\d{1,6}(\.\d{1,2})?$/.test(text);
}
