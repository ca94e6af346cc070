import { Text, TextInput, type TextInputProps } from '@mantine/core';
import { useState } from 'react';
import { useLocale } from '../../shared/i18n/locale.tsx';
import { readNumber, writeNumber } from './read-number.ts';
import { numberIn } from './settings-values.ts';
import { useFaultTexts } from './use-fault-text.ts';

type QuantityInputProps = Omit<TextInputProps, 'value' | 'onChange'> & {
  unit: string;
  /** What stands in it: a number, or the text that was typed while it is none. */
  value: number | string;
  onChange: (value: number | string) => void;
};

/** A number as the language writes it, with its unit. Anything else stays as it was typed, and is marked: a separator
 *  that was dropped silently would change the number a hundredfold. */
export function QuantityInput({ unit, value, onChange, error, ...input }: QuantityInputProps) {
  const faultTexts = useFaultTexts();
  const { locale } = useLocale();
  const [typed, setTyped] = useState({ text: '', locale });
  const [isLeft, setIsLeft] = useState(false);
  const isTyped = typed.locale === locale && readNumber(typed.text, locale) === value;
  const isUnreadable = value !== '' && numberIn(value) === null;
  // Not while it is typed: "1," may become "1,000".
  const unreadable =
    isLeft && isUnreadable ? faultTexts({ amount: { kind: 'unreadable' } }).amount : undefined;
  return (
    <TextInput
      inputMode="decimal"
      autoComplete="off"
      value={isTyped ? typed.text : writeNumber(value, locale)}
      onChange={({ currentTarget: { value: text } }) => {
        setTyped({ text, locale });
        setIsLeft(false);
        onChange(readNumber(text, locale));
      }}
      onBlur={() => setIsLeft(true)}
      error={error ?? unreadable}
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
