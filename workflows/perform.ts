import { ActivityFailure, isCancellation, proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/create-activities.ts';
import type { Command, Event, NoticeRequest } from '../domain/commands.ts';
import type { AccountId } from '../domain/ids.ts';
import { describeCommand } from '../domain/story.ts';
import { customerOptions, emailOptions, ledgerOptions, paymentOptions } from './activity-options.ts';

const ledger = proxyActivities<Activities>(ledgerOptions);
const payments = proxyActivities<Activities>(paymentOptions);
const customers = proxyActivities<Activities>(customerOptions);
const emails = proxyActivities<Activities>(emailOptions);

/** Runs one command as activities, each with a summary that the web UI shows.
 *  @returns what there is to decide about, or null.
 *  @throws only what must stop the account: see the activity options for what is retried for ever. */
export async function perform(accountId: AccountId, command: Command): Promise<Event | null> {
  const summary = describeCommand(command);
  switch (command.kind) {
    case 'read_account': {
      const input = { accountId, since: command.since };
      const read = await ledger.readAccount.executeWithOptions({ ...ledgerOptions, summary }, [input]);
      return { kind: 'account_read', ...read };
    }
    case 'sync_customer': {
      const options = { ...customerOptions, summary };
      const synced = await customers.syncCustomer.executeWithOptions(options, [{ accountId }]);
      return { kind: 'customer_synced', ...synced };
    }
    case 'notify':
      await notify(accountId, command.request, summary);
      return null;
    case 'charge':
    case 'credit':
    case 'look_up':
    case 'close':
    case 'defer':
      return orUnknown(command, () => performForTopUp(command, summary));
  }
}

type TopUpCommand = Extract<Command, { wallet: unknown }>;

async function performForTopUp(command: TopUpCommand, summary: string): Promise<Event> {
  const { wallet } = command;
  switch (command.kind) {
    case 'charge': {
      const { order, attempt } = command;
      const options = { ...paymentOptions, summary };
      const outcome = await payments.chargeTopUp.executeWithOptions(options, [{ order, attempt }]);
      return { kind: 'charged', wallet, topUpId: order.topUpId, outcome };
    }
    case 'credit': {
      const { topUpId } = command;
      const options = { ...ledgerOptions, summary };
      const { seq, balance } = await ledger.creditTopUp.executeWithOptions(options, [{ topUpId }]);
      return { kind: 'credited', wallet, topUpId, seq, balance };
    }
    case 'look_up': {
      const { topUpId } = command;
      const options = { ...paymentOptions, summary };
      const outcome = await payments.lookUpTopUp.executeWithOptions(options, [{ topUpId }]);
      return { kind: 'looked_up', wallet, topUpId, outcome };
    }
    case 'close': {
      const { topUpId, closing } = command;
      const options = { ...paymentOptions, summary };
      const outcome = await payments.closeTopUp.executeWithOptions(options, [{ topUpId, closing }]);
      return { kind: 'closed', wallet, topUpId, outcome };
    }
    case 'defer': {
      const { topUpId, state, nextAttemptAtMs, failure } = command;
      const waiting = { topUpId, state, nextAttemptAtMs, failure };
      await ledger.deferTopUp.executeWithOptions({ ...ledgerOptions, summary }, [waiting]);
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

/** Tells the customer: the dashboard first, then the mail, which never stops the account. */
async function notify(accountId: AccountId, request: NoticeRequest, summary: string): Promise<void> {
  const input = { accountId, request };
  const recorded = await ledger.notifyCustomer.executeWithOptions({ ...ledgerOptions, summary }, [input]);
  if (recorded === null) return;
  const { deliveryId } = recorded;
  try {
    await emails.sendEmail.executeWithOptions({ ...emailOptions, summary: `Mail: ${summary}` }, [
      { deliveryId },
    ]);
  } catch (error) {
    if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
    await ledger.abandonEmail.executeWithOptions({ ...ledgerOptions, summary: `Mail is dead: ${summary}` }, [
      { deliveryId },
    ]);
  }
}
