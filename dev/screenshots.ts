import { startVitest } from 'vitest/node';

/** `npm run screenshots`: takes the pictures of docs/screenshots/ anew, of the real pages of the whole service. It runs
 *  as a test does, because it needs what the tests have: their servers, accounts and browser. */
const vitest = await startVitest('test', [], {
  watch: false,
  include: ['test/web/support/take-screenshots.ts'],
});
await vitest.close();
