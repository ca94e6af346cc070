import { setTimeout as sleep } from 'node:timers/promises';
import type { UsageEvent, UsageResult } from '../db/book-usage.ts';
import type { AccountId } from '../domain/ids.ts';

export type UsageQueueOptions = {
  /** Books events in one transaction and answers for each, in the order given, after the commit.
   *  @param patience how long it may wait for a locked wallet: long only for who waits by itself. */
  ingest(events: readonly UsageEvent[], patience: 'short' | 'long'): Promise<UsageResult[]>;
  /** Of these accounts, those whose wallets somebody has locked at this moment. */
  findLocked(accounts: readonly AccountId[]): Promise<readonly AccountId[]>;
  /** Whether an error says that a wallet was not to be had in time. */
  isLocked(error: unknown): boolean;
  /** Whether an error would meet every other group as well, so that trying again one by one is of no use. */
  concernsAll(error: unknown): boolean;
  /** Transactions at once. */
  lanes: number;
  /** Whether what waits for a locked wallet goes beside these, and not in one of them. */
  hasPatientLane: boolean;
  /** The most events of several requests in one transaction; a request with more is a group of its own. */
  groupEvents: number;
  /** The most events that wait or are being booked. */
  maxEvents: number;
  /** The most of them that one account may have: a busy one leaves room for the others. */
  maxLineEvents: number;
  /** The same of all requests of several accounts together. */
  maxMixedEvents: number;
  /** Told of each group that is sent to the database. */
  onGroup?(size: { events: number; requests: number }): void;
};

/** There is no room for the events; none of them was taken. */
export class UsageQueueFull extends Error {
  override readonly name = 'UsageQueueFull';
}

/** Longer than a transaction that only books usage. */
const LOOK_AGAIN_MS = 100;

type Waiting = {
  readonly events: readonly UsageEvent[];
  /** The account of all its events; null when they are of several. */
  readonly account: AccountId | null;
  /** Was part of a group that failed, and is tried again by itself. */
  isAlone: boolean;
  /** Did not get a wallet in time, and may wait for it. */
  isPatient: boolean;
  resolve(results: UsageResult[]): void;
  reject(error: unknown): void;
};

/** Lets requests share transactions. A group goes as soon as a lane is free and takes whatever has come in while
 *  the lanes were busy, so groups grow with the load and an idle service answers at once.
 *
 *  A request is answered after the commit of its own events, with its own results in its own order; what was wrong
 *  with one never fails another. An account that reports by itself is in one lane at a time and has its turn like every
 *  other one. A wallet that somebody keeps locked holds up a lane for a moment; from then on whatever needs it goes by
 *  itself, in one lane for all such wallets together, until one of its requests has got through. */
