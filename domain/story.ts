import type { AccountState, TopUpStep, WalletState } from './account-state.ts';
import { recheckWakeAtMs } from './block.ts';
import type { Command, NoticeRequest } from './commands.ts';
import { toEuros, type Cents } from './money.ts';
import { toDisplayUnits, type Quantity } from './quantities.ts';
import type { TopUpOrder } from './top-up.ts';
import { WALLETS, type Wallet } from './wallet.ts';

const UNIT_NAMES = { call_minutes: 'min', chat_credits: 'credits' } as const;
const WALLET_NAMES = { call_minutes: 'Call minutes', chat_credits: 'Chat credits' } as const;

/** One line for the web UI on what an activity is for. Engineers read histories by these lines; they hold no
 *  personal data, because summaries are not encrypted. */
export function describeCommand(command: Command): string {
  switch (command.kind) {
    case 'read_account':
      return command.since === null ? 'Read the account for the first time' : 'Read the account afresh';
    case 'sync_customer':
      return "Look at the customer's card and tax location at Stripe";
    case 'charge':
      return `${describeOrder(command.order)}${command.attempt > 1 ? `, attempt ${command.attempt}` : ''}`;
    case 'credit':
      return `Credit ${WALLET_NAMES[command.wallet]}: ${command.topUpId}`;
    case 'look_up':
      return `Look up at Stripe how ${command.topUpId} stands`;
    case 'close': {
      const { state, failure, suspend } = command.closing;
      const reason = failure === null ? 'no longer needed' : failure;
      return `Void ${command.topUpId}: ${state} (${reason})${suspend === null ? '' : `, suspend: ${suspend}`}`;
    }
    case 'defer':
      return `${command.topUpId} waits as ${command.state} until ${instant(command.nextAttemptAtMs)}`;
    case 'notify':
      return `Tell ${describeNotice(command.request)}`;
    case 'reverse':
      return `Bring ${command.topUpId} in line with its refunds and disputes`;
  }
}

/** Markdown for the workflow's page: where the account stands, with its thresholds. */
export function describeAccount(state: AccountState): string {
  if (!state.known) return 'Has not been read yet.';
  const lines = WALLETS.map((wallet) => describeWallet(wallet, state.wallets[wallet]));
  if (state.suspension !== null) {
    lines.push(`**Suspended** since ${instant(state.suspension.sinceMs)}: ${state.suspension.reason}.`);
  }
  if (state.blocked !== null) {
    const recheckAtMs = recheckWakeAtMs(state);
    const when = recheckAtMs === null ? 'when there is news of it' : instant(recheckAtMs);
    lines.push(`**Blocked**: ${state.blocked.reason}; looked at again ${when}.`);
  }
  return lines.join('\n\n');
}

/** Why a timer runs. */
export function describeWait(state: AccountState, wakeAtMs: number): string {
  const waiting = WALLETS.flatMap((wallet) => {
    const { topUp } = state.wallets[wallet];
    return topUp === null ? [] : [`${WALLET_NAMES[wallet]}: ${describeStep(topUp.step)}`];
  });
  return `${waiting.join('; ') || 'A guard opens'} (${instant(wakeAtMs)})`;
}

/** Values of the search attributes; null removes one. */
export function attributesOf(state: AccountState): {
  topUpState: string;
  wallet: string | null;
  lastFailure: string | null;
} {
  const busy = WALLETS.filter((wallet) => state.wallets[wallet].topUp !== null);
  const step = busy[0] === undefined ? null : (state.wallets[busy[0]].topUp?.step ?? null);
  return {
    topUpState: step === null ? restingState(state) : STEP_NAMES[step.kind],
    wallet: busy.length === 0 ? null : busy.join(','),
    lastFailure: state.lastFailure,
  };
}

const STEP_NAMES = {
  charging: 'charging',
  crediting: 'charging',
  looking_up: 'unknown',
  closing: 'charging',
  retry_at: 'retrying',
  authenticate_until: 'action_required',
  look_up_at: 'unknown',
} as const satisfies Record<TopUpStep['kind'], string>;

function restingState(state: AccountState): string {
  if (state.suspension !== null) return 'suspended';
  if (state.blocked !== null) return 'blocked';
  return WALLETS.some((wallet) => state.wallets[wallet].settings?.enabled === true) ? 'armed' : 'off';
}

function describeOrder({ amountCents, units, wallet, warrant, trigger }: TopUpOrder): string {
  const bought = `Charge ${euros(amountCents)} for ${units} ${UNIT_NAMES[wallet]}`;
  if (warrant === null) return `${bought} (${trigger})`;
  return `${bought}: ${display(wallet, warrant.balance)} is below ${display(wallet, warrant.target)}`;
}

function describeWallet(wallet: Wallet, { balance, settings, topUp, want, seq }: WalletState): string {
  const now = `**${WALLET_NAMES[wallet]}**: ${display(wallet, balance)} at entry ${seq}`;
  if (settings === null || !settings.enabled) return `${now}, auto top-up is off.`;
  const { alertBelow, topUpBelow, amountCents } = settings;
  const limits = `alert below ${display(wallet, alertBelow)}, top up ${euros(amountCents)} below ${display(wallet, topUpBelow)}`;
  const flight = topUp === null ? '' : ` In flight: ${topUp.order.topUpId}, ${describeStep(topUp.step)}.`;
  const wanted =
    want === null || topUp !== null ? '' : ` Wanted (${want.cause}) since ${instant(want.sinceMs)}.`;
  return `${now}; ${limits}.${flight}${wanted}`;
}

function describeStep(step: TopUpStep): string {
  switch (step.kind) {
    case 'retry_at':
      return `next attempt ${instant(step.atMs)}`;
    case 'authenticate_until':
      return `waits for 3-D Secure until ${instant(step.untilMs)}`;
    case 'look_up_at':
      return `outcome unknown, looked up ${instant(step.atMs)}`;
    case 'charging':
    case 'crediting':
    case 'looking_up':
    case 'closing':
      return step.kind.replace('_', ' ');
  }
}

function describeNotice(request: NoticeRequest): string {
  switch (request.kind) {
    case 'balance.alert':
    case 'balance.depleted':
      return `${request.kind}: ${WALLET_NAMES[request.wallet]} at ${display(request.wallet, request.balance)}`;
    case 'top_up.succeeded':
    case 'top_up.action_required':
    case 'top_up.action_reminder':
      return `${request.kind}: ${request.topUpId}`;
    case 'top_up.failed':
      return `${request.kind}: ${request.topUpId}, ${request.reason}`;
    case 'auto_top_up.suspended':
      return `${request.kind}: ${request.reason}`;
    case 'auto_top_up.resumed':
      return request.kind;
    case 'top_up.refunded':
      return `${request.kind}: ${request.topUpId}, ${request.refundId}`;
  }
}

function display(wallet: Wallet, amount: Quantity): string {
  return `${toDisplayUnits(wallet, amount)} ${UNIT_NAMES[wallet]}`;
}

function euros(amountCents: Cents): string {
  return `${toEuros(amountCents).toFixed(2)} €`;
}

/** Deterministic in every process: no locale, no time zone. */
function instant(ms: number): string {
  return new Date(ms).toISOString().replace('T', ' ').slice(0, 19).concat(' UTC');
}
