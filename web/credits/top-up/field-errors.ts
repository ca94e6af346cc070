import type { ApiError } from '../../shared/api/problem.ts';
import { numberIn, SETTINGS_FIELDS, type SettingsField, type SettingsValues } from './settings-values.ts';

/** What is wrong with a field; `bound` is what it may be at most or at least. */
export type FieldFault =
  | { kind: 'required' | 'negative' | 'decimals' | 'other' }
  | { kind: 'atLeast' | 'atMost'; bound: number };

export type FieldFaults = Partial<Record<SettingsField, FieldFault>>;

/** What can be told without asking the API. */
export function faultsOf(values: SettingsValues): FieldFaults {
  const faults: FieldFaults = {};
  for (const field of ['alertBelow', 'topUpBelow', 'amount'] as const) {
    const value = numberIn(values[field]);
    if (value === null) faults[field] = { kind: 'required' };
    else if (value < 0) faults[field] = { kind: 'negative' };
  }
  if (values.monthlyCap !== '' && numberIn(values.monthlyCap) === null)
    faults.monthlyCap = { kind: 'required' };
  return faults;
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
