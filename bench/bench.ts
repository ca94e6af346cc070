/** One comparison, measured side by side in one run. */
export type Bench = {
  /** As it is called on the command line: `npm run bench -- ingest`. */
  readonly name: string;
  /** What is compared with what, in one sentence. */
  readonly question: string;
  /** Set, a quick run leaves it out unless it is named; says why. */
  readonly notInQuick?: string;
  /** How often each variant is measured, where a round takes long; the command's own numbers unless told. */
  readonly rounds?: { readonly full: number; readonly quick: number };
  /** How its figures come about, to be followed by how long it took: medians of rounds unless told. */
  readonly taken?: (rounds: number) => string;
  /** The targets that it measures. One that has failed has missed them all. */
  readonly targets?: (quick: boolean) => readonly TargetClaim[];
  run(context: BenchContext): Promise<BenchResult>;
};

/** What every bench is given: one PostgreSQL and one Temporal for all of them, both with full durability. */
export type BenchContext = {
  /** Shorter rounds and smaller sets, for a look in under five minutes. */
  readonly quick: boolean;
  /** How often each variant is measured; the median counts. */
  readonly rounds: number;
  /** A fresh, migrated database on the shared server. */
  createDatabase(): Promise<{ url: string; drop(): Promise<void> }>;
  readonly temporal: { readonly address: string; readonly namespace: string };
  /** The first process of each server, for what they use of the machine (support/processes.ts). */
  readonly processes: { readonly postgres: number; readonly temporal: number };
  /** Aborted when the bench is to end early: by Ctrl-C, or because it has taken too long. */
  readonly signal: AbortSignal;
  /** How many milliseconds are left until it has taken too long. */
  leftMs(): number;
  /** A line for whoever watches. */
  say(text: string): void;
};

export type BenchResult = {
  readonly tables: readonly BenchTable[];
  /** The targets, as measured. */
  readonly targets: readonly Target[];
  /** What a reader of the figures has to know: how they were taken, what was left out and why. */
  readonly notes?: readonly string[];
};

export type BenchTable = {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
};

/** NaN and null both say that it was not measured; JSON knows only the second. */
export type Cell = string | number | null;

export type TargetClaim = {
  readonly claim: string;
  readonly target: { readonly atLeast: number } | { readonly atMost: number };
};

/** A ratio, never a time: machines differ and are noisy. NaN or null when it could not be measured. */
export type Target = TargetClaim & { readonly measured: number | null };
