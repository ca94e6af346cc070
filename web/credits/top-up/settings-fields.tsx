import { Anchor, Collapse, NumberInput, Stack, Switch, Text, type NumberInputProps } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useId, type ReactNode } from 'react';
import { useLocale } from '../../shared/i18n/locale.tsx';
import { useMessages } from '../../shared/i18n/use-messages.ts';
import { settingsMessages } from './messages.ts';
import type { Wallet } from './settings-types.ts';
import type { SettingsFormState } from './use-settings-values.ts';

const SEPARATOR = { de: ',', en: '.' } as const;
const UNIT_DECIMALS = { call_minutes: 3, chat_credits: 3 } as const;

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
  const decimals = UNIT_DECIMALS[wallet];
  return (
    <Stack gap="md">
      <Switch size="md" label={t(`enable_${wallet}`)} {...switchProps(form, 'enabled')} />
      <QuantityInput
        label={t(`alertBelow_${wallet}`)}
        description={t('alertBelow_hint')}
        unit={unit}
        decimalScale={decimals}
        {...numberProps(form, 'alertBelow')}
      />
      <QuantityInput
        label={t(`topUpBelow_${wallet}`)}
        description={t(`topUpBelow_hint_${wallet}`)}
        unit={unit}
        decimalScale={decimals}
        {...numberProps(form, 'topUpBelow')}
      />
      <Stack gap={6}>
        <QuantityInput label={t('amount')} unit="€" decimalScale={2} {...numberProps(form, 'amount')} />
        {children}
      </Stack>
      <Advanced wallet={wallet} form={form} />
    </Stack>
  );
}

function Advanced({ wallet, form }: { wallet: Wallet; form: SettingsFormState }) {
  const t = useMessages(settingsMessages);
  const id = useId();
  const hasCap = form.values.monthlyCap !== '';
  const [opened, { toggle }] = useDisclosure(hasCap);
  // A fault must not hide.
  const isOpen = opened || form.errors.monthlyCap !== undefined;
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
            decimalScale={2}
            {...numberProps(form, 'monthlyCap')}
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
  { values, errors, change }: SettingsFormState,
  field: 'alertBelow' | 'topUpBelow' | 'amount' | 'monthlyCap',
) {
  return {
    name: field,
    value: values[field],
    error: errors[field],
    onChange: (value: number | string) => change(field, value),
  };
}

/** A number as the language writes it, with its unit. */
export function QuantityInput({ unit, ...input }: NumberInputProps & { unit: string }) {
  const { locale } = useLocale();
  return (
    <NumberInput
      hideControls
      allowNegative={false}
      decimalSeparator={SEPARATOR[locale]}
      inputMode="decimal"
      autoComplete="off"
      rightSection={
        <Text size="sm" c="dimmed" aria-hidden>
          {unit}
        </Text>
      }
      rightSectionWidth={unit.length * 8 + 24}
      rightSectionProps={{ style: { justifyContent: 'flex-end', paddingInlineEnd: 12 } }}
      rightSectionPointerEvents="none"
      {...input}
    />
  );
}
