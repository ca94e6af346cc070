import { initialState, type AccountState } from '../../domain/account-state.ts';
import { letRechecksBackOff } from '../../domain/block.ts';
import type { Command, Event, Input } from '../../domain/commands.ts';
import { decide } from '../../domain/decide.ts';
import { accountId, topUpId } from '../../domain/ids.ts';
import { cents } from '../../domain/money.ts';
import { nextWakeAtMs } from '../../domain/next-wake.ts';
import { POLICY, type Policy } from '../../domain/policy.ts';
import { quote, PRICES } from '../../domain/prices.ts';
import { letDeadlinesMove } from '../../domain/steps.ts';
import type { WakeMessage } from '../../domain/wakes.ts';
import { forEachWallet, type Wallet } from '../../domain/wallet.ts';
import { createActivities } from './world-activities.ts';
import { createDatabase } from './world-database.ts';
import { createProvider } from './world-provider.ts';

export const START_MS = Date.UTC(2026, 10, 25, 9);

/** Lines of commands: those of one wallet follow each other, the others run beside them. */
export const LINES = ['call_minutes', 'chat_credits', 'reads', 'customer', 'notices'] as const;
export type Line = (typeof LINES)[number];

/** How an activity ends: as it should, or without an answer before or after its effect. */
export type Ending = 'answers' | 'gives_up_before' | 'gives_up_after';

type Job = { command: Command; result: Event | null; isDone: boolean };

/** Sees every decision as it is made, and writes down what should not have been. */
export type Observer = (decided: {
  before: AccountState;
  input: Input;
  after: AccountState;
  commands: Command[];
  nowMs: number;
}) => void;

/** More commands than any number of honest causes gives at one instant: somebody runs in circles. */
const COMMANDS_AT_ONE_INSTANT = 150;
const STEPS_UNTIL_QUIET = 2_000;
const SETTLING_MS = 200 * 24 * 3_600_000;

export type World = ReturnType<typeof createWorld>;

/** One account with its ledger, relay, provider and workflow, all honest and none of them in step: commands lie
 *  in their lines until the script runs them, and results until it hands them over. */
