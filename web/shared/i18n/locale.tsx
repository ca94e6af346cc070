import { createContext, use, useEffect, useMemo, useState, type ReactNode } from 'react';
import { IntlProvider } from 'react-intl';
import { remember, remembered } from '../remembered.ts';
import { LOCALES, type Locale } from './catalogue.ts';

const CHOICE = 'locale';

/** Whose formats a language uses. */
const REGION = { en: 'en-GB', de: 'de-DE' } as const;

type LocaleSwitch = {
  readonly locale: Locale;
  /** What the person chose on this page; it wins over the account's language, which wins over the browser's. */
  readonly choose: (locale: Locale) => void;
  /** The account's language and time zone, once they are known. */
  readonly follow: (account: { locale: Locale; timeZone: string }) => void;
};

const LocaleContext = createContext<LocaleSwitch | null>(null);

/** Language and time zone of everything below. */
export function LocaleProvider({ children }: { children: ReactNode }) {
  const [chosen, setChosen] = useState<Locale | null>(() => asLocale(remembered(CHOICE)));
  const [account, setAccount] = useState<{ locale: Locale; timeZone: string } | null>(null);
  const locale = chosen ?? account?.locale ?? ofBrowser();
  useEffect(() => {
    document.documentElement.lang = locale;
  }, [locale]);
  const value = useMemo<LocaleSwitch>(
    () => ({
      locale,
      choose(next) {
        remember(CHOICE, next);
        setChosen(next);
      },
      follow: (next) =>
        setAccount((known) =>
          known?.locale === next.locale && known.timeZone === next.timeZone
            ? known
            : { locale: next.locale, timeZone: next.timeZone },
        ),
    }),
    [locale],
  );
  return (
    <LocaleContext value={value}>
      {/* The texts come as default messages from the catalogues, so every locale is the default one. */}
      <IntlProvider
        locale={REGION[locale]}
        defaultLocale={REGION[locale]}
        {...(account === null ? {} : { timeZone: account.timeZone })}
      >
        {children}
      </IntlProvider>
    </LocaleContext>
  );
}

export function useLocale(): LocaleSwitch {
  const value = use(LocaleContext);
  if (value === null) throw new Error('outside of LocaleProvider');
  return value;
}

function ofBrowser(): Locale {
  for (const tag of navigator.languages) {
    const locale = asLocale(tag.split('-', 1)[0] ?? '');
    if (locale !== null) return locale;
  }
  return 'en';
}

function asLocale(text: string | null): Locale | null {
  return LOCALES.find((locale) => locale === text) ?? null;
}
