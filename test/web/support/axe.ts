import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Fails when axe finds anything on the page as it is shown now. */
export async function expectAccessible(page: Page, what: string): Promise<void> {
  // A tab in the background does not paint, and keeps the colours from before.
  await page.bringToFront();
  const { violations } = await new AxeBuilder({ page }).withTags(RULES).analyze();
  const found = violations.flatMap(({ id, nodes }) =>
    nodes.map(
      ({ html, failureSummary = '' }) => `${what}: ${id} at ${html.slice(0, 200)}: ${failureSummary}`,
    ),
  );
  expect(found.join('\n')).toBe('');
}

/** The same in both languages and both colour schemes; the page is left in English and light. */
export async function expectAccessibleInEveryLook(page: Page, what: string): Promise<void> {
  await inEveryLook(page, (look) => expectAccessible(page, `${what}, ${look}`));
}

/** For what hides the switch of the language while it is shown, or goes by itself: it is shown anew in each look. */
export async function inEveryLook(page: Page, judge: (look: string) => Promise<void>): Promise<void> {
  for (const [language, scheme] of LOOKS) {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    await page.getByRole('button', { name: language, exact: true }).click();
    await judge(`${language}, ${scheme}`);
  }
}

/** Every language with every colour scheme. */
export const LOOKS = [
  ['Deutsch', 'dark'],
  ['Deutsch', 'light'],
  ['English', 'dark'],
  ['English', 'light'],
] as const;
