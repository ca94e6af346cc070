import type { Bench } from './bench.ts';
import { cost } from './cost.ts';
import { growth } from './growth.ts';
import { ingest } from './ingest.ts';
import { latency } from './latency.ts';
import { peers } from './peers.ts';
import { simulate } from './simulate.ts';
import { topUps } from './top-ups.ts';
import { workflows } from './workflows.ts';

/** Every bench, in the order in which they are run and reported. */
export const BENCHES: readonly Bench[] = [ingest, growth, cost, workflows, peers, latency, topUps, simulate];
