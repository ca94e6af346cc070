import { Alert, Button, Group, Radio, Stack, Text } from '@mantine/core';
import { IconGitMerge } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useFormats } from '../../shared/i18n/use-formats.ts';
import { useMessages } from '../../shared/i18n/use-messages.ts';
import { settingsMessages } from './messages.ts';
import type { Wallet } from './settings-types.ts';
import { merge, withFieldsOf, type SettingsField, type SettingsValues } from './settings-values.ts';

/** After a save that came too late: whose value holds, field by field. */
export function MergePanel({
  wallet,
  base,
  theirs,
  yours,
  saving,
  onSave,
  onDiscard,
}: {
  wallet: Wallet;
  base: SettingsValues;
  theirs: SettingsValues;
  yours: SettingsValues;
  saving: boolean;
  onSave: (values: SettingsValues) => void;
  onDiscard: () => void;
}) {
  const t = useMessages(settingsMessages);
  const nameOf = useFieldName(wallet);
  const textOf = useValueText(wallet);
  const { conflicts, taken, merged } = merge(base, theirs, yours);
  const [theirsHold, setTheirsHold] = useState<readonly SettingsField[]>([]);
  const panel = useRef<HTMLDivElement>(null);
  useEffect(() => panel.current?.focus(), []);
  const choose = (field: SettingsField, whose: string) =>
    setTheirsHold((fields) => [
      ...fields.filter((one) => one !== field),
      ...(whose === 'theirs' ? [field] : []),
    ]);
  return (
    <Alert
      ref={panel}
      tabIndex={-1}
      color="yellow"
      role="alert"
      title={t('mergeTitle')}
      icon={<IconGitMerge aria-hidden />}
      data-testid={`merge-${wallet}`}
    >
      <Stack gap="md">
        <Text size="sm">{t('mergeText')}</Text>
        {conflicts.map((field) => (
          <Radio.Group
            key={field}
            label={nameOf(field)}
            value={theirsHold.includes(field) ? 'theirs' : 'yours'}
            onChange={(whose) => choose(field, whose)}
          >
            <Stack gap={6} mt={6}>
              <Radio value="yours" label={t('mergeYours', { value: textOf(field, yours) })} />
              <Radio value="theirs" label={t('mergeTheirs', { value: textOf(field, theirs) })} />
            </Stack>
          </Radio.Group>
        ))}
        {taken.length > 0 && (
          <Text size="sm">
            {t('mergeTaken', {
              fields: taken.map((field) => `${nameOf(field)}: ${textOf(field, theirs)}`).join('; '),
            })}
          </Text>
        )}
        <Group gap="sm">
          <Button loading={saving} onClick={() => onSave(withFieldsOf(merged, theirs, theirsHold))}>
            {t('mergeSave')}
          </Button>
          <Button variant="default" onClick={onDiscard}>
            {t('mergeDiscard')}
          </Button>
        </Group>
      </Stack>
    </Alert>
  );
}

function useFieldName(wallet: Wallet): (field: SettingsField) => string {
  const t = useMessages(settingsMessages);
  const names = {
    enabled: t(`enable_${wallet}`),
    alertBelow: t(`alertBelow_${wallet}`),
    topUpBelow: t(`topUpBelow_${wallet}`),
    amount: t('amount'),
    monthlyCap: t('monthlyCap'),
    topUpOnRefusal: t('topUpOnRefusal'),
  };
  return (field) => names[field];
}

function useValueText(wallet: Wallet): (field: SettingsField, values: SettingsValues) => string {
  const t = useMessages(settingsMessages);
  const { euros, number } = useFormats();
  return (field, values) => {
    const value = values[field];
    if (typeof value === 'boolean') return t(value ? 'on' : 'off');
    if (typeof value === 'string') return value === '' ? t('none') : value;
    if (field === 'amount' || field === 'monthlyCap') return euros(value);
    return t(`units_${wallet}`, { units: number(value, 3) });
  };
}
