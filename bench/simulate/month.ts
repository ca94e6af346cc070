import { accountId } from '../../domain/ids.ts';
import type { Policy } from '../../domain/policy.ts';
import { createRandom } from '../support/random.ts';
import { actionsOf, SimulatedAccount, type Tally } from './account.ts';
import { DAY_MS, makeAccount, MONTH_DAYS, monthOf } from './model.ts';

/** What is predicted of a month; `error` is one standard error of the sample. */
export type Prediction = Readonly<Record<Figure, { readonly value: number; readonly error: number }>>;
export type Figure = keyof Tally | 'actions';

export type MonthOptions = {
  readonly seed: number;
  /** Of the whole platform. */
  readonly accounts: number;
  /** How many of them are simulated, event by event; the figures are scaled up. */
  readonly sample: number;
  readonly policy: Policy;
};

/** The sample falls into so many smaller ones of the same kind; how they differ is the error. */
const GROUPS = 10;

/** Simulates a sample of the accounts for a month. It is spread evenly over how busy accounts are, from the idle to the
 *  busiest, because the busiest few make most of the usage. */
export async function simulateMonth(options: MonthOptions): Promise<Prediction> {
  const { seed, accounts, sample, policy } = options;
  const groups: Record<string, number>[] = Array.from({ length: GROUPS }, () => ({}));
  for (let index = 0; index < sample; index += 1) {
    const random = createRandom(seed + index);
    // Shuffled within its place, so that the spread has no steps.
    const activity = normalQuantile((index + random()) / sample);
    const tally = simulateAccount(policy, random, index, activity);
    const group = groups[index % GROUPS] ?? {};
    for (const [figure, count] of Object.entries({ ...tally, actions: actionsOf(tally) })) {
      group[figure] = (group[figure] ?? 0) + count;
    }
    // Whoever watches may interrupt.
    if (index % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  return summarise(groups, (accounts / sample) * GROUPS);
}

function simulateAccount(policy: Policy, random: () => number, index: number, activity: number): Tally {
  const model = makeAccount(random, accountId(`sim_${index}`), activity);
  const account = new SimulatedAccount(model, policy);
  for (const event of monthOf(random, model)) account.use(event);
  account.advance(MONTH_DAYS * DAY_MS);
  return account.tally;
}

function summarise(groups: readonly Record<string, number>[], scale: number): Prediction {
  const figures = Object.keys(groups[0] ?? {}) as Figure[];
  const entries = figures.map((figure) => {
    const totals = groups.map((group) => (group[figure] ?? 0) * scale);
    const mean = totals.reduce((sum, total) => sum + total, 0) / totals.length;
    const variance =
      totals.reduce((sum, total) => sum + (total - mean) ** 2, 0) / Math.max(1, totals.length - 1);
    return [figure, { value: mean, error: Math.sqrt(variance / totals.length) }] as const;
  });
  return Object.fromEntries(entries) as Prediction;
}

/** The inverse of the normal distribution, by bisection of its series (Marsaglia 2004): exact to 1e-9. */
function normalQuantile(probability: number): number {
  let [low, high] = [-8, 8];
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    if (normalCdf(middle) < probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

function normalCdf(x: number): number {
  let [sum, term] = [x, x];
  for (let n = 1; Math.abs(term) > 1e-12 && n < 300; n += 1) {
    term *= (x * x) / (2 * n + 1);
    sum += term;
  }
  return 0.5 + (sum * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI);
}
