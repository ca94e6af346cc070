import type { UsageEvent, UsageResult } from '../db/book-usage.ts';
import type { AccountId } from '../domain/ids.ts';

export type UsageQueueOptions = {
  /** Books events in one transaction and answers for each, in the order given, after the commit. */
  ingest(events: readonly UsageEvent[]): Promise<UsageResult[]>;
  /** Whether an error would meet every other group as well, so that trying again one by one is of no use. */
  concernsAll(error: unknown): boolean;
  /** Transactions at once. */
  lanes: number;
  /** The most events of several requests in one transaction; a request with more is a group of its own. */
  groupEvents: number;
  /** The most events that wait or are being booked. */
  maxEvents: number;
  /** The most of them that one account, or all requests of several accounts together, may have: a busy one leaves room
   *  for the others. */
  maxLineEvents: number;
  /** Told of each group that is sent to the database. */
  onGroup?(size: { events: number; requests: number }): void;
};

/** There is no room for the events; none of them was taken. */
export class UsageQueueFull extends Error {
  override readonly name = 'UsageQueueFull';
}

type Waiting = {
  readonly events: readonly UsageEvent[];
  /** The account of all its events; null when they are of several. */
  readonly account: AccountId | null;
  /** Was part of a group that failed, and is tried again by itself. */
  isAlone: boolean;
  resolve(results: UsageResult[]): void;
  reject(error: unknown): void;
};

/** Lets requests share transactions. A group goes as soon as a lane is free and takes whatever has come in while
 *  the lanes were busy, so groups grow with the load and an idle service answers at once.
 *
 *  A request is answered after the commit of its own events, with its own results in its own order; what was wrong
 *  with one never fails another. An account is in one lane at a time and has its turn like every other one: a busy
 *  account, or one whose wallet is locked, holds up one lane and its own requests. */
export class UsageQueue {
  readonly #options: UsageQueueOptions;
  /** By account, in the order of their turns. */
  readonly #waiting = new Map<AccountId | null, Waiting[]>();
  /** Events of each line that wait or are being booked. */
  readonly #lineEvents = new Map<AccountId | null, number>();
  readonly #accountsInWork = new Set<AccountId>();
  #lanesInWork = 0;
  #events = 0;
  #isDispatchDue = false;

  constructor(options: UsageQueueOptions) {
    this.#options = options;
  }

  /** Events that wait or are being booked. */
  get events(): number {
    return this.#events;
  }

  get isFull(): boolean {
    return this.#events >= this.#options.maxEvents;
  }

  /** Books the events of one request, at least one.
   *  @throws UsageQueueFull when there is no room; what `ingest` throws, when it was thrown for these events. */
  book(events: readonly UsageEvent[]): Promise<UsageResult[]> {
    const account = onlyAccountOf(events);
    if (!this.#hasRoom(account, events.length)) return Promise.reject(new UsageQueueFull());
    this.#count(account, events.length);
    const { promise, resolve, reject } = Promise.withResolvers<UsageResult[]>();
    const request = { events, account, isAlone: false, resolve, reject };
    const line = this.#waiting.get(request.account);
    if (line === undefined) this.#waiting.set(request.account, [request]);
    else line.push(request);
    this.#dispatchSoon();
    return promise;
  }

  #hasRoom(account: AccountId | null, events: number): boolean {
    const { maxEvents, maxLineEvents } = this.#options;
    const ofLine = this.#lineEvents.get(account) ?? 0;
    return this.#events + events <= maxEvents && ofLine + events <= maxLineEvents;
  }

  #count(account: AccountId | null, events: number): void {
    const ofLine = (this.#lineEvents.get(account) ?? 0) + events;
    this.#events += events;
    if (ofLine === 0) this.#lineEvents.delete(account);
    else this.#lineEvents.set(account, ofLine);
  }

  /** After all requests that have arrived at this moment, so that they go together. */
  #dispatchSoon(): void {
    if (this.#isDispatchDue) return;
    this.#isDispatchDue = true;
    setImmediate(() => {
      this.#isDispatchDue = false;
      this.#dispatch();
    });
  }

  #dispatch(): void {
    while (this.#lanesInWork < this.#options.lanes) {
      const group = this.#takeGroup();
      if (group.length === 0) return;
      void this.#run(group);
    }
  }

  /** Takes one request of each account in turn until the group is full: an account that has more is put last, where
   *  the iteration comes by again. */
  #takeGroup(): Waiting[] {
    const { groupEvents } = this.#options;
    const group: Waiting[] = [];
    let events = 0;
    for (const [account, [request]] of this.#waiting) {
      if (request === undefined || this.#isInWork(account)) continue;
      if (group.length > 0 && (request.isAlone || events + request.events.length > groupEvents)) continue;
      group.push(this.#take(request));
      events += request.events.length;
      if (request.isAlone || events >= groupEvents) break;
    }
    return group;
  }

  #isInWork(account: AccountId | null): boolean {
    return account !== null && this.#accountsInWork.has(account);
  }

  /** Removes the first request of its account's line, and puts what is left of the line last. */
  #take(request: Waiting): Waiting {
    const line = this.#waiting.get(request.account) ?? [];
    line.shift();
    this.#waiting.delete(request.account);
    if (line.length > 0) this.#waiting.set(request.account, line);
    return request;
  }

  async #run(group: readonly Waiting[]): Promise<void> {
    const events = group.flatMap((request) => request.events);
    this.#lanesInWork += 1;
    for (const { account } of group) if (account !== null) this.#accountsInWork.add(account);
    this.#options.onGroup?.({ events: events.length, requests: group.length });
    try {
      this.#answer(group, await this.#options.ingest(events));
    } catch (error) {
      if (group.length > 1 && !this.#options.concernsAll(error)) this.#putBack(group);
      else this.#refuse(group, error);
    }
    for (const { account } of group) if (account !== null) this.#accountsInWork.delete(account);
    this.#lanesInWork -= 1;
    this.#dispatchSoon();
  }

  #answer(group: readonly Waiting[], results: readonly UsageResult[]): void {
    let from = 0;
    for (const request of group) {
      const to = from + request.events.length;
      this.#count(request.account, -request.events.length);
      request.resolve(results.slice(from, to));
      from = to;
    }
  }

  #refuse(group: readonly Waiting[], error: unknown): void {
    for (const request of group) {
      this.#count(request.account, -request.events.length);
      request.reject(error);
    }
  }

  /** To the heads of their lines, each to be tried by itself. */
  #putBack(group: readonly Waiting[]): void {
    for (const request of group.toReversed()) {
      request.isAlone = true;
      this.#waiting.set(request.account, [request, ...(this.#waiting.get(request.account) ?? [])]);
    }
  }
}

function onlyAccountOf(events: readonly UsageEvent[]): AccountId | null {
  const account = events[0]?.accountId ?? null;
  return events.every((event) => event.accountId === account) ? account : null;
}
