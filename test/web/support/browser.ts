import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext, type Page } from 'playwright-core';
import { ensureChromium } from '../../../dev/chromium.ts';

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
/** How long a page may take to show what is waited for; the machine may be busy. */
const PATIENCE_MS = 20_000;

export type PageOptions = {
  width?: number;
  height?: number;
  locale?: 'de' | 'en';
  scheme?: 'light' | 'dark';
  /** Of the browser; pages keep to the account's. */
  timeZone?: string;
};

export type Browser = {
  /** A page in a profile of its own, and what went wrong in its console. */
  open(options?: PageOptions): Promise<BrowserPage>;
  stop(): Promise<void>;
};

export type BrowserPage = {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What the consoles of all tabs reported as an error, with the address that it is about, and what the pages threw, but
   *  for what `allow` has named. */
  readonly complaints: () => readonly string[];
  /** The browser itself reports each answer of 4xx and 5xx, and each lost connection; a test that makes one says so. */
  readonly allow: (pattern: RegExp) => void;
  /** A second tab of the same person. */
  readonly tab: () => Promise<Page>;
};

/** Starts Chromium for all tests of a file. */
export async function startBrowser(): Promise<Browser> {
  const executablePath = await ensureChromium();
  const profile = await mkdtemp(join(tmpdir(), 'chromium-'));
  const browser = await chromium.launch({
    executablePath,
    args: [...FLAGS, `--disk-cache-dir=${profile}`],
    env: { ...process.env, HOME: profile },
  });
  return {
    async open({ width = 1280, height = 900, locale = 'en', scheme = 'light', timeZone } = {}) {
      const context = await browser.newContext({
        viewport: { width, height },
        locale: locale === 'de' ? 'de-DE' : 'en-GB',
        colorScheme: scheme,
        ...(timeZone === undefined ? {} : { timezoneId: timeZone }),
        reducedMotion: 'reduce',
      });
      context.setDefaultTimeout(PATIENCE_MS);
      const heard: string[] = [];
      const allowed: RegExp[] = [];
      // Every tab, also one that a page opens by itself.
      context.on('page', (page) => {
        page.on('console', (message) => {
          if (message.type() === 'error') heard.push(`${message.text()} at ${message.location().url}`);
        });
        page.on('pageerror', (error) => heard.push(String(error)));
      });
      return {
        page: await context.newPage(),
        context,
        complaints: () => heard.filter((text) => !allowed.some((pattern) => pattern.test(text))),
        allow: (pattern) => allowed.push(pattern),
        tab: () => context.newPage(),
      };
    },
    async stop() {
      await browser.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}
