import type { UsageEvent, UsageResult } from '../db/book-usage.ts';
import type { AccountId } from '../domain/ids.ts';
import { UsageQueue, UsageQueueFull, type UsageQueueOptions } from './usage-queue.ts';

export type UsageShardsOptions = Omit<UsageQueueOptions, 'lanes' | 'maxMixedEvents'> & {
  /** Transactions at once, each of other accounts. */
  shards: number;
};

/** Lets requests share transactions, several side by side that never wait for each other: every account belongs to one
 *  shard, and a shard books one group after the other. Two transactions with a hundred accounts each nearly always have
 *  one in common, and the second one would stand still until the first has committed.
 *
 *  A request of accounts of several shards is answered when all of its parts are committed. When one part fails, so does
 *  the request, and others may have been booked: sent again, those are duplicates. */
export class UsageShards {
  readonly #shards: readonly UsageQueue[];
  readonly #maxEvents: number;

  constructor({ shards, ...options }: UsageShardsOptions) {
    const maxMixedEvents = Math.ceil(options.maxLineEvents / shards);
    this.#maxEvents = options.maxEvents;
    this.#shards = Array.from(
      { length: shards },
      () => new UsageQueue({ ...options, lanes: 1, maxMixedEvents }),
    );
  }

  /** Events that wait or are being booked. */
  get events(): number {
    return this.#shards.reduce((sum, shard) => sum + shard.events, 0);
  }

  get isFull(): boolean {
    return this.events >= this.#maxEvents;
  }

  /** Books the events of one request, at least one, and answers for each in the order given.
   *  @throws UsageQueueFull when there is no room, and none was taken; what `ingest` throws, when it was thrown for some
   *    of these events. */
  async book(events: readonly UsageEvent[]): Promise<UsageResult[]> {
    const parts = Map.groupBy(events, ({ accountId }) => this.#shardOf(accountId));
    const hasRoom = [...parts].every(([shard, part]) => shard.hasRoom(part));
    if (!hasRoom || this.events + events.length > this.#maxEvents) throw new UsageQueueFull();
    const booked = await Promise.all(
      [...parts].map(async ([shard, part]) => [shard, (await shard.book(part)).values()] as const),
    );
    const results = new Map(booked);
    // Each shard answers in the order of its events, so the next one of an event's shard is its own.
    return events.flatMap(({ accountId }) => results.get(this.#shardOf(accountId))?.next().value ?? []);
  }

  #shardOf(account: AccountId): UsageQueue {
    const shard = this.#shards[hashOf(account) % this.#shards.length];
    if (shard === undefined) throw new RangeError('there is no shard');
    return shard;
  }
}

/** The same for the same account; it matters to nobody else which number it is. */
function hashOf(account: AccountId): number {
  let hash = 0;
  for (let index = 0; index < account.length; index += 1) {
    hash = (Math.imul(hash, 31) + account.charCodeAt(index)) >>> 0;
  }
  return hash;
}
