import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { useIntl } from 'react-intl';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { Account, BalanceHistory } from '../../client/types.gen.ts';
import type { Wallet } from '../units.ts';
import { CHART_COLOURS, CHART_HEIGHT } from './chart-look.ts';

type ChartProps = { history: BalanceHistory; settings: Account['wallets'][Wallet]['settings'] };
type Look = { locale: string; timeZone: string; dark: boolean };

/** A balance over time, with the values that it is held against and what happened. It is a picture: what it says stands
 *  in the label of its frame and in the table beside it. */
export function BalanceChart({ history, settings }: ChartProps) {
  const frame = useRef<HTMLDivElement>(null);
  const { locale, timeZone = 'UTC' } = useIntl();
  const dark = useComputedColorScheme() === 'dark';
  useEffect(() => {
    const element = frame.current;
    if (element === null) return;
    const size = () => ({ width: element.clientWidth, height: CHART_HEIGHT });
    const look = { locale, timeZone, dark };
    const chart = new uPlot({ ...size(), ...optionsOf(history, settings, look) }, dataOf(history), element);
    const resized = new ResizeObserver(() => chart.setSize(size()));
    resized.observe(element);
    return () => {
      resized.disconnect();
      chart.destroy();
    };
  }, [history, settings, locale, timeZone, dark]);
  return <div ref={frame} aria-hidden />;
}

/** A balance stays as it is until something is booked, so it is drawn in steps. What a bucket came down to is drawn in
 *  its middle, before what it ended with: a line that leaves it out would pass no value that a top-up answered at once. */
function dataOf({ from, to, bucketMinutes, balanceBefore, points }: BalanceHistory): uPlot.AlignedData {
  const seconds = (at: string) => Date.parse(at) / 1_000;
  const halfBucket = bucketMinutes * 30;
  const times = [seconds(from)];
  const balances = [balanceBefore];
  const draw = (at: number, balance: number) => {
    // The last bucket of a day may be shorter than the others.
    times.push(Math.max(at, times.at(-1) ?? at));
    balances.push(balance);
  };
  for (const { at, balance, lowest } of points) {
    draw(seconds(at) - halfBucket, lowest);
    if (balance !== lowest) draw(seconds(at), balance);
  }
  draw(seconds(to), points.at(-1)?.balance ?? balanceBefore);
  return [times, balances];
}

function optionsOf(
  history: BalanceHistory,
  settings: ChartProps['settings'],
  { locale, timeZone, dark }: Look,
): Omit<uPlot.Options, 'width' | 'height'> {
  const ink = dark ? '#c1c2c5' : '#495057';
  const grid = { stroke: dark ? '#373a40' : '#e9ecef', width: 1 };
  const font = '12px system-ui, sans-serif';
  const when = new Intl.DateTimeFormat(locale, {
    timeZone,
    ...(isClose(history) ? CLOCK : DAY),
  });
  const amount = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  return {
    legend: { show: false },
    cursor: { show: false },
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1_000), timeZone),
    scales: { y: { range: (_chart, low, high) => padded(low, high, settings) } },
    axes: [
      {
        stroke: ink,
        grid: { show: false },
        ticks: grid,
        font,
        size: 32,
        space: 60,
        values: (_chart, splits) => splits.map((seconds) => when.format(seconds * 1_000)),
      },
      {
        stroke: ink,
        grid,
        ticks: { show: false },
        font,
        size: (_chart, values) => roomFor(values),
        values: (_chart, splits) => splits.map((value) => amount.format(value)),
      },
    ],
    series: [
      {},
      {
        stroke: CHART_COLOURS.balance,
        width: 2,
        fill: dark ? 'rgba(28,126,214,0.18)' : 'rgba(28,126,214,0.10)',
        points: { show: false },
        paths: uPlot.paths.stepped?.({ align: 1 }),
      },
    ],
    hooks: {
      draw: [
        (chart) => {
          drawValues(chart, settings);
          drawMarks(chart, history);
        },
      ],
    },
  };
}

const CLOCK = { hour: '2-digit', minute: '2-digit' } as const;
const DAY = { day: 'numeric', month: 'short' } as const;

/** Whether hours tell more than days. */
function isClose({ from, to }: BalanceHistory): boolean {
  return Date.parse(to) - Date.parse(from) < 3 * 86_400_000;
}

/** As wide as its longest label: on a small screen every pixel of the line counts. */
function roomFor(values: readonly string[] | null): number {
  return Math.max(1, ...(values ?? []).map(({ length }) => length)) * 8 + 12;
}

/** Zero and the values are always in the picture. */
function padded(low: number | null, high: number | null, settings: ChartProps['settings']): [number, number] {
  const values = settings?.enabled === true ? [settings.alertBelow, settings.topUpBelow] : [];
  const top = Math.max(high ?? 0, ...values, 1);
  const bottom = Math.min(low ?? 0, 0);
  return [bottom * 1.1, top * 1.1];
}

function drawValues(chart: uPlot, settings: ChartProps['settings']): void {
  if (settings?.enabled !== true) return;
  const { ctx, bbox } = chart;
  const values = [
    [settings.alertBelow, CHART_COLOURS.alert],
    [settings.topUpBelow, CHART_COLOURS.topUp],
  ] as const;
  ctx.save();
  ctx.lineWidth = 1.5 * devicePixelRatio;
  ctx.setLineDash([6 * devicePixelRatio, 4 * devicePixelRatio]);
  for (const [value, colour] of values) {
    const y = chart.valToPos(value, 'y', true);
    ctx.strokeStyle = colour;
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
  }
  ctx.restore();
}

const SHAPES = {
  top_up: { colour: CHART_COLOURS.topUpMark, shape: '▲' },
  'balance.alert': { colour: CHART_COLOURS.alert, shape: '◆' },
  'balance.depleted': { colour: CHART_COLOURS.depleted, shape: '●' },
} as const;

/** At the top, so that they hide nothing of the line. */
function drawMarks(chart: uPlot, { marks }: BalanceHistory): void {
  const { ctx, bbox } = chart;
  ctx.save();
  ctx.font = `${14 * devicePixelRatio}px system-ui, sans-serif`;
  ctx.textAlign = 'center';
  ctx.textBaseline = 'top';
  ctx.lineWidth = devicePixelRatio;
  for (const { at, kind } of marks) {
    const { colour, shape } = SHAPES[kind];
    const x = chart.valToPos(Date.parse(at) / 1_000, 'x', true);
    ctx.fillStyle = colour;
    ctx.strokeStyle = colour;
    ctx.globalAlpha = 0.35;
    ctx.beginPath();
    ctx.moveTo(x, bbox.top + 16 * devicePixelRatio);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    ctx.globalAlpha = 1;
    ctx.fillText(shape, x, bbox.top);
  }
  ctx.restore();
}
