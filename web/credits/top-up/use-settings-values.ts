import { useState } from 'react';
import type { FieldFaults } from './field-errors.ts';
import { savedBeneath, type SettingsField, type SettingsValues } from './settings-values.ts';

/** What is wrong with the fields, in the page's language. */
export type FieldTexts = Partial<Record<SettingsField, string>>;

export type SettingsFormState = {
  readonly values: SettingsValues;
  /** What is wrong with the fields; a field's goes when it is changed. */
  readonly faults: FieldFaults;
  readonly change: <Field extends SettingsField>(field: Field, value: SettingsValues[Field]) => void;
  readonly setValues: (values: SettingsValues) => void;
  /** Takes over what was saved, but for the fields that were changed since it was sent off. */
  readonly takeSaved: (saved: SettingsValues, sent: SettingsValues) => void;
  readonly setFaults: (faults: FieldFaults) => void;
};

/** What stands in the form. */
export function useSettingsValues(initial: SettingsValues): SettingsFormState {
  const [values, setValues] = useState(initial);
  const [faults, setFaults] = useState<FieldFaults>({});
  return {
    values,
    faults,
    setFaults,
    setValues(next) {
      setValues(next);
      setFaults({});
    },
    takeSaved(saved, sent) {
      setValues((known) => savedBeneath(saved, sent, known));
      setFaults({});
    },
    change(field, value) {
      setValues((known) => ({ ...known, [field]: value }));
      setFaults(({ [field]: _gone, ...rest }) => rest);
    },
  };
}
