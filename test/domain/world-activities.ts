import type { ChargeOutcome, LookUpOutcome } from '../../domain/account-state.ts';
import type { Command, Event } from '../../domain/commands.ts';
import type { TopUpOrder } from '../../domain/top-up.ts';
import type { Policy } from '../../domain/policy.ts';
import { isOpen, type Database } from './world-database.ts';
import type { Provider } from './world-provider.ts';

/** What the activities do, in one go: the effect on ledger and provider, and the event that tells of it. */
export function createActivities(database: Database, provider: Provider, policy: Policy) {
  return function run(command: Command, { losesAnswer = false } = {}): Event | null {
    switch (command.kind) {
      case 'read_account':
        return { kind: 'account_read', snapshot: database.readSnapshot(command.since), policy };
      case 'sync_customer':
        database.account.customerId = 'cus_1';
        return {
          kind: 'customer_synced',
          customerId: 'cus_1',
          blockedBy: provider.blockedBy,
          suspensionLifted: database.saveCard(provider.card),
        };
      case 'notify':
        database.tell(command.request);
        return null;
      case 'charge': {
        const { wallet, order, attempt } = command;
        const outcome = charge(order, attempt, losesAnswer);
        return { kind: 'charged', wallet, topUpId: order.topUpId, outcome };
      }
      case 'credit': {
        const { wallet, topUpId } = command;
        const topUp = database.find(topUpId);
        if (topUp === null) throw new Error(`${topUpId} is credited without an intent`);
        return { kind: 'credited', wallet, topUpId, ...database.credit(topUp) };
      }
      case 'look_up': {
        const { wallet, topUpId } = command;
        return { kind: 'looked_up', wallet, topUpId, outcome: lookUp(command) };
      }
      case 'close': {
        const { wallet, topUpId } = command;
        return { kind: 'closed', wallet, topUpId, outcome: { status: close(command) } };
      }
      case 'defer': {
        const { wallet, topUpId, state, nextAttemptAtMs } = command;
        database.markWaiting(topUpId, state, nextAttemptAtMs);
        return { kind: 'deferred', wallet, topUpId };
      }
      case 'reverse':
        throw new Error(`nothing was refunded of ${command.topUpId}`);
    }
  };

  function charge(order: TopUpOrder, attempt: number, losesAnswer: boolean): ChargeOutcome {
    const refused = database.recordIntent(order);
    if (refused !== null) return refused;
    const topUp = database.find(order.topUpId);
    if (topUp === null) throw new Error(`${order.topUpId} was not recorded`);
    if (topUp.state === 'failed' || topUp.state === 'canceled') {
      return { status: 'not_needed', reason: 'closed', seq: 0, settingsVersion: 0 };
    }
    if (topUp.state === 'paid' || !isOpen(topUp.state)) return { status: 'paid' };
    if (topUp.attempt < attempt && provider.blockedBy !== null) {
      return { status: 'blocked', reason: provider.blockedBy };
    }
    if (topUp.attempt < attempt) database.saveCard(provider.card);
    provider.ensureInvoice(order.topUpId);
    const known = database.beginAttempt(topUp, attempt);
    if (known !== null) return known;
    const answer = provider.pay(order.topUpId, attempt);
    if (losesAnswer) return { status: 'unknown' };
    provider.answered(order.topUpId, attempt);
    const outcome: ChargeOutcome =
      answer.status === 'authentication_required' ? { status: 'action_required', actionUrl: null } : answer;
    database.finishAttempt(topUp, attempt, outcome);
    return outcome;
  }

  function lookUp({ topUpId }: Extract<Command, { kind: 'look_up' }>): LookUpOutcome {
    const topUp = database.find(topUpId);
    if (topUp === null || topUp.state === 'failed' || topUp.state === 'canceled') return { status: 'closed' };
    const outcome = provider.read(topUpId);
    if (outcome.status === 'paid') database.markPaid(topUp);
    return outcome;
  }

  function close({ topUpId, closing }: Extract<Command, { kind: 'close' }>): 'paid' | 'closed' {
    const topUp = database.find(topUpId);
    if (topUp === null) return 'closed';
    if (!provider.void(topUpId)) {
      database.markPaid(topUp);
      return 'paid';
    }
    database.close(topUp, closing);
    return 'closed';
  }
}
