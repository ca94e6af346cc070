import type { AccountState, OpenTopUp, Suspension, TopUpProgress } from './account-state.ts';
import type { Quantity } from './quantities.ts';
import type { Settings } from './settings.ts';
import type { OpenTopUpState } from './top-up.ts';
import { WALLETS, type Wallet } from './wallet.ts';

/** What the database says of an account, as far as its workflow knows it too. */
export type DatabaseFacts = {
  suspension: Suspension | null;
  wallets: Record<
    Wallet,
    { balance: Quantity; seq: number; settings: Settings | null; openTopUp: OpenTopUp | null }
  >;
};

/** One thing that workflow and database tell differently. Values are as they are stored; null is "none". */
export type Difference = {
  what: 'entry' | 'balance' | 'settings' | 'top_up' | 'top_up_state' | 'suspension';
  wallet: Wallet | null;
  workflow: string | number | null;
  database: string | number | null;
};

/** Compares what the workflow remembers with what the database has. The database is right; a difference is news that
 *  the workflow has not heard yet, or, when nothing is on its way, a fault. What an activity is changing at this very
 *  moment is no difference. */
export function compareWorkflow(state: AccountState, facts: DatabaseFacts): Difference[] {
  const suspension = difference('suspension', null, reasonOf(state.suspension), reasonOf(facts.suspension));
  return [...suspension, ...WALLETS.flatMap((wallet) => compareWallet(state, facts, wallet))];
}

/** How far the relay has come with telling an account's workflow. */
export type Telling = {
  version: number;
  /** Something has been marked that no message has brought yet. */
  dirty: boolean;
  /** A message is being sent, or about to be. */
  isDue: boolean;
  /** Something other than usage is to be told. */
  refreshWaits: boolean;
  /** The last message was sent a minute ago or earlier. */
  isSettled: boolean;
  /** Up to which entry messages have been cut. */
  signalled: Record<Wallet, number>;
};

/** Whether a difference is news that the workflow is still to hear. Usage above every threshold may wait for minutes;
 *  meanwhile an entry that was already sent, and all that is not usage, has to be known all the same.
 *  @param told the last version that the workflow has heard. */
export function isOnTheWay({ what, wallet, workflow }: Difference, told: number, telling: Telling): boolean {
  const { version, dirty, isDue, refreshWaits, isSettled, signalled } = telling;
  if (isDue) return true;
  if (!dirty) return told < version && !isSettled;
  if (what === 'entry' && wallet !== null) return Number(workflow) >= signalled[wallet];
  return refreshWaits;
}

function compareWallet(state: AccountState, facts: DatabaseFacts, wallet: Wallet): Difference[] {
  const [watched, stored] = [state.wallets[wallet], facts.wallets[wallet]];
  const isAsFar = watched.seq === stored.seq;
  return [
    ...difference('entry', wallet, watched.seq, stored.seq),
    // A balance belongs to its entry: further back it has to be another one.
    ...(isAsFar ? difference('balance', wallet, watched.balance, stored.balance) : []),
    ...difference('settings', wallet, watched.settings?.version ?? null, stored.settings?.version ?? null),
    ...compareTopUp(wallet, watched.topUp, stored.openTopUp),
  ];
}

function compareTopUp(wallet: Wallet, progress: TopUpProgress | null, open: OpenTopUp | null): Difference[] {
  const [known, stored] = [progress?.order.topUpId ?? null, open?.order.topUpId ?? null];
  if (known !== stored) {
    // An intent that is just being written, or a payment that is just being booked, is in one place only.
    return progress !== null && isAtWork(progress) ? [] : difference('top_up', wallet, known, stored);
  }
  if (progress === null || open === null || STATES[progress.step.kind].includes(open.state)) return [];
  return difference('top_up_state', wallet, progress.step.kind, open.state);
}

function isAtWork({ step }: TopUpProgress): boolean {
  return step.kind !== 'retry_at' && step.kind !== 'authenticate_until' && step.kind !== 'look_up_at';
}

/** The states in which a top-up can be while the workflow is at that step. */
const STATES: Record<TopUpProgress['step']['kind'], readonly OpenTopUpState[]> = {
  charging: ['pending', 'charging', 'paid', 'action_required', 'retrying', 'unknown'],
  crediting: ['paid'],
  looking_up: ['pending', 'charging', 'paid', 'action_required', 'retrying', 'unknown'],
  closing: ['pending', 'charging', 'paid', 'action_required', 'retrying', 'unknown'],
  retry_at: ['retrying'],
  authenticate_until: ['action_required'],
  look_up_at: ['unknown', 'action_required', 'pending', 'charging', 'retrying'],
};

function difference(
  what: Difference['what'],
  wallet: Wallet | null,
  workflow: Difference['workflow'],
  database: Difference['database'],
): Difference[] {
  return workflow === database ? [] : [{ what, wallet, workflow, database }];
}

function reasonOf(suspension: Suspension | null): string | null {
  return suspension?.reason ?? null;
}
