import { Anchor, Collapse, Stack, Switch } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useId, type ReactNode } from 'react';
import { useMessages } from '../../shared/i18n/use-messages.ts';
import { settingsMessages } from './messages.ts';
import { QuantityInput } from './quantity-input.tsx';
import type { Wallet } from './settings-types.ts';
import { useFaultTexts } from './use-fault-text.ts';
import type { FieldTexts, SettingsFormState } from './use-settings-values.ts';

/** The fields of one wallet's settings.
 *  @param children what stands below the amount. */
export function SettingsFields({
  wallet,
  form,
  children,
}: {
  wallet: Wallet;
  form: SettingsFormState;
  children: ReactNode;
}) {
  const t = useMessages(settingsMessages);
  const unit = t(wallet === 'call_minutes' ? 'minutesUnit' : 'creditsUnit');
  const texts = useFaultTexts()(form.faults);
  return (
    <Stack gap="md">
      <Switch size="md" label={t(`enable_${wallet}`)} {...switchProps(form, 'enabled')} />
      <QuantityInput
        label={t(`alertBelow_${wallet}`)}
        description={t('alertBelow_hint')}
        unit={unit}
        {...numberProps(form, texts, 'alertBelow')}
      />
      <QuantityInput
        label={t(`topUpBelow_${wallet}`)}
        description={t(`topUpBelow_hint_${wallet}`)}
        unit={unit}
        {...numberProps(form, texts, 'topUpBelow')}
      />
      <Stack gap={6}>
        <QuantityInput label={t('amount')} unit="€" {...numberProps(form, texts, 'amount')} />
        {children}
      </Stack>
      <Advanced wallet={wallet} form={form} texts={texts} />
    </Stack>
  );
}

function Advanced({ wallet, form, texts }: { wallet: Wallet; form: SettingsFormState; texts: FieldTexts }) {
  const t = useMessages(settingsMessages);
  const id = useId();
  const hasCap = form.values.monthlyCap !== '';
  const [opened, { toggle }] = useDisclosure(hasCap);
  // A fault must not hide.
  const isOpen = opened || form.faults.monthlyCap !== undefined;
  return (
    <div>
      <Anchor
        component="button"
        type="button"
        size="sm"
        fw={600}
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={toggle}
      >
        {t('advanced')} <span aria-hidden>{isOpen ? '▴' : '▾'}</span>
      </Anchor>
      <Collapse expanded={isOpen} id={id}>
        <Stack gap="md" pt="sm">
          <QuantityInput
            label={t('monthlyCap')}
            description={t('monthlyCap_hint')}
            unit="€"
            {...numberProps(form, texts, 'monthlyCap')}
          />
          {wallet === 'call_minutes' && (
            <Switch
              label={t('topUpOnRefusal')}
              description={t('topUpOnRefusal_hint')}
              {...switchProps(form, 'topUpOnRefusal')}
            />
          )}
        </Stack>
      </Collapse>
    </div>
  );
}

function switchProps({ values, change }: SettingsFormState, field: 'enabled' | 'topUpOnRefusal') {
  return {
    checked: values[field],
    onChange: (event: { currentTarget: { checked: boolean } }) => change(field, event.currentTarget.checked),
  };
}

function numberProps(
  { values, change }: SettingsFormState,
  texts: FieldTexts,
  field: 'alertBelow' | 'topUpBelow' | 'amount' | 'monthlyCap',
) {
  return {
    name: field,
    value: values[field],
    error: texts[field],
    onChange: (value: number | string) => change(field, value),
  };
}
