import type { Bench, BenchResult, Target } from '../bench.ts';
import type { Machine } from './machine.ts';

/** How one bench ended. Each carries the machine, because results of several runs may stand in one file. */
export type Outcome = {
  readonly name: string;
  readonly question: string;
  readonly seconds: number;
  /** How the figures come about: medians of how many rounds, or what else. */
  readonly taken: string;
  readonly quick: boolean;
  readonly machine: Machine;
  /** Of a bench that has failed too: then none was measured. */
  readonly targets: readonly Target[];
} & (
  | ({ readonly status: 'measured' } & Required<BenchResult>)
  | { readonly status: 'failed'; readonly error: string }
);

export type Results = { readonly outcomes: readonly Outcome[] };

/** Whether the measured ratio reaches its target; what could not be measured has missed it. */
export function isMet({ measured, target }: Target): boolean {
  if (measured === null || !Number.isFinite(measured)) return false;
  return 'atLeast' in target ? measured >= target.atLeast : measured <= target.atMost;
}

/** Puts new outcomes in the place of older ones of the same benches, in the order of the registry. */
export function mergeResults(
  earlier: Results | null,
  outcomes: readonly Outcome[],
  registry: readonly Pick<Bench, 'name'>[],
): Results {
  const known = [...outcomes, ...(earlier?.outcomes ?? [])];
  return { outcomes: registry.flatMap(({ name }) => known.find((outcome) => outcome.name === name) ?? []) };
}
