import type { Bench } from './bench.ts';
import { cost } from './cost.ts';
import { growth } from './growth.ts';
import { ingest } from './ingest.ts';
import { latency } from './latency.ts';
import { peers } from './peers.ts';
import { simulate } from './simulate.ts';
import { topUps } from './top-ups.ts';
import { workflows } from './workflows.ts';

/** Every bench, in the order in which they are run and reported. The one that leaves the most open workflows on the
 *  Temporal that all share comes last: nothing is measured beside them. */
export const BENCHES: readonly Bench[] = [ingest, growth, cost, peers, latency, topUps, simulate, workflows];
