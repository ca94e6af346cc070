import { useEffect, useRef, useState, type RefObject } from 'react';
import type { Settings } from '../../client/types.gen.ts';
import { faultsIn, faultsOf, type FieldFaults } from './field-errors.ts';
import type { PreviewableSettings, Wallet } from './settings-types.ts';
import { isSame, toBody, toValues, type SettingsValues } from './settings-values.ts';
import { useSave } from './use-save.ts';
import { useSettingsValues, type SettingsFormState } from './use-settings-values.ts';

type SettingsForm = {
  readonly form: SettingsFormState;
  /** Its first marked field gets the focus after a refusal. */
  readonly element: RefObject<HTMLFormElement | null>;
  /** What the form rests on: as it was loaded, or last saved, or last chosen over. */
  readonly base: Settings;
  /** Saved by somebody else meanwhile, when a save came too late; null otherwise. */
  readonly theirs: Settings | null;
  /** The form as it would be saved; null while it cannot be. */
  readonly body: PreviewableSettings | null;
  readonly isDirty: boolean;
  /** Somebody else has saved since. */
  readonly isNewer: boolean;
  readonly isSaving: boolean;
  readonly error: Error | null;
  readonly submit: (values: SettingsValues, over: Settings) => void;
  /** Gives up what was typed. */
  readonly adopt: (next: Settings) => void;
};

/** The form of one wallet's settings, from what was loaded to what is saved.
 *  @param settings as they are known now; a newer version is taken over while nothing is unsaved. */
export function useSettingsForm(wallet: Wallet, settings: Settings): SettingsForm {
  const [base, setBase] = useState(settings);
  const [theirs, setTheirs] = useState<Settings | null>(null);
  const form = useSettingsValues(toValues(settings));
  const { element, focusFault } = useFaultFocus();
  const showFaults = (faults: FieldFaults) => {
    form.setFaults(faults);
    focusFault();
  };
  const save = useSave(wallet, {
    onSaved(saved, { values }) {
      setBase(saved);
      setTheirs(null);
      form.takeSaved(toValues(saved), values);
    },
    onStale(found, sent) {
      // What was chosen rests on what had been saved until then: nobody has seen yet what came after it.
      setBase(sent.base);
      setTheirs(found);
    },
    onRejected: (error) => showFaults(faultsIn(error)),
  });
  const adopt = (next: Settings) => {
    setBase(next);
    setTheirs(null);
    form.setValues(toValues(next));
  };
  const isDirty = !isSame(form.values, toValues(base));
  // While a save is on its way, the newer version is most likely its own.
  const isNewer = settings.version > base.version && !save.isPending;
  useEffect(() => {
    if (isNewer && !isDirty) adopt(settings);
  });
  const isFaultless = Object.keys(faultsOf(form.values)).length === 0;
  return {
    form,
    element,
    base,
    theirs,
    body: isFaultless ? toBody(wallet, form.values) : null,
    isDirty,
    isNewer,
    isSaving: save.isPending,
    error: save.error,
    submit(values, over) {
      const faults = faultsOf(values);
      const body = toBody(wallet, values);
      if (body === null || Object.keys(faults).length > 0) showFaults(faults);
      else save.mutate({ values, body, base: over });
    },
    adopt,
  };
}

/** Leads to the first marked field, once the marks are on the page. */
function useFaultFocus() {
  const element = useRef<HTMLFormElement>(null);
  const [refusals, setRefusals] = useState(0);
  useEffect(() => {
    if (refusals > 0) element.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [refusals]);
  return { element, focusFault: () => setRefusals((count) => count + 1) };
}
