import type { Page, Request } from 'playwright-core';

/** Keeps requests of a page from being answered. */
type Gate = {
  /** Those that were sent, answered or not. */
  readonly sent: readonly Request[];
  /** Lets all of them through, and every later one. */
  open(): void;
};

/** Holds the requests of a page that match, until the gate is opened. */
export async function holdRequests(
  page: Page,
  url: string,
  isHeld: (request: Request) => boolean = () => true,
): Promise<Gate> {
  const sent: Request[] = [];
  const opened = Promise.withResolvers<void>();
  await page.route(url, async (route) => {
    const request = route.request();
    if (!isHeld(request)) return route.fallback();
    sent.push(request);
    await opened.promise;
    // The page may have given it up meanwhile.
    await route.continue().catch(() => undefined);
  });
  return { sent, open: () => opened.resolve() };
}
