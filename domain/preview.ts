import { initialState, type AccountSnapshot, type WalletSnapshot } from './account-state.ts';
import type { Command } from './commands.ts';
import { decide } from './decide.ts';
import { explain, pausedUntilMs, type AutoTopUpFacts, type AutoTopUpReason } from './explain.ts';
import { accountId, topUpId } from './ids.ts';
import { NO_CENTS, type Cents } from './money.ts';
import type { Policy } from './policy.ts';
import { quote } from './prices.ts';
import { NO_QUANTITY, type Quantity } from './quantities.ts';
import { alertVersionAfter, type Settings, type SettingsChoice } from './settings.ts';
import { forEachWallet, type Wallet } from './wallet.ts';

/** What saving would lead to at once.
 *  - `charge`: the card is charged right away.
 *  - `none`: nothing; `reason` says why.
 *  - `waits_for_campaign`: below the top-up value already; the next campaign activity starts the charge.
 *  - `in_flight`: a top-up of the wallet is open or about to start, and decides first.
 *  - `blocked`, `suspended`: nothing, until what `reason` names is out of the way. After a top-up that has failed it is
 *    `blocked`, too, by the reason of the failure, until the next one may begin. */
export const SAVE_EFFECTS = [
  'charge',
  'none',
  'waits_for_campaign',
  'in_flight',
  'blocked',
  'suspended',
] as const;

export type SaveEffect =
  | { effect: 'charge'; reason: 'top_up_due'; amountCents: Cents; units: number }
  | {
      effect: Exclude<(typeof SAVE_EFFECTS)[number], 'charge'>;
      reason: AutoTopUpReason;
      /** When what is in the way opens by itself. */
      untilMs: number | null;
    };

export type SaveFacts = Omit<AutoTopUpFacts, 'settings'> & {
  /** Those in force. */
  settings: Settings | null;
  /** The lowest balance that campaigns have left under them and that was not topped up since. */
  campaignLowest: Quantity | null;
};

/** Says what saving a choice would do now. The decision is the workflow's own: it reads the account with the settings
 *  in force, then with the choice. */
export function saveEffect(
  facts: SaveFacts,
  choice: SettingsChoice,
  nowMs: number,
  policy: Policy,
): SaveEffect {
  const settings = saved(facts, choice);
  const { state, reason, nextWakeAtMs } = explain({ ...facts, settings }, nowMs, policy);
  const answer = (effect: Exclude<SaveEffect['effect'], 'charge'>): SaveEffect => ({
    effect,
    reason,
    untilMs: nextWakeAtMs,
  });
  switch (state) {
    case 'off':
      return answer('none');
    case 'suspended':
    case 'blocked':
      return answer(state);
    case 'retrying':
      // Nothing is on its way: the last charge has failed for good, and the next one waits.
      return answer(isPause(facts, nowMs, policy) ? 'blocked' : 'in_flight');
    case 'charging':
    case 'action_required':
    case 'unknown':
      return answer('in_flight');
    case 'armed':
      break;
  }
  const { before, after } = decideTwice(facts, settings, nowMs, policy);
  if (before !== null) return { effect: 'in_flight', reason: 'top_up_due', untilMs: null };
  if (after !== null) return { effect: 'charge', reason: 'top_up_due', ...after };
  return answer(reason === 'waiting_for_campaign' ? 'waits_for_campaign' : 'none');
}

function isPause(facts: SaveFacts, nowMs: number, policy: Policy): boolean {
  return facts.openTopUp?.state !== 'retrying' && pausedUntilMs(facts, nowMs, policy) !== null;
}

/** Whether saving a choice would send a balance alert at once: a new alert value, and the switch, arm it. */
export function alertsAtOnce(
  facts: SaveFacts,
  choice: SettingsChoice,
  nowMs: number,
  policy: Policy,
): boolean {
  return decideTwice(facts, saved(facts, choice), nowMs, policy).alerts;
}

function saved({ settings }: SaveFacts, choice: SettingsChoice): Settings {
  const version = (settings?.version ?? 0) + 1;
  return { ...choice, version, alertVersion: alertVersionAfter(settings, choice, version) };
}

export type GapWarning = { code: 'amount_does_not_reach'; field: 'amount'; detail: string };

/** Warns when one amount does not lift the present balance to the top-up value, so that a charge would be a multiple. */
export function gapWarnings(facts: SaveFacts, choice: SettingsChoice): GapWarning[] {
  const { quantity } = quote(facts.prices, facts.wallet, choice.amountCents);
  const isBelow = choice.enabled && facts.balance < choice.topUpBelow;
  if (!isBelow || facts.balance + quantity >= choice.topUpBelow) return [];
  const detail =
    'One amount does not lift the present balance to the top-up value; a whole multiple is charged.';
  return [{ code: 'amount_does_not_reach', field: 'amount', detail }];
}

type Ordered = { amountCents: Cents; units: number } | null;

function decideTwice(
  facts: SaveFacts,
  settings: Settings,
  nowMs: number,
  policy: Policy,
): { before: Ordered; after: Ordered; alerts: boolean } {
  const { wallet } = facts;
  const topUpIds = forEachWallet((each) => topUpId(each, 'preview'));
  const read = (next: Settings | null) =>
    ({ kind: 'account_read', snapshot: snapshotOf(facts, next), policy, topUpIds }) as const;
  const first = decide(initialState(accountId('preview')), read(facts.settings), nowMs);
  const second = decide(first.state, read(settings), nowMs);
  return {
    before: orderOf(first.commands, wallet),
    after: orderOf(second.commands, wallet),
    alerts: second.commands.some((command) => isAlert(command, wallet)),
  };
}

function isAlert(command: Command, wallet: Wallet): boolean {
  if (command.kind !== 'notify' || command.request.kind !== 'balance.alert') return false;
  return command.request.wallet === wallet;
}

function orderOf(commands: readonly Command[], wallet: Wallet): Ordered {
  const charge = commands.find((command) => command.kind === 'charge' && command.wallet === wallet);
  if (charge?.kind !== 'charge') return null;
  const { amountCents, units } = charge.order;
  return { amountCents, units };
}

function snapshotOf(facts: SaveFacts, settings: Settings | null): AccountSnapshot {
  const { wallet, balance, spentThisMonthCents, monthEndsAtMs, recentTopUpsAtMs } = facts;
  // What campaigns left before a save was judged by the settings before.
  const campaignLowest = settings === facts.settings ? facts.campaignLowest : null;
  const watched: WalletSnapshot = {
    ...level(balance),
    campaignLowest,
    settings,
    spentThisMonthCents,
    monthEndsAtMs,
    recentTopUpsAtMs: [...recentTopUpsAtMs],
  };
  const other: WalletSnapshot = {
    ...level(NO_QUANTITY),
    campaignLowest: null,
    settings: null,
    spentThisMonthCents: NO_CENTS,
    monthEndsAtMs,
    recentTopUpsAtMs: [],
  };
  return {
    accountId: accountId('preview'),
    plan: 'flex',
    prices: facts.prices,
    customerId: 'preview',
    suspension: null,
    failuresInRow: 0,
    untold: [],
    wallets: forEachWallet((each) => (each === wallet ? watched : other)),
  };
}

/** A wallet that stands still, with nothing left to tell. */
function level(balance: Quantity) {
  return {
    fromSeq: 0,
    seq: 0,
    used: NO_QUANTITY,
    balance,
    lowest: balance,
    highest: balance,
    refusedRequired: null,
    alertArmed: false,
    depletedArmed: false,
    openTopUp: null,
  };
}
