import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { AccountId } from '../domain/ids.ts';
import type { WakeMessage } from '../domain/wakes.ts';
import { createPace } from './relay-pace.ts';
import { createRunLoads, type RunLoads } from './run-loads.ts';
import { sendWake } from './send-wake.ts';
import { createSettler, type Outcome } from './settler.ts';
import { createTaskWatch, type TaskWatchOptions } from './task-watch.ts';

/** A frozen message on its way to one account's workflow. */
export type Wake = {
  accountId: AccountId;
  lease: string;
  version: number;
  message: WakeMessage;
  /** It reports something that must not wait. */
  urgent: boolean;
  /** When it was first due, by the database's clock. */
  dueAtMs: number;
};

/** What the relay needs of the database. */
export type Wakes = {
  claim(options: {
    limit: number;
    unhurriedLimit: number;
    leaseMs: number;
    /** These come after all others, in this order. */
    last?: readonly AccountId[];
  }): Promise<Wake[]>;
  /** Both return those that a writer has at this moment, and wait for nobody. */
  acknowledge(wakes: readonly Wake[]): Promise<Wake[]>;
  release(wakes: readonly Wake[], retryInMs: number): Promise<Wake[]>;
};

export type RelayOptions = {
  wakes: Wakes;
  client: Client;
  taskQueue: string;
  /** What spaces out signals that pile up in one run. */
  loads?: RunLoads;
  /** How workflow tasks are seen to pile up before the workers; without it nobody looks. */
  tasks?: TaskWatchOptions;
  /** A signal has arrived, `lagMs` after it was due. */
  onSent?: (sent: { wake: Wake; lagMs: number }) => void;
  /** Signals could not be sent, or the database is away; then `wakes` is empty. */
  onFault: (fault: { error: unknown; wakes: readonly Wake[] }) => void;
};

/** Signals under way at once. */
const SLOTS = 64;
/** So many of them at most may be for what can wait: a crossing finds a slot even when every signal is slow. */
const UNHURRIED_SLOTS = 32;
const POLL_MS = 50;
const IDLE_POLL_MS = 250;
/** What arrives within this is acknowledged by one statement, and its slots are filled by one. */
const GATHER_MS = 10;
/** Above the deadline of a signal, so that no other relay takes a wake that is still being sent. */
const LEASE_MS = 15_000;

type Tried = { wake: Wake } & (
  | { status: 'sent'; tookMs: number }
  | { status: 'failed'; error: unknown }
  | { status: 'rests'; restMs: number }
);

/** Carries wakes from the database to Temporal: at most one outstanding signal per account, crossings first. Each
 *  signal is settled by itself, so that a slow one holds up only its own account. When Temporal has trouble, or workflow
 *  tasks pile up before the workers, what can wait is slowed first. Any number of relays may run side by side; a signal that is sent twice is ignored by its
 *  version.
 *  @returns when `stop` is aborted and what was being sent has been settled. */
export async function runRelay(options: RelayOptions, stop: AbortSignal): Promise<void> {
  const relay = new Relay(options);
  const wakeUp = () => relay.wakeUp();
  stop.addEventListener('abort', wakeUp);
  try {
    while (!stop.aborted) await relay.turn(stop);
  } finally {
    stop.removeEventListener('abort', wakeUp);
  }
  await relay.finish();
}

class Relay {
  private readonly options: RelayOptions;
  private readonly pace = createPace({ most: UNHURRIED_SLOTS });
  private readonly loads: RunLoads;
  private readonly settler;
  private readonly taskWatch;
  private readonly underWay = new Map<Wake, Promise<void>>();
  private tried: Tried[] = [];
  wakeUp: () => void = () => undefined;

  constructor(options: RelayOptions) {
    this.options = options;
    this.settler = createSettler(options.wakes);
    this.loads = options.loads ?? createRunLoads();
    this.taskWatch = createTaskWatch(options.tasks ?? { askAgeMs: () => Promise.resolve(0) });
  }

  /** Settles what has come back, starts what is due, and waits until there may be more of either. */
  async turn(stop: AbortSignal): Promise<void> {
    await this.settle();
    if (stop.aborted) return;
    this.taskWatch.lookNowAndThen(Date.now());
    const claimed = await this.claim();
    for (const wake of claimed) this.start(wake);
    if (stop.aborted) return;
    if (this.tried.length === 0) await this.pause(this.pauseMs(claimed.length));
    // Whatever comes back together is settled together.
    if (this.tried.length > 0) await sleep(GATHER_MS);
  }

