import type { SeededAccounts } from '../seed.ts';

/** Which events to make: each with an id of its own, one second long, of an account picked at random. */
export type EventsOf = {
  readonly accounts: SeededAccounts;
  /** Events in one request or one transaction. */
  readonly batch: number;
};

type Closed = EventsOf & {
  /** Each sends its next batch when the one before has been answered. */
  readonly connections: number;
  readonly seconds: number;
};

/** Over HTTP, as the platform does it. */
export type HttpJob = Closed & {
  readonly kind: 'http';
  readonly url: string;
  /** Taken in turns, because each may only make so many requests. */
  readonly keys: readonly string[];
};

/** Without HTTP: `statement` writes entries and balances with one bare SQL statement, which commits by itself;
 *  `ledger` books the batch by the service's own code, with duplicates, thresholds and wakes. */
export type DatabaseJob = Closed & {
  readonly kind: 'statement' | 'ledger';
  readonly databaseUrl: string;
};

/** Over HTTP at the pace of calls that report each second, whatever the answers' pace. */
export type PacedJob = {
  readonly kind: 'paced';
  readonly url: string;
  readonly keys: readonly string[];
  readonly seconds: number;
  /** Accounts by number, and how many events each of them has every second; a fraction is one every few seconds. */
  readonly groups: readonly { readonly accounts: SeededAccounts; readonly eventsPerSecond: number }[];
};

/** Events by their ids, `run-number`: the first and the last number of each stretch without a gap. */
export type Acknowledged = {
  readonly run: string;
  readonly stretches: readonly (readonly [number, number])[];
};

export type LoadJob = HttpJob | DatabaseJob | PacedJob;

export type LoadResult = {
  /** Events that were accepted, and for how long that took. */
  readonly events: number;
  readonly seconds: number;
  /** The events that were accepted. */
  readonly acknowledged: Acknowledged;
  /** Requests that were answered otherwise than with 200. */
  readonly refused: number;
  /** Of a batch, from sending to its answer. */
  readonly latencyMs: { readonly p50: number; readonly p95: number; readonly p99: number };
  /** Processor time that the generator itself took from the machine. */
  readonly cpuSeconds: number;
};

export type Answered = Omit<LoadResult, 'cpuSeconds' | 'latencyMs'> & { readonly latenciesMs: number[] };
