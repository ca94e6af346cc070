import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePorts } from '../../dev/ports.ts';
import { eventually } from '../support/eventually.ts';
import {
  call,
  createExampleAccount,
  type ExampleAccount,
  type TopUpItem,
} from '../support/example-account.ts';
import { startStack, type Stack } from '../support/stack.ts';
import { readMetric } from '../support/worker-metrics.ts';

const ROUNDS = 9;
const BATCH = 100;
/** The heavy account's share of the batches. It sends its own, as a platform does for one big campaign, so that they
 *  queue up in the API's line of this account. */
const HEAVY = 9;
const OF_ALL = 10;
const REPORTERS = 4;

describe('one account with nine tenths of a heavy load', () => {
  let stack: Stack;
  let metricsPort: number;
  beforeAll(async () => {
    [metricsPort = 0] = await freePorts(1);
    stack = await startStack({ worker: false });
    await stack.startWorker(undefined, { METRICS_PORT: String(metricsPort) });
  });
  afterAll(() => stack.stop());

  async function readyAccount(): Promise<ExampleAccount> {
    const account = await createExampleAccount(stack);
    await account.grant('call_minutes', 60);
    await account.enable('call_minutes');
    return account;
  }

  /** From the report of the crossing to the credited top-up. */
  async function msToTopUp(account: ExampleAccount): Promise<number> {
    const startedMs = performance.now();
    await account.use([call(56 * 60)]);
    await eventually(
      async () => {
        const [topUp] = await account.list<TopUpItem>('top-ups');
        expect(topUp?.state).toBe('credited');
      },
      { timeoutMs: 60_000, pauseMs: 50 },
    );
    return performance.now() - startedMs;
  }

  it('delays no other top-up, and is not told of the same want again and again', {
    timeout: 240_000,
  }, async () => {
    // Its campaigns go on below the top-up value, and it has no card: every batch tells of the same want.
    const heavy = await createExampleAccount(stack, { paymentMethod: null });
    await heavy.enable('call_minutes');
    const others = await Promise.all(Array.from({ length: 5 }, () => readyAccount()));
    const [alone, crowded] = [
      await Promise.all(Array.from({ length: ROUNDS }, () => readyAccount())),
      await Promise.all(Array.from({ length: ROUNDS }, () => readyAccount())),
    ];
    const usualMs: number[] = [];
    for (const account of alone) usualMs.push(await msToTopUp(account));

    const load = { goesOn: true, events: 0 };
    const report = async (): Promise<void> => {
      for (let batch = 0; load.goesOn; batch += 1) {
        const isHeavy = batch % OF_ALL < HEAVY;
        const events = Array.from({ length: BATCH }, (_, index) => ({
          ...call(1),
          account: (isHeavy ? heavy : others[index % others.length]!).id,
        }));
        const { status } = await stack.call('POST', '/v1/usage', { events });
        if (status === 200) load.events += BATCH;
      }
    };
    const signalsOf = (urgency: string) => readMetric(metricsPort, 'relay_signals_total', { urgency });
    const before = await signalsOf('urgent');
    const startedMs = performance.now();
    const reporters = Promise.all(Array.from({ length: REPORTERS }, report));
    await eventually(() => expect(load.events).toBeGreaterThan(60 * BATCH), { timeoutMs: 30_000 });
    const crowdedMs: number[] = [];
    for (const account of crowded) crowdedMs.push(await msToTopUp(account));
    load.goesOn = false;
    await reporters;

    const tookMs = performance.now() - startedMs;
    const urgent = (await signalsOf('urgent')) - before;
    const unhurried = await signalsOf('unhurried');
    expect(median(crowdedMs)).toBeLessThanOrEqual(2 * median(usualMs) + 1_000);
    // Whoever shares a processor is slow now and then; what must not be there is a line to wait in.
    expect(Math.max(...crowdedMs)).toBeLessThan(5 * Math.max(...usualMs) + 5_000);
    // A top-up is three wakes; the heavy account is told at once the first time, and every 30 s after that.
    expect(urgent).toBeLessThan(ROUNDS * 6 + 10);
    expect(unhurried).toBeLessThanOrEqual((1 + others.length + alone.length) * (2 + tookMs / 30_000));
  });
});

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)]!;
}
