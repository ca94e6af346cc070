import type { BenchContext } from '../bench.ts';
import { givePaymentCards } from '../support/paying-accounts.ts';
import { nthAccount, seedAccounts } from '../support/seed.ts';
import { startStack, type Stack } from '../support/stack.ts';
import { startDbosDesign } from './dbos-design.ts';
import type { Peer, PeerRun } from './peer.ts';
import { startSignalDesign } from './signal-design.ts';
import { startThisSystem } from './this-system.ts';
import { startTill } from './till.ts';
import { makeWorkload, startOfCrossing, type Workload } from './workload.ts';

/** `shown` is this system under the conditions of the peers: shown beside them, and judged by no target. */
export type Design = 'system' | 'shown' | 'signals' | 'dbos';

/** One way to evaluate the workload, with all its processes started. */
export type Variant = {
  readonly design: Design;
  readonly name: string;
  /** How many it is given. */
  readonly events: number;
  run(round: number): Promise<PeerRun>;
};

type AtEnd = (cleanUp: () => unknown) => void;

const SEED = 20_261_122;
const ACCOUNTS = 50;
const CROSSING = 10;
/** Requests at a time. Both that did best in trials are measured, and the better median counts. */
const CONCURRENCY = {
  quick: { signals: [64], dbos: [16] },
  full: { signals: [64, 128], dbos: [16, 64] },
} as const;
/** Events in one request: what a platform collects in less than a second at these rates. */
const BATCH = 1_000;
const BATCHES_AT_ONCE = 4;
const SINGLES_AT_ONCE = 64;
/** Shorter than in production (30 s), so that the last events are judged soon after they were sent: above all thresholds
 *  thirty times this, 15 s, and 3 s for a stream that is over in a second. That costs this system more signals than it
 *  would need. */
const COALESCE_MS = { long: 500, short: 100 };
/** DBOS's own default number of connections; 20 and 40 were slower. */
const DBOS_POOL = 10;

/** How many events of the one stream each design is given: enough to be busy for long enough. All accounts that
 *  cross at all do so among the first `peers` events, so that every design has the same top-ups to find. */
export type StreamLengths = { readonly system: number; readonly peers: number };

/** Starts everything that is compared. */
export async function startVariants(
  context: BenchContext,
  lengths: StreamLengths,
  atEnd: AtEnd,
): Promise<Variant[]> {
  const till = await startTill();
  atEnd(() => till.stop());
  const signals = await startSignalDesign(context, till);
  atEnd(() => signals.stop());
  const dbos = await startDbosDesign(context, till, DBOS_POOL);
  atEnd(() => dbos.stop());
  const ofPeer = (design: Design, peer: Peer, concurrency: number): Variant => ({
    design,
    name: `${peer.name}, ${concurrency} at a time`,
    events: lengths.peers,
    run: (round) => {
      const name = (number: number) => `${design}-${concurrency}-${round}-${number}`;
      return peer.run(workloadOf(lengths, lengths.peers, name), concurrency);
    },
  });
  const concurrency = CONCURRENCY[context.quick ? 'quick' : 'full'];
  return [
    ...(await startSystemVariants(context, lengths, atEnd)),
    ...concurrency.dbos.map((atOnce) => ofPeer('dbos', dbos, atOnce)),
    ...concurrency.signals.map((atOnce) => ofPeer('signals', signals, atOnce)),
  ];
}

/** This system charges, credits and tells every top-up at the sandboxes, which no peer does. In a full run it is also
 *  given the very stream of the peers, in batches and event by event. */
async function startSystemVariants(
  context: BenchContext,
  lengths: StreamLengths,
  atEnd: AtEnd,
): Promise<Variant[]> {
  const start = (coalesceMs: number) => startStack(context, atEnd, { policy: { coalesceMs } });
  const variant = async (options: {
    stack: Stack;
    design: Design;
    events: number;
    batch: number;
    atOnce: number;
  }): Promise<Variant> => {
    const { stack, design, events, batch, atOnce } = options;
    const system = await startThisSystem(context, stack, batch);
    atEnd(() => system.stop());
    const sent = batch === 1 ? `single events, ${atOnce} at a time` : `batches of ${batch}`;
    return {
      design,
      name: `${system.name}, ${sent}`,
      events,
      run: async () => system.run(await seedWorkload(stack, lengths, events), atOnce),
    };
  };
  const batches = { batch: BATCH, atOnce: BATCHES_AT_ONCE };
  const sustained = await variant({
    stack: await start(context.quick ? COALESCE_MS.short : COALESCE_MS.long),
    design: 'system',
    events: lengths.system,
    ...batches,
  });
  if (context.quick) return [sustained];
  const asPeers = { stack: await start(COALESCE_MS.short), design: 'shown', events: lengths.peers } as const;
  return [
    sustained,
    await variant({ ...asPeers, ...batches }),
    await variant({ ...asPeers, batch: 1, atOnce: SINGLES_AT_ONCE }),
  ];
}

async function seedWorkload(
  { databaseUrl, providers }: Stack,
  lengths: StreamLengths,
  events: number,
): Promise<Workload> {
  const balanceSeconds = startOfCrossing({ accounts: ACCOUNTS, events: lengths.peers });
  const crossing = await seedAccounts(databaseUrl, { accounts: CROSSING, balanceSeconds });
  const others = await seedAccounts(databaseUrl, { accounts: ACCOUNTS - CROSSING });
  const workload = workloadOf(lengths, events, (number) =>
    number < CROSSING ? nthAccount(crossing, number) : nthAccount(others, number - CROSSING),
  );
  await givePaymentCards(
    databaseUrl,
    providers,
    workload.accounts.map(({ id }) => id),
  );
  return workload;
}

/** Seconds that no workload uses up. */
const PLENTY_SECONDS = 30_000_000;

function workloadOf(lengths: StreamLengths, events: number, name: (number: number) => string): Workload {
  const startOfCrossings = startOfCrossing({ accounts: ACCOUNTS, events: lengths.peers });
  const accounts = Array.from({ length: ACCOUNTS }, (_, number) => ({
    id: name(number),
    startSeconds: number < CROSSING ? startOfCrossings : PLENTY_SECONDS,
  }));
  return makeWorkload({ seed: SEED, accounts, events });
}

/** How many top-ups every design has to find.
 *  @throws when the longer stream would have others than the shorter one. */
export function dueTopUps(lengths: StreamLengths): number {
  const [ofPeers, ofSystem] = [lengths.peers, lengths.system].map(
    (events) => workloadOf(lengths, events, String).dueTopUps,
  );
  if (ofPeers === undefined || ofPeers !== ofSystem) {
    throw new Error(`${ofPeers} top-ups are due in the shorter stream, ${ofSystem} in the longer one`);
  }
  return ofPeers;
}
