import type { ListOperatorTopUpsData, OperatorTopUp } from '../../client/types.gen.ts';
import { wordMessages } from '../words/messages.ts';

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
  'credited',
  'canceled',
] as const satisfies readonly State[];
const FIRST_STATES: readonly State[] = ['failed', 'retrying', 'action_required', 'unknown'];
/** Hours: older than so many, or made within the last ones. */
export const AGES = ['1', '24', '168', 'new1', 'new24', 'new168'] as const;

const FILTERS = ['state', 'reason', 'wallet', 'age', 'min', 'max', 'account', 'superseded'] as const;
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

/** Filters that say nothing the API could be asked: nothing may be shown for them, least of all everything. */
export function faultsOf(filters: Filters): FilterName[] {
  const { reason, wallet, age, min, max, account } = filters;
  const checks: [FilterName, string | undefined, (text: string) => boolean][] = [
    ['reason', reason, isReason],
    ['wallet', wallet, isWallet],
    ['age', age, isAge],
    ['min', min, isAmount],
    ['max', max, isAmount],
    ['account', account, (text) => /^[A-Za-z0-9][\w.-]{0,63}$/.test(text)],
  ];
  return checks.flatMap(([name, text, isSound]) => (text === undefined || isSound(text) ? [] : [name]));
}

/** What the API is asked by filters without a fault.
 *  @param nowMs which an age is counted from: the time of this very look. */
export function queryOf(filters: Filters, nowMs: number): Omit<Query, 'state'> {
  const { reason, wallet, age, min, max, account, superseded } = filters;
  return {
    ...(reason === undefined ? {} : { failure: reason as NonNullable<Query['failure']> }),
    ...(wallet !== undefined && isWallet(wallet) ? { wallet } : {}),
    ...(age === undefined ? {} : ageQuery(age, nowMs)),
    ...(min === undefined ? {} : { minAmount: Number(min) }),
    ...(max === undefined ? {} : { maxAmount: Number(max) }),
    ...(account === undefined ? {} : { account }),
    superseded: superseded === 'include' ? 'include' : 'exclude',
  };
}

function ageQuery(age: string, nowMs: number): Pick<Query, 'olderThan' | 'newerThan'> {
  const isNew = age.startsWith('new');
  const at = new Date(nowMs - Number(age.replace('new', '')) * 3_600_000).toISOString();
  return isNew ? { newerThan: at } : { olderThan: at };
}

function isReason(text: string): boolean {
  return text !== 'none' && `failure_${text}` in wordMessages.en;
}

function isWallet(text: string): text is 'call_minutes' | 'chat_credits' {
  return text === 'call_minutes' || text === 'chat_credits';
}

function isAge(text: string): boolean {
  return AGES.some((age) => age === text);
}

function isAmount(text: string): boolean {
  return /^\d{1,6}(\.\d{1,2})?$/.test(text);
}
