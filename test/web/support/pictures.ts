/** What is photographed: two pages of the customer, two of the operator. */
const SCENES = ['credits', 'usage', 'console', 'charge'] as const;
const WIDTHS = [360, 768, 1440] as const;
const LANGUAGES = ['de', 'en'] as const;

export type Picture = {
  /** Of the file in docs/screenshots/. */
  readonly name: string;
  readonly scene: (typeof SCENES)[number];
  readonly width: number;
  readonly language: 'de' | 'en';
  readonly scheme: 'light' | 'dark';
};

/** Every page on every width in both languages, and one dark one of each. */
export const PICTURES: readonly Picture[] = SCENES.flatMap((scene) => [
  ...WIDTHS.flatMap((width) =>
    LANGUAGES.map((language): Picture => {
      return { name: `${scene}-${width}-${language}.png`, scene, width, language, scheme: 'light' };
    }),
  ),
  { name: `${scene}-1440-en-dark.png`, scene, width: 1440, language: 'en', scheme: 'dark' },
]);
