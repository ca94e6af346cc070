export const LOCALES = ['en', 'de'] as const;
export type Locale = (typeof LOCALES)[number];

/** The texts of one part of a page in every language, in ICU message syntax. */
export type Catalogue<Key extends string> = Readonly<Record<Locale, Readonly<Record<Key, string>>>>;

/** Checks that both languages say the same things; a part of a page carries its own texts, so they load with it. */
export function catalogue<Key extends string>(
  texts: { readonly en: Readonly<Record<Key, string>> } & {
    readonly de: Readonly<Record<NoInfer<Key>, string>>;
  },
): Catalogue<Key> {
  return texts;
}
