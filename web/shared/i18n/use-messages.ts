import { useCallback, useMemo, type ReactNode } from 'react';
import { useIntl } from 'react-intl';
import type { Catalogue } from './catalogue.ts';
import { useLocale } from './locale.tsx';

type Values = Readonly<Record<string, string | number | Date | null | undefined>>;
type RichValues = Readonly<
  Record<string, string | number | Date | ReactNode | ((parts: ReactNode[]) => ReactNode)>
>;

export type Translate<Key extends string> = ((key: Key, values?: Values) => string) & {
  /** With elements among the values. */
  rich(key: Key, values: RichValues): ReactNode;
};

/** The texts of a catalogue in the language of the page. */
export function useMessages<Key extends string>(texts: Catalogue<Key>): Translate<Key> {
  const intl = useIntl();
  const { locale } = useLocale();
  const describe = useCallback(
    (key: Key) => ({ id: key, defaultMessage: texts[locale][key] }),
    [texts, locale],
  );
  return useMemo(() => {
    const translate = (key: Key, values?: Values) => intl.formatMessage(describe(key), values);
    const rich = (key: Key, values: RichValues) =>
      intl.formatMessage(describe(key), values as Parameters<typeof intl.formatMessage>[1]) as ReactNode;
    return Object.assign(translate, { rich });
  }, [intl, describe]);
}
