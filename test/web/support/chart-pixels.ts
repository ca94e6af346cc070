import type { Page } from 'playwright-core';

/** What is drawn of each colour: how many pixels in each row of the picture, from the top. */
export type ChartRows = Record<'balance' | 'alert' | 'topUp', number[]>;

/** Reads the chart of a balance as it is painted. */
export async function readChart(page: Page): Promise<ChartRows> {
  await page.locator(CANVAS).waitFor();
  return page.evaluate<ChartRows>(`(${rowsOf})(document.querySelector('${CANVAS}'))`);
}

/** The row that has the most of a colour. */
export function fullestRow(rows: readonly number[]): { row: number; pixels: number } {
  const pixels = Math.max(...rows);
  return { row: rows.indexOf(pixels), pixels };
}

const CANVAS = '[data-testid="balance-chart"] canvas';

/** Runs in the page. */
const rowsOf = `(canvas) => {
  const colours = { balance: [28, 126, 214], alert: [230, 119, 0], topUp: [174, 62, 201] };
  const { width, height } = canvas;
  const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
  const isLike = (at, colour) => data[at + 3] > 150 && colour.every((part, of) => Math.abs(data[at + of] - part) < 20);
  const countIn = (row, colour) =>
    Array.from({ length: width }, (_, column) => 4 * (row * width + column)).filter((at) => isLike(at, colour)).length;
  return Object.fromEntries(
    Object.entries(colours).map(([name, colour]) => [
      name,
      Array.from({ length: height }, (_, row) => countIn(row, colour)),
    ]),
  );
}`;
