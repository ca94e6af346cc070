import { useFormats } from '../../shared/i18n/use-formats.ts';
import { useMessages } from '../../shared/i18n/use-messages.ts';
import type { FieldFault, FieldFaults } from './field-errors.ts';
import { settingsMessages } from './messages.ts';
import { SETTINGS_FIELDS, type SettingsField } from './settings-values.ts';

/** Shows both separators of a language. */
const EXAMPLE = 1_000.5;

/** Says what is wrong with the fields, for a form. */
export function useFaultTexts(): (faults: FieldFaults) => Partial<Record<SettingsField, string>> {
  const t = useMessages(settingsMessages);
  const { euros, number } = useFormats();
  const textOf = (field: SettingsField, fault: FieldFault): string => {
    if (fault.kind === 'unreadable') return t('error_unreadable', { example: number(EXAMPLE) });
    if (!('bound' in fault)) return t(`error_${fault.kind}`);
    const isMoney = field === 'amount' || field === 'monthlyCap';
    return t(`error_${fault.kind}`, { bound: isMoney ? euros(fault.bound) : number(fault.bound) });
  };
  return (faults) =>
    Object.fromEntries(
      SETTINGS_FIELDS.flatMap((field) => {
        const fault = faults[field];
        return fault === undefined ? [] : [[field, textOf(field, fault)]];
      }),
    );
}
