import type { PreviewableSettings, Wallet } from './settings-types.ts';

/** What the form holds; an emptied field is an empty text, and one that holds no number the text in it. */
export type SettingsValues = {
  enabled: boolean;
  alertBelow: number | string;
  topUpBelow: number | string;
  amount: number | string;
  /** Empty: no cap. */
  monthlyCap: number | string;
  topUpOnRefusal: boolean;
};

export type SettingsField = keyof SettingsValues;
export const SETTINGS_FIELDS = [
  'enabled',
  'alertBelow',
  'topUpBelow',
  'amount',
  'monthlyCap',
  'topUpOnRefusal',
] as const satisfies readonly SettingsField[];

export function toValues(settings: PreviewableSettings): SettingsValues {
  return {
    enabled: settings.enabled,
    alertBelow: settings.alertBelow,
    topUpBelow: settings.topUpBelow,
    amount: settings.amount,
    monthlyCap: settings.monthlyCap ?? '',
    topUpOnRefusal: settings.topUpOnRefusal,
  };
}

/** What stands in a field of numbers; null while it is none. A text is always none: fields read numbers as their
 *  language writes them. */
export function numberIn(value: number | string): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** The form as the API takes it; null while a field is no number. */
export function toBody(wallet: Wallet, values: SettingsValues): PreviewableSettings | null {
  const alertBelow = numberIn(values.alertBelow);
  const topUpBelow = numberIn(values.topUpBelow);
  const amount = numberIn(values.amount);
  const monthlyCap = numberIn(values.monthlyCap);
  if (alertBelow === null || topUpBelow === null || amount === null) return null;
  if (monthlyCap === null && values.monthlyCap !== '') return null;
  return {
    enabled: values.enabled,
    alertBelow,
    topUpBelow,
    amount,
    monthlyCap,
    topUpOnRefusal: wallet === 'call_minutes' && values.topUpOnRefusal,
  };
}

/** Fields that two people changed differently, and those that only the other one changed. */
export type Merge = {
  conflicts: readonly SettingsField[];
  taken: readonly SettingsField[];
  /** Yours, with what only the other one changed. */
  merged: SettingsValues;
};

/** Three ways: what was loaded, what is saved meanwhile, and what stands in the form. */
export function merge(base: SettingsValues, theirs: SettingsValues, yours: SettingsValues): Merge {
  const changed = SETTINGS_FIELDS.filter(
    (field) => theirs[field] !== base[field] && theirs[field] !== yours[field],
  );
  const taken = changed.filter((field) => yours[field] === base[field]);
  return {
    conflicts: changed.filter((field) => yours[field] !== base[field]),
    taken,
    merged: withFieldsOf(yours, theirs, taken),
  };
}

/** The values with some fields of others. */
export function withFieldsOf(
  values: SettingsValues,
  others: SettingsValues,
  fields: readonly SettingsField[],
): SettingsValues {
  return { ...values, ...Object.fromEntries(fields.map((field) => [field, others[field]])) };
}

/** What was saved, with the fields that were changed since it was sent off. */
export function savedBeneath(
  saved: SettingsValues,
  sent: SettingsValues,
  now: SettingsValues,
): SettingsValues {
  return withFieldsOf(
    saved,
    now,
    SETTINGS_FIELDS.filter((field) => now[field] !== sent[field]),
  );
}

export function isSame(one: SettingsValues, other: SettingsValues): boolean {
  return SETTINGS_FIELDS.every((field) => one[field] === other[field]);
}
