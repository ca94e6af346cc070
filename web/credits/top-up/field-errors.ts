import type { ApiError } from '../../shared/api/problem.ts';
import { numberIn, SETTINGS_FIELDS, type SettingsField, type SettingsValues } from './settings-values.ts';

/** What is wrong with a field; `bound` is what it may be at most or at least. */
export type FieldFault =
  | { kind: 'required' | 'unreadable' | 'decimals' | 'other' }
  | { kind: 'atLeast' | 'atMost'; bound: number };

export type FieldFaults = Partial<Record<SettingsField, FieldFault>>;

/** Cents, and thousandths of a minute or of a credit. */
const DECIMALS = { alertBelow: 3, topUpBelow: 3, amount: 2, monthlyCap: 2 } as const;

/** What can be told without asking the API. */
export function faultsOf(values: SettingsValues): FieldFaults {
  const faults: FieldFaults = {};
  for (const field of ['alertBelow', 'topUpBelow', 'amount', 'monthlyCap'] as const) {
    const fault = faultOfNumber(values[field], DECIMALS[field], field === 'monthlyCap');
    if (fault !== null) faults[field] = fault;
  }
  return faults;
}

/** What is wrong with an amount of money, as far as it can be told without asking the API. */
export function faultOfAmount(amount: number | string): FieldFault | null {
  return faultOfNumber(amount, DECIMALS.amount, false);
}

function faultOfNumber(value: number | string, decimals: number, mayBeEmpty: boolean): FieldFault | null {
  const number = numberIn(value);
  if (number === null) {
    if (value !== '') return { kind: 'unreadable' };
    return mayBeEmpty ? null : { kind: 'required' };
  }
  return number === Number(number.toFixed(decimals)) ? null : { kind: 'decimals' };
}

/** What the API says of the fields, by their names. Bounds are its own, so they are read from what it says. */
export function faultsIn(error: ApiError): FieldFaults {
  const faults: FieldFaults = {};
  for (const { path, detail } of error.errors) {
    const name = path.replace(/^query\./, '');
    const field = SETTINGS_FIELDS.find((known) => known === name);
    if (field !== undefined) faults[field] ??= faultOf(detail);
  }
  return faults;
}

function faultOf(detail: string): FieldFault {
  const [, sign, bound = ''] = /([<>])=?\s*(-?\d+(?:\.\d+)?)/.exec(detail) ?? [];
  if (sign === '>') return { kind: 'atLeast', bound: Number(bound) };
  if (sign === '<') return { kind: 'atMost', bound: Number(bound) };
  if (/decimal|multiple/i.test(detail)) return { kind: 'decimals' };
  return { kind: 'other' };
}