export class UsageQueue {
  readonly #options: UsageQueueOptions;
  /** By account, in the order of their turns. */
  readonly #waiting = new Map<AccountId | null, Waiting[]>();
  /** Events of each line that wait or are being booked. */
  readonly #lineEvents = new Map<AccountId | null, number>();
  readonly #accountsInWork = new Set<AccountId>();
  /** Accounts whose wallets were locked when they were last needed. */
  readonly #locked = new Set<AccountId>();
  #isPatientInWork = false;
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
    if (!this.hasRoom(events)) return Promise.reject(new UsageQueueFull());
    const account = onlyAccountOf(events);
    this.#count(account, events.length);
    const { promise, resolve, reject } = Promise.withResolvers<UsageResult[]>();
    const request = { events, account, isAlone: false, isPatient: false, resolve, reject };
    const line = this.#waiting.get(request.account);
    if (line === undefined) this.#waiting.set(request.account, [request]);
    else line.push(request);
    this.#dispatchSoon();
    return promise;
  }

  /** Whether `book` would take them at this moment. */
  hasRoom(events: readonly UsageEvent[]): boolean {
    const { maxEvents, maxLineEvents, maxMixedEvents } = this.#options;
    const account = onlyAccountOf(events);
    const ofLine = (this.#lineEvents.get(account) ?? 0) + events.length;
    return (
      this.#events + events.length <= maxEvents &&
      ofLine <= (account === null ? maxMixedEvents : maxLineEvents)
    );
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
    while (this.#hasLane() || this.#hasPatientLane()) {
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
    for (const [account, line] of this.#waiting) {
      // Those of several accounts wait for different wallets: whoever may not go now lets the next one pass.
      const request = account === null ? line.find((each) => this.#mayGo(each)) : line[0];
      if (request === undefined || !this.#mayGo(request)) continue;
      const goesAlone = request.isAlone || this.#isPatient(request);
      if (group.length > 0 && (goesAlone || events + request.events.length > groupEvents)) continue;
      group.push(this.#take(request));
      events += request.events.length;
      if (goesAlone || events >= groupEvents) break;
    }
    return group;
  }

  #mayGo(request: Waiting): boolean {
    if (request.account !== null && this.#accountsInWork.has(request.account)) return false;
    if (!this.#isPatient(request)) return this.#hasLane();
    return !this.#isPatientInWork && (this.#hasLane() || this.#hasPatientLane());
  }

  #hasLane(): boolean {
    const { lanes, hasPatientLane } = this.#options;
    return this.#lanesInWork - (hasPatientLane && this.#isPatientInWork ? 1 : 0) < lanes;
  }

  #hasPatientLane(): boolean {
    return this.#options.hasPatientLane && !this.#isPatientInWork && this.#locked.size > 0;
  }

  #isPatient(request: Waiting): boolean {
    return request.isPatient || (this.#locked.size > 0 && this.#lockedOf(request).length > 0);
  }

  #lockedOf({ events }: Waiting): AccountId[] {
    return accountsOf(events).filter((account) => this.#locked.has(account));
  }

  /** Removes a request from its line, and puts what is left of the line last. */
  #take(request: Waiting): Waiting {
    const line = this.#waiting.get(request.account) ?? [];
    line.splice(line.indexOf(request), 1);
    this.#waiting.delete(request.account);
    if (line.length > 0) this.#waiting.set(request.account, line);
    return request;
  }

  async #run(group: readonly Waiting[]): Promise<void> {
    const events = group.flatMap((request) => request.events);
    const isPatient = group.some((request) => this.#isPatient(request));
    this.#lanesInWork += 1;
    if (isPatient) this.#isPatientInWork = true;
    for (const { account } of group) if (account !== null) this.#accountsInWork.add(account);
    this.#options.onGroup?.({ events: events.length, requests: group.length });
    try {
      const results = await this.#options.ingest(events, isPatient ? 'long' : 'short');
      if (isPatient) for (const account of accountsOf(events)) this.#locked.delete(account);
      this.#answer(group, results);
    } catch (error) {
      await this.#fail(group, error, isPatient);
    }
    for (const { account } of group) if (account !== null) this.#accountsInWork.delete(account);
    if (isPatient) this.#isPatientInWork = false;
    this.#lanesInWork -= 1;
    this.#dispatchSoon();
  }

  async #fail(group: readonly Waiting[], error: unknown, wasPatient: boolean): Promise<void> {
    const isLocked = this.#options.isLocked(error);
    if (this.#options.concernsAll(error) || (group.length === 1 && (wasPatient || !isLocked))) {
      this.#refuse(group, error);
      if (isLocked) this.#refuseBehind(group, error);
      return;
    }
    const found = isLocked ? await this.#findLocked(group) : [];
    for (const account of found) this.#locked.add(account);
    if (found.length === 0) for (const request of group) becomeAlone(request, isLocked && group.length === 1);
    this.#putBack(group);
  }

  /** Looks twice, because a wallet is also locked for a moment when others book something.
   *  @returns none when it cannot be found out: each request is tried by itself then. */
  async #findLocked(group: readonly Waiting[]): Promise<readonly AccountId[]> {
    try {
      const once = await this.#options.findLocked(accountsOf(group.flatMap((request) => request.events)));
      if (once.length === 0) return once;
      await sleep(LOOK_AGAIN_MS);
      return await this.#options.findLocked(once);
    } catch {
      return [];
    }
  }

  /** Whoever waits for a wallet that another one has waited for in vain is told at once, and not after as long again. */
  #refuseBehind(group: readonly Waiting[], error: unknown): void {
    const accounts = new Set(group.flatMap((request) => this.#lockedOf(request)));
    const behind = [...this.#waiting.values()]
      .flat()
      .filter(({ events }) => events.some(({ accountId }) => accounts.has(accountId)));
    for (const request of behind) this.#take(request);
    this.#refuse(behind, error);
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

  /** To the heads of their lines. */
  #putBack(group: readonly Waiting[]): void {
    for (const request of group.toReversed()) {
      this.#waiting.set(request.account, [request, ...(this.#waiting.get(request.account) ?? [])]);
    }
  }
}

function becomeAlone(request: Waiting, isPatient: boolean): void {
  request.isAlone = true;
  request.isPatient = isPatient;
}

function accountsOf(events: readonly UsageEvent[]): AccountId[] {
  return [...new Set(events.map(({ accountId }) => accountId))];
}

function onlyAccountOf(events: readonly UsageEvent[]): AccountId | null {
  const account = events[0]?.accountId ?? null;
  return events.every((event) => event.accountId === account) ? account : null;
}