  async finish(): Promise<void> {
    await Promise.all(this.underWay.values());
    await this.settle();
  }

  private pauseMs(claimed: number): number {
    if (this.pace.isDatabaseAway) return this.pace.retryDelayMs;
    return claimed > 0 || this.underWay.size > 0 || this.settler.isBehind ? POLL_MS : IDLE_POLL_MS;
  }

  private async claim(): Promise<Wake[]> {
    const unhurried = [...this.underWay.keys()].filter((wake) => !wake.urgent).length;
    try {
      return await (this.pace.isAway ? this.claimProbe(unhurried) : this.claimDue(unhurried));
    } catch (error) {
      this.databaseIsAway(error);
      return [];
    }
  }

  private async claimDue(unhurried: number): Promise<Wake[]> {
    const { pace, underWay } = this;
    const limit = (pace.isDatabaseAway ? 1 : SLOTS) - underWay.size;
    if (limit <= 0) return [];
    const room = Math.min(limit, this.taskWatch.room, pace.unhurriedRoom(Date.now()) - unhurried);
    return this.ask({ limit, unhurriedLimit: Math.max(0, room) });
  }

  /** One is enough to see whether Temporal is back. */
  private async claimProbe(unhurried: number): Promise<Wake[]> {
    const { pace, underWay } = this;
    const probe = pace.probe({ urgent: underWay.size - unhurried, unhurried }, Date.now());
    if (probe === 'none') return [];
    const unhurriedLimit = probe === 'open' ? 1 : 0;
    const claimed = await this.ask({ limit: 1, unhurriedLimit, last: pace.refusedAccounts() });
    if (claimed.length > 0) pace.probed(probe, Date.now());
    return claimed;
  }

  private async ask(claim: Omit<Parameters<Wakes['claim']>[0], 'leaseMs'>): Promise<Wake[]> {
    const claimed = await this.options.wakes.claim({ ...claim, leaseMs: LEASE_MS });
    this.pace.databaseAnswered();
    return claimed;
  }

  private start(wake: Wake): void {
    const restMs = this.loads.restMs(wake.accountId, Date.now());
    if (restMs > 0) {
      this.tried.push({ wake, status: 'rests', restMs });
      return;
    }
    if (!wake.urgent) this.taskWatch.sent(Date.now());
    const sending = this.send(wake).then((tried) => {
      this.underWay.delete(wake);
      this.tried.push(tried);
      this.wakeUp();
    });
    this.underWay.set(wake, sending);
  }

  private async send(wake: Wake): Promise<Tried> {
    const startedMs = performance.now();
    try {
      const { runId } = await sendWake(wake, this.options);
      const nowMs = Date.now();
      this.loads.heard(wake.accountId, runId, nowMs);
      this.options.onSent?.({ wake, lagMs: Math.max(0, nowMs - wake.dueAtMs) });
      return { wake, status: 'sent', tookMs: performance.now() - startedMs };
    } catch (error) {
      return { wake, status: 'failed', error };
    }
  }

  private async settle(): Promise<void> {
    if (this.tried.length === 0 && !this.settler.isBehind) return;
    const tried = this.tried;
    this.tried = [];
    const sent = tried.filter((each) => each.status === 'sent');
    const failed = tried.filter((each) => each.status === 'failed');
    this.pace.told({ sent, failed }, Date.now());
    if (failed[0] !== undefined) {
      this.options.onFault({ error: failed[0].error, wakes: failed.map(({ wake }) => wake) });
    }
    const outcomes = tried.map((each): Outcome<Wake> => {
      const { wake } = each;
      if (each.status === 'sent') return { wake, retryInMs: null };
      return { wake, retryInMs: each.status === 'rests' ? each.restMs : this.pace.retryInMs(wake.accountId) };
    });
    try {
      await this.settler.settle(outcomes);
    } catch (error) {
      this.databaseIsAway(error);
    }
  }

  /** What was claimed is claimed again when its lease has run out. */
  private databaseIsAway(error: unknown): void {
    this.pace.databaseFailed();
    this.options.onFault({ error, wakes: [] });
  }

  private async pause(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    this.wakeUp = resolve;
    await promise;
    clearTimeout(timer);
  }
}
