import { useState } from 'react';
import type { SettingsField, SettingsValues } from './settings-values.ts';

export type FieldTexts = Partial<Record<SettingsField, string>>;

export type SettingsFormState = {
  readonly values: SettingsValues;
  /** What is wrong with the fields; a field's goes when it is changed. */
  readonly errors: FieldTexts;
  readonly change: <Field extends SettingsField>(field: Field, value: SettingsValues[Field]) => void;
  readonly setValues: (values: SettingsValues) => void;
  readonly setErrors: (errors: FieldTexts) => void;
};

/** What stands in the form. */
export function useSettingsValues(initial: SettingsValues): SettingsFormState {
  const [values, setValues] = useState(initial);
  const [errors, setErrors] = useState<FieldTexts>({});
  return {
    values,
    errors,
    setErrors,
    setValues(next) {
      setValues(next);
      setErrors({});
    },
    change(field, value) {
      setValues((known) => ({ ...known, [field]: value }));
      setErrors(({ [field]: _gone, ...rest }) => rest);
    },
  };
}
