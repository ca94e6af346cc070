import type { Bench } from './bench.ts';
import { cost } from './cost.ts';
import { growth } from './growth.ts';
import { ingest } from './ingest.ts';
import { workflows } from './workflows.ts';

/** Every bench, in the order in which they are run and reported. */
export const BENCHES: readonly Bench[] = [ingest, growth, cost, workflows];
