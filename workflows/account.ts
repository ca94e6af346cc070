import {
  allHandlersFinished,
  condition,
  continueAsNew,
  isCancellation,
  metricMeter,
  patched,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  uuid4,
  workflowInfo,
} from '@temporalio/workflow';
import { initialState, type AccountState } from '../domain/account-state.ts';
import { letRechecksBackOff } from '../domain/block.ts';
import type { Command, Event } from '../domain/commands.ts';
import { decide } from '../domain/decide.ts';
import { topUpId } from '../domain/ids.ts';
import { nextWakeAtMs } from '../domain/next-wake.ts';
import { letDeadlinesMove } from '../domain/steps.ts';
import { attributesOf, describeAccount, describeWait } from '../domain/story.ts';
import { forEachWallet, type Wallet } from '../domain/wallet.ts';
import { refreshSignal, stateQuery, usageSignal, type AccountWorkflowInput } from './messages.ts';
import { perform } from './perform.ts';
import { lastFailureAttribute, topUpStateAttribute, walletAttribute } from './search-attributes.ts';

/** The life of one account: hears what happens, asks `decide()` what follows, and does it. It never ends by
 *  itself; a long history continues as new, with deadlines as instants, because timers do not survive that. */
export async function account({ accountId, carried }: AccountWorkflowInput): Promise<void> {
  const run = new AccountRun(carried?.state ?? initialState(accountId), carried?.inbox ?? []);
  setHandler(usageSignal, (signal) => run.hear({ kind: 'usage', signal }));
  setHandler(refreshSignal, (signal) => run.hear({ kind: 'refresh', signal }));
  setHandler(stateQuery, () => run.state);

  for (;;) {
    run.decideAll();
    if (run.mayContinueAsNew()) {
      // From here to the call nothing may be awaited: a signal in between would be lost.
      await continueAsNew<typeof account>({ accountId, carried: { state: run.state, inbox: [] } });
    }
    await run.waitForNews();
  }
}

/** One run of the account's workflow: its state, what it has heard, and what it is doing. */
class AccountRun {
  state: AccountState;
  private readonly inbox: Event[];
  private running = 0;
  /** The last command of each wallet: those of one wallet follow each other. */
  private readonly lines: Record<Wallet, Promise<void>> = forEachWallet(() => Promise.resolve());
  private attributes = '';
  /** What Temporal bills beyond signals and activities, for who reckons the cost (docs/operations.md). */
  private readonly timers = metricMeter.createCounter('account_timers', 'timers', 'Timers started.');
  private readonly upserts = metricMeter.createCounter('account_upserts', 'upserts', 'Attributes upserted.');
  private failure: { error: unknown } | null = null;

  constructor(state: AccountState, inbox: Event[]) {
    this.state = state;
    this.inbox = [...inbox];
  }

  hear(event: Event): void {
    this.inbox.push(event);
  }

  decideAll(): void {
    this.markRules();
    for (let event = this.inbox.shift(); event !== undefined; event = this.inbox.shift()) {
      const topUpIds = forEachWallet((wallet) => topUpId(wallet, uuid4()));
      const { state, commands } = decide(this.state, { ...event, topUpIds }, Date.now());
      this.state = state;
      this.markRules();
      for (const command of commands) this.start(command);
    }
    this.publish();
  }

  /** Which rules this run follows, as its own history says, not the state: another version may have left that. Asked
   *  only while it matters, because the answer is an event in each history. */
  private markRules(): void {
    letRechecksBackOff(this.state, () => patched('blocked-rechecks-back-off'));
    letDeadlinesMove(this.state, () => patched('deadlines-move-during-look-ups'));
  }

  mayContinueAsNew(): boolean {
    const { continueAsNewSuggested, historyLength } = workflowInfo();
    const isLong = continueAsNewSuggested || historyLength >= this.state.policy.historyEventsMax;
    return isLong && this.running === 0 && this.inbox.length === 0 && allHandlersFinished();
  }

  /** Returns when there is something to decide, the next deadline has come, or the run may end. */
  async waitForNews(): Promise<void> {
    const hasNews = () => this.inbox.length > 0 || this.failure !== null || this.mayContinueAsNew();
    const nowMs = Date.now();
    const wakeAtMs = nextWakeAtMs(this.state, nowMs);
    if (wakeAtMs === null) {
      await condition(hasNews);
    } else {
      this.timers.add(1);
      const inTime = await condition(hasNews, wakeAtMs - nowMs, {
        summary: describeWait(this.state, wakeAtMs),
      });
      if (!inTime) this.hear({ kind: 'tick' });
    }
    if (this.failure !== null) throw asStop(this.failure.error);
  }

  private start(command: Command): void {
    this.running += 1;
    const before = 'wallet' in command ? this.lines[command.wallet] : Promise.resolve();
    const done = before.then(async () => {
      try {
        const result = await perform(this.state, command);
        if (result !== null) this.hear(result);
      } catch (error) {
        this.failure ??= { error };
      } finally {
        this.running -= 1;
      }
    });
    if ('wallet' in command) this.lines[command.wallet] = done;
  }

  /** Shows the account to people: details for who opens the workflow, attributes for who looks for it. */
  private publish(): void {
    setCurrentDetails(describeAccount(this.state));
    const attributes = attributesOf(this.state);
    const text = JSON.stringify(attributes);
    if (text === this.attributes) return;
    this.attributes = text;
    this.upserts.add(1);
    upsertSearchAttributes([
      { key: topUpStateAttribute, value: attributes.topUpState },
      { key: walletAttribute, value: attributes.wallet },
      { key: lastFailureAttribute, value: attributes.lastFailure },
    ]);
  }
}

/** A cancellation ends the workflow; the next wake starts it again from the database. Anything else is a broken
 *  invariant: an error that is not Temporal's fails the workflow task, again and again, until a person has looked
 *  and the code is mended. Stuck is better than wrong money. */
function asStop(error: unknown): unknown {
  if (isCancellation(error)) return error;
  return new Error('the account stops: an activity failed that may not fail', { cause: error });
}
