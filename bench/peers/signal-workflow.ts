import {
  allHandlersFinished,
  condition,
  continueAsNew,
  defineQuery,
  defineSignal,
  proxyActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { applyEvent, applyTopUp, type AccountBalance, type Rules } from './account-balance.ts';

export type SignalledAccountInput = {
  account: AccountBalance;
  rules: Rules;
  boughtSeconds: number;
};

/** One event of usage: seconds of call time. */
export const usedSignal = defineSignal<[number]>('used');
export const appliedQuery = defineQuery<number>('applied');

/** Well below the 10,000 signals that Temporal takes for one run. */
const SIGNALS_MAX = 5_000;

const { charge } = proxyActivities<{ charge(key: string): Promise<void> }>({
  startToCloseTimeout: '10 seconds',
});

/** The obvious design: the workflow is the account. It keeps the balance, applies every event that is signalled,
 *  judges the thresholds and charges. */
export async function signalledAccount(input: SignalledAccountInput): Promise<void> {
  const { account, rules, boughtSeconds } = input;
  const inbox: number[] = [];
  let heard = 0;
  let charging = 0;
  setHandler(usedSignal, (seconds) => {
    heard += 1;
    inbox.push(seconds);
  });
  setHandler(appliedQuery, () => account.applied);

  const topUp = async (key: string) => {
    charging += 1;
    await charge(key);
    applyTopUp(account, boughtSeconds);
    charging -= 1;
  };
  const isLong = () => heard >= SIGNALS_MAX || workflowInfo().continueAsNewSuggested;
  const mayContinue = () => isLong() && charging === 0 && inbox.length === 0 && allHandlersFinished();

  for (;;) {
    await condition(() => inbox.length > 0 || mayContinue());
    for (let seconds = inbox.shift(); seconds !== undefined; seconds = inbox.shift()) {
      const key = applyEvent(account, seconds, rules);
      if (key !== null) void topUp(key);
    }
    if (mayContinue()) await continueAsNew<typeof signalledAccount>(input);
  }
}
