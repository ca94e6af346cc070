import { ActivityFailure, isCancellation, proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/create-activities.ts';
import type { AccountState } from '../domain/account-state.ts';
import type { Command, Event, NoticeRequest } from '../domain/commands.ts';
import type { TopUpId } from '../domain/ids.ts';
import { describeCommand } from '../domain/story.ts';
import { activityOptions, type ActivityKind } from './activity-options.ts';

/** Runs one command as activities, each with a summary that the web UI shows.
 *  @param state who the command is for, and under which policy.
 *  @returns what there is to decide about, or null.
 *  @throws only what must stop the account: see the activity options for what is retried for ever. */
export async function perform(state: AccountState, command: Command): Promise<Event | null> {
  const { accountId } = state;
  const activities = (kind: ActivityKind) => proxy(state, kind, describeCommand(command));
  switch (command.kind) {
    case 'read_account': {
      const read = await activities('ledger').readAccount({ accountId, since: command.since });
      return { kind: 'account_read', ...read };
    }
    case 'sync_customer': {
      const synced = await activities('customer').syncCustomer({ accountId });
      return { kind: 'customer_synced', ...synced };
    }
    case 'notify':
      await notify(state, command.request, describeCommand(command));
      return null;
    case 'reverse':
      return reverse(command.topUpId, activities);
    case 'charge':
    case 'credit':
    case 'look_up':
    case 'close':
    case 'defer':
      return orUnknown(command, () => performForTopUp(command, activities));
  }
}

type TopUpCommand = Extract<Command, { wallet: unknown }>;

function proxy({ policy }: AccountState, kind: ActivityKind, summary: string) {
  return proxyActivities<Activities>(activityOptions(kind, policy, summary));
}

async function performForTopUp(
  command: TopUpCommand,
  activities: (kind: ActivityKind) => ReturnType<typeof proxy>,
): Promise<Event> {
  const { wallet } = command;
  switch (command.kind) {
    case 'charge': {
      const { order, attempt } = command;
      const outcome = await activities('payment').chargeTopUp({ order, attempt });
      return { kind: 'charged', wallet, topUpId: order.topUpId, outcome };
    }
    case 'credit': {
      const { topUpId } = command;
      const { seq, balance } = await activities('ledger').creditTopUp({ topUpId });
      return { kind: 'credited', wallet, topUpId, seq, balance };
    }
    case 'look_up': {
      const { topUpId } = command;
      const outcome = await activities('payment').lookUpTopUp({ topUpId });
      return { kind: 'looked_up', wallet, topUpId, outcome };
    }
    case 'close': {
      const { topUpId, closing } = command;
      const outcome = await activities('payment').closeTopUp({ topUpId, closing });
      return { kind: 'closed', wallet, topUpId, outcome };
    }
    case 'defer': {
      const { topUpId, state, nextAttemptAtMs, failure } = command;
      await activities('ledger').deferTopUp({ topUpId, state, nextAttemptAtMs, failure });
      return { kind: 'deferred', wallet, topUpId };
    }
  }
}

/** An activity that gave up leaves a top-up of which nothing is known; anything else is a broken invariant. */
async function orUnknown(command: TopUpCommand, run: () => Promise<Event>): Promise<Event> {
  try {
    return await run();
  } catch (error) {
    if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
    const topUpId = command.kind === 'charge' ? command.order.topUpId : command.topUpId;
    return { kind: 'gave_up', wallet: command.wallet, topUpId };
  }
}

/** Kept in mind by the database until it is done, so that giving up loses nothing. */
async function reverse(
  topUpId: TopUpId,
  activities: (kind: ActivityKind) => ReturnType<typeof proxy>,
): Promise<Event> {
  try {
    const news = await activities('reversal').reverseTopUp({ topUpId });
    return { kind: 'reversed', topUpId, news };
  } catch (error) {
    if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
    return { kind: 'reversed', topUpId, news: null };
  }
}

/** Tells the customer: the dashboard first, then the mail, which never stops the account. */
async function notify(state: AccountState, request: NoticeRequest, summary: string): Promise<void> {
  const ledger = proxy(state, 'ledger', summary);
  const recorded = await ledger.notifyCustomer({ accountId: state.accountId, request });
  if (recorded === null) return;
  try {
    await proxy(state, 'email', `Mail: ${summary}`).sendEmail(recorded);
  } catch (error) {
    if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
    await proxy(state, 'ledger', `Mail is dead: ${summary}`).abandonEmail(recorded);
  }
}
