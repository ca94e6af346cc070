import type { Bench } from './bench.ts';
import { ingest } from './ingest.ts';

/** Every bench, in the order in which they are run and reported. */
export const BENCHES: readonly Bench[] = [
  ingest,
  // growth and cost are put here; then peers, latency and topups.
];