export function createWorld(
  options: {
    policy?: Policy;
    trusting?: boolean;
    databaseSkewMs?: number;
    /** The run began under the first release. */
    hasFirstRules?: boolean;
  } = {},
) {
  const { policy = POLICY, trusting = false, databaseSkewMs = 0, hasFirstRules = false } = options;
  const id = accountId('acc_1');
  let nowMs = START_MS;
  let state: AccountState | null = null;
  let inputs = 0;
  let commandsNow = 0;
  const provider = createProvider(() => nowMs);
  const database = createDatabase(id, { policy, trusting, clock: () => nowMs + databaseSkewMs });
  const run = createActivities(database, provider, policy);
  const lines: Record<Line, Job[]> = {
    call_minutes: [],
    chat_credits: [],
    reads: [],
    customer: [],
    notices: [],
  };
  const orphans: Job[] = [];
  const sent: WakeMessage[] = [];
  const observers: Observer[] = [];

  const world = {
    database,
    provider,
    policy,
    lines,
    observers,
    now: () => nowMs,
    state: () => state,

    use(wallet: Wallet, amount: number, source: 'campaign' | 'inbound' | 'outbound' = 'outbound'): void {
      database.ledgers[wallet].append(-amount, source);
      database.mark(null);
    },

    grant(wallet: Wallet, amount: number): void {
      database.ledgers[wallet].append(amount, null);
      database.mark(null);
    },

    /** Every hold that runs ends: released, settled or expired. */
    release(): void {
      for (const hold of database.ledgers.call_minutes.holds) if (hold.state === 'held') hold.state = 'ended';
    },

    /** A customer buys by hand, if nothing is open for the wallet. */
    buy(wallet: Wallet, amountCents: number): void {
      if (database.open(wallet).length > 0) return;
      const bought = quote(PRICES.scale, wallet, cents(amountCents));
      const manualId = topUpId(wallet, `manual-${database.topUps.length}`);
      database.recordIntent({
        topUpId: manualId,
        accountId: id,
        wallet,
        trigger: 'manual',
        ...bought,
        warrant: null,
      });
      database.mark('payment');
    },

    /** The customer saves a card: the same one again, or another one. */
    saveCard(card: string): void {
      provider.card = card;
      database.mark('customer');
    },

    /** The customer pays the invoice that waits for authentication. */
    authenticate(): void {
      if (provider.authenticate().length > 0) database.mark('payment');
    },

    /** Somebody else than the workflow finds out what was paid, and credits it. */
    reconcile(): void {
      for (const paidId of provider.paidTopUpIds()) {
        const topUp = database.find(paidId);
        if (topUp === null || topUp.creditSeq !== null) continue;
        database.markPaid(topUp);
        database.credit(topUp);
        database.mark('payment');
      }
    },

    /** Sends the next message of the relay; a relay that crashes sends it again later. */
    deliver({ crash = false } = {}): void {
      const message = database.claim();
      if (message === null) return;
      sent.push(message);
      hear(eventOf(message));
      if (!crash) database.acknowledge();
    },

    /** An old message arrives once more. */
    repeat(index: number): void {
      const message = sent.at(index % Math.max(1, sent.length));
      if (message !== undefined && state !== null) hear(eventOf(message));
    },

    /** Runs the first command of a line, or hands over its result when it has run. */
    step(line: Line, ending: Ending = 'answers'): void {
      const [job] = lines[line];
      if (job === undefined) return;
      if (!job.isDone) {
        perform(job, ending);
        return;
      }
      lines[line].shift();
      if (job.result !== null) hear(job.result);
    },

    /** Lets time pass, with the timers that go off on the way. */
    advance(ms: number): void {
      const untilMs = nowMs + ms;
      for (let nextMs = nextDueMs(); nextMs !== null && nextMs <= untilMs; nextMs = nextDueMs()) {
        moveTo(nextMs);
      }
      nowMs = untilMs;
      commandsNow = 0;
    },

    /** The workflow is gone, with all that it knew and had not done; what its activities were doing may still
     *  take effect later, and nobody hears of it. */
    terminate(): void {
      state = null;
      for (const line of LINES) {
        const [job] = lines[line];
        if (job !== undefined && !job.isDone) orphans.push(job);
        lines[line].length = 0;
      }
    },

    /** An activity of a workflow that is gone takes effect. */
    finishOrphan(): void {
      const orphan = orphans.shift();
      if (orphan !== undefined) run(orphan.command);
    },

    /** Everything is delivered and answered, at this instant; with a relay that lags only answered. */
    answer({ lags = false } = {}): void {
      for (let steps = 0; isBusy({ lags }); steps += 1) {
        if (steps > STEPS_UNTIL_QUIET) throw new Error('the account does not come to rest');
        if (!lags) world.deliver();
        for (const line of LINES) world.step(line);
      }
    },

    /** Lets time pass, and everything be answered as it comes. A relay that lags tells nothing meanwhile, as it does of
     *  what is far from every threshold. */
    live(ms: number, { lags = false } = {}): void {
      const untilMs = nowMs + ms;
      world.answer({ lags });
      for (let nextMs = nextDueMs(); nextMs !== null && nextMs <= untilMs; nextMs = nextDueMs()) {
        moveTo(nextMs);
        world.answer({ lags });
      }
      nowMs = untilMs;
      commandsNow = 0;
    },

    /** Everything is answered, and time passes until nothing waits any more; a cap below one amount is waited
     *  for month after month. */
    settle(): void {
      world.answer();
      const horizonMs = nowMs + SETTLING_MS;
      for (let nextMs = nextDueMs(), steps = 0; nextMs !== null; nextMs = nextDueMs(), steps += 1) {
        if (nextMs > horizonMs) return;
        if (steps > STEPS_UNTIL_QUIET) throw new Error('the account does not come to rest');
        moveTo(nextMs);
        world.answer();
      }
    },

    hear,
    nextDueMs,
  };
  return world;

  function hear(event: Event): void {
    inputs += 1;
    const before = deepFreeze(state ?? initialState(id));
    const topUpIds = forEachWallet((wallet) => topUpId(wallet, `${inputs}`));
    const input = deepFreeze({ ...event, topUpIds });
    const decided = decide(before, input, nowMs);
    state = decided.state;
    commandsNow += decided.commands.length;
    if (commandsNow > COMMANDS_AT_ONE_INSTANT) throw new Error('a storm of commands at one instant');
    for (const observe of observers)
      observe({ before, input, after: state, commands: decided.commands, nowMs });
    letRechecksBackOff(state, () => !hasFirstRules);
    letDeadlinesMove(state, () => !hasFirstRules);
    for (const command of decided.commands) {
      lines[lineOf(command)].push({ command, result: null, isDone: false });
    }
  }

  function perform(job: Job, ending: Ending): void {
    const { command } = job;
    job.isDone = true;
    // Reads, notices and look-ups of the customer are tried until they answer; so is what only writes here.
    const mayGiveUp = command.kind === 'charge' || command.kind === 'look_up' || command.kind === 'close';
    if (!mayGiveUp || ending === 'answers') {
      job.result = run(command);
      return;
    }
    if (ending === 'gives_up_after') run(command, { losesAnswer: true });
    const gaveUpId = command.kind === 'charge' ? command.order.topUpId : command.topUpId;
    job.result = { kind: 'gave_up', wallet: command.wallet, topUpId: gaveUpId };
  }

  function isBusy({ lags }: { lags: boolean }): boolean {
    return (database.wake.dirty && !lags) || LINES.some((line) => lines[line].length > 0);
  }

  function nextDueMs(): number | null {
    const wakeAtMs = state === null ? null : nextWakeAtMs(state, nowMs);
    if (wakeAtMs !== null && wakeAtMs <= nowMs) throw new Error('the account wakes in the past');
    const dues = [wakeAtMs, provider.nextProcessedAtMs()];
    const known = dues.filter((atMs) => atMs !== null);
    return known.length === 0 ? null : Math.min(...known);
  }

  function moveTo(atMs: number): void {
    const wakeAtMs = state === null ? null : nextWakeAtMs(state, nowMs);
    nowMs = Math.max(nowMs, atMs);
    commandsNow = 0;
    if (provider.finishProcessing().length > 0) database.mark('payment');
    if (wakeAtMs !== null && wakeAtMs <= nowMs) hear({ kind: 'tick' });
  }
}

function eventOf(message: WakeMessage): Event {
  return message.kind === 'usage'
    ? { kind: 'usage', signal: message.signal }
    : { kind: 'refresh', signal: message.signal };
}

function lineOf(command: Command): Line {
  switch (command.kind) {
    case 'read_account':
      return 'reads';
    case 'sync_customer':
      return 'customer';
    case 'notify':
    case 'reverse':
      return 'notices';
    case 'charge':
    case 'credit':
    case 'look_up':
    case 'close':
    case 'defer':
      return command.wallet;
  }
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) deepFreeze(part);
  }
  return value;
}
