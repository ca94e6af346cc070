import type { Page } from 'playwright-core';

/** The sandbox's pages name no icon, which the browser looks for all the same. */
export const NO_ICON = /status of 404 .*\/favicon\.ico$/;

/** Pays a purchase on the hosted page, as a customer without a saved card does. */
export async function payOnPage(page: Page): Promise<void> {
  await page.getByLabel('Name or company').fill('Example GmbH');
  await saveCardOnPage(page, '4242 4242 4242 4242');
}

/** Enters a card and an address on the hosted page. */
export async function saveCardOnPage(page: Page, number: string): Promise<void> {
  await page.locator('#number').fill(number);
  await page.locator('#expiry').fill('12 / 34');
  await page.locator('#cvc').fill('123');
  await page.locator('#line1').fill('Ring 1');
  await page.locator('#postal_code').fill('10115');
  await page.locator('#city').fill('Berlin');
  await page.locator('#country').fill('DE');
  await page.locator('#submit').click();
}
