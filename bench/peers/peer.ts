import type { Workload } from './workload.ts';

/** What one design made of a workload. */
export type PeerRun = {
  /** From the first event sent to the last one evaluated, with every due top-up found. */
  readonly durationMs: number;
  readonly topUps: number;
  /** Events that the design itself says it has judged; the bench fails when it is not all of them. */
  readonly evaluated: number;
};

/** A design, ready to take workloads. */
export type Peer = {
  readonly name: string;
  /** Sends the workload and returns when everything in it has been evaluated.
   *  @param concurrency requests in flight at a time. */
  run(workload: Workload, concurrency: number): Promise<PeerRun>;
  stop(): Promise<void>;
};
